"""Evidence of what was done: a note and files, stored by content so that a rolled-back act leaves nothing wrong."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import Base64Bytes, BaseModel

from tminus.platform.models import Duty, Evidence
from tminus.platform.registry import BadInput, Context

LIMIT_BYTES = 20 * 1024 * 1024


class FileGiven(BaseModel):
    """A file as an act takes it: its name and its content in base64."""

    name: str
    content: Base64Bytes


def add_evidence(ctx: Context, duty: Duty, note: str, files: list[FileGiven]) -> list[Evidence]:
    """Keep the note and every file; the note stands with the first.

    :raises BadInput: an empty or too large file, or neither note nor file.
    """
    if not note.strip() and not files:
        raise BadInput(_("Say what was done, or attach a photo or file."), field="note")
    for file in files:
        _check(file)
    if ctx.person is None:
        raise BadInput(_("evidence needs a person"), field="person")
    kept = []
    rows: list[FileGiven | None] = [*files] or [None]
    for number, given in enumerate(rows):
        row = Evidence(duty=duty, person=ctx.person, at=ctx.now, note=note.strip() if number == 0 else "")
        if given is not None:
            row.file_name = Path(given.name).name[:255]
            row.file.name, row.sha256 = keep_file(given.content, Path(given.name).suffix)
        row.save()
        kept.append(row)
    duty.last_evidence_at = ctx.now
    return kept


def _check(given: FileGiven) -> None:
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
