"""The schedule engine's semantics once more, slowly: every working minute of a calendar is an item of a list.

Written to be read, not to be fast, and on purpose without the engine's arrays, mirror or kernels: the backward rules
stand here in their own words.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tminus.engines.schedule import (
    ConstraintKind,
    Duration,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    Task,
    TaskKind,
    WorkCalendar,
)

ZERO = datetime(1970, 1, 1)
UNBOUND = 10**9


def minute_of(at: datetime) -> int:
    return int((at - ZERO).total_seconds()) // 60


class Working:
    """All working minutes of a calendar (``None``: every minute) between two days."""

    def __init__(self, calendar: WorkCalendar | None, first: date, last: date) -> None:
        self.always = calendar is None
        self.minutes: list[int] = []
        day = first
        while calendar is not None and day <= last:
            midnight = minute_of(datetime.combine(day, datetime.min.time()))
            for start, until in calendar.hours_on(day):
                self.minutes.extend(range(midnight + start, midnight + until))
            day += timedelta(days=1)

    def before(self, t: int) -> int:
        """Working minutes that lie before ``t``."""
        return t if self.always else bisect_left(self.minutes, t)

    def begins(self, w: int) -> int:
        """Where working minute number ``w`` begins."""
        return w if self.always else self.minutes[w]

    def ends(self, w: int) -> int:
        """Where ``w`` working minutes are over."""
        return w if self.always else self.minutes[w - 1] + 1

    def is_instant(self, t: int) -> bool:
        """Whether work begins or ends at ``t``, or goes on through it."""
        if self.always:
            return True
        w = self.before(t)
        return self.begins(w) == t or self.ends(w) == t


_KEPT: dict[tuple[int, date, date], tuple[WorkCalendar, Working]] = {}


def _working(calendar: WorkCalendar, first: date, last: date) -> Working:
    """Built once for each calendar: the lists are long."""
    key = (id(calendar), first, last)
    if key not in _KEPT or _KEPT[key][0] is not calendar:
        _KEPT[key] = (calendar, Working(calendar, first, last))
    return _KEPT[key][1]


@dataclass
class Node:
    """A leaf, or one gate of a summary."""

    task: Task | None
    work: int
    calendar: Working
    not_before_start: list[int] = field(default_factory=list)
    not_before_finish: list[int] = field(default_factory=list)
    not_after_start: list[int] = field(default_factory=list)
    not_after_finish: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Tie:
    """One dependency between two nodes."""

    pred: str
    succ: str
    kind: LinkKind
    lag: int
    calendar: Working


Dates = dict[str, tuple[int, int]]


class Reference:
    """Early and late dates of an unprogressed plan, by the letter of the rules."""

    def __init__(self, plan: Plan, opening: date, today: date) -> None:
        self.plan = plan
        first, last = today - timedelta(days=300), opening + timedelta(days=300)
        self.calendars = {code: _working(made, first, last) for code, made in plan.calendars.items()}
        self.always = Working(None, first, last)
        self.default = self.calendars[plan.default_calendar] if plan.default_calendar else self.always
        self.opening, self.today = _midnight(opening), _midnight(today)
        self.nodes: dict[str, Node] = {}
        self.ties: list[Tie] = []
        self.openings: dict[str, list[str]] = {}  # where the first of a summary begins → what stands under it
        for task in plan.tasks:
            self._add_node(task)
        for link in plan.links:
            self._add_link(link)
        self.into: dict[str, list[Tie]] = {name: [] for name in self.nodes}
        self.out: dict[str, list[Tie]] = {name: [] for name in self.nodes}
        for tie in self.ties:
            self.into[tie.succ].append(tie)
            self.out[tie.pred].append(tie)

    # Construction ----------------------------------

    def _add_node(self, task: Task) -> None:
        if task.kind is TaskKind.SUMMARY:
            self.nodes[task.id + "<"] = Node(None, 0, self.always)
            self.nodes[task.id + ">"] = Node(None, 0, self.always)
            self._tie(task.id + "<", task.id + ">")
            under = [other.id for other in self.plan.tasks if _stands_under(self.plan, other, task.id)]
            if under:
                self.nodes[task.id + "^"] = Node(None, 0, self.always)
                self.openings[task.id + "^"] = under
                self.ties += [Tie(leaf, task.id + "^", LinkKind.SS, 0, self.always) for leaf in under]
        else:
            work = 0 if task.kind is TaskKind.MILESTONE else task.duration.minutes
            node = Node(task, work, self.always if _exact(task) else self._calendar_of(task))
            node.not_before_start.append(self.today)
            node.not_after_finish.append(self.opening)
            _hold(node, task)
            self.nodes[task.id] = node
        if task.parent is not None:
            self._tie(task.parent + "<", _side(task, "<"))
            self._tie(_side(task, ">"), task.parent + ">")

    def _tie(self, pred: str, succ: str) -> None:
        self.ties.append(Tie(pred, succ, LinkKind.FS, 0, self.always))

    def _calendar_of(self, task: Task) -> Working:
        if task.duration.elapsed:
            return self.always
        return self.calendars[task.calendar] if task.calendar else self.default

    def _add_link(self, link: Link) -> None:
        tasks = self.plan.by_id()
        pred = _side(tasks[link.pred], "^" if link.kind in (LinkKind.SS, LinkKind.SF) else ">")
        succ = _side(tasks[link.succ], "<" if link.kind in (LinkKind.FS, LinkKind.SS) else ">")
        self.ties.append(Tie(pred, succ, link.kind, link.lag.minutes, self._lag_calendar(link, tasks)))

    def _lag_calendar(self, link: Link, tasks: dict[str, Task]) -> Working:
        if link.lag.elapsed or self.plan.lag_calendar is LagCalendar.CLOCK:
            return self.always
        if self.plan.lag_calendar is LagCalendar.PLAN:
            return self.default
        chosen = tasks[link.succ if self.plan.lag_calendar is LagCalendar.SUCCESSOR else link.pred]
        return self.default if chosen.kind is TaskKind.SUMMARY else self._calendar_of(chosen)

    # Forward ----------------------------------

    def early(self) -> Dates:
        dates: Dates = {}
        for name in self._order():
            if name in self.openings:
                dates[name] = self._opened(name, dates)
                continue
            node = self.nodes[name]
            starts, finishes = list(node.not_before_start), list(node.not_before_finish)
            for tie in self.into[name]:
                start, finish = dates[tie.pred]
                t = finish if tie.kind in (LinkKind.FS, LinkKind.FF) else start
                moved = _later(tie, t, node.calendar)
                (starts if tie.kind in (LinkKind.FS, LinkKind.SS) else finishes).append(moved)
            dates[name] = _first_place(node, starts, finishes)
        return dates

    def _opened(self, name: str, dates: Dates) -> tuple[int, int]:
        first = min(dates[leaf][0] for leaf in self.openings[name])
        return first, first

    # Backward ----------------------------------

    def late(self) -> Dates:
        dates: Dates = {}
        early = self.early()
        for name in reversed(self._order()):
            node = self.nodes[name]
            starts, finishes = list(node.not_after_start), list(node.not_after_finish)
            started = []
            for tie in self.out[name]:
                if tie.succ in self.openings and name != self._first(tie.succ, early):
                    continue
                start, finish = dates[tie.succ]
                if start == UNBOUND:
                    continue
                t = start if tie.kind in (LinkKind.FS, LinkKind.SS) else self._forgiven(tie.succ, finish)
                (finishes if tie.kind in (LinkKind.FS, LinkKind.FF) else started).append(_sooner(tie, t))
            dates[name] = _last_place(node, starts, started, finishes)
        return dates

    def _first(self, name: str, early: Dates) -> str:
        """The task that opens a summary early holds it late as well; of several, the first of the outline."""
        return min(self.openings[name], key=lambda leaf: early[leaf][0])

    def _forgiven(self, name: str, finish: int) -> int:
        """A finish asked for at night is met the evening before: so this late may a finish be asked for."""
        node = self.nodes[name]
        return node.calendar.begins(node.calendar.before(finish)) if node.work else finish

    def _order(self) -> list[str]:
        done: dict[str, None] = {}

        def visit(name: str) -> None:
            for tie in self.into[name]:
                if tie.pred not in done:
                    visit(tie.pred)
            done.setdefault(name)

        for name in self.nodes:
            visit(name)
        return list(done)

    # Laws ----------------------------------

    def broken(self, dates: Dates) -> Iterator[str]:
        """Every tie of ``dates`` that does not hold, counted in the working time of the task it binds."""
        for name, under in self.openings.items():
            if all(leaf in dates for leaf in under):
                dates = {**dates, name: self._opened(name, dates)}
        for tie in self.ties:
            if tie.pred not in dates or tie.succ not in dates or tie.succ in self.openings:
                continue
            t = dates[tie.pred][1 if tie.kind in (LinkKind.FS, LinkKind.FF) else 0]
            bound = dates[tie.succ][0 if tie.kind in (LinkKind.FS, LinkKind.SS) else 1]
            calendar = self.nodes[tie.succ].calendar
            if calendar.before(bound) < calendar.before(_later(tie, t, calendar)):
                yield f"{tie.pred} {tie.kind} {tie.succ} lag {tie.lag}"


def _midnight(day: date) -> int:
    return minute_of(datetime.combine(day, datetime.min.time()))


def _stands_under(plan: Plan, task: Task, summary: str) -> bool:
    tasks, above = plan.by_id(), task.parent
    while above is not None and above != summary:
        above = tasks[above].parent
    return task.kind is not TaskKind.SUMMARY and above == summary


def _exact(task: Task) -> bool:
    """A milestone that must be at an instant is there whatever its calendar."""
    kinds = {constraint.kind for constraint in task.constraints}
    return task.kind is TaskKind.MILESTONE and bool(kinds & {ConstraintKind.MSO, ConstraintKind.MFO})


def _side(task: Task, side: str) -> str:
    return task.id + side if task.kind is TaskKind.SUMMARY else task.id


def _hold(node: Node, task: Task) -> None:
    if task.deadline is not None:
        node.not_after_finish.append(minute_of(task.deadline))
    for constraint in task.constraints:
        if constraint.at is None:
            continue
        at = minute_of(constraint.at)
        if constraint.kind in (ConstraintKind.SNET, ConstraintKind.MSO):
            node.not_before_start.append(at)
        if constraint.kind in (ConstraintKind.FNET, ConstraintKind.MFO):
            node.not_before_finish.append(at)
        if constraint.kind in (ConstraintKind.SNLT, ConstraintKind.MSO):
            node.not_after_start.append(at)
        if constraint.kind in (ConstraintKind.FNLT, ConstraintKind.MFO):
            node.not_after_finish.append(at)


def _later(tie: Tie, t: int, own: Working) -> int:
    """``t`` and the lag: where that much work is over; a lead in ``own`` working time: where it begins."""
    if tie.lag == 0:
        return t
    w = tie.calendar.before(t) + tie.lag
    return tie.calendar.begins(w) if tie.lag < 0 and tie.calendar is own else tie.calendar.ends(w)


def _sooner(tie: Tie, t: int) -> int:
    """The last instant from which the lag is over by ``t``."""
    return tie.calendar.begins(tie.calendar.before(t) - tie.lag) if tie.lag else t


def _first_place(node: Node, starts: list[int], finishes: list[int]) -> tuple[int, int]:
    if not starts and not finishes:  # a gate nothing holds
        return -(10**9), -(10**9)
    calendar = node.calendar
    if node.work == 0:
        t = max(starts + finishes)
        t = t if calendar.is_instant(t) else calendar.begins(calendar.before(t))
        return t, t
    w = max([calendar.before(t) for t in starts] + [calendar.before(t) - node.work for t in finishes])
    return calendar.begins(w), calendar.ends(w + node.work)


def _last_place(node: Node, starts: list[int], started: list[int], finishes: list[int]) -> tuple[int, int]:
    """``starts``: dates a start is held to, counted in working time; ``started``: by links, to the minute."""
    calendar = node.calendar
    if node.work == 0:
        if not starts + started + finishes:
            return UNBOUND, UNBOUND
        t = min(starts + started + finishes)
        t = t if calendar.is_instant(t) else calendar.ends(calendar.before(t))
        return t, t
    w = min([calendar.before(t) for t in starts] + [calendar.before(t) - node.work for t in finishes])
    for t in started:
        last = calendar.before(t)
        w = min(w, last if calendar.begins(last) == t else last - 1)
    return calendar.begins(w), calendar.ends(w + node.work)


def days(count: float) -> Duration:
    """``count`` working days of eight hours."""
    return Duration(round(count * 480))
