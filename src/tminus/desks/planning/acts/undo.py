"""Undo: the person's own last act on the plan, as long as nobody has built on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.planning.acts.baselines import stands_again
from tminus.desks.planning.acts.levelling import take_back
from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.acts.proposals import reopen
from tminus.desks.planning.acts.remaining import PLANNED, plan_back
from tminus.desks.planning.acts.removed import put_back
from tminus.desks.planning.acts.reporting import report_back
from tminus.desks.planning.acts.structure import put
from tminus.desks.planning.acts.tasks import RemoveArgs, hand_to, remove
from tminus.desks.planning.acts.timetable import move_back
from tminus.desks.planning.models import Area, Baseline, Levelling, Place, PlanCalendar, Proposal, Task, TaskLink
from tminus.platform.models import RecordLine, Unit
from tminus.platform.registry import BadInput, Context, Grant, act

ATTRIBUTES = {"name": "name_en", "duration": "duration_min", "start": "planned_start", "finish": "planned_finish"}
"""Fields of ``planning.task.change`` whose column is named otherwise."""
REFERENCES: dict[str, Any] = {"unit": Unit, "area": Area, "place": Place, "calendar": PlanCalendar}
ASIDE = {"planning.task.comment", "planning.undo"}
"""Neither undone themselves nor in the way of undoing what was before them."""


WHOLE = {"planning.proposal.adopt"}
"""Acts that leave lines of other codes for what they change; undone from the last line to the first."""


class UndoArgs(BaseModel):
    """``line``: only if this line of the record is of the last act, as a page left open may offer an older one."""

    line: int | None = None


@act("planning.undo", grants=Grant.ACT)
def undo(ctx: Context, args: UndoArgs) -> dict[str, Any]:
    """Take back your own last change of the plan, as long as nobody has built on it."""
    lines = last_act(ctx)
    if args.line is not None and args.line not in [line.seq for line in lines]:
        raise BadInput(_("this is no longer your last change; undo the later one first"), field="line", value=args.line)
    code = lines[-1].code
    if code not in REVERSERS:
        raise BadInput(
            _("%(code)s cannot be undone; it stays in the record") % {"code": code}, field="line", value=lines[0].seq
        )
    for line in reversed(lines) if code in WHOLE else lines:
        if _built_on(ctx, line, lines[-1].seq):
            raise BadInput(
                _("somebody has changed this since; it can no longer be undone"), field="line", value=line.seq
            )
        changed = REVERSERS[line.code](ctx, line)
        unit = None if isinstance(changed, Levelling | Baseline) else changed.unit
        ctx.record(changed, line.after, {"undid": line.seq, "code": line.code}, unit=unit)
    refreshed(ctx)
    return {"undone": code, "lines": [line.seq for line in lines]}


def last_act(ctx: Context) -> list[RecordLine]:
    """The lines of the newest own act on the plan that has not been undone, as they were written."""
    own = RecordLine.objects.filter(event=ctx.event, actor=ctx.the_person, code__startswith="planning.")
    undone = _undone(own)
    latest = own.exclude(code__in=ASIDE).exclude(seq__in=undone).order_by("-seq").first()
    if latest is None:
        raise BadInput(_("there is nothing of yours to undo"), field="line")
    # An assignment of forty tasks is undone as a whole.
    codes = list(REVERSERS) if latest.code in WHOLE else [latest.code]
    return list(own.filter(_same_act(latest), code__in=codes).exclude(seq__in=undone).order_by("seq"))


def _same_act(line: RecordLine) -> Q:
    """Lines of before acts had numbers are told apart by the clock's instant, which one act has only one of."""
    return Q(act_seq=line.act_seq) if line.act_seq is not None else Q(act_seq=None, at=line.at)


def _built_on(ctx: Context, line: RecordLine, until: int) -> bool:
    later = RecordLine.objects.filter(
        event=ctx.event, object_type=line.object_type, object_id=line.object_id, seq__gt=max(line.seq, until)
    ).exclude(code__in=ASIDE)
    taken_back = _undone(RecordLine.objects.filter(event=ctx.event, seq__gt=line.seq))
    return any(one.seq not in taken_back for one in later)


