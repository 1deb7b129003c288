"""Each change that could be made to one task of a driving chain, sized as small as it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tminus.engines.schedule.bounds import MANDATORY, OPEN, STARTED
from tminus.engines.schedule.cone import BEGIN, CALENDAR, END, LAG, LAG_CALENDAR, NUMBER, S_BOUND, STATE, WORK
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import ConstraintKind, LagCalendar, Link, LinkKind, Task, TaskKind
from tminus.engines.schedule.remedies import How, smallest
from tminus.engines.schedule.repairs.repair import Repair, RepairRules, calendar_name
from tminus.engines.schedule.repairs.target import Target
from tminus.engines.schedule.repairs.trial import has_gaps
from tminus.engines.schedule.worktime import instant, minutes


@dataclass(frozen=True, slots=True)
class Change:
    """A repair with what carries it out in the trial, what takes it back, and the margin ``after`` it, once known."""

    repair: Repair
    do: Callable[[], None]
    undo: Callable[[], None]
    after: float | None = None


@dataclass(slots=True)
class Bench:
    """Where changes are tried: the trial, what must be met, and what was changed for good."""

    inside: Incremental
    target: Target
    rules: RepairRules
    tasks: dict[int, Task]
    links: dict[int, Link]
    today: int

    def measure(self, change: Change, before: float) -> Change:
        """With what it gains; one that was measured when it was sized is not tried again."""
        after = self.after(change) if change.after is None else change.after
        gained = round(after - before, 4)
        return replace(change, repair=replace(change.repair, gained_days=gained, meets=after >= 0))

    def after(self, change: Change) -> float:
        """The margin with a change done."""
        change.do()
        margin = self.target.margin(self.inside)
        change.undo()
        return margin

    def begun(self, place: int) -> bool:
        """Work has begun: only what remains of it can be changed."""
        return bool(self.inside.there.tasks[place, STATE] == STARTED)

    def minutes(self, place: int) -> int:
        """What can be made less: the duration, of work that has begun what remains."""
        return int(self.inside.there.tasks[place, WORK]) if self.begun(place) else self.tasks[place].duration.minutes

    def day(self, place: int) -> int:
        """Minutes of a working day of a task's calendar."""
        return max(int(self.inside.network.time.day_minutes[self.inside.there.tasks[place, CALENDAR]]), 1)


def changes_at(bench: Bench, place: int, link: int) -> Iterator[Change]:
    """All that could be done about one place of a driving chain and the link that drives it."""
    task = bench.tasks.get(place)
    begun = bench.begun(place)
    if task is None or not (begun or bench.inside.there.tasks[place, STATE] == OPEN):
        return
    if any(one.kind in MANDATORY for one in task.constraints) and not begun:
        return  # it stands at its date whatever is done
    approval = task.phase.strip().lower() in bench.rules.approval
    if task.kind is not TaskKind.MILESTONE:
        yield from _shorter(bench, place, How.EARLIER if approval else How.SHORTEN)
        if not approval:
            yield from _crew(bench, place)
            yield from _seven_days(bench, place)
    if begun:
        return  # its start has been
    if link < 0:
        yield from _earlier(bench, place)
    else:
        yield from _overlap(bench, place, link)


def _sized(bench: Bench, most: int, of: Callable[[int], Change]) -> Iterator[Change]:
    """The smallest size that is enough, else the greatest."""
    if most < 1:
        return
    margins: dict[int, float] = {}

    def enough(size: int) -> bool:
        margins[size] = bench.after(of(size))
        return margins[size] >= 0

    size = smallest(enough, most) or most
    yield replace(of(size), after=margins[size])


def _with_work(bench: Bench, place: int, repair: Repair) -> Change:
    before = int(bench.inside.there.tasks[place, WORK])
    inside, pause = bench.inside, 0 if repair.remaining else bench.tasks[place].pause_minutes
    return Change(
        repair,
        lambda: inside.set_work(place, repair.minutes + pause),
        lambda: inside.set_work(place, before),
    )


