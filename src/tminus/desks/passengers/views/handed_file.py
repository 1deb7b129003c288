"""What a form hands in: a file that was chosen, or rows that were pasted."""

from __future__ import annotations

import base64

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tminus.platform.kept_files import LIMIT_BYTES
from tminus.platform.registry import BadInput


def handed_file(request: HttpRequest, pasted: str, called: str) -> dict[str, str]:
    """Name and content (base64) for an act; pasted rows are a table by tabs called ``called``.

    :raises BadInput: nothing was handed in, or more than is kept of one file.
    """
    given = request.FILES.get("file")
    if given is not None and (given.size or 0) > LIMIT_BYTES:
        raise BadInput(_("the file has %(size)d MB; allowed: %(limit)d MB") % {
            "size": (given.size or 0) >> 20, "limit": LIMIT_BYTES >> 20,
        }, field="file")  # fmt: skip
    if given is None and not pasted.strip():
        raise BadInput(_("Choose a file, or paste rows with their headings."), field="file")
    name, content = (given.name or f"{called}.csv", given.read()) if given else (f"{called}.tsv", pasted.encode())
    return {"name": name, "content": base64.b64encode(content).decode()}