def _undone(lines: QuerySet[RecordLine]) -> set[int]:
    values = lines.filter(code="planning.undo").values_list("after", flat=True)
    return {after["undid"] for after in values if after and "undid" in after}


def _task(ctx: Context, line: RecordLine) -> Task:
    task = ctx.find(Task, pk=int(line.object_id))
    ctx.require_any(task.unit, task.responsible)
    return task


def _change(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    _put(ctx, task, line.before or {})
    return task


def _report(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    values = dict(line.before or {})
    planned = values.pop(PLANNED, None)
    _put(ctx, task, values)
    report_back(ctx, task, planned)
    return task


def _put(ctx: Context, task: Task, values: Mapping[str, Any]) -> None:
    """Set fields as a line of the record names them."""
    for field, value in values.items():
        if field in REFERENCES:
            found = REFERENCES[field].objects.filter(event=ctx.event, code=value).first() if value else None
            setattr(task, field, found)
            continue
        column: Any = Task._meta.get_field(ATTRIBUTES.get(field, field))
        setattr(task, column.attname, column.to_python(value))
    task.save()


def _assign(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    hand_to(ctx, [task], str((line.before or {}).get("responsible", "")), code="planning.undo")
    return task


def _cell(ctx: Context, line: RecordLine) -> Task:
    if "responsible" not in (line.before or {}):
        return _change(ctx, line)
    return _assign(ctx, line)


def _link(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    key, kind = _ends(line.after)
    ctx.find(TaskLink, predecessor__key=key, successor=task, kind=kind).delete()
    if line.before:  # it was there already, with another lag
        _unlink(ctx, line)
    return task


def _unlink(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    key, kind = _ends(line.before)
    predecessor = ctx.find(Task, key=key)
    lag = int((line.before or {})["lag_min"])
    elapsed, percent = bool((line.before or {}).get("lag_elapsed", False)), (line.before or {}).get("lag_percent")
    TaskLink.objects.create(
        event=ctx.the_event,
        predecessor=predecessor,
        successor=task,
        kind=kind,
        lag_min=lag,
        lag_elapsed=elapsed,
        lag_percent=percent,
    )
    return task


def _ends(values: dict[str, Any] | None) -> tuple[str, str]:
    text = str((values or {})["link"])
    return text[:-2], text[-2:]


def _move(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    ctx.require(task.unit)
    place = line.before or {}
    put(ctx, task, ctx.find(Task, key=place["parent"]) if place["parent"] else None, place["before"])
    return task


def _create(ctx: Context, line: RecordLine) -> Task:
    task = _task(ctx, line)
    parent = task.parent
    remove(ctx, RemoveArgs(task=task.key))
    broken = _broken_down_with(ctx, line)
    if parent is not None and broken is not None and broken.object_id == str(parent.pk):
        _put(ctx, parent, broken.before or {})
    task.pk = int(line.object_id)  # gone from the table; the record still names it
    return task


def _broken_down_with(ctx: Context, line: RecordLine) -> RecordLine | None:
    lines = RecordLine.objects.filter(_same_act(line), event=ctx.event, code="planning.task.break_down")
    return lines.first()


def _remove(ctx: Context, line: RecordLine) -> Task:
    task = put_back(ctx, line.before or {})
    ctx.require(task.unit)
    return task


def _reopen(ctx: Context, line: RecordLine) -> Proposal:
    """What was adopted is to be decided again."""
    found = ctx.find(Proposal, pk=int(line.object_id))
    ctx.require(found.unit)
    reopen(found)
    return found


REVERSERS: dict[str, Callable[[Context, RecordLine], Task | Proposal | Levelling | Baseline]] = {
    "planning.baseline.withdraw": stands_again,
    "planning.cells.change": _cell,
    "planning.task.change": _change,
    "planning.timetable.move": move_back,
    "planning.task.remaining": plan_back,
    "planning.task.report": _report,
    "planning.task.assign": _assign,
    "planning.task.move": _move,
    "planning.task.create": _create,
    "planning.task.remove": _remove,
    "planning.link": _link,
    "planning.unlink": _unlink,
    "planning.proposal.adopt": _reopen,
    "planning.levelling.adopt": take_back,
}
