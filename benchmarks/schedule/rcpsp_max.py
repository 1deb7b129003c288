"""Least and greatest lags (RCPSP/max) in five seconds and one thread: ours, which calls no solver, and CP-SAT.

``python benchmarks/schedule/rcpsp_max.py DATA [--sets ubo10 ubo100 max_j30] [--seconds 5] [--workers 1] [--most N]
[--resume FILE]``. Time as in ``psplib.py``; the contestants take turns in going first. Gap: to the better of the two,
over instances on which both have a schedule. An instance is feasible when either found a schedule.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

import numpy as np
from instances import in_parallel, read_set

from tminus.engines.schedule.resources import exact
from tminus.engines.schedule.resources.optimise import OptimiseParams, make_ready, optimise
from tminus.engines.schedule.resources.problem import Problem
from tminus.engines.schedule.resources.validator import makespan, require_valid


def ours(problem: Problem, seconds: float) -> dict[str, Any]:
    found = optimise(problem, OptimiseParams(seconds=seconds))
    return {"makespan": found.makespan, "proved": found.proved}


def cp_sat(problem: Problem, seconds: float) -> dict[str, Any]:
    zero = np.zeros(problem.size, dtype=np.int64)
    answer = exact.shorter_than(problem, problem.horizon + 1, bound=0, heads=zero, tails=zero, seconds=seconds, seed=0)
    length = None if answer.starts is None else makespan(problem, require_valid(problem, answer.starts))
    return {"makespan": length, "proved": answer.closed}


CONTESTANTS = {"ours": ours, "cp_sat": cp_sat}


def one(case: tuple[str, Any]) -> dict[str, Any]:
    name, (problem, seconds, turn) = case
    found: dict[str, Any] = {"instance": name}
    for who in sorted(CONTESTANTS, reverse=bool(turn % 2)):
        began = perf_counter()
        found[who] = CONTESTANTS[who](problem, seconds) | {"elapsed_s": 0.0}
        found[who]["elapsed_s"] = round(perf_counter() - began, 3)
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("data", type=Path)
    ask.add_argument("--sets", nargs="+", default=["ubo10", "ubo100", "max_j30"])
    ask.add_argument("--seconds", type=float, default=5.0)
    ask.add_argument("--workers", type=int, default=1)
    ask.add_argument("--most", type=int, default=10_000, help="so many instances of each set at most, evenly spread")
    ask.add_argument("--resume", type=Path)
    given = ask.parse_args()
    exact.load()
    print("| set | who | instances | schedules of feasible | proved none | proved shortest | mean gap | longest s |")
    print("|---|---|---|---|---|---|---|---|")
    for name in given.sets:
        problems = read_set(given.data, name)
        make_ready(next(problem for problem in problems.values() if problem.lag.min() < 0))
        names = list(problems)[:: -(-len(problems) // given.most)]
        cases = [(f"{name}/{key}", (problems[key], given.seconds, turn)) for turn, key in enumerate(names)]
        report(name, in_parallel(one, cases, given.workers, given.resume))


def report(name: str, results: list[dict[str, Any]]) -> None:
    lengths = {who: [result[who]["makespan"] for result in results] for who in CONTESTANTS}
    pairs = list(zip(*lengths.values(), strict=True))
    feasible = sum(any(length is not None for length in pair) for pair in pairs)
    both = [pair for pair in pairs if None not in pair]
    for at, who in enumerate(CONTESTANTS):
        gap = 100 * mean(pair[at] / min(pair) - 1 for pair in both)
        answers = [result[who] for result in results]
        none = sum(answer["proved"] and answer["makespan"] is None for answer in answers)
        shortest = sum(answer["proved"] and answer["makespan"] is not None for answer in answers)
        found = sum(length is not None for length in lengths[who])
        longest = max(answer["elapsed_s"] for answer in answers)
        print(
            f"| {name} | {who} | {len(results)} | {found} of {feasible} | {none} | {shortest} | {gap:.3f} % "
            f"| {longest:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
