"""One month of the timetable: what begins and what is finished on each day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import Field

from tminus.desks.planning import adapter
from tminus.desks.planning.models import Task, TaskKind
from tminus.desks.planning.queries.tasks import TasksArgs, filtered
from tminus.platform.registry import BadInput, Context, Grant, query

SHOWN = 5
INSTANT = timedelta(microseconds=1)
"""What is finished at midnight is finished on the day before."""

WORST_FIRST = ("late", "at_risk", "unknown", "stale", "on_time", "done")

Line = tuple[int, str, bool, int]
"""What orders a day: rank of the status, kind, not critical; and the primary key."""


class CalendarArgs(TasksArgs):
    """As the assignment book's filters. ``month``: like 2026-08, empty for the current one.
    ``most``: tasks listed a day and kind; the totals count all."""

    month: str = ""
    most: int = Field(SHOWN, ge=1, le=1000)


@query("planning.calendar", grants=Grant.READ)
def calendar(ctx: Context, args: CalendarArgs) -> dict[str, Any]:
    """The weeks of one month, each day with the leaves that begin and that are finished on it, the worst first.

    :raises BadInput: not a month.
    """
    month = _month(args.month) if args.month else ctx.now.date().replace(day=1)
    first = month - timedelta(days=month.weekday())
    after = (month + timedelta(days=31)).replace(day=1)
    days = [first + timedelta(days=number) for number in range((after - first).days + (-after.weekday()) % 7)]
    begins, finishes = _by_day(ctx, args, first, days[-1])
    chosen = {pk for lines in (*begins.values(), *finishes.values()) for *_, pk in lines[: args.most]}
    tasks = {task.pk: task for task in Task.objects.filter(pk__in=chosen).select_related("responsible", "unit")}
    work = next(iter(adapter.calendars_of(ctx.the_event).values()))
    checkpoints = set(ctx.the_event.checkpoint_dates(ctx.the_event.t(first).n))

    def told(lines: list[Line]) -> list[dict[str, Any]]:
        return [_line(tasks[pk]) for *_, pk in lines[: args.most]]

    return {
        "month": month,
        "previous": (month - timedelta(days=1)).replace(day=1),
        "next": after,
        "days": [
            {
                "day": day,
                "t": ctx.the_event.t(day),
                "in_month": day.month == month.month,
                "off": not work.hours_on(day),
                "checkpoint": day in checkpoints,
                "opening": day == ctx.the_event.opening,
                "finishes": told(finishes[day]),
                "finishes_total": len(finishes[day]),
                "begins": told(begins[day]),
                "begins_total": len(begins[day]),
            }
            for day in days
        ],
    }


def _month(text: str) -> date:
    try:
        found = datetime.strptime(text, "%Y-%m").date()
        _ = found - timedelta(days=40), found + timedelta(days=80)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"month: {text!r}; allowed: a month like 2026-08", field="month", value=text) from error
    return found


def _by_day(ctx: Context, args: CalendarArgs, first: date, last: date) -> tuple[dict[date, list[Line]], ...]:
    """Leaves of each day in the order they are told; one that begins and is finished on a day is told as finished."""
    begins: dict[date, list[Line]] = defaultdict(list)
    finishes: dict[date, list[Line]] = defaultdict(list)
    leaves = filtered(ctx, args).exclude(kind=TaskKind.SUMMARY)
    midnight, end = (datetime.combine(day, datetime.min.time()) for day in (first, last + timedelta(days=1)))
    rows = leaves.filter(planned_finish__gte=midnight, planned_start__lte=end).order_by("position")
    found: Any = rows.values_list("pk", "status", "critical", "kind", "planned_start", "planned_finish")
    for pk, status, critical, kind, start, finish in found:
        line = (WORST_FIRST.index(status), kind, not critical, pk)
        begun, done = start.date(), (finish if start == finish else finish - INSTANT).date()
        if first <= done <= last:
            finishes[done].append(line)
        if first <= begun <= last and begun != done:
            begins[begun].append(line)
    for lines in (*begins.values(), *finishes.values()):
        lines.sort()
    return begins, finishes


def _line(task: Task) -> dict[str, Any]:
    return {
        "key": task.key,
        "name": task.name,
        "kind": task.kind,
        "status": task.shown_status,
        "critical": task.critical,
        "holder": task.responsible.name if task.responsible else "",
        "unit": task.unit.name if task.unit else "",
    }