def _shorter(bench: Bench, place: int, how: How) -> Iterator[Change]:
    task, day, begun = bench.tasks[place], bench.day(place), bench.begun(place)
    whole = bench.minutes(place)

    def of(days: int) -> Change:
        less = whole - days * day
        return _with_work(bench, place, Repair(how, task.id, float(days), minutes=less, remaining=begun))

    yield from _sized(bench, int(whole * bench.rules.most_shorter) // day, of)


def _crew(bench: Bench, place: int) -> Iterator[Change]:
    task, day, whole, begun = bench.tasks[place], bench.day(place), bench.minutes(place), bench.begun(place)
    less = math.ceil(whole * bench.rules.crew_factor)
    saved = round((whole - less) / day, 2)
    if saved > 0:
        yield _with_work(bench, place, Repair(How.CREW, task.id, saved, crews=1, minutes=less, remaining=begun))


def _seven_days(bench: Bench, place: int) -> Iterator[Change]:
    inside, task = bench.inside, bench.tasks[place]
    plan, now = inside.network.plan, int(inside.there.tasks[place, CALENDAR])
    name, count = calendar_name(plan, task), len(plan.calendars)
    if now == 0 or now > count or not has_gaps(plan.calendars[name]):
        return
    counted = _lags_counted(bench, place)
    yield Change(
        Repair(How.SEVEN_DAYS, task.id, remaining=bench.begun(place)),
        lambda: inside.set_calendar(place, now + count, counted),
        lambda: inside.set_calendar(place, now, counted),
    )


def _lags_counted(bench: Bench, place: int) -> list[int]:
    """Links whose lags are counted in this task's calendar."""
    rule = bench.inside.network.plan.lag_calendar
    if rule not in (LagCalendar.SUCCESSOR, LagCalendar.PREDECESSOR):
        return []
    side = bench.inside.there if rule is LagCalendar.SUCCESSOR else bench.inside.back
    rows = side.rows[side.tasks[place, BEGIN] : side.tasks[place, END]]
    links = ((int(number), bench.links.get(int(number))) for number in rows[:, NUMBER])
    return [number for number, link in links if link is not None and not link.lag.elapsed]


def _earlier(bench: Bench, place: int) -> Iterator[Change]:
    """The date it waits for, by days of the calendar on the wall."""
    inside, task = bench.inside, bench.tasks[place]
    at = next((one.at for one in task.constraints if one.kind is ConstraintKind.SNET and one.at), None)
    if at is None or minutes(at) <= bench.today:
        return
    start, before = minutes(at), int(inside.there.tasks[place, S_BOUND])

    def of(days: int) -> Change:
        asked = max(start - days * 1440, bench.today)
        return Change(
            Repair(How.EARLIER, task.id, float(days), at=instant(asked)),
            lambda: inside.set_earliest_start(place, asked),
            lambda: inside.set_earliest_start(place, before),
        )

    yield from _sized(bench, -((bench.today - start) // 1440), of)


def _overlap(bench: Bench, place: int, number: int) -> Iterator[Change]:
    """Where it waits for another to be finished, let it begin before that."""
    inside, link = bench.inside, bench.links.get(number)
    pred = inside.ends_of(number)[0]
    if link is None or link.kind is not LinkKind.FS or pred not in bench.tasks:
        return
    row = inside.there.rows[inside.there.row_of(place, number)]
    lag, day = int(row[LAG]), max(int(inside.network.time.day_minutes[int(row[LAG_CALENDAR])]), 1)
    task, other = bench.tasks[place], bench.tasks[pred]

    def of(days: int) -> Change:
        less = lag - days * day
        return Change(
            Repair(How.OVERLAP, task.id, float(days), before=other.id, minutes=less, link=link),
            lambda: inside.set_lag(number, less),
            lambda: inside.set_lag(number, lag),
        )

    most = int(int(inside.there.tasks[pred, WORK]) * bench.rules.most_overlap) + max(lag, 0)
    yield from _sized(bench, most // day, of)
