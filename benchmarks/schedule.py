"""The schedule engine beside networkx and plain Python, in one run, on one core.

``python benchmarks/schedule.py [--tasks 100000] [--rounds 5]``: every round times each contestant once, in turn, so
that a busy machine slows all of them; what is printed is the median of the ratios of a round. Before any time is
taken the dates of all contestants are compared, to the minute.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.calendars import country_calendar, week_calendar
from tminus.engines.schedule.network import MIRRORED, network_of_arrays
from tminus.engines.schedule.passes import (
    FF,
    FS,
    NEVER,
    NO_CAP,
    SF,
    SS,
    offsets_of,
    pass_calendars,
    pass_plain,
    rows_of,
)
from tminus.engines.schedule.worktime import WorkTime, compile_calendars, minutes, mirrored

Ints = NDArray[np.int64]
LINKS_A_TASK = 1.8
LEVEL_WIDTH = 51  # tasks side by side, as in the research prototype: about 1,960 levels of 100,000


@dataclass
class Case:
    """One network as arrays: what every contestant is given."""

    work: Ints
    pred: NDArray[np.int32]
    succ: NDArray[np.int32]
    kind: NDArray[np.int8]
    lag: NDArray[np.int32]
    calendar: Ints


def make_case(tasks: int, seed: int = 0) -> Case:
    """A random network of believable shape: links reach back a few levels; all four types; lags of both signs."""
    random = np.random.default_rng(seed)
    count = int(tasks * LINKS_A_TASK)
    succ = random.integers(1, tasks, count)
    back = random.integers(1, 4 * LEVEL_WIDTH, count)
    pred = np.maximum(succ - back, 0)
    kind = random.choice([FS, SS, FF, SF], count, p=[0.7, 0.12, 0.12, 0.06])
    lag = np.where(random.random(count) < 0.25, random.integers(-480, 961, count), 0)
    work = np.where(random.random(tasks) < 0.1, 0, random.integers(1, 11, tasks) * 480)
    names = random.permutation(tasks)  # the order of the file is not the order of the work
    made = np.empty(tasks, dtype=np.int64)
    made[names] = work
    ends = names[pred].astype(np.int32), names[succ].astype(np.int32)
    return Case(made, *ends, kind.astype(np.int8), lag.astype(np.int32), random.integers(1, 4, tasks))


# Without calendars ----------------------------------


@dataclass
class Plain:
    """Early and late starts by task, with the times taken to build and to pass."""

    early: list[int] | Ints
    late: list[int] | Ints
    build_s: float
    passes_s: float


def plain_tminus(case: Case) -> Plain:
    n = len(case.work)
    began = perf_counter()
    order, work, (ptr, ends, offset) = network_of_arrays(case.work, case.pred, case.succ, case.kind, case.lag)
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    back_ptr, back_ends, number = rows_of(n, n - 1 - place, case.pred, case.succ)
    back_offset = offsets_of(
        back_ptr, back_ends, number, MIRRORED[case.kind].astype(np.int8), case.lag, work[::-1].copy()
    )
    start, mirrored_start = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    built = perf_counter()
    pass_plain(ptr, ends, offset, start)
    end = int((start + work).max())
    pass_plain(back_ptr, back_ends, back_offset, mirrored_start)
    late_finish = end - mirrored_start[::-1]
    late_start = late_finish - work
    done = perf_counter()
    return Plain(start[place], late_start[place], built - began, done - built)


def plain_networkx(case: Case) -> Plain:
    """What a Python programmer writes with networkx: a graph, its topological order, two sweeps over it."""
    work, pred, succ = case.work.tolist(), case.pred.tolist(), case.succ.tolist()
    kind, lag = case.kind.tolist(), case.lag.tolist()
    began = perf_counter()
    graph = nx.MultiDiGraph()
    for task, minutes_ in enumerate(work):
        graph.add_node(task, work=minutes_)
    for p, s, k, g in zip(pred, succ, kind, lag, strict=True):
        graph.add_edge(p, s, kind=k, lag=g)
    order = list(nx.topological_sort(graph))
    built = perf_counter()
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
    done = perf_counter()
    every = range(len(work))
    return Plain([early[i] for i in every], [late[i] for i in every], built - began, done - built)


# With calendars ----------------------------------

FIRST, LAST, START = date(2024, 1, 1), date(2160, 12, 31), datetime(2026, 1, 5)
END = datetime(2150, 1, 1)


def make_calendars() -> WorkTime:
    """Office hours with Chinese holidays, six days with a lunch break, every day of the week."""
    return compile_calendars(
        [
            country_calendar("CN", range(2024, 2027)),
            week_calendar("site", working_weekdays=range(6), hours=((480, 720), (780, 1020))),
            week_calendar("daily", working_weekdays=range(7)),
        ],
        FIRST,
        LAST,
    )


@dataclass
class Dated:
    early: Ints | list[int]
    late: Ints | list[int]
    passes_s: float


@dataclass
class Compiled:
    """The network of a case with all that the calendar passes need, made once."""

    case: Case
    time: WorkTime
    mirror: WorkTime
    place: Ints
    forward: tuple[Ints, Ints, Ints, Ints]
    backward: tuple[Ints, Ints, Ints, Ints]
    in_order: tuple[Ints, Ints]  # calendars and work in order
    lag_calendars: tuple[Ints, Ints]


def compile_case(case: Case, time: WorkTime) -> Compiled:
    n = len(case.work)
    order, work, _ = network_of_arrays(case.work, case.pred, case.succ, case.kind, case.lag)
    place = np.empty(n, dtype=np.int64)
    place[order] = np.arange(n)
    lag_calendar = case.calendar[case.succ]
    ptr, ends, number = rows_of(n, place, case.succ, case.pred)
    back_ptr, back_ends, back = rows_of(n, n - 1 - place, case.pred, case.succ)
    return Compiled(
        case, time, mirrored(time), place,
        (ptr, ends, case.kind[number], case.lag[number]),
        (back_ptr, back_ends, MIRRORED[case.kind[back]], case.lag[back]),
        (case.calendar[order], work), (lag_calendar[number], lag_calendar[back]),
    )  # fmt: skip


def dated_tminus(made: Compiled) -> Dated:
    n = len(made.case.work)
    calendar, work = made.in_order
    none, no_cap, state = np.full(n, NEVER), np.full(n, NO_CAP), np.zeros(n, dtype=np.int64)
    bound, back_bound = np.full(n, minutes(START)), np.full(n, -minutes(END))
    out = [np.empty(n, dtype=np.int64) for _ in range(6)]
    back_calendar, back_work = calendar[::-1].copy(), work[::-1].copy()
    began = perf_counter()
    pass_calendars(
        False, *made.forward, made.lag_calendars[0], calendar, work, bound, none, no_cap, state,
        out[0], out[1], out[0], out[1], out[2], made.time.table,
    )  # fmt: skip
    pass_calendars(
        True, *made.backward, made.lag_calendars[1], back_calendar, back_work, back_bound, none, no_cap, state,
        out[3], out[4], out[3], out[4], out[5], made.mirror.table,
    )  # fmt: skip
    took = perf_counter() - began
    return Dated(out[0][made.place], -out[3][n - 1 - made.place], took)


@dataclass
class Clock:
    """A calendar in plain Python: its intervals, the working minutes before each, and bisection."""

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


def make_clocks(time: WorkTime) -> list[Clock]:
    return [Clock(from_.tolist(), until.tolist()) for from_, until in time.intervals]


@dataclass
class Lists:
    """The case as Python lists, with the links of each task, made once: only the passes are compared."""

    order: list[int]
    work: list[int]
    clock: list[Clock]
    into: list[list[tuple[int, int, int]]]
    out: list[list[tuple[int, int, int]]]


def make_lists(made: Compiled) -> Lists:
    case, n = made.case, len(made.case.work)
    clocks = make_clocks(made.time)
    into: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
    out: list[list[tuple[int, int, int]]] = [[] for _ in range(n)]
    for p, s, k, g in zip(case.pred.tolist(), case.succ.tolist(), case.kind.tolist(), case.lag.tolist(), strict=True):
        into[s].append((p, k, g))
        out[p].append((s, k, g))
    order = np.argsort(made.place).tolist()
    return Lists(order, case.work.tolist(), [clocks[c] for c in case.calendar.tolist()], into, out)


def dated_python(lists: Lists) -> Dated:
    """The same rules as plain Python."""
    n, base, end = len(lists.work), minutes(START), minutes(END)
    start, finish, late_start, late_finish = [0] * n, [0] * n, [0] * n, [0] * n
    began = perf_counter()
    for i in lists.order:
        clock, own = lists.clock[i], lists.work[i]
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
        clock, own = lists.clock[i], lists.work[i]
        by_finish, by_start = end, 1 << 60
        for s, k, lag in lists.out[i]:
            other = lists.clock[s]
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
    return Dated(start, late_finish, perf_counter() - began)


# The run ----------------------------------


def median_ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(their / our for our, their in zip(ours, theirs, strict=True))


def interleave(rounds: int, *contestants: Callable[[], tuple[float, ...]]) -> list[list[tuple[float, ...]]]:
    """Each contestant once a round, in turn; its times by round."""
    taken: list[list[tuple[float, ...]]] = [[] for _ in contestants]
    for _ in range(rounds):
        for number, contestant in enumerate(contestants):
            gc.collect()
            taken[number].append(contestant())
    return taken


def run(tasks: int, rounds: int) -> str:
    """:raises AssertionError: contestants that disagree on a date."""
    case, time = make_case(tasks), make_calendars()
    made = compile_case(case, time)
    lists = make_lists(made)
    _agree(case, made, lists)

    def plain(contestant: Callable[[Case], Plain]) -> Callable[[], tuple[float, ...]]:
        def once() -> tuple[float, ...]:
            outcome = contestant(case)
            return outcome.build_s + outcome.passes_s, outcome.passes_s

        return once

    ours, graph, dated, python = interleave(
        rounds,
        plain(plain_tminus),
        plain(plain_networkx),
        lambda: (dated_tminus(made).passes_s,),
        lambda: (dated_python(lists).passes_s,),
    )
    column = {
        "ours": [t[0] for t in ours],
        "ours passes": [t[1] for t in ours],
        "networkx": [t[0] for t in graph],
        "networkx passes": [t[1] for t in graph],
        "calendars": [t[0] for t in dated],
        "python": [t[0] for t in python],
    }
    return _table(tasks, len(case.pred), rounds, column)


def _agree(case: Case, made: Compiled, lists: Lists) -> None:
    ours, graph = plain_tminus(case), plain_networkx(case)
    assert np.array_equal(ours.early, graph.early), "early dates without calendars differ"
    assert np.array_equal(ours.late, graph.late), "late dates without calendars differ"
    dated, python = dated_tminus(made), dated_python(lists)
    assert np.array_equal(dated.early, python.early), "early dates with calendars differ"
    assert np.array_equal(dated.late, python.late), "late dates with calendars differ"
    assert int(np.max(dated.early)) < minutes(END - timedelta(days=365)), "the horizon is too short"


def _table(tasks: int, links: int, rounds: int, column: dict[str, list[float]]) -> str:
    def ms(name: str) -> str:
        return f"{statistics.median(column[name]) * 1000:,.2f} ms"

    def times(ours: str, theirs: str) -> str:
        return f"{median_ratio(column[ours], column[theirs]):,.0f}×"

    slower = median_ratio(column["ours"], column["calendars"])
    slower_passes = median_ratio(column["ours passes"], column["calendars"])
    return "\n".join(
        [
            f"{tasks:,} tasks, {links:,} links FS/SS/FF/SF with lags; one core; median of {rounds} rounds in turn",
            "",
            "| what | tminus | peer | ratio |",
            "|---|---|---|---|",
            f"| no calendars, build + both passes | {ms('ours')} | networkx {ms('networkx')} "
            f"| {times('ours', 'networkx')} |",
            f"| no calendars, both passes | {ms('ours passes')} | networkx {ms('networkx passes')} "
            f"| {times('ours passes', 'networkx passes')} |",
            f"| three calendars, both passes | {ms('calendars')} | plain Python {ms('python')} "
            f"| {times('calendars', 'python')} |",
            f"| three calendars, passes, against our build + passes without | {ms('calendars')} | {ms('ours')} "
            f"| {slower:.1f}× the time |",
            f"| three calendars, passes, against our passes without | {ms('calendars')} | {ms('ours passes')} "
            f"| {slower_passes:.1f}× the time |",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(run(given.tasks, given.rounds))


if __name__ == "__main__":
    main()
