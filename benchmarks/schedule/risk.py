"""Schedule risk beside numpy over samples (:mod:`risk_peer`), in one run, on one core.

``python benchmarks/schedule/risk.py [--tasks 5000] [--samples 10000] [--rounds 5] [--growth]``: every round times ours
once (the median of three) and the peer once, in turn, in processor time; what is printed is the median of the ratios of
a round. The peer runs fewer samples, and its time is scaled: it takes them in blocks, each like the last. Before any
time is taken both are compared: the mean and P80 of the end, and how often each task is critical.

A second peer is the plain way to write it, all samples at once in double precision (500 of them, its time scaled, as
such comparisons are published): it has neither causes nor correlation nor sums of sensitivity, which ours has.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from dataclasses import dataclass
from datetime import date
from time import perf_counter, process_time

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import risk_peer as peer
from case import Case, make_calendars, make_case

from tminus.engines.schedule import (
    Duration,
    Estimate,
    EstimateKind,
    Link,
    LinkKind,
    Plan,
    Policy,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
)
from tminus.engines.schedule.passes import sort_topologically
from tminus.engines.schedule.risk import Hits, RiskDriver, RiskParams
from tminus.engines.schedule.risk.correlation import weight_of
from tminus.engines.schedule.risk.prepare import Prepared, prepare
from tminus.engines.schedule.risk.simulate import draw, quantile
from tminus.engines.schedule.worktime import compile_calendars

TODAY, OPENING = date(2026, 1, 5), date(2060, 1, 1)
UNITS, CORRELATION = 12, 0.3
CAUSES = [(0, 0.4, (1.0, 1.1, 1.5)), (1, 0.3, (1.0, 1.2, 1.6)), (2, 0.2, (1.1, 1.3, 2.0))]
IN_A_ROW = 3


@dataclass
class Ready:
    """One case for both."""

    ours: Prepared
    theirs: peer.Network
    tables: peer.Tables | None
    order: np.ndarray  # our place of each of theirs
    compile_s: float


def distinct(case: Case) -> Case:
    """One link between two tasks, as a plan has it."""
    pairs = zip(case.pred.tolist(), case.succ.tolist(), strict=True)
    kept = list({pair: number for number, pair in enumerate(pairs)}.values())
    return Case(case.work, case.pred[kept], case.succ[kept], case.kind[kept], case.lag[kept], case.calendar)


def make(tasks: int, *, calendars: bool, alone: bool = False) -> Ready:
    """``alone``: without what only the peer needs."""
    case, made = distinct(make_case(tasks)), make_calendars()
    rows = tuple(
        Task(
            f"T{i}", f"task {i}", kind=TaskKind.TASK if own else TaskKind.MILESTONE, duration=Duration(own),
            calendar=made[c - 1].id if calendars else None, unit=f"U{i % UNITS}",
        )
        for i, (own, c) in enumerate(zip(case.work.tolist(), case.calendar.tolist(), strict=True))
    )  # fmt: skip
    kinds = [LinkKind.FS, LinkKind.SS, LinkKind.FF, LinkKind.SF]
    columns = (column.tolist() for column in (case.pred, case.succ, case.kind, case.lag))
    links = tuple(Link(f"T{p}", f"T{s}", kinds[k], Duration(g)) for p, s, k, g in zip(*columns, strict=True))
    known = {one.id: one for one in made} if calendars else {}
    plan = Plan("risk", rows, links, known, made[0].id if calendars else None)
    # planned to begin at once, so that nothing waits for its planned date: the peer knows none
    schedule = back_schedule(plan, opening=OPENING, today=TODAY, params=ScheduleParams(Policy.ASAP))
    assert schedule.dates is not None
    schedule.dates.start[:] = -(1 << 60)
    causes = [
        RiskDriver(f"c{u}", Estimate(EstimateKind.TRIANGULAR, t), p, hits=Hits(units=frozenset([f"U{u}"])))
        for u, p, t in CAUSES
    ]
    began = perf_counter()
    ours = prepare(schedule, causes, RiskParams(correlation=CORRELATION))
    taken = perf_counter() - began
    order, _ = sort_topologically(len(case.work), case.pred, case.succ)
    theirs = peer.make_network(case, order, UNITS)
    tables = None
    if calendars and not alone:
        time = compile_calendars(made, date(2024, 1, 1), date(2060, 12, 31))
        begin = ours.model.net.window.begin + 1440
        tables = peer.make_tables(time, begin, int(ours.model.net.window.end - begin))
    return Ready(ours, theirs, tables, ours.network.place[order], taken)


def once(ready: Ready, samples: int) -> float:
    began = process_time()
    draw(ready.ours, ready.ours.model, samples, 0)
    return process_time() - began


def theirs(ready: Ready, samples: int) -> peer.Found:
    return peer.simulate(ready.theirs, samples, weight_of(CORRELATION), CAUSES, ready.tables)


def agree(ready: Ready, samples: int) -> str:
    """:raises AssertionError: what both find differs by more than chance."""
    drawn, _ = draw(ready.ours, ready.ours.model, 10_000, 0)
    found = theirs(ready, samples)
    ends = drawn.end - 1440
    mean, p80 = float(ends.mean()), quantile(ends, 0.8)
    noise = 5 * float(ends.std()) / samples**0.5
    assert abs(mean - found.mean) < noise, (mean, found.mean, noise)
    critical = drawn.sums.critical[ready.order] / 10_000
    apart = np.abs(critical - found.critical)
    assert float(apart.max()) < 5 * (0.25 / samples) ** 0.5 + 0.02, float(apart.max())
    return f"P80 {p80 / 1440:,.2f} and {found.p80 / 1440:,.2f} days, criticality at most {apart.max():.3f} apart"


def race(ready: Ready, samples: int, of_peer: int, rounds: int) -> tuple[float, float, float]:
    """Seconds of ours, of the peer (scaled), and the median ratio."""
    ours, others = [], []
    for _ in range(rounds):
        gc.collect()
        ours.append(statistics.median(once(ready, samples) for _ in range(IN_A_ROW)))
        others.append(theirs(ready, of_peer).taken_s * samples / of_peer)
    ratio = statistics.median(b / a for a, b in zip(ours, others, strict=True))
    return statistics.median(ours), statistics.median(others), ratio


def race_plain(ready: Ready, samples: int, of_peer: int, rounds: int) -> tuple[float, float]:
    """Seconds of the plain peer (scaled), and the median ratio."""
    taken, ratios = [], []
    for _ in range(rounds):
        gc.collect()
        own = statistics.median(once(ready, samples) for _ in range(IN_A_ROW))
        taken.append(peer.simulate_all_at_once(ready.theirs, of_peer) * samples / of_peer)
        ratios.append(taken[-1] / own)
    return statistics.median(taken), statistics.median(ratios)


def growth(sizes: list[int]) -> list[str]:
    rows = [
        "",
        "| tasks | samples | no calendars | three calendars | made ready (calendars) |",
        "|---|---|---|---|---|",
    ]
    for tasks in sizes:
        samples = 10_000 if tasks <= 10_000 else 1_000
        taken, compile_s = [], 0.0
        for calendars in (False, True):
            ready = make(tasks, calendars=calendars, alone=True)
            once(ready, 64)
            taken.append(statistics.median(once(ready, samples) for _ in range(IN_A_ROW)) * 1000)
            compile_s = ready.compile_s
        rows.append(
            f"| {tasks:,} | {samples:,} | {taken[0]:,.0f} ms | {taken[1]:,.0f} ms | {compile_s * 1000:,.0f} ms |"
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=5_000)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", action="store_true")
    given = parser.parse_args()
    rows = ["| 10,000 samples incl. criticality, causes, correlation | tminus | numpy over samples | ratio | agree |"]
    rows[0] = rows[0].replace("10,000", f"{given.samples:,}")
    rows.append("|---|---|---|---|---|")
    for calendars in (False, True):
        ready = make(given.tasks, calendars=calendars)
        said = agree(ready, 2_048)
        ours, others, ratio = race(ready, given.samples, 1_024, given.rounds)
        if not calendars:
            plain, plain_ratio = race_plain(ready, given.samples, 500, given.rounds)
        name = "three calendars" if calendars else "no calendars"
        rows.append(
            f"| {given.tasks:,} tasks, {name} | {ours * 1000:,.1f} ms | {others:,.2f} s | {ratio:,.0f}× | {said} |"
        )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print("\n".join([f"One core, processor time, median of {given.rounds} rounds in turn; load {load}", "", *rows]))
    print(f"\nPlain numpy, 500 samples at once, scaled: {plain:,.2f} s, {plain_ratio:,.0f}×")
    if given.growth:
        print("\n".join(growth([1_000, 5_000, 20_000, 50_000, 100_000])))


if __name__ == "__main__":
    main()
