"""Evidence of what was done: a note and files."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from tminus.platform.kept_files import FileGiven, check_file, keep_file
from tminus.platform.models import Duty, Evidence
from tminus.platform.registry import BadInput, Context


def add_evidence(ctx: Context, duty: Duty, note: str, files: list[FileGiven]) -> list[Evidence]:
    """Keep the note and every file; the note stands with the first.

    :raises BadInput: an empty or too large file, or neither note nor file.
    """
    if not note.strip() and not files:
        raise BadInput(_("Say what was done, or attach a photo or file."), field="note")
    for file in files:
        check_file(file)
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
