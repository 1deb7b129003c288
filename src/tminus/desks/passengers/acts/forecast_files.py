"""Files forecasts are made from: handed in, looked at (the dry run), then taken; none is overwritten."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.passengers.forecasting.dry_run import looked_at, with_ending
from tminus.desks.passengers.forecasting.kept_folder import NAMES, content_of, keep, taken_now
from tminus.desks.passengers.models import ForecastFile
from tminus.platform.kept_files import FileGiven, check_file
from tminus.platform.registry import BadInput, Context, Grant, act

What = Literal[
    "registrations", "analogues", "attendance", "gates", "audiences", "programme", "origins", "nodes", "links",
    "calendar", "history", "gtfs", "services",
]  # fmt: skip


class ReadArgs(BaseModel):
    """``what`` the file is; ``file``: a table (CSV; registrations and like events also as a workbook)."""

    what: What
    file: FileGiven


class FileArgs(BaseModel):
    file: int


@act("passengers.forecast.read", grants=Grant.HEADQUARTERS)
def read(ctx: Context, args: ReadArgs) -> dict[str, Any]:
    """Hand in a file forecasts are made from; nothing changes yet, the answer says what it would change."""
    check_file(args.file)
    name, content = with_ending(args.what, args.file.name, args.file.content)
    if name not in NAMES:
        raise BadInput(_("no file %(name)r; allowed: %(allowed)s") % {"name": name, "allowed": ", ".join(NAMES)})
    row = keep(ctx.the_event, name, args.file.name, content, ctx.now, taken=False, person=ctx.person)
    row.found = looked_at(ctx.the_event, row)
    row.save()
    ctx.record(row, None, {"name": name, "file": row.file_name, "digest": row.digest})
    return {"file": row.pk, **row.found}


@act("passengers.forecast.take", grants=Grant.HEADQUARTERS)
def take(ctx: Context, args: FileArgs) -> dict[str, Any]:
    """Forecasts are made from this file from now on; what it replaces stays kept."""
    row = ctx.find(ForecastFile, pk=args.file)
    if row.taken_at is not None:
        raise BadInput(_("%(file)s was taken already") % {"file": row.file_name}, field="file", value=args.file)
    found = looked_at(ctx.the_event, row)
    if found["problems"]:
        raise BadInput(_("%(file)s cannot be taken: %(why)s") % {
            "file": row.file_name, "why": found["problems"][0]["message"],
        }, field="file", value=args.file)  # fmt: skip
    taken_now(row, ctx.now).found = found
    row.save(update_fields=["found", "taken_at", "taken_number"])
    ctx.record(row, None, {"name": row.name, "file": row.file_name, "digest": row.digest})
    return {"file": row.pk, "name": row.name, "bytes": len(content_of(row))}
