"""Whole PSPLIB sets at the literature's budget: 50,000 schedules an instance, deviation from the critical path.

``python benchmarks/schedule/fifty_thousand.py DATA [--sets j60 j120] [--schedules 50000] [--seeds 1] [--first-seed 0]
[--workers 16] [--resume FILE] [--part all|tuned|rest]``: DATA holds the archives and ``best_known.csv``. Every pass of
the generation scheme is a schedule, justification passes too. The search stops early only where the critical path, the
literature's bound, is reached. Processes of one thread; the result does not depend on how many. *Tuned*: half of the
instances that are not in ``psplib_sample.json``, drawn by seed; the search's figures were chosen on those of them whose
best known makespan is above the critical path. *Rest*: all others.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

from instances import best_known, in_parallel, read_set

from tminus.engines.schedule.resources.genetic import Genetic
from tminus.engines.schedule.resources.lower_bounds import critical_path
from tminus.engines.schedule.resources.packed import earliest, pack
from tminus.engines.schedule.resources.problem import Problem
from tminus.engines.schedule.resources.validator import require_valid


def one(case: tuple[str, Any]) -> dict[str, Any]:
    name, (problem, schedules, seed) = case
    began = perf_counter()
    packed = pack(problem)
    bound = critical_path(problem, earliest(packed.forward))
    search = Genetic(packed, seed, schedules)
    search.run(schedules - 2, bound)  # a child takes two or three: never more than the budget
    elapsed = perf_counter() - began
    require_valid(problem, search.best)
    return {
        "instance": name,
        "makespan": search.makespan,
        "bound": bound,
        "schedules": search.schedules,
        "elapsed_s": elapsed,
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("data", type=Path)
    ask.add_argument("--sets", nargs="+", default=["j60", "j120"])
    ask.add_argument("--schedules", type=int, default=50_000)
    ask.add_argument("--seeds", type=int, default=1)
    ask.add_argument("--first-seed", type=int, default=0)
    ask.add_argument("--workers", type=int, default=1)
    ask.add_argument("--resume", type=Path)
    ask.add_argument("--part", default="all", choices=["all", "tuned", "rest"])
    given = ask.parse_args()
    best = best_known(given.data)
    print("| set | seed | instances | over critical path | best known's | gap to best known | reaches | s each |")
    print("|---|---|---|---|---|---|---|---|")
    for name in given.sets:
        problems = part_of(read_set(given.data, name), name, given.part)
        one(("warm-up", (next(iter(problems.values())), 50, 0)))
        for seed in range(given.first_seed, given.first_seed + given.seeds):
            cases = [(f"{key}/{given.schedules}/{seed}", (p, given.schedules, seed)) for key, p in problems.items()]
            print(row(name, seed, in_parallel(one, cases, given.workers, given.resume), best), flush=True)


def part_of(problems: dict[str, Problem], name: str, part: str) -> dict[str, Problem]:
    sample = json.loads((Path(__file__).parent / "psplib_sample.json").read_text())[name]
    untimed = [key for key in problems if key not in sample["hard"] + sample["easy"]]
    random.Random(f"61 {name}").shuffle(untimed)
    tuned = set(untimed[: len(untimed) // 2])
    return {key: problem for key, problem in problems.items() if part == "all" or (key in tuned) == (part == "tuned")}


def row(name: str, seed: int, results: list[dict[str, Any]], best: dict[str, tuple[int, int]]) -> str:
    known = [best[result["instance"].split("/")[0]][0] for result in results]
    deviation = 100 * mean(result["makespan"] / result["bound"] - 1 for result in results)
    of_best = 100 * mean(k / result["bound"] - 1 for k, result in zip(known, results, strict=True))
    gap = 100 * mean(result["makespan"] / k - 1 for k, result in zip(known, results, strict=True))
    reached = sum(result["makespan"] <= k for k, result in zip(known, results, strict=True))
    seconds = mean(result["elapsed_s"] for result in results)
    return (
        f"| {name} | {seed} | {len(results)} | {deviation:.3f} % | {of_best:.3f} % | {gap:.3f} % | {reached} "
        f"| {seconds:.3f} |"
    )


if __name__ == "__main__":
    main()
