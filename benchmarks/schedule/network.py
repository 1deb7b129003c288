"""The schedule engine beside networkx and plain Python, in one run, on one core.

``python benchmarks/schedule/network.py [--tasks 100000] [--rounds 5]``: every round times each contestant once, in
turn, in processor time, so that a busy machine slows all of them alike (ours, which is short, seven times, of which the
median counts); what is printed is the median of the ratios of a round. Before any time is taken the dates of all
contestants are compared, to the minute.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from case import END, FIRST, LAST, START, Case, Ints, make_calendars, make_case
from peers import Clock, Dated, Plain, dated_stepping, dated_tuned, make_lists, plain_networkx

from tminus.engines.schedule.back_schedule import ScheduleParams, back_schedule, schedule_network
from tminus.engines.schedule.model import Duration, Link, LinkKind, Plan, Task
from tminus.engines.schedule.network import MIRRORED, Rows, bind
from tminus.engines.schedule.passes import NEVER, NO_CAP, pass_calendars, sort_topologically
from tminus.engines.schedule.plain import early_and_late, weave
from tminus.engines.schedule.what_if import what_if
from tminus.engines.schedule.worktime import WorkTime, compile_calendars, minutes, mirrored

IN_A_ROW = 7
"""Times ours runs in a round."""

BAR_TASKS = 5_000
"""Size of the plan in which a bar is dragged."""

# Ours ----------------------------------


def plain_tminus(case: Case) -> Plain:
    began = process_time()
    network = weave(case.work, case.pred, case.succ, case.kind, case.lag)
    built = process_time()
    early, late = early_and_late(network)
    done = process_time()
    return Plain(early, late, built - began, done - built)


@dataclass
class Compiled:
    """The network of a case with all that the calendar passes need, made once; by place in the order."""

    order: Ints
    time: WorkTime
    mirror: WorkTime
    forward: Rows
    backward: Rows
    calendar: Ints
    work: Ints


def compile_case(case: Case, time: WorkTime) -> Compiled:
    order, place = sort_topologically(len(case.work), case.pred, case.succ)
    counted_in = case.calendar[case.succ]  # a lag is counted in the calendar of its successor
    forward = bind(place, case.succ, case.pred, case.kind, case.lag, counted_in)
    backward = bind(len(place) - 1 - place, case.pred, case.succ, MIRRORED[case.kind], case.lag, counted_in)
    return Compiled(order, time, mirrored(time), forward, backward, case.calendar[order], case.work[order])


def dated_tminus(made: Compiled) -> Dated:
    n = len(made.order)
    none, no_cap, state = np.full(n, NEVER), np.full(n, NO_CAP), np.zeros(n, dtype=np.int64)
    bound, back_bound = np.full(n, minutes(START)), np.full(n, -minutes(END))
    out = [np.empty(n, dtype=np.int64) for _ in range(6)]
    there, back = made.forward, made.backward
    began = process_time()
    pass_calendars(
        False, there.ptr, there.ends, there.kind, there.lag, there.lag_calendar, made.calendar, made.work,
        bound, none, no_cap, state, out[0], out[1], out[0], out[1], out[2], made.time.table,
    )  # fmt: skip
    pass_calendars(
        True, back.ptr, back.ends, back.kind, back.lag, back.lag_calendar, made.calendar[::-1].copy(),
        made.work[::-1].copy(), back_bound, none, no_cap, state, out[3], out[4], out[3], out[4], out[5],
        made.mirror.table,
    )  # fmt: skip
    early, late = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    early[made.order], late[made.order] = out[0], -out[3][::-1]
    return Dated(early, late, process_time() - began)


# The whole engine ----------------------------------


def make_plan(tasks: int) -> Plan:
    """The same shape as a plan of objects, its tasks in three calendars."""
    case, calendars = make_case(tasks), make_calendars()
    rows = tuple(
        Task(f"T{i}", f"task {i}", duration=Duration(own), calendar=calendars[c - 1].id)
        for i, (own, c) in enumerate(zip(case.work.tolist(), case.calendar.tolist(), strict=True))
    )
    kinds = [LinkKind.FS, LinkKind.SS, LinkKind.FF, LinkKind.SF]
    columns = (column.tolist() for column in (case.pred, case.succ, case.kind, case.lag))
    pairs = {(p, s): (kinds[k], Duration(g)) for p, s, k, g in zip(*columns, strict=True)}
    links = tuple(Link(f"T{p}", f"T{s}", kind, lag) for (p, s), (kind, lag) in pairs.items())
    return Plan("bar", rows, links, {calendar.id: calendar for calendar in calendars}, calendars[0].id)


def drag_a_bar(rounds: int) -> str:
    """One line: what a plan costs as a whole, without compiling it, and one question after that."""
    plan, today, opening = make_plan(BAR_TASKS), START.date(), date(2027, 6, 1)
    schedule = back_schedule(plan, opening=opening, today=today)
    assert schedule.network is not None
    taken: list[tuple[float, float, float]] = []
    for _ in range(2 * rounds + 1):
        began = process_time()
        back_schedule(plan, opening=opening, today=today)
        whole = process_time()
        schedule_network(schedule.network, opening=opening, today=START, params=ScheduleParams())
        again = process_time()
        what_if(schedule, {"T0": schedule.by_id()["T0"].start + timedelta(days=5)})
        taken.append((whole - began, again - whole, process_time() - again))
    whole_ms, again_ms, question_ms = (statistics.median(column) * 1000 for column in zip(*taken, strict=True))
    return (
        f"{BAR_TASKS:,} tasks, {len(plan.links):,} links in three calendars: `back_schedule` {whole_ms:,.0f} ms, "
        f"{again_ms:,.0f} ms without compiling; `what_if` {question_ms:,.0f} ms"
    )


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


def several(contestant: Callable[[], tuple[float, ...]]) -> Callable[[], tuple[float, ...]]:
    """Ours takes milliseconds, which one interruption doubles: the median of some runs in a row stands for a round."""
    return lambda: tuple(
        statistics.median(times) for times in zip(*(contestant() for _ in range(IN_A_ROW)), strict=True)
    )


def run(tasks: int, rounds: int) -> str:
    """:raises AssertionError: contestants that disagree on a date."""
    case, calendars = make_case(tasks), make_calendars()
    made = compile_case(case, compile_calendars(calendars, FIRST, LAST))
    lists = make_lists(case, made.order.tolist())
    clocks = [Clock(from_.tolist(), until.tolist()) for from_, until in made.time.intervals[1:]]
    dated: dict[str, Callable[[], Dated]] = {
        "calendars": lambda: dated_tminus(made),
        "tuned": lambda: dated_tuned(lists, clocks),
        "stepping": lambda: dated_stepping(lists, calendars),
    }
    _agree(case, dated)

    def plain(contestant: Callable[[Case], Plain]) -> Callable[[], tuple[float, ...]]:
        def once() -> tuple[float, ...]:
            outcome = contestant(case)
            return outcome.build_s + outcome.passes_s, outcome.passes_s

        return once

    def passes(contestant: Callable[[], Dated]) -> Callable[[], tuple[float, ...]]:
        return lambda: (contestant().passes_s,)

    mine, *theirs = (passes(contestant) for contestant in dated.values())
    ours, graph, *others = interleave(
        rounds, several(plain(plain_tminus)), plain(plain_networkx), several(mine), *theirs
    )
    column = {
        "ours": [t[0] for t in ours],
        "ours passes": [t[1] for t in ours],
        "networkx": [t[0] for t in graph],
        "networkx passes": [t[1] for t in graph],
    }
    column |= {name: [t[0] for t in times] for name, times in zip(dated, others, strict=True)}
    return _table(tasks, len(case.pred), rounds, column)


def _agree(case: Case, dated: dict[str, Callable[[], Dated]]) -> None:
    ours, graph = plain_tminus(case), plain_networkx(case)
    assert np.array_equal(ours.early, graph.early), "early dates without calendars differ"
    assert np.array_equal(ours.late, graph.late), "late dates without calendars differ"
    ours_dated, *others = [contestant() for contestant in dated.values()]
    for other in others:
        assert np.array_equal(ours_dated.early, other.early), "early dates with calendars differ"
        assert np.array_equal(ours_dated.late, other.late), "late dates with calendars differ"
    assert int(np.max(ours_dated.early)) < minutes(END - timedelta(days=365)), "the horizon is too short"


def _table(tasks: int, links: int, rounds: int, column: dict[str, list[float]]) -> str:
    def ms(name: str) -> str:
        return f"{statistics.median(column[name]) * 1000:,.2f} ms"

    def row(what: str, ours: str, peer: str, theirs: str) -> str:
        return f"| {what} | {ms(ours)} | {peer} {ms(theirs)} | {median_ratio(column[ours], column[theirs]):,.0f}× |"

    slower = median_ratio(column["ours"], column["calendars"])
    return "\n".join(
        [
            f"{tasks:,} tasks, {links:,} links FS/SS/FF/SF with lags; "
            f"one core, processor time; median of {rounds} rounds in turn",
            "",
            "| what | tminus | peer | ratio |",
            "|---|---|---|---|",
            row("no calendars, build + both passes", "ours", "networkx", "networkx"),
            row("no calendars, both passes", "ours passes", "networkx", "networkx passes"),
            row("three calendars, both passes", "calendars", "plain Python, datetime by days", "stepping"),
            row("three calendars, both passes", "calendars", "plain Python, tuned with bisection", "tuned"),
            f"| three calendars, both passes, against our build + passes without | {ms('calendars')} | {ms('ours')} "
            f"| {slower:.1f}× the time |",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(run(given.tasks, given.rounds))
    print()
    print(drag_a_bar(given.rounds))


if __name__ == "__main__":
    main()
