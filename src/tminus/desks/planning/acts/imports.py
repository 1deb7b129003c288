"""Import a plan file: hand it in (the dry run), adjust the mapping, apply it whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import BaseModel, Field

from tminus.desks.planning import importing
from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.acts.remaining import set_planned
from tminus.desks.planning.acts.tasks import hand_on
from tminus.desks.planning.baselines import keep_baseline
from tminus.desks.planning.importing.compare import as_json
from tminus.desks.planning.importing.size import check_size
from tminus.desks.planning.models import ColumnMapping as RememberedMapping
from tminus.desks.planning.models import PlanImport, Task, TaskKind
from tminus.desks.planning.standing import version
from tminus.formats.columns import ColumnMapping
from tminus.formats.problems import BadFile
from tminus.platform import duties, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.kept_files import FileGiven
from tminus.platform.registry import BadInput, Context, Grant, act, perform

AT_ONCE = 2000
"""Rows up to which an import is applied while one waits; more run as a job."""
LINES = 300
"""Changed tasks up to which each gets a line of its own in the record."""


class Columns(BaseModel):
    """``fields``: field → heading of the file; ``date_order``: ``dmy`` or ``mdy`` where dates are ambiguous."""

    fields: dict[str, str] = Field(default_factory=dict)
    date_order: str | None = None

    def mapping(self) -> ColumnMapping:
        try:
            return ColumnMapping.from_json(self.model_dump(include={"fields", "date_order"}))
        except ValueError as error:
            raise BadInput(str(error), field="fields") from error


class ReadArgs(Columns):
    """Without ``fields`` the columns are known by their headings, or as they were mapped the last time."""

    file: FileGiven


class MapArgs(Columns):
    id: int


class ApplyArgs(BaseModel):
    """``remove``: take out tasks the file does not have; ``wait``: do it here and now whatever its size."""

    id: int
    remove: bool = False
    wait: bool = False


@act("planning.import.read", grants=Grant.HEADQUARTERS)
def hand_in(ctx: Context, args: ReadArgs) -> dict[str, Any]:
    """Hand in a plan file: it is read and compared; nothing of the plan changes yet."""
    check_size(args.file.name, len(args.file.content))
    row = PlanImport(event=ctx.the_event, person=ctx.person, at=ctx.now, file_name=Path(args.file.name).name[:255])
    row.file.save(
        f"{ctx.the_event.slug}{Path(row.file_name).suffix.lower()}", ContentFile(args.file.content), save=False
    )
    mapping = args.mapping() if args.fields or args.date_order else None
    reading = _dry_run(ctx, row, mapping)
    if mapping is not None:
        _remember(ctx, reading, mapping)
    row.save()
    ctx.record(row, None, {"file": row.file_name, **(row.difference or {})["counts"]})
    return shown(row)


@act("planning.import.map", grants=Grant.HEADQUARTERS)
def adjust(ctx: Context, args: MapArgs) -> dict[str, Any]:
    """Say which column is which; remembered for the next file with these headings."""
    row = _open(ctx, args.id)
    mapping = args.mapping()
    reading = _dry_run(ctx, row, mapping)
    row.save()
    _remember(ctx, reading, mapping)
    ctx.record(row, None, {"mapping": mapping.as_json(), **(row.difference or {})["counts"]})
    return shown(row)


@act("planning.import.apply", grants=Grant.HEADQUARTERS)
def apply(ctx: Context, args: ApplyArgs) -> dict[str, Any]:
    """Apply what the dry run showed, whole or not at all; large files run as a job."""
    row = _open(ctx, args.id)
    _ready(ctx, row)
    if not args.wait and sum((row.difference or {})["counts"].values()) > AT_ONCE:
        started = jobs.start(ctx, "planning.import", {"id": row.pk, "remove": args.remove})
        ctx.record(row, None, {"job": started.pk}, code="planning.import.started")
        return {"job": started.pk}
    return _apply(ctx, row, args)


@job("planning.import", again=True, name=gettext_lazy("Import of a plan"), page="book")
def in_background(running: Running) -> dict[str, Any]:
    """Apply a large import; all or nothing, so it may be run again."""
    args = ApplyArgs(id=running.args["id"], remove=running.args["remove"], wait=True)
    running.progress(0, 1, gettext_noop("reading the file"))
    with listening(running):
        result: dict[str, Any] = perform(
            "planning.import.apply", args, event=running.event, person=running.person, channel="job"
        )
    return result


class Progressing(Protocol):
    def progress(self, done: int, total: int, doing: str = "", **values: str) -> None: ...


_LISTENER: ContextVar[Progressing | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Progressing) -> Iterator[None]:
    """While it lasts, ``listener`` hears how far an import performed here is."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def _apply(ctx: Context, row: PlanImport, args: ApplyArgs) -> dict[str, Any]:
    running = _LISTENER.get()
    reading = _read(ctx, row, ColumnMapping.from_json(row.mapping))
    found = importing.compare(ctx.the_event, reading)
    if args.remove:
        _withdraw(ctx, found.removed)
    done = importing.apply(ctx.the_event, found, remove=args.remove, told=running.progress if running else None)
    _broken_down(ctx)
    for task in Task.objects.filter(event=ctx.event, key__in=done.handed).select_related("duty", "unit", "responsible"):
        hand_on(ctx, task, task.responsible)
    if running:
        running.progress(3, 4, gettext_noop("scheduling"))
    schedule = refreshed(ctx)
    _record(ctx, found)
    _keep_baselines(ctx, found, row.file_name)
    row.applied_at = ctx.now
    row.save()
    ctx.record(row, None, {"file": row.file_name, "removed_too": args.remove, **done.counts})
    return {**done.counts, "baselines": len(found.baselines), "conflicts": len(schedule.conflicts)}


