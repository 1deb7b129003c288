"""The timetable: bars, links, days off; and what would happen if a bar were moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pydantic import BaseModel

from tminus.desks.planning import adapter, landing
from tminus.desks.planning.baselines import Pair, standing_baselines
from tminus.desks.planning.models import Task, TaskLink
from tminus.desks.planning.queries.baselines import agreed, beside, chosen, told
from tminus.desks.planning.queries.tasks import TasksArgs, filtered, readable
from tminus.desks.planning.queries.timetable_groups import (
    Group,
    Grouping,
    foldable,
    groups_of,
    leaves_by,
    outline_without,
)
from tminus.desks.planning.standing import standing
from tminus.engines.schedule import How, PlanError, Remedy, remedies
from tminus.engines.schedule import what_if as engine_what_if
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform.languages import reads_chinese
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, query

SHOWN = 12


class TimetableArgs(TasksArgs):
    """As the assignment book's filters. ``group``: leaves under heads of areas, units or persons instead of the tree.

    ``fold``: what is shut, comma-separated: codes of groups (``-``: those of none), or keys of summaries.
    """

    group: Grouping = ""
    fold: str = ""
    baseline: str = ""
    """Number of the baseline to compare with; empty: the main one, ``none``: none."""


class WhatIfArgs(BaseModel):
    task: str
    start: str
    """The day it would start: 2026-09-01, with or without a time."""


@query("planning.timetable", grants=Grant.READ)
def timetable(ctx: Context, args: TimetableArgs) -> dict[str, Any]:
    """Rows with their bars: draft, published, progress; links among them; weekends and holidays of the calendar.

    ``total`` counts the rows there are without heads; an ``offset`` behind the last of them gives the last page.
    """
    found, fold = filtered(ctx, args), [code for code in args.fold.split(",") if code]
    shown = leaves_by(found, args.group, fold) if args.group else outline_without(ctx, found, fold)
    total = shown.count()
    offset = args.offset if args.offset < total else max(total - 1, 0) // args.limit * args.limit
    tasks = list(shown[offset : offset + args.limit])
    groups = groups_of(found, args.group, fold) if args.group else []
    heads = _heads(groups, offset, offset + len(tasks), total)
    first, last = _span(ctx, tasks, [group for __, group in heads])
    kept = standing_baselines(ctx.the_event)
    baseline = chosen(kept, args.baseline)
    then = agreed(baseline, tasks)
    first, last = _widened(first, last, then)
    return {
        "first": first,
        "last": last,
        "total": total,
        "offset": offset,
        "rows": [_bar(ctx, task) | beside(then.get(task.key, (None, None)), task.planned_finish) for task in tasks],
        "baselines": [told(one) for one in kept],
        "baseline": told(baseline) if baseline else None,
        "heads": [{"before": before - offset, **group._asdict(), "status": group.status} for before, group in heads],
        "foldable": [group.code for group in groups] if args.group else foldable(ctx, found),
        "links": _links(ctx, tasks),
        "off": _days_off(ctx, first, last),
        "checkpoints": ctx.the_event.checkpoint_dates(ctx.the_event.t(first).n),
    }


def _heads(groups: list[Group], begin: int, end: int, total: int) -> list[tuple[int, Group]]:
    """Heads among the rows ``begin`` … ``end``, each with the row it stands before; the first one also if it goes on
    from the page before."""
    found, at = [], 0
    for group in groups:
        behind = at + (0 if group.folded else group.tasks)
        here = begin <= at < end or at == end == total if group.folded else at < end and behind > begin
        if here:
            found.append((max(at, begin), group))
        at = behind
    return found


def _span(ctx: Context, tasks: list[Task], heads: list[Group]) -> tuple[date, date]:
    """First and last day to be drawn."""
    dated = [task for task in tasks if task.planned_start and task.planned_finish]
    begins = [task.planned_start for task in dated] + [head.start for head in heads]
    ends = [task.planned_finish for task in dated] + [task.forecast_finish for task in dated]
    ends += [head.finish for head in heads]
    today = datetime.combine(ctx.now.date(), datetime.min.time())
    first = min((at for at in begins if at), default=today)
    last = max((at for at in ends if at), default=first)
    return first.date(), max(last.date(), ctx.the_event.closing)


def _widened(first: date, last: date, then: dict[str, Pair]) -> tuple[date, date]:
    """So that baselines are drawn whole too."""
    days = [at.date() for pair in then.values() for at in pair if at]
    return min([first, *days]), max([last, *days])


def _links(ctx: Context, tasks: list[Task]) -> list[dict[str, Any]]:
    """Links between two tasks of the page; critical where both are."""
    keys = {task.pk: task for task in tasks}
    found = TaskLink.objects.filter(event=ctx.event, predecessor__in=keys, successor__in=keys)
    return [
        {
            "pred": keys[pred].key,
            "succ": keys[succ].key,
            "kind": kind,
            "critical": keys[pred].critical and keys[succ].critical,
        }
        for pred, succ, kind in found.values_list("predecessor_id", "successor_id", "kind")
    ]


def _bar(ctx: Context, task: Task) -> dict[str, Any]:
    return {
        "key": task.key,
        "name": task.name,
        "depth": task.depth,
        "kind": task.kind,
        "status": task.shown_status,
        "start": task.planned_start,
        "finish": task.planned_finish,
        "published_start": task.published_start,
        "published_finish": task.published_finish,
        "forecast_finish": task.forecast_finish,
        "percent": task.percent or 0,
        "critical": task.critical,
        "float_days": task.total_float_days,
        "holder": task.responsible.name if task.responsible else "",
        "unit": task.unit.name if task.unit else "",
        "can_act": ctx.scope.can_act(task.unit),
        "can_move": task.kind != "summary" and task.actual_start is None and task.actual_finish is None,
    }


def _days_off(ctx: Context, first: date, last: date) -> list[date]:
    calendar = next(iter(adapter.calendars_of(ctx.the_event).values()))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if not calendar.hours_on(day)]


@query("planning.what_if", grants=Grant.READ)
def what_if(ctx: Context, args: WhatIfArgs) -> dict[str, Any]:
    """Who moves, which checkpoint changes and what binds if a task started on another day; changes nothing."""
    try:
        start = values.Hours().start_on(args.start)
    except BadValue as error:
        raise BadInput(f"start: {args.start!r}; allowed: {error}", field="start", value=args.start) from error
    schedule = standing(ctx.the_event, ctx.now)
    try:
        found = engine_what_if(schedule, {args.task: start})
    except PlanError as error:
        raise BadInput(str(error), field="task", value=args.task) from error
    ranked = sorted(found.moved, key=lambda one: (one.id != args.task, -abs(one.days)))
    avoiding = remedies(schedule, {args.task: start})
    ids = (
        {one.id for one in ranked[:SHOWN]}
        | set(found.binds)
        | {id for ids in (found.misses_opening, *(slip.ids for slip in found.slips)) for id in ids[:SHOWN]}
        | {id for one in avoiding for id in (one.task, one.before)}
    )
    tasks = {task.key: task for task in readable(ctx).filter(key__in=ids)}
    return {
        "task": args.task,
        "stays": landing.stays(found, args.task),
        "landing": landing.told(ctx, schedule, found, args.task, start),
        "moved": [
            {
                "key": one.id,
                "name": tasks[one.id].name if one.id in tasks else one.id,
                "holder": tasks[one.id].responsible.name if one.id in tasks and tasks[one.id].responsible else "",  # type: ignore[union-attr]
                "unit": tasks[one.id].unit.name if one.id in tasks and tasks[one.id].unit else "",  # type: ignore[union-attr]
                "start": one.start,
                "finish": one.finish,
                "finish_before": one.finish_before,
                "t": str(ctx.the_event.t(one.finish)),
                "days": (one.finish.date() - one.finish_before.date()).days,
            }
            for one in ranked[:SHOWN]
        ],
        "moved_total": len(found.moved),
        "slips": [
            {
                "t": str(TDay(-slip.t_minus)),
                "date": slip.checkpoint,
                "tasks": list(slip.ids),
                "names": [one["name"] for one in _named(slip.ids, tasks)],
            }
            for slip in found.slips
        ],
        "binds": _named(found.binds, tasks, most=None),
        "misses_opening": list(found.misses_opening),
        "misses": _named(found.misses_opening, tasks),
        "remedies": [_remedy(one, tasks) for one in avoiding],
        "remedies_keep": str(ctx.the_event.t(avoiding[0].checkpoint)) if avoiding and avoiding[0].checkpoint else "",
    }


def _named(ids: Sequence[str], tasks: dict[str, Task], most: int | None = SHOWN) -> list[dict[str, str]]:
    """The first of them by name; a task out of reach is named by its ID."""
    return [{"key": id, "name": tasks[id].name if id in tasks else id} for id in ids[:most]]


def _remedy(one: Remedy, tasks: dict[str, Task]) -> dict[str, Any]:
    """As data and in words; a task out of reach is named by its ID."""
    name = {id: tasks[id].name if id in tasks else id for id in (one.task, one.before)}
    values = {"task": name[one.task], "n": one.days, "before": name[one.before]}
    if one.how is How.SHORTEN:
        text = ngettext("shorten %(task)s by %(n)d working day", "shorten %(task)s by %(n)d working days", one.days)
    elif one.how is How.OVERLAP:
        text = ngettext(
            "let %(task)s begin %(n)d working day before %(before)s is finished",
            "let %(task)s begin %(n)d working days before %(before)s is finished",
            one.days,
        )
    else:
        text = _("begin %(task)s on %(day)s at the latest")
        values["day"] = date_format(one.day, "j M") if one.day and not reads_chinese() else f"{one.day:%m-%d}"
    told = {"how": one.how.value, "task": one.task, "before": one.before, "days": one.days, "day": one.day}
    return {**told, "text": text % values}
