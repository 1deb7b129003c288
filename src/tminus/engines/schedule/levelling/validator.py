"""Looks at levelled dates with none of the code that made them: minute by minute, from calendars as people wrote them.

Plain on purpose: hours are one flag a minute, capacity is counted at every instant at which something changes, and
people with skills are shared out anew there by augmenting paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import MANDATORY, is_done, is_started, remaining_minutes
from tminus.engines.schedule.levelling.resources import Chooser, Need, Resources, Supply, SupplyKind
from tminus.engines.schedule.levelling.sharing_out import shared_out
from tminus.engines.schedule.model import (
    ConstraintKind,
    DayHours,
    Duration,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    Task,
    TaskKind,
    WorkCalendar,
)
from tminus.engines.schedule.worktime import DAY, instant, minutes

MOST_FAULTS = 20
ROUNDING = 0.002
"""Units: needs and capacities are counted in thousandths."""

Count = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Dated:
    """Where a task was put, and the way it is done."""

    start: datetime
    finish: datetime
    mode: str = ""


@dataclass(slots=True)
class Use:
    """Intervals in which a task holds something: from, until, units; ``fixed``: nobody could have moved it."""

    task: str
    spans: list[tuple[int, int]]
    units: float
    fixed: bool


@dataclass(slots=True)
class Validator:
    """One plan, its resources and levelled dates of its leaf tasks; :meth:`faults` lists what is wrong."""

    plan: Plan
    resources: Resources
    dates: Mapping[str, Dated]
    today: datetime
    low: int = 0
    high: int = 0
    hours: dict[object, Count] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    needs: dict[str, dict[str, dict[str, float]]] = field(default_factory=dict)
    marks: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """Everything that is wrong, in words; at most :data:`MOST_FAULTS`."""
        self.tasks = {task.id: task for task in self.plan.leaves() if task.id in self.dates}
        if not self.tasks:
            return []
        ends = [at for one in self.dates.values() for at in (one.start, one.finish)]
        self.low = (minutes(min(*ends, self.today)) // DAY - 15) * DAY
        self.high = (minutes(max(*ends, self.today)) // DAY + 15) * DAY
        chosen = Chooser(self.tasks.values())
        for need in self.resources.needs:
            for task in chosen(need.task):
                self._ask(task, need)
        for mark in self.resources.marks:
            for task in chosen(mark.task):
                self.marks.setdefault(task.id, []).append(mark.mark)
        for task in self.tasks.values():
            self._look_at(task)
        for link in self.plan.links:
            self._look_at_link(link)
        self._look_at_resources()
        return self.wrong[:MOST_FAULTS]

    def _ask(self, task: Task, need: Need) -> None:
        of_mode = self.needs.setdefault(task.id, {}).setdefault(need.mode, {})
        if need.supply not in of_mode or need.task == task.id:
            of_mode[need.supply] = need.units

    def _wanted(self, task: Task) -> dict[str, float]:
        if task.kind is TaskKind.MILESTONE:
            return {}
        by_mode = self.needs.get(task.id, {})
        mode = self.dates[task.id].mode
        return {**by_mode.get("", {}), **(by_mode.get(mode, {}) if mode else {})}

    # Hours ----------------------------------------

    def _count(self, key: object, flags: NDArray[np.bool_]) -> Count:
        """Working minutes before each minute from ``low`` on."""
        if len(self.hours) > 24:
            self.hours.clear()
        self.hours[key] = np.concatenate([[0], np.cumsum(flags)]).astype(np.int32)
        return self.hours[key]

    def _flags(self, calendar: WorkCalendar | None) -> NDArray[np.bool_]:
        flags = np.full(self.high - self.low, calendar is None)
        for day in range(self.low // DAY, self.high // DAY) if calendar is not None else ():
            of_day: DayHours = calendar.hours_on(instant(day * DAY).date())  # type: ignore[union-attr]
            for start, until in of_day:
                flags[day * DAY + start - self.low : day * DAY + until - self.low] = True
        return flags

    def _calendar(self, id: str | None) -> WorkCalendar | None:
        return {**self.resources.calendars, **self.plan.calendars}[id] if id is not None else None

    def _own_id(self, task: Task) -> str | None:
        must = (ConstraintKind.MSO, ConstraintKind.MFO)
        to_the_minute = task.kind is TaskKind.MILESTONE and any(c.kind in must for c in task.constraints)
        if task.duration.elapsed or to_the_minute:
            return None
        return task.calendar or self.plan.default_calendar

    def _own(self, id: str | None) -> Count:
        return self.hours.get(id) if id in self.hours else self._count(id, self._flags(self._calendar(id)))  # type: ignore[return-value]

    def _hours(self, task: Task) -> Count:
        """In which minutes the task works: its calendar, the shifts it needs, what its marks leave."""
        wanted = sorted(name for name, units in self._wanted(task).items() if units > 0)
        marks = sorted(self.marks.get(task.id, []))
        if task.duration.elapsed or task.kind is TaskKind.MILESTONE or not (wanted or marks):
            return self._own(self._own_id(task))
        key = (self._own_id(task), tuple(wanted), tuple(marks))
        if key in self.hours:
            return self.hours[key]
        flags = self._flags(self._calendar(self._own_id(task)))
        for name in wanted:
            who = [supply for supply in self.resources.supplies if supply.id == name or name in supply.skills]
            who = [supply for supply in who if supply.id == name] or who
            if any(not supply.kind.renewable or supply.calendar is None for supply in who):
                continue
            shift = np.zeros_like(flags)
            for supply in who:
                shift |= self._flags(self._calendar(supply.calendar))
            flags &= shift
        for mask in self.resources.masks:
            if mask.mark in marks:
                for day in range(self.low // DAY, self.high // DAY):
                    on = instant(day * DAY).date()
                    if (mask.start is None or mask.start <= on) and (mask.until is None or on <= mask.until):
                        for start, until in mask.week[on.weekday()]:
                            flags[day * DAY + start - self.low : day * DAY + until - self.low] = False
        return self._count(key, flags)

    def _before(self, count: Count, at: int) -> int:
        return int(count[min(max(at - self.low, 0), len(count) - 1)])

    # Tasks ----------------------------------------

    def _work(self, task: Task) -> int:
        """Minutes still to be worked."""
        ways = [m for m in self.resources.modes if Chooser([task])(m.task)]
        mode = next((m for m in ways if m.id == self.dates[task.id].mode), None)
        if task.kind is TaskKind.MILESTONE:
            return 0
        length = task.duration if mode is None or mode.duration is None else mode.duration
        full = length.minutes + task.pause_minutes
        progress = self.plan.progress.get(task.id)
        if progress is not None and is_started(progress):
            return remaining_minutes(progress, task.duration.minutes + task.pause_minutes)
        return full

    def _fixed(self, task: Task) -> bool:
        progress = self.plan.progress.get(task.id)
        by_hand = task.manual and task.start is not None and task.finish is not None
        if any(c.kind in MANDATORY for c in task.constraints) and not self._begun(task):
            return True
        return by_hand or (progress is not None and is_done(progress))

    def _begun(self, task: Task) -> bool:
        progress = self.plan.progress.get(task.id)
        return progress is not None and is_started(progress)

    def _look_at(self, task: Task) -> None:
        if self._fixed(task):
            return
        one, count, work = self.dates[task.id], self._hours(task), self._work(task)
        start, finish = minutes(one.start), minutes(one.finish)
        expected = any(constraint.kind is ConstraintKind.EXPECTED_FINISH for constraint in task.constraints)
        if work and not expected and not self._begun(task):
            done = self._before(count, finish) - self._before(count, start)
            if done != work:
                self.wrong.append(f"{task.id}: {done} working minutes from {one.start} to {one.finish}, not {work}")
            if self._before(count, start + 1) == self._before(count, start):
                self.wrong.append(f"{task.id}: begins at {one.start}, when it may not work")
            if self._before(count, finish) == self._before(count, finish - 1):
                self.wrong.append(f"{task.id}: ends at {one.finish}, when it may not work")
        if not self._begun(task):
            self._not_before(task, count, start, minutes(self.today), "today")
            for constraint in task.constraints:
                if constraint.at is not None and constraint.kind in (ConstraintKind.SNET, ConstraintKind.MSO):
                    self._not_before(task, count, start, minutes(constraint.at), constraint.kind.value)
                if constraint.at is not None and constraint.kind in (ConstraintKind.FNET, ConstraintKind.MFO):
                    self._not_before(task, count, finish, minutes(constraint.at), constraint.kind.value)

    def _not_before(self, task: Task, count: Count, at: int, bound: int, why: str) -> None:
        if at < bound and self._before(count, at) < self._before(count, bound):
            self.wrong.append(f"{task.id}: at {instant(at)}, before {instant(bound)} ({why})")

    # Links ----------------------------------------

    def _leaves_of(self, id: str) -> list[Task]:
        if id in self.tasks:
            return [self.tasks[id]]
        parent = {task.id: task.parent for task in self.plan.tasks}
        found = []
        for task in self.tasks.values():
            above = task.parent
            while above is not None and above != id:
                above = parent.get(above)
            if above == id:
                found.append(task)
        return found

    def _look_at_link(self, link: Link) -> None:
        preds, succs = self._leaves_of(link.pred), self._leaves_of(link.succ)
        to_start = link.kind in (LinkKind.FS, LinkKind.SS)
        if not preds or not succs or (not to_start and link.succ not in self.tasks):
            return
        if link.kind in (LinkKind.FS, LinkKind.FF):
            at = max(minutes(self.dates[task.id].finish) for task in preds)
        else:
            at = min(minutes(self.dates[task.id].start) for task in preds)
        for succ in succs:
            progress = self.plan.progress.get(succ.id)
            if self._fixed(succ) or (progress is not None and self._begun(succ)):
                continue
            self._bind(link, at, succ, to_start)

    def _bind(self, link: Link, at: int, succ: Task, to_start: bool) -> None:
        lag = link.lag
        if link.lag_percent is not None:
            of = self.plan.by_id()[link.pred].duration
            lag = Duration(round(of.minutes * link.lag_percent / 100), of.elapsed)
        mine, one = self._hours(succ), self.dates[succ.id]
        there = minutes(one.start if to_start else one.finish)
        counted = None if lag.elapsed else self._lag_calendar(link, succ)
        if lag.minutes and self._work(succ) and counted == self._own_id(succ) and mine is self._own(counted):
            wanted = self._before(mine, at) + lag.minutes
        else:
            wanted = self._before(mine, self._after(self._own(counted), at, lag.minutes) if lag.minutes else at)
        if self._before(mine, there) < wanted:
            self.wrong.append(f"{link.pred} → {succ.id} ({link.kind}): at {instant(there)}, too early")

    def _lag_calendar(self, link: Link, succ: Task) -> str | None:
        if self.plan.lag_calendar is LagCalendar.CLOCK:
            return None
        chosen_ = {LagCalendar.SUCCESSOR: link.succ, LagCalendar.PREDECESSOR: link.pred}.get(self.plan.lag_calendar)
        task = self.tasks.get(chosen_ or "")
        if task is not None and task.duration.elapsed:
            return None
        return (task.calendar if task is not None else None) or self.plan.default_calendar

    def _after(self, count: Count, at: int, lag: int) -> int:
        """The first instant by which ``lag`` more working minutes are over."""
        return self.low + int(np.searchsorted(count, np.int32(self._before(count, at) + lag)))

    # Resources ----------------------------------------

    def _look_at_resources(self) -> None:
        uses: dict[str, list[Use]] = {}
        sites = {site.place: site for site in self.resources.sites}
        by_id = self.resources.by_id()
        for task in self.tasks.values():
            if self._fixed(task) and self.dates[task.id].finish <= self.today:
                continue
            wanted, spans = self._wanted(task), self._spans(task)
            fixed = self._fixed(task)
            for name, units in wanted.items():
                supply = by_id.get(name)
                if supply is None or supply.kind.renewable:
                    through = (
                        spans if supply is None or not supply.held else [(spans[0][0], spans[-1][1])] if spans else []
                    )
                    uses.setdefault(name, []).append(Use(task.id, through, units, fixed))
            if task.place in sites and task.kind is not TaskKind.MILESTONE:
                people = sum(
                    units
                    for name, units in wanted.items()
                    if name not in by_id or by_id[name].kind in (SupplyKind.CREW, SupplyKind.PERSON)
                )
                uses.setdefault(f"tasks@{task.place}", []).append(Use(task.id, spans, 1.0, fixed))
                uses.setdefault(f"people@{task.place}", []).append(Use(task.id, spans, people, fixed))
        for site in self.resources.sites:
            self._within(f"tasks@{site.place}", uses, lambda _, most=site.most_tasks: most)
            self._within(f"people@{site.place}", uses, lambda _, most=site.most_people: most)
        skills = self.resources.skills()
        skilled = [name for name in uses if name in skills or (name in by_id and by_id[name].skills)]
        for supply in self.resources.supplies:
            if supply.id in uses and supply.id not in skilled:
                self._within(supply.id, uses, lambda at, one=supply: _there(one, at))
        if skilled:
            self._look_at_skills(skilled, uses)

    def _spans(self, task: Task) -> list[tuple[int, int]]:
        """Working intervals between the task's start and finish; of begun work only what remained."""
        one, count = self.dates[task.id], self._hours(task)
        start, finish = minutes(one.start), minutes(one.finish)
        if self._begun(task):
            left = self._before(count, finish) - self._work(task)
            start = max(start, self.low + int(np.searchsorted(count, np.int32(left), side="right")) - 1)
        inside = np.diff(count[max(start - self.low, 0) : max(finish - self.low, 0) + 1])
        edges = np.nonzero(np.diff(np.concatenate([[0], inside, [0]])))[0] + max(start, self.low)
        return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]

    def _within(self, name: str, uses: Mapping[str, Sequence[Use]], most: object) -> None:
        """No instant at which more is in use than there is."""
        changes: dict[int, list[tuple[float, int]]] = {}
        for use in uses.get(name, ()):
            for start, until in use.spans:
                changes.setdefault(start, []).append((use.units, 0 if use.fixed else 1))
                changes.setdefault(until, []).append((-use.units, 0 if use.fixed else -1))
        for step in self._steps(name):
            changes.setdefault(step, [])
        in_use, movable = 0.0, 0
        for at in sorted(changes):
            in_use += sum(units for units, _ in changes[at])
            movable += sum(count for _, count in changes[at])
            limit = most(at)  # type: ignore[operator]
            if limit is not None and movable and in_use > limit + ROUNDING:
                self.wrong.append(f"{name}: {in_use:g} in use at {instant(at)}, there are {limit:g}")

    def _steps(self, name: str) -> Iterable[int]:
        supply = self.resources.by_id().get(name)
        for step in supply.steps if supply is not None else ():
            yield minutes(step.start)
            yield minutes(step.until)

    def _look_at_skills(self, names: Sequence[str], uses: Mapping[str, Sequence[Use]]) -> None:
        """At every instant each asked share finds a person of its own."""
        edges = sorted({at for name in names for use in uses[name] for span in use.spans for at in span})
        for at in edges:
            asked = [
                name
                for name in names
                for use in uses[name]
                if any(a <= at < b for a, b in use.spans)
                for _ in range(round(use.units))
            ]
            if asked and len(shared_out(asked, self._people(at))) < len(asked):
                self.wrong.append(f"skills {sorted(asked)}: not enough people at {instant(at)}")

    def _people(self, at: int) -> list[Supply]:
        found = []
        for supply in self.resources.supplies:
            on = supply.calendar is None or (
                self._before(self._own(supply.calendar), at + 1) > self._before(self._own(supply.calendar), at)
            )
            found += [supply] * (round(_there(supply, at)) if on and supply.kind.renewable else 0)
        return found


def _there(supply: Supply, at: int) -> float:
    """Units of a supply at an instant, with overtime."""
    now = instant(at)
    if (supply.start is not None and now < supply.start) or (supply.until is not None and now >= supply.until):
        return 0.0
    units = supply.units
    for step in supply.steps:
        if step.start <= now < step.until:
            units = step.units
    return units + supply.overtime_units if units > 0 else 0.0


def faults_of(plan: Plan, resources: Resources, dates: Mapping[str, Dated], today: datetime) -> list[str]:
    """What is wrong with ``dates`` of the plan's leaf tasks, in words; empty when they can be carried out."""
    return Validator(plan, resources, dates, today).faults()
