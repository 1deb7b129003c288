"""A plan under edits as people make them: a duration, a lag, a link, a date, a report; its dates always right.

>>> edited = EditedPlan(plan, opening=date(2026, 11, 5), today=datetime(2026, 8, 17))  # doctest: +SKIP
>>> edited.set_duration("T7", Duration(960)); edited.early_finish("T9")               # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tminus.engines.schedule.bounds import (
    Bounds,
    after_opening,
    bind_task,
    bounds_of,
    last_instant,
    midnight,
    opens,
)
from tminus.engines.schedule.cone import BEGIN, END, NUMBER, OTHER
from tminus.engines.schedule.incremental import Incremental, OutOfReach
from tminus.engines.schedule.model import (
    Constraint,
    ConstraintKind,
    Duration,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    Task,
    TaskKind,
)
from tminus.engines.schedule.network import CODE, calendar_of, compile_network
from tminus.engines.schedule.passes import NEVER, NO_CAP
from tminus.engines.schedule.worktime import instant, minutes

Dates = tuple[datetime, datetime, datetime, datetime]
"""Early start and finish, late start and finish."""


class EditedPlan:
    """``plan`` and its dates; each edit is carried into both. An edit that is refused changes nothing.

    What an edit cannot reach by itself (a link that gives a summary its gates, a date beyond the compiled stretch of
    time) compiles the plan anew: slower, and just as right.

    :raises Cycle: the links of the plan run in a circle.
    :raises PlanError: a plan that cannot be compiled.
    """

    def __init__(self, plan: Plan, *, opening: date, today: datetime) -> None:
        self._opening, self._today = opening, today
        self._compile(plan)

    # What it says ----------------------------------

    @property
    def plan(self) -> Plan:
        """The plan as it is now."""
        tasks = tuple(self._tasks.values())
        links = tuple(link for link in self._links if link is not None)
        return replace(self._base, tasks=tasks, links=links, progress=dict(self._progress))

    def dates_of(self, id: str) -> Dates:
        """:raises PlanError: no such leaf."""
        place, inside = self._place_of(id), self.inside
        ends = (inside.early_start, inside.early_finish, inside.late_start, inside.late_finish)
        early_start, early_finish, late_start, late_finish = (instant(int(column[place])) for column in ends)
        return early_start, early_finish, late_start, late_finish

    def driver_of(self, id: str) -> Link | None:
        """The link that decided when it begins early; ``None``: its own dates, or what holds a summary together."""
        number = int(self.inside.driver[self._place_of(id)])
        return self._links[number] if number >= 0 else None

    def moved(self) -> set[str]:
        """Leaves whose early or late dates the last edit moved."""
        places = set(self.inside.early.tolist()) | set(self.inside.late.tolist())
        return {self._names[place] for place in places if place in self._names}

    # Edits ----------------------------------

    def set_duration(self, id: str, duration: Duration) -> None:
        """:raises PlanError: no such task."""
        task = self._leaf(id)
        changed = replace(task, duration=duration)
        if duration.elapsed != task.duration.elapsed or id in self._percent:
            self._compile(self._with_task(changed))
        else:
            self._rebound(changed, self._progress.get(id))

    def set_not_before(self, id: str, at: datetime | None) -> None:
        """Let it start no earlier than ``at``; ``None`` takes such a date away.

        :raises PlanError: no such task.
        """
        task = self._leaf(id)
        others = tuple(one for one in task.constraints if one.kind is not ConstraintKind.SNET)
        added = () if at is None else (Constraint(ConstraintKind.SNET, at),)
        changed = replace(task, constraints=(*others, *added))
        opening = midnight(self._opening)
        after = any(opens(one, opening) for one in (*task.constraints, *changed.constraints))
        if after or (at is not None and not self._covered(at)):
            self._compile(self._with_task(changed))
        else:
            self._rebound(changed, self._progress.get(id))

    def report(self, id: str, progress: Progress | None) -> None:
        """:raises PlanError: no such task."""
        task = self._leaf(id)
        named = (progress.actual_start, progress.actual_finish) if progress else ()
        if all(at is None or self._covered(at) for at in named):
            self._rebound(task, progress)
            return
        kept = {**self._progress, id: progress} if progress else self._progress
        self._compile(replace(self.plan, progress={key: one for key, one in kept.items() if one is not None}))

    def set_lag(self, link: Link, lag: Duration) -> None:
        """:raises PlanError: no such link."""
        number = self._number_of(link)
        changed = replace(link, lag=lag, lag_percent=None)
        if lag.elapsed != link.lag.elapsed or link.lag_percent is not None:
            self._compile(self._with_links(number, changed))
            return
        try:
            self.inside.set_lag(number, lag.minutes)
        except OutOfReach:
            self._compile(self._with_links(number, changed))
        else:
            self._rename(number, changed)

    def add_link(self, link: Link) -> None:
        """:raises Cycle: it would close a circle. :raises PlanError: an end that is no task."""
        ends = self._ends(link)
        if ends is None or link.lag_percent is not None:
            self._compile(self._with_links(None, link))
            return
        try:
            lag_calendar = 0 if link.lag.elapsed else self._lag_calendar(link)
            number = self.inside.add_link(*ends, CODE[link.kind], link.lag.minutes, lag_calendar)
        except OutOfReach:
            self._compile(self._with_links(None, link))
            return
        self._links += [None] * (number - len(self._links)) + [link]
        self._numbers.setdefault(link, []).append(number)
        if ends[0] in self._after and ends[1] not in self._after:
            self._bind_all()

    def remove_link(self, link: Link) -> None:
        """:raises PlanError: no such link."""
        number = self._number_of(link)
        if self.inside.network.opens:
            self._compile(self._with_links(number, None))
            return
        pred, succ = self.inside.ends_of(number)
        self.inside.remove_link(number)
        self._rename(number, None)
        if pred in self._after and succ in self._after:
            self._bind_all()

    # The inside ----------------------------------

    def _compile(self, plan: Plan) -> None:
        """Take everything from ``plan``; nothing is changed when it cannot be compiled."""
        network = compile_network(plan, dates=[self._opening, self._today.date()])
        held = bounds_of(network, opening=midnight(self._opening), today=minutes(self._today))
        self._base, self._after = plan, set(held.after)
        self._tasks = plan.by_id()
        self._progress = dict(plan.progress)
        self._links = list(network.link_of_row)
        self._numbers: dict[Link, list[int]] = {}
        for number, link in enumerate(self._links):
            if link is not None:
                self._numbers.setdefault(link, []).append(number)
        self._percent = {link.pred for link in self._numbers if link.lag_percent is not None}
        self._last = last_instant(network, self._after, midnight(self._opening))
        own = replace(network, work=network.work.copy(), plan=replace(plan, progress=self._progress))
        self._held = held
        self._place = {task.id: int(own.place[number]) for number, task in enumerate(own.tasks)}
        self._names = {place: id for id, place in self._place.items()}
        self.inside = Incremental(own, held)

    def _rebound(self, task: Task, progress: Progress | None) -> None:
        """Bind one task anew, and place it again."""
        place, network = self._place[task.id], self.inside.network
        before = self._tasks[task.id], self._progress.get(task.id)
        self._write(task, progress)
        _clear(self._held, place, int(network.work[place]))
        limit = self._last if place in self._after else midnight(self._opening)
        bind_task(self._held, network, place, task, limit, minutes(self._today))
        try:
            self.inside.set_bounds(place, self._held)
        except OutOfReach:
            plan = self.plan
            self._write(*before)
            self._compile(plan)

    def _write(self, task: Task, progress: Progress | None) -> None:
        self._tasks[task.id] = task
        work = 0 if task.kind is TaskKind.MILESTONE else task.duration.minutes + task.pause_minutes
        self.inside.network.work[self._place[task.id]] = work
        self._progress.pop(task.id, None)
        if progress is not None:
            self._progress[task.id] = progress

    def _bind_all(self) -> None:
        """What lies after opening has changed, and with it until when tasks may last: bind them all anew."""
        network = self.inside.network
        now = replace(network, tasks=tuple(self._tasks[task.id] for task in network.tasks))
        opening = midnight(self._opening)
        self._after = after_opening(now, opening, follows=self._followers())
        self._last = last_instant(now, self._after, opening)
        self._held = bounds_of(now, opening=opening, today=minutes(self._today), last=self._last, after=self._after)
        for place in range(network.size):
            self.inside.write_bounds(place, self._held)
        self.inside.replace(*range(network.size))

    def _followers(self) -> list[list[int]]:
        """The places that follow each by a link somebody wrote."""
        tasks, rows = self.inside.back.tasks, self.inside.back.rows
        return [
            [int(row[OTHER]) for row in rows[begin:end] if self._links[row[NUMBER]] is not None]
            for begin, end in tasks[:, [BEGIN, END]].tolist()
        ]

    def _covered(self, at: datetime) -> bool:
        time = self.inside.network.time
        day = minutes(at) // 1440
        return time.first_day + 400 <= day < time.first_day + time.days - 400

    def _leaf(self, id: str) -> Task:
        self._place_of(id)
        return self._tasks[id]

    def _place_of(self, id: str) -> int:
        if id not in self._place:
            raise PlanError(f"task {id!r}; allowed: an active task of the plan that is no summary")
        return self._place[id]

    def _number_of(self, link: Link) -> int:
        if found := self._numbers.get(link):
            return found[0]
        raise PlanError(f"link {link.pred!r} → {link.succ!r}; allowed: a link of the plan")

    def _rename(self, number: int, link: Link | None) -> None:
        before, self._links[number] = self._links[number], link
        if before is not None:
            self._numbers[before].remove(number)
        if link is not None:
            self._numbers.setdefault(link, []).append(number)

    def _ends(self, link: Link) -> tuple[int, int] | None:
        """The places a new link binds; ``None`` where the plan must be compiled anew for it."""
        for id in (link.pred, link.succ):
            if id not in self._tasks:
                raise PlanError(f"link {link.pred!r} → {link.succ!r}: no task {id!r}")
        network = self.inside.network
        if network.opens or (link.pred in network.gates and link.kind in (LinkKind.SS, LinkKind.SF)):
            return None
        pred = network.gates[link.pred][1] if link.pred in network.gates else self._place.get(link.pred)
        at_start = 0 if link.kind in (LinkKind.FS, LinkKind.SS) else 1
        succ = network.gates[link.succ][at_start] if link.succ in network.gates else self._place.get(link.succ)
        return None if pred is None or succ is None else (pred, succ)

    def _lag_calendar(self, link: Link) -> int:
        plan = self._base
        numbers = {code: number for number, code in enumerate(plan.calendars, start=1)}
        default = numbers.get(plan.default_calendar or "", 0)
        if plan.lag_calendar is LagCalendar.CLOCK:
            return 0
        ends = {LagCalendar.SUCCESSOR: link.succ, LagCalendar.PREDECESSOR: link.pred}
        id = ends.get(plan.lag_calendar)
        return calendar_of(self._tasks[id], numbers, default) if id in self._place else default

    def _with_task(self, task: Task) -> Plan:
        plan = self.plan
        return replace(plan, tasks=tuple(task if one.id == task.id else one for one in plan.tasks))

    def _with_links(self, number: int | None, link: Link | None) -> Plan:
        """The plan with ``link`` in the place of another, behind all others, or (``None``) without one."""
        links = [*self._links, link] if number is None else [*self._links[:number], link, *self._links[number + 1 :]]
        return replace(self.plan, links=tuple(one for one in links if one is not None))


def _clear(held: Bounds, place: int, work: int) -> None:
    """No bounds at all."""
    held.earliest_start[place] = held.earliest_finish[place] = held.start[place] = held.finish[place] = NEVER
    held.latest_start[place] = held.latest_finish[place] = -NEVER
    held.cap[place], held.state[place], held.work[place] = NO_CAP, 0, work
