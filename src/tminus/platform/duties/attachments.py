"""Papers handed out with a duty: plans, maps and tables its holder needs, beside the evidence they give themselves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tminus.platform.kept_files import SHOWN_INLINE, keep_file
from tminus.platform.models import Comment, Duty
from tminus.platform.registry import Context


class Paper(NamedTuple):
    """``name`` with the ending that says what it is; ``text``: what it shows, for whoever cannot see it."""

    name: str
    content: bytes
    text: str


def attach(ctx: Context, duty: Duty, papers: Sequence[Paper]) -> list[Comment]:
    """Keep papers with a duty, inside the act of a desk; the same content is kept once however many duties have it.

    :raises NotAllowed: nobody in particular acts.
    """
    person, rows = ctx.the_person, []
    for paper in papers:
        row = Comment(event=ctx.the_event, about_type="platform.duty", about_id=duty.pk, person=person, at=ctx.now)
        row.text, row.file_name = paper.text, paper.name[:255]
        row.file.name, row.sha256 = keep_file(paper.content, Path(paper.name).suffix)
        row.save()
        rows.append(row)
    if rows:
        files = {row.file_name: row.sha256 for row in rows}
        ctx.record(duty, None, {"papers": files}, unit=duty.unit, code="duty.papers")
    return rows


def attached(duty: Duty) -> list[dict[str, object]]:
    """The papers of a duty, the latest of each name alone."""
    rows = Comment.objects.filter(event=duty.event_id, about_type="platform.duty", about_id=duty.pk).exclude(file="")
    latest = {row.file_name: row for row in rows.order_by("at", "id")}
    return [
        {"id": row.pk, "file_name": name, "text": row.text, "at": row.at,
         "picture": Path(name).suffix.lower() in SHOWN_INLINE}
        for name, row in latest.items()
    ]  # fmt: skip
