"""Files people hand in: stored by content, so that a rolled-back act leaves nothing wrong; served without being run."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from pydantic import Base64Bytes, BaseModel

from tminus.platform.registry import BadInput

LIMIT_BYTES = 20 * 1024 * 1024
SHOWN_INLINE = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""Only plain pictures open in the browser; anything else is saved."""


class FileGiven(BaseModel):
    """A file as an act takes it: its name and its content in base64."""

    name: str
    content: Base64Bytes


def check_file(given: FileGiven) -> None:
    """:raises BadInput: an empty or too large file."""
    if not given.content:
        raise BadInput(_("%(name)s is empty") % {"name": given.name}, field="files", value=given.name)
    if len(given.content) > LIMIT_BYTES:
        message = _("%(name)s has %(size)d MB; allowed: %(limit)d MB") % {
            "name": given.name,
            "size": len(given.content) >> 20,
            "limit": LIMIT_BYTES >> 20,
        }
        raise BadInput(message, field="files", value=given.name)


def keep_file(content: bytes, suffix: str) -> tuple[str, str]:
    """Write content under its own digest and return (name under the files folder, SHA-256)."""
    digest = hashlib.sha256(content).hexdigest()
    ending = suffix.lower() if suffix[1:].isalnum() and suffix.isascii() and len(suffix) < 8 else ""
    name = f"evidence/{digest[:2]}/{digest}{ending}"
    path = Path(settings.MEDIA_ROOT) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(path)  # whole or not at all, whatever happens meanwhile
    return name, digest


def served(name: str, shown_name: str) -> HttpResponse:
    """A kept file as an answer, under the name it was handed in with.

    :raises Http404: it is not there.
    """
    path = Path(settings.MEDIA_ROOT) / name
    if not name or not path.is_file():
        raise Http404
    kind = SHOWN_INLINE.get(path.suffix.lower())
    answer = HttpResponse(path.read_bytes(), content_type=kind or "application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(kind is None, shown_name) or "attachment"
    return answer
