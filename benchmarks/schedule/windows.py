"""Windows of the solver against more of the genetic search, the same seconds in all.

``python benchmarks/schedule/windows.py [--tasks 500 2000] [--seeds 10 11 12] [--seconds 5]``: problems as in
``large.py``, four resources of 20 units, all short; one thread, in turn. Every schedule is validated.
"""

from __future__ import annotations

import argparse

from large import make

from tminus.engines.schedule.resources.optimise import OptimiseParams, make_ready, optimise


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--tasks", type=int, nargs="+", default=[500, 2000])
    ask.add_argument("--seeds", type=int, nargs="+", default=[10, 11, 12])
    ask.add_argument("--seconds", type=float, default=5.0)
    given = ask.parse_args()
    print("| tasks | seed | bound | genetic search alone | with windows |")
    print("|---|---|---|---|---|")
    for tasks in given.tasks:
        for seed in given.seeds:
            problem = make(tasks, 4, (20,), seed)
            make_ready(problem)
            alone = optimise(problem, OptimiseParams(seconds=given.seconds, least_for_windows=tasks + 1))
            both = optimise(problem, OptimiseParams(seconds=given.seconds))
            print(f"| {tasks:,} | {seed} | {alone.lower_bound} | {alone.makespan} | {both.makespan} |", flush=True)


if __name__ == "__main__":
    main()
