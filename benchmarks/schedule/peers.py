"""The peers of the schedule benchmark: networkx, and plain Python as first written and as tuned.

All time themselves in seconds of processor time, after the data has been put into the shape each likes best.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from time import process_time

import networkx as nx
from case import END, START, Case, Ints

from tminus.engines.schedule.model import WorkCalendar
from tminus.engines.schedule.passes import FF, FS, SF, SS
from tminus.engines.schedule.worktime import minutes

# Without calendars ----------------------------------


@dataclass
class Plain:
    """Early and late starts by task in minutes, with the times taken to build and to pass."""

    early: list[int] | Ints
    late: list[int] | Ints
    build_s: float
    passes_s: float


def plain_networkx(case: Case) -> Plain:
    """What a Python programmer writes with networkx: a graph, its topological order, two sweeps over it."""
    work, pred, succ = case.work.tolist(), case.pred.tolist(), case.succ.tolist()
    kind, lag = case.kind.tolist(), case.lag.tolist()
    began = process_time()
    graph = nx.MultiDiGraph()
    for task, own in enumerate(work):
        graph.add_node(task, work=own)
    for p, s, k, g in zip(pred, succ, kind, lag, strict=True):
        graph.add_edge(p, s, kind=k, lag=g)
    order = list(nx.topological_sort(graph))
    built = process_time()
    early: dict[int, int] = {}
    for task in order:
        start, own = 0, graph.nodes[task]["work"]
        for p, _, link in graph.in_edges(task, data=True):
            k = link["kind"]
            t = early[p] + link["lag"] + (graph.nodes[p]["work"] if k in (FS, FF) else 0)
            start = max(start, t - own if k in (FF, SF) else t)
        early[task] = start
    end = max(early[task] + graph.nodes[task]["work"] for task in order)
    late: dict[int, int] = {}
    for task in reversed(order):
        own = graph.nodes[task]["work"]
        finish = end
        for _, s, link in graph.out_edges(task, data=True):
            k = link["kind"]
            t = late[s] - link["lag"] + (graph.nodes[s]["work"] if k in (FF, SF) else 0)
            finish = min(finish, t + own if k in (SS, SF) else t)
        late[task] = finish - own
    done = process_time()
    every = range(len(work))
    return Plain([early[i] for i in every], [late[i] for i in every], built - began, done - built)


# With calendars ----------------------------------


@dataclass
class Dated:
    """Early and late starts by task, in minutes since 1970, with the time both passes took."""

    early: list[int] | Ints
    late: list[int] | Ints
    passes_s: float


@dataclass
class Lists:
    """The case as Python lists, with the links of each task, made once: only the passes are compared."""

    order: list[int]
    work: list[int]
    calendar: list[int]
    into: list[list[tuple[int, int, int]]]
    out: list[list[tuple[int, int, int]]]


def make_lists(case: Case, order: list[int]) -> Lists:
    into: list[list[tuple[int, int, int]]] = [[] for _ in order]
    out: list[list[tuple[int, int, int]]] = [[] for _ in order]
    for p, s, k, g in zip(case.pred.tolist(), case.succ.tolist(), case.kind.tolist(), case.lag.tolist(), strict=True):
        into[s].append((p, k, g))
        out[p].append((s, k, g))
    return Lists(order, case.work.tolist(), [c - 1 for c in case.calendar.tolist()], into, out)


@dataclass
class Clock:
    """A calendar as lists: its intervals, the working minutes before each, and bisection."""

    from_: list[int]
    until: list[int]
    work: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        total = 0
        for start, until in zip(self.from_, self.until, strict=True):
            self.work.append(total)
            total += until - start

    def before(self, t: int) -> int:
        k = bisect_right(self.from_, t) - 1
        return self.work[k] + min(t, self.until[k]) - self.from_[k] if k >= 0 else 0

    def begins(self, w: int) -> int:
        k = bisect_right(self.work, w) - 1
        return self.from_[k] + w - self.work[k]

    def ends(self, w: int) -> int:
        return self.begins(w - 1) + 1


def dated_tuned(lists: Lists, clocks: list[Clock]) -> Dated:
    """Tuned: instants as minutes, calendars as prefix sums, bisection instead of stepping."""
    n, base, end = len(lists.work), minutes(START), minutes(END)
    start, finish, late_start, late_finish = [0] * n, [0] * n, [0] * n, [0] * n
    began = process_time()
    for i in lists.order:
        clock, own = clocks[lists.calendar[i]], lists.work[i]
        from_bound, to_bound = base, -(1 << 60)
        for p, k, lag in lists.into[i]:
            t = finish[p] if k in (FS, FF) else start[p]
            if lag:
                w = clock.before(t) + lag
                t = clock.ends(w) if lag > 0 else clock.begins(w)
            if k in (FS, SS):
                from_bound = max(from_bound, t)
            else:
                to_bound = max(to_bound, t)
        w = max(clock.before(from_bound), clock.before(to_bound) - own)
        if own:
            start[i], finish[i] = clock.begins(w), clock.ends(w + own)
        else:
            t = clock.ends(w)
            start[i] = finish[i] = t if t == max(from_bound, to_bound) else clock.begins(w)
    for i in reversed(lists.order):
        clock, own = clocks[lists.calendar[i]], lists.work[i]
        by_finish, by_start = end, 1 << 60
        for s, k, lag in lists.out[i]:
            other = clocks[lists.calendar[s]]
            t = late_start[s] if k in (FS, SS) else late_finish[s]
            if k in (FF, SF) and lists.work[s]:
                t = other.begins(other.before(t))
            if lag:
                t = other.begins(other.before(t) - lag)
            if k in (FS, FF):
                by_finish = min(by_finish, t)
            else:
                by_start = min(by_start, t)
        if own:
            w = clock.before(by_finish)
            if by_start < 1 << 60:
                last = clock.before(by_start)
                w = min(w, (last if clock.begins(last) == by_start else last - 1) + own)
            late_start[i], late_finish[i] = clock.begins(w - own), clock.ends(w)
        else:
            bound = min(by_finish, by_start)
            w = clock.before(bound)
            t = clock.begins(w)
            late_start[i] = late_finish[i] = t if t == bound else clock.ends(w)
    return Dated(start, late_finish, process_time() - began)


# The same as first written ----------------------------------

DAY = timedelta(days=1)


def hours(calendar: WorkCalendar, day: date) -> list[tuple[datetime, datetime]]:
    midnight = datetime.combine(day, time.min)
    return [
        (midnight + timedelta(minutes=start), midnight + timedelta(minutes=until))
        for start, until in calendar.hours_on(day)
    ]


def begins(calendar: WorkCalendar, at: datetime) -> datetime:
    """The next instant at or after ``at`` from which work goes on."""
    day = at.date()
    while True:
        for start, until in hours(calendar, day):
            if at < until:
                return max(at, start)
        day += DAY


def ended(calendar: WorkCalendar, at: datetime) -> datetime:
    """The last instant at or before ``at`` up to which work went on."""
    day = at.date()
    while True:
        for start, until in reversed(hours(calendar, day)):
            if at > start:
                return min(at, until)
        day -= DAY


def add(calendar: WorkCalendar, at: datetime, work: int) -> datetime:
    """Where ``work`` minutes from ``at`` are over."""
    left, day = timedelta(minutes=work), at.date()
    while True:
        for start, until in hours(calendar, day):
            start = max(start, at)
            if start < until:
                if left <= until - start:
                    return start + left
                left -= until - start
        day += DAY


def subtract(calendar: WorkCalendar, at: datetime, work: int) -> datetime:
    """Where ``work`` minutes must begin to be over at ``at``."""
    left, day = timedelta(minutes=work), at.date()
    while True:
        for start, until in reversed(hours(calendar, day)):
            until = min(until, at)
            if start < until:
                if left <= until - start:
                    return until - left
                left -= until - start
        day -= DAY


def stands(calendar: WorkCalendar, at: datetime) -> bool:
    """Whether work begins, goes on or ends at ``at``."""
    return begins(calendar, at) == at or ended(calendar, at) == at


def lagged(calendar: WorkCalendar, at: datetime, lag: int) -> datetime:
    return add(calendar, at, lag) if lag > 0 else subtract(calendar, at, -lag) if lag else at


def dated_stepping(lists: Lists, calendars: list[WorkCalendar]) -> Dated:
    """As first written: ``datetime`` and a walk over days; every rule is one plain sentence."""
    n = len(lists.work)
    start, finish, late_start, late_finish = [START] * n, [START] * n, [END] * n, [END] * n
    began = process_time()
    for i in lists.order:
        calendar, own = calendars[lists.calendar[i]], lists.work[i]
        starts, finishes = [START], []
        for p, k, lag in lists.into[i]:
            t = lagged(calendar, finish[p] if k in (FS, FF) else start[p], lag)
            (starts if k in (FS, SS) else finishes).append(t)
        if own:
            first = begins(calendar, max(starts))
            start[i] = max([first] + ([subtract(calendar, max(finishes), own)] if finishes else []))
            finish[i] = add(calendar, start[i], own)
        else:
            t = max(starts + finishes)
            start[i] = finish[i] = t if stands(calendar, t) else begins(calendar, t)
    for i in reversed(lists.order):
        calendar, own = calendars[lists.calendar[i]], lists.work[i]
        starts, finishes = [], [END]
        for s, k, lag in lists.out[i]:
            other = calendars[lists.calendar[s]]
            t = late_start[s] if k in (FS, SS) else late_finish[s]
            if k in (FF, SF) and lists.work[s]:
                t = begins(other, t)
            if lag:
                t = subtract(other, t, lag) if lag > 0 else begins(other, add(other, t, -lag))
            (finishes if k in (FS, FF) else starts).append(t)
        if own:
            last = subtract(calendar, min(finishes), own)
            if starts:
                t = min(starts)
                last = min(last, t if begins(calendar, t) == t else subtract(calendar, t, 1))
            late_start[i], late_finish[i] = last, add(calendar, last, own)
        else:
            t = min(starts + finishes)
            late_start[i] = late_finish[i] = t if stands(calendar, t) else ended(calendar, t)
    took = process_time() - began
    return Dated([minutes(at) for at in start], [minutes(at) for at in late_finish], took)
