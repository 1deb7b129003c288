"""Thousands of tasks on scarce resources: the first schedule, the best of ten seconds, CP-SAT beside it.

``python benchmarks/schedule/large.py [--tasks 10000] [--resources 4] [--seconds 10] [--peer-seconds 40] [--seeds 0]
[--loads even uneven] [--processor]``: one thread.
Random networks of 1.8 links a task, lengths 1 … 10, every resource asked for by every second task, 1 … 7 units. *Even*:
all resources give 20, so all are short at once; *uneven*: 20, 22, 25, 28 in turn, so one is the bottleneck. The bound
is the greatest of critical path and work over capacity. ``first`` runs from arrays in memory to start times, best of
five after compiling, in processor time, which a busy machine does not slow; with ``--processor`` our seconds are of
processor time too. Every schedule is validated.
"""

from __future__ import annotations

import argparse
from itertools import product
from time import perf_counter, process_time

import bare  # noqa: F401  before tminus
import numpy as np

from tminus.engines.schedule.resources import exact, portfolio
from tminus.engines.schedule.resources import optimise as optimising
from tminus.engines.schedule.resources.optimise import OptimiseParams, make_ready, optimise
from tminus.engines.schedule.resources.packed import pack
from tminus.engines.schedule.resources.portfolio import Portfolio
from tminus.engines.schedule.resources.problem import Problem
from tminus.engines.schedule.resources.validator import require_valid

CAPACITIES = {"even": (20,), "uneven": (20, 22, 25, 28)}


def make(tasks: int, resources: int, capacities: tuple[int, ...], seed: int = 0) -> Problem:
    chance = np.random.default_rng(seed)
    durations = chance.integers(1, 11, tasks)
    demands = np.where(chance.random((tasks, resources)) < 0.5, chance.integers(1, 8, (tasks, resources)), 0)
    count = int(tasks * 1.8)
    succ = chance.integers(1, tasks, count)
    pred = np.maximum(succ - chance.integers(1, 204, count), 0)
    return Problem(durations, demands, np.resize(capacities, resources), pred, succ, durations[pred])


def first_schedule(problem: Problem) -> tuple[float, int]:
    """Seconds of processor time, and makespan, of the first schedule."""
    began = process_time()
    found = Portfolio(problem, pack(problem))
    elapsed = process_time() - began
    require_valid(problem, found.best)
    return elapsed, found.makespan


def peer(problem: Problem, seconds: float, heads: int) -> str:
    began = perf_counter()
    zero = np.zeros(problem.size, dtype=np.int64)
    answer = exact.shorter_than(
        problem, problem.horizon + 1, bound=0, heads=zero, tails=zero, seconds=seconds, seed=heads
    )
    if answer.starts is None:
        return f"none in {perf_counter() - began:.0f} s"
    return str(int((answer.starts + problem.durations).max()))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--tasks", type=int, default=10_000)
    ask.add_argument("--resources", type=int, default=4)
    ask.add_argument("--seconds", type=float, default=10.0)
    ask.add_argument("--peer-seconds", type=float, default=40.0, help="0: no peer")
    ask.add_argument("--seeds", type=int, nargs="+", default=[0])
    ask.add_argument("--loads", nargs="+", default=list(CAPACITIES), choices=list(CAPACITIES))
    ask.add_argument("--processor", action="store_true", help="our seconds are processor time")
    given = ask.parse_args()
    exact.load()
    if given.processor:
        for module in (optimising, portfolio):
            module.__dict__["perf_counter"] = process_time
    print("| tasks × resources, loads | seed | bound | first, ms | over bound | best | over bound | CP-SAT |")
    print("|---|---|---|---|---|---|---|---|")
    for loads, seed in product(given.loads, given.seeds):
        problem = make(given.tasks, given.resources, CAPACITIES[loads], seed)
        make_ready(problem)
        tried = [first_schedule(problem) for _ in range(5)]
        seconds, length = min(tried)
        best = optimise(problem, OptimiseParams(seconds=given.seconds))
        assert best.makespan is not None
        other = peer(problem, given.peer_seconds, 0) if given.peer_seconds else "–"
        print(
            f"| {given.tasks:,} × {given.resources}, {loads} | {seed} | {best.lower_bound} | {1000 * seconds:.1f} "
            f"| {100 * (length / best.lower_bound - 1):.2f} % | {best.makespan} "
            f"| {100 * (best.makespan / best.lower_bound - 1):.2f} % | {other} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
