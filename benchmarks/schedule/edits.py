"""One random edit against our own full passes, in one run, on one core.

``python benchmarks/schedule/edits.py [--tasks 100000] [--edits 2000] [--rounds 3]``: the network of ``network.py``,
with calendars and without. Edits are drawn beforehand: durations, lags, start bounds, links added and removed,
progress (work that is left and the date from which), a sixth each, of tasks and links chosen evenly. Every edit keeps
early *and* late dates right; it is timed by the clock from call to return. After the last edit all dates are compared
with full passes of the network as it is then, to the minute. The full passes without calendars are those of
``plain.py``, the fastest there are.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
from time import perf_counter

os.environ.setdefault("NUMBA_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from case import END, FIRST, LAST, START, Case, make_calendars, make_case

from tminus.engines.schedule.back_schedule import backward, forward
from tminus.engines.schedule.bounds import OPEN, Bounds
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import Plan, Task
from tminus.engines.schedule.network import MIRRORED, Network, bind
from tminus.engines.schedule.passes import NEVER, NO_CAP, sort_topologically
from tminus.engines.schedule.plain import early_and_late, weave
from tminus.engines.schedule.worktime import WorkTime, compile_calendars, minutes, mirrored

KINDS = ("duration", "lag", "start bound", "link added", "link removed", "progress")
PASSES = 15
"""Full passes timed in a round, of which the median counts."""


def network_of(case: Case, time: WorkTime) -> Network:
    """The network a plan of this case would compile to, without the plan."""
    n = len(case.work)
    order, place = sort_topologically(n, case.pred, case.succ)
    counted = case.calendar[case.succ]
    return Network(
        Plan("case", ()), tuple(Task(str(i), "") for i in range(n)), order, place, {},
        case.work[order], case.calendar[order],
        bind(place, case.succ, case.pred, case.kind, case.lag, counted),
        bind(n - 1 - place, case.pred, case.succ, MIRRORED[case.kind], case.lag, counted),
        (), time, mirrored(time),
    )  # fmt: skip


def bounds_of_case(network: Network) -> Bounds:
    n = network.size
    never, none = np.full(n, NEVER), np.full(n, -NEVER)
    return Bounds(
        np.full(n, minutes(START)), never, none, np.full(n, minutes(END)), np.full(n, NO_CAP),
        np.full(n, OPEN), never.copy(), never.copy(), network.work.copy(), frozenset(), frozenset(),
    )  # fmt: skip


class Editor:
    """Draws random edits and carries them out, timing each."""

    def __init__(self, inside: Incremental, seed: int) -> None:
        self.inside, self.random = inside, np.random.default_rng(seed)
        self.links = list(range(len(inside.network.forward.number)))

    def once(self, kind: str) -> float | None:
        """Seconds of one edit; ``None`` when the link drawn would have closed a circle."""
        random, inside = self.random, self.inside
        place = int(random.integers(inside.network.size))
        at = int(random.integers(len(self.links)))
        number = self.links[at]
        size = int(random.integers(1, 11)) * 480
        early = int(inside.early_start[place])
        pred, succ = sorted(int(p) for p in (place, (place + random.integers(1, 204)) % inside.network.size))
        if random.random() < 0.1:  # also against the order
            pred, succ = succ, pred
        calendar = int(inside.network.calendar[succ])
        kind_of_link = int(random.choice(4, p=[0.7, 0.12, 0.12, 0.06]))
        began = perf_counter()
        match kind:
            case "duration":
                inside.set_work(place, size)
            case "lag":
                inside.set_lag(number, size - 2400)
            case "start bound":
                inside.set_earliest_start(place, early + size * 3 - 1440)
            case "link added":
                try:
                    added = inside.add_link(pred, succ, kind_of_link, 0, calendar)
                except Cycle:
                    return None
                taken = perf_counter() - began
                self.links.append(added)
                return taken
            case "link removed":
                inside.remove_link(number)
                taken = perf_counter() - began
                self.links[at] = self.links[-1]
                self.links.pop()
                return taken
            case "progress":
                inside.set_work(place, size // 2)
                inside.set_earliest_start(place, early + 1440)
        return perf_counter() - began


def compare(inside: Incremental) -> None:
    """:raises AssertionError: a date that full passes would place elsewhere."""
    network, there = inside.network, inside.there
    n = network.size
    pred, succ, kind, lag, calendar = [], [], [], [], []
    for place in range(n):
        for row in there.rows[there.tasks[place, 0] : there.tasks[place, 1]].tolist():
            succ.append(place)
            for column, value in zip((pred, kind, lag, calendar), row[:4], strict=True):
                column.append(value)
    columns = [np.array(column, dtype=np.int64) for column in (pred, succ, kind, lag, calendar)]
    order, place_of = sort_topologically(n, columns[0], columns[1])
    p, s, k, g, c = columns
    now = Network(
        network.plan, (), order, place_of, {}, there.tasks[:, 4][order], network.calendar[order],
        bind(place_of, s, p, k, g, c), bind(n - 1 - place_of, p, s, MIRRORED[k], g, c),
        (), network.time, network.mirror,
    )  # fmt: skip
    held = bounds_of_case(now)
    held.earliest_start[:] = there.tasks[:, 5][order]
    early, late = forward(now, held), backward(now, held, held.latest_finish)
    for ours, theirs in (
        (inside.early_start, early.start), (inside.early_finish, early.finish),
        (inside.late_start, late.start), (inside.late_finish, late.finish),
    ):  # fmt: skip
        assert np.array_equal(ours[order], theirs), "dates differ"


def full_passes(case: Case, network: Network, held: Bounds, *, calendars: bool) -> float:
    plain = None if calendars else weave(case.work, case.pred, case.succ, case.kind, case.lag)
    taken = []
    for _ in range(PASSES):
        began = perf_counter()
        if plain is not None:
            early_and_late(plain)
        else:
            forward(network, held)
            backward(network, held, held.latest_finish)
        taken.append(perf_counter() - began)
    return statistics.median(taken)


def run(tasks: int, edits: int, rounds: int, *, calendars: bool) -> list[str]:
    case = make_case(tasks)
    if not calendars:
        case.calendar = np.zeros_like(case.calendar)
    network = network_of(case, compile_calendars(make_calendars(), FIRST, LAST))
    held = bounds_of_case(network)
    inside = Incremental(network, held)
    editor = Editor(inside, 1)
    for kind in KINDS:  # compiled loops are ready now
        editor.once(kind)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    placed: list[int] = []
    passes: list[float] = []
    for _ in range(rounds):
        passes.append(full_passes(case, network, held, calendars=calendars))
        gc.collect()
        for number in range(edits // rounds):
            taken = editor.once(KINDS[number % len(KINDS)])
            if taken is not None:
                times[KINDS[number % len(KINDS)]].append(taken)
                placed.append(inside.placed)
    compare(inside)
    return _rows(calendars, times, placed, passes)


def _rows(calendars: bool, times: dict[str, list[float]], placed: list[int], passes: list[float]) -> list[str]:
    every = [taken for column in times.values() for taken in column]
    whole, median = statistics.median(passes), statistics.median(every)
    kinds = ", ".join(f"{kind} {statistics.median(column) * 1e6:,.0f}" for kind, column in times.items())
    name = "three calendars" if calendars else "no calendars"
    return [
        f"| {name} | {whole * 1000:,.2f} ms | {median * 1e6:,.0f} µs | 1/{whole / median:,.0f} "
        f"| {np.mean(every) * 1e6:,.0f} µs | {np.quantile(every, 0.95) * 1e6:,.0f} µs "
        f"| {statistics.median(placed):,.0f} | {kinds} |"
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--edits", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print("| network | full passes | one edit, median | ratio | mean | p95 | placed, median | median µs by kind |")
    print("|---|---|---|---|---|---|---|---|")
    for calendars in (False, True):
        for row in run(given.tasks, given.edits, given.rounds, calendars=calendars):
            print(row)


if __name__ == "__main__":
    main()
