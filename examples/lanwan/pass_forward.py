"""Days on which tasks start and finish when links are kept: once for the published plan, once for the truth."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from graphlib import TopologicalSorter

from .days import SEVEN_DAY, STANDARD, at_or_after, shift
from .worksheet import Work

Span = tuple[date, date]


def in_link_order(works: Iterable[Work]) -> list[Work]:
    """Leaf tasks, each after its predecessors; raises graphlib.CycleError on a cycle."""
    leaves = {work.id: work for work in works if work.days is not None}
    order = TopologicalSorter({id_: [pred for pred, _, _ in work.links] for id_, work in leaves.items()})
    return [leaves[id_] for id_ in order.static_order()]


def _moved(day: date, lag: int) -> date:
    """`day` moved by a lag read in either calendar, the later of both: valid whichever an importer uses."""
    if not lag:
        return day
    return max(shift(at_or_after(day, calendar), lag, calendar) for calendar in (STANDARD, SEVEN_DAY))


def _bound(work: Work, kind: str, lag: int, pred: Span, pred_is_milestone: bool, days: int) -> date:
    """The earliest start that this link allows."""
    start, finish = pred
    if kind == "FS":
        # A milestone stands at the end of its day, like the work it closes.
        after = finish if days == 0 else finish + timedelta(1)
        return _moved(after, lag)
    if kind == "SS":
        return _moved(start + timedelta(1) if pred_is_milestone and days else start, lag)
    last = _moved(finish if kind == "FF" else start, lag)
    return shift(at_or_after(last, work.calendar), 1 - days, work.calendar) if days else last


def span(work: Work, start: date, days: int) -> Span:
    """First and last working day of a task that starts on or after `start`."""
    first = at_or_after(start, work.calendar)
    return first, shift(first, days - 1, work.calendar) if days > 1 else first


def forward(
    order: list[Work], earliest: Callable[[Work], date], days_of: Callable[[Work, date], int]
) -> dict[str, Span]:
    """Spans in link order; `days_of` sees the start the links allow, so that late work can hurry."""
    spans: dict[str, Span] = {}
    milestones = {work.id for work in order if work.days == 0}
    for work in order:
        start = earliest(work)
        days = work.days or 0
        for pred, kind, lag in work.links:
            start = max(start, _bound(work, kind, lag, spans[pred], pred in milestones, days))
        spans[work.id] = span(work, start, days_of(work, at_or_after(start, work.calendar)))
    return spans
