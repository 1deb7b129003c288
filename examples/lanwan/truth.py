"""What really happened, from T-150 to T+20, and the reports in which headquarters learned of it.

The sheets say which work was late, slow or silent; the rest varies a little by a draw seeded with the task's id.
Work that starts late hurries. Reports are written at 18:00, so a day's status knows reports of earlier days only.
"""

import math
import random
from datetime import date, timedelta
from typing import NamedTuple

from .days import AS_OF_T, OPENING, on, working_days
from .pass_forward import Span, forward, in_link_order
from .worksheet import Work, per_item


class Report(NamedTuple):
    task: str
    reported: date
    actual_start: date
    actual_finish: date | None
    remaining_days: int
    percent: int


HURRY = 0.7  # share of the planned days that late work takes
SLIP_SHARE = 0.24  # share of later tasks that take longer than planned
MUTE_SHARE = 0.03  # share of tasks nobody reports before they are finished


def _draw(work: Work, what: str) -> random.Random:
    return random.Random(f"lanwan {what} {work.id}")


def _marked(work: Work, mark: str) -> str | None:
    """The value of a mark for this task: None where it does not apply."""
    return per_item(work.options.get(mark), work.item) if mark in work.options else None


def _days_taken(work: Work, start: date, plan: Span) -> int:
    """Opening day does not move: what starts before it takes at most the days left."""
    days = _days_wanted(work, start, plan)
    if days == 0 or start >= OPENING:
        return days
    return min(days, max(1, working_days(start, OPENING - timedelta(1), work.calendar)))


def _days_wanted(work: Work, start: date, plan: Span) -> int:
    planned = work.days or 0
    late = _marked(work, "late")
    if planned == 0:
        return 0
    if late:
        return planned + int(late)
    if _marked(work, "slow") is not None:
        return math.ceil(planned * 1.4)
    rng = _draw(work, "days")
    if start > plan[0]:
        return max(1, math.ceil(planned * HURRY))
    if on(AS_OF_T + 4) < plan[0] < on(-14) and rng.random() < SLIP_SHARE:
        return math.ceil(planned * rng.uniform(1.15, 1.9))
    return max(1, planned - rng.choice((0, 0, 1)) if plan[1] < OPENING else planned)


def what_happened(works: list[Work], published: dict[str, Span]) -> dict[str, Span]:
    """Actual first and last day of every leaf task; links are kept, nothing starts before its published day."""
    return forward(
        in_link_order(works),
        lambda work: published[work.id][0],
        lambda work, start: _days_taken(work, start, published[work.id]),
    )


def report_days(work: Work, actual: Span) -> list[date]:
    """Days a report was written: start, then at the unit's rhythm, then the day it finished."""
    first, last = actual
    rng = _draw(work, "reports")
    rhythm, mute = rng.randint(1, 5), rng.random() < MUTE_SHARE
    if mute and work.days:
        return [last]
    days = [first + timedelta(n) for n in range(0, (last - first).days, rhythm)]
    if _marked(work, "silent") is not None:
        days = days[:2]
    return [*days, last]


def report(work: Work, actual: Span, day: date) -> Report:
    """What the report of `day` says: remaining working days are those after that day."""
    first, last = actual
    if day >= last:
        return Report(work.id, day, first, last, 0, 100)
    left = working_days(day + timedelta(1), last, work.calendar)
    total = working_days(first, last, work.calendar)
    return Report(work.id, day, first, None, left, min(95, 5 * round(20 * (total - left) / total)))


def reports(works: list[Work], actual: dict[str, Span]) -> list[Report]:
    """Every report of the whole run by day, then by task."""
    leaves = [work for work in works if work.days is not None]
    found = [report(w, actual[w.id], day) for w in leaves for day in report_days(w, actual[w.id])]
    return sorted(found, key=lambda line: (line.reported, line.task))


def known_at(history: list[Report], day: date) -> dict[str, Report]:
    """The last report of each task written before `day`: the status a headquarters sees that morning."""
    return {line.task: line for line in history if line.reported < day}