def _withdraw(ctx: Context, keys: list[str]) -> None:
    for task in Task.objects.filter(event=ctx.event, key__in=keys).select_related("duty"):
        if task.duty is not None and task.duty.open:
            duties.withdraw(ctx, task.duty, "task removed by an import")
        set_planned(ctx, task, None)


def _broken_down(ctx: Context) -> None:
    """A summary is nobody's single duty."""
    above = Task.objects.filter(event=ctx.event, kind=TaskKind.SUMMARY, duty__isnull=False).select_related("duty")
    for task in above:
        if task.duty is not None and task.duty.open:
            duties.withdraw(ctx, task.duty, "broken down")


def _record(ctx: Context, found: importing.Comparison) -> None:
    """A line for each changed task while they are few; the import's own line counts them in any case."""
    if len(found.changed) > LINES:
        return
    for task in Task.objects.filter(event=ctx.event, key__in=found.changed).select_related("unit"):
        fields = found.changed[task.key]
        before = {column: pair[0] for column, pair in fields.items()}
        after = {column: pair[1] for column, pair in fields.items()}
        ctx.record(task, before, after, unit=task.unit, code="planning.task.imported")


def _keep_baselines(ctx: Context, found: importing.Comparison, source: str) -> None:
    for change in found.baselines:
        made = keep_baseline(ctx.the_event, change, source, ctx.now, ctx.person)
        ctx.record(made, None, change.as_json(), code="planning.baseline.imported")


def _remember(ctx: Context, reading: importing.Reading, mapping: ColumnMapping) -> None:
    if reading.signature:
        RememberedMapping.objects.update_or_create(
            event=ctx.the_event, signature=reading.signature, defaults={"mapping": mapping.as_json()}
        )


def _open(ctx: Context, pk: int) -> PlanImport:
    row = ctx.find(PlanImport, pk=pk)
    if row.applied_at is not None:
        raise BadInput(_("this import has been applied already; hand the file in again"), field="id", value=pk)
    return row


def _ready(ctx: Context, row: PlanImport) -> None:
    if row.problems:
        raise BadInput(
            _("%(file_name)s: %(n)s values cannot be taken; nothing is imported until they are mended")
            % {"file_name": row.file_name, "n": len(row.problems)},
            field="id",
            value=row.pk,
        )
    if (row.difference or {}).get("version") != version(ctx.the_event):
        raise BadInput(_("the plan has changed since this was compared; compare anew"), field="id", value=row.pk)


def _read(ctx: Context, row: PlanImport, mapping: ColumnMapping | None) -> importing.Reading:
    try:
        return importing.read(ctx.the_event, Path(row.file.path), row.file_name, mapping=mapping)
    except BadFile as error:
        raise BadInput(str(error), field="file", value=row.file_name) from error


def _dry_run(ctx: Context, row: PlanImport, mapping: ColumnMapping | None) -> importing.Reading:
    reading = _read(ctx, row, mapping)
    if mapping is None and reading.signature:
        kept = RememberedMapping.objects.filter(event=ctx.event, signature=reading.signature).first()
        if kept is not None:
            reading = _read(ctx, row, ColumnMapping.from_json(kept.mapping))
    found = importing.compare(ctx.the_event, reading)
    row.mapping = reading.mapping.as_json()
    row.problems = [problem.as_json() for problem in reading.problems]
    row.difference = as_json(ctx.the_event, found) | {
        "version": version(ctx.the_event),
        "headings": list(reading.headings),
        "signature": reading.signature,
    }
    return reading


def shown(row: PlanImport) -> dict[str, Any]:
    """An import as pages and the API show it."""
    return {
        "id": row.pk,
        "file": row.file_name,
        "mapping": row.mapping,
        "problems": row.problems,
        "difference": row.difference,
        "applied_at": row.applied_at,
    }
