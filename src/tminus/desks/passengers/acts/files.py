"""A table of readings: handed in, looked at (the dry run), then taken; large ones by the job worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from tminus.desks.passengers.intake.receive import Sorted, counters_of, keep_refused, sort_out
from tminus.desks.passengers.intake.store import compare, store
from tminus.desks.passengers.intake.table import lines_of_table
from tminus.desks.passengers.models import CountsFile
from tminus.platform import clock, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.kept_files import FileGiven, check_file, keep_file
from tminus.platform.registry import BadInput, Context, Grant, act, perform

AT_ONCE_BYTES = 500_000
"""A larger file is looked at and taken by a job."""
SHOWN = 200
"""Refused rows a dry run names; the number of all of them is said."""


class ReadArgs(BaseModel):
    """``file``: CSV or workbook with the headings time, counter, in, out, seq."""

    file: FileGiven


class FileArgs(BaseModel):
    file: int


@act("passengers.counts.read", grants=Grant.HEADQUARTERS)
def read(ctx: Context, args: ReadArgs) -> dict[str, Any]:
    """Hand in a table of readings; nothing is counted yet, the answer says what it would change."""
    check_file(args.file)
    name, _digest = keep_file(args.file.content, Path(args.file.name).suffix)
    row = CountsFile.objects.create(
        event=ctx.the_event, person=ctx.person, at=timezone.now(), file=name, file_name=args.file.name[:255]
    )
    ctx.record(row, None, {"file": row.file_name})
    if len(args.file.content) > AT_ONCE_BYTES:
        return {"file": row.pk, "job": jobs.start(ctx, "passengers.counts.look", {"file": row.pk}).pk}
    row.found = looked_at(row)
    row.save(update_fields=["found"])
    return {"file": row.pk, **row.found}


@act("passengers.counts.apply", grants=Grant.HEADQUARTERS)
def apply(ctx: Context, args: FileArgs) -> dict[str, Any]:
    """Take the readings of a table that was handed in; rows that cannot be taken are left out."""
    row = ctx.find(CountsFile, pk=args.file)
    if row.taken_at is not None:
        raise BadInput(_("%(file)s was taken already") % {"file": row.file_name}, field="file", value=args.file)
    if not row.found:
        raise BadInput(_("%(file)s is still being looked at") % {"file": row.file_name}, field="file", value=args.file)
    if ctx.channel != "job" and content_of(row)[1] > AT_ONCE_BYTES:
        ctx.record(row, None, {"file": row.file_name, "started": True})
        return {"file": row.pk, "job": jobs.start(ctx, "passengers.counts.apply", {"file": row.pk}).pk}
    found = _sorted(row)
    taken = store(found.batch, int(timezone.now().timestamp()))
    keep_refused(ctx.the_event, found.refused, ctx.channel)
    row.taken_at = timezone.now()
    row.save(update_fields=["taken_at"])
    ctx.record(row, None, {"file": row.file_name, **taken._asdict(), "refused": len(found.refused)})
    return {"file": row.pk, **taken._asdict(), "refused": len(found.refused)}


def content_of(row: CountsFile) -> tuple[bytes, int]:
    content = (Path(settings.MEDIA_ROOT) / row.file).read_bytes()
    return content, len(content)


def _sorted(row: CountsFile) -> Sorted:
    lines = lines_of_table(row.file_name, content_of(row)[0])
    return sort_out(row.event, counters_of(row.event), lines, clock.now(row.event))


def looked_at(row: CountsFile) -> dict[str, Any]:
    """The dry run: how many readings are new, corrections, known already; which rows cannot be taken and why."""
    found = _sorted(row)
    times = [one.at for readings in found.batch.values() for one in readings]
    return {
        **compare(found.batch)._asdict(),
        "counters": sorted(counter.code for counter in found.batch),
        "first_s": min(times, default=None),
        "last_s": max(times, default=None),
        "refused": len(found.refused),
        "problems": [one.as_json() for one in found.refused[:SHOWN]],
    }


@job("passengers.counts.look", again=True, name=gettext_lazy("Looking at a table of counts"), page="counters-import")
def look_at_file(running: Running) -> dict[str, Any]:
    row = CountsFile.objects.select_related("event").get(pk=running.args["file"])
    row.found = looked_at(row)
    row.save(update_fields=["found"])
    return {name: row.found[name] for name in ("new", "corrected", "known", "refused")}


@job("passengers.counts.apply", again=True, name=gettext_lazy("Taking a table of counts"), page="counters-import")
def apply_file(running: Running) -> Any:
    args = {"file": running.args["file"]}
    return perform("passengers.counts.apply", args, event=running.event, person=running.person, channel="job")
