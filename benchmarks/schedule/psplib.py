"""PSPLIB in five seconds and one thread: ours, CP-SAT with one worker, PyJobShop (CP-SAT with one worker).

``python benchmarks/schedule/psplib.py DATA [--set j60|j120] [--whole] [--seconds 5] [--workers 1] [--resume FILE]
[--minutes 60]``: without ``--whole`` the instances of ``psplib_sample.json``. Contestants take turns instance by
instance, the first one changing. Time is counted from a problem in memory to start times, building of the solver's
model included; importing OR-Tools (about a second) and compiling our loops happens before, for all alike. Every answer
is validated. Gaps are to the best known makespan; hard: that one is above the critical path. An instance on which a
solver finds nothing counts with its greatest-tail list schedule. Whole sets run in an order drawn by seed; what FILE
holds is not run again, and when the minutes are over what is done is reported with its count: a random part of the set.
PyJobShop (0.0.9) is left out, and said so, where it is not installed.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from os import getloadavg
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

import numpy as np
from instances import best_known, in_parallel, read_set

from tminus.engines.schedule.resources import exact
from tminus.engines.schedule.resources.lower_bounds import critical_path
from tminus.engines.schedule.resources.optimise import OptimiseParams, optimise
from tminus.engines.schedule.resources.packed import earliest, pack
from tminus.engines.schedule.resources.problem import Problem
from tminus.engines.schedule.resources.validator import makespan, require_valid

ORDER = 20_261_122
"""Seed of the order in which instances of whole sets are run."""

Answer = tuple[Any, bool]
"""Starts (``None``: nothing found) and whether they are proved the best."""


def ours(problem: Problem, seconds: float) -> Answer:
    found = optimise(problem, OptimiseParams(seconds=seconds))
    return found.starts, found.proved


def cp_sat(problem: Problem, seconds: float) -> Answer:
    cp = exact.load()
    began = perf_counter()
    model, starts = cp.CpModel(), []
    for i in range(problem.size):
        starts.append(model.new_int_var(0, problem.horizon, f"s{i}"))
    last = model.new_int_var(0, problem.horizon, "last")
    intervals = [
        model.new_fixed_size_interval_var(s, int(d), "") for s, d in zip(starts, problem.durations, strict=True)
    ]
    for p, s, lag in zip(problem.pred, problem.succ, problem.lag, strict=True):
        model.add(starts[s] >= starts[p] + int(lag))
    for start, length in zip(starts, problem.durations, strict=True):
        model.add(last >= start + int(length))
    for r, capacity in enumerate(problem.capacities):
        users = np.flatnonzero((problem.demands[:, r] > 0) & (problem.durations > 0))
        model.add_cumulative([intervals[i] for i in users], problem.demands[users, r].tolist(), int(capacity))
    model.minimize(last)
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds - (perf_counter() - began)
    status = solver.solve(model)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return None, False
    return np.array([solver.value(s) for s in starts], dtype=np.int64), status == cp.OPTIMAL


def pyjobshop(problem: Problem, seconds: float) -> Answer:
    model_type = import_module("pyjobshop").Model
    began = perf_counter()
    model = model_type()
    resources = [model.add_renewable(capacity=int(c)) for c in problem.capacities]
    tasks = [model.add_task() for _ in range(problem.size)]
    for i, task in enumerate(tasks):
        used = [r for r in range(len(resources)) if problem.demands[i, r] and problem.durations[i]]
        demands = [int(problem.demands[i, r]) for r in used]
        model.add_mode(task, [resources[r] for r in used], int(problem.durations[i]), demands=demands)
    for p, s, lag in zip(problem.pred, problem.succ, problem.lag, strict=True):
        model.add_start_before_start(tasks[p], tasks[s], delay=int(lag))
    left = seconds - (perf_counter() - began)
    result = model.solve(solver="ortools", time_limit=left, num_workers=1, display=False)
    if not result.best.tasks:
        return None, False
    starts = np.array([task.start for task in result.best.tasks], dtype=np.int64)
    return starts, result.status.value == "Optimal"


CONTESTANTS: dict[str, Callable[[Problem, float], Answer]] = {"ours": ours, "cp_sat": cp_sat}
if find_spec("pyjobshop"):
    here = str(Path(__file__).resolve().parent)
    sys.path.remove(here)  # PyJobShop imports the package psplib, not this file
    import_module("pyjobshop")
    sys.path.insert(0, here)
    CONTESTANTS["pyjobshop"] = pyjobshop


def one(case: tuple[str, Any]) -> dict[str, Any]:
    name, (problem, seconds, turn) = case
    packed = pack(problem)
    found: dict[str, Any] = {
        "instance": name,
        "bound": critical_path(problem, earliest(packed.forward)),
        "nothing": problem.horizon,
        "load": round(getloadavg()[0], 1),
    }
    names = list(CONTESTANTS)
    for who in names[turn % len(names) :] + names[: turn % len(names)]:
        began = perf_counter()
        starts, proved = CONTESTANTS[who](problem, seconds)
        elapsed = perf_counter() - began
        length = None if starts is None else makespan(problem, require_valid(problem, starts))
        found[who] = {"makespan": length, "proved": proved, "elapsed_s": round(elapsed, 3)}
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("data", type=Path)
    ask.add_argument("--set", nargs="+", default=["j60", "j120"], choices=["j30", "j60", "j120"])
    ask.add_argument("--whole", action="store_true")
    ask.add_argument("--seconds", type=float, default=5.0)
    ask.add_argument("--workers", type=int, default=1)
    ask.add_argument("--most", type=int, default=10_000, help="so many instances of each set at most, evenly spread")
    ask.add_argument("--resume", type=Path)
    ask.add_argument("--minutes", type=float, default=10_000.0, help="no new instance after so many, all sets together")
    given = ask.parse_args()
    if "pyjobshop" not in CONTESTANTS:
        print("PyJobShop is not installed here: left out.\n")
    best, end = best_known(given.data), perf_counter() + 60 * given.minutes
    exact.load()
    for name in given.set:
        problems = chosen(read_set(given.data, name), name, given.whole, given.most)
        one(("warm-up", (next(iter(problems.values())), 0.5, 0)))
        cases = [(key, (p, given.seconds, turn)) for turn, (key, p) in enumerate(problems.items())]
        report(name, len(cases), in_parallel(one, cases, given.workers, given.resume, end), best)


def chosen(problems: dict[str, Problem], name: str, whole: bool, most: int) -> dict[str, Problem]:
    names = list(problems)
    random.Random(f"{ORDER} {name}").shuffle(names)
    if not whole:
        sample = json.loads((Path(__file__).parent / "psplib_sample.json").read_text())[name]
        names = sorted(sample["hard"] + sample["easy"])
    return {key: problems[key] for key in names[:: -(-len(names) // most)]}


def report(name: str, asked: int, results: list[dict[str, Any]], best: dict[str, tuple[int, int]]) -> None:
    hard = [result for result in results if best[result["instance"]][0] > result["bound"]]
    loads = [result["load"] for result in results if "load" in result] or [0.0]
    print(f"\n{name}: {len(results)} of {asked} instances, {len(hard)} hard; load {min(loads)} to {max(loads)}\n")
    if not results:
        return
    print("| who | gap, hard | worst | gap, all | reaches best known | proved | nothing found | longest s |")
    print("|---|---|---|---|---|---|---|---|")
    for who in CONTESTANTS:
        if all(who in result for result in results):
            print(row(who, results, hard, best))
    better = sum(length(r, "ours") < length(r, "cp_sat") for r in results)
    worse = sum(length(r, "ours") > length(r, "cp_sat") for r in results)
    print(f"\nours against CP-SAT: better {better}, worse {worse}, equal {len(results) - better - worse}", flush=True)


def length(result: dict[str, Any], who: str) -> int:
    found = result[who]["makespan"]
    return int(result["nothing"] if found is None else found)


def row(who: str, results: list[dict[str, Any]], hard: list[dict[str, Any]], best: dict[str, tuple[int, int]]) -> str:
    def gaps(some: list[dict[str, Any]]) -> list[float]:
        return [100 * (length(r, who) / best[r["instance"]][0] - 1) for r in some] or [0.0]

    reached = sum(length(r, who) <= best[r["instance"]][0] for r in results)
    proved = sum(r[who]["proved"] for r in results)
    nothing = sum(r[who]["makespan"] is None for r in results)
    longest = max(r[who]["elapsed_s"] for r in results)
    return (
        f"| {who} | {mean(gaps(hard)):.3f} % | {max(gaps(hard)):.2f} % | {mean(gaps(results)):.3f} % | {reached} "
        f"| {proved} | {nothing} | {longest:.2f} |"
    )


if __name__ == "__main__":
    main()
