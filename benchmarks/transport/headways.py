"""Headways of one line: 360 minutes, 39,000 people in two waves, trains for 1,000; the plan against the programme.

``python -m benchmarks.transport.headways [--rounds 3] [--seconds 10]``. Processor time, one thread.
"""

from __future__ import annotations

import argparse
import os
from statistics import median
from time import process_time

import numpy as np

from tminus.engines.transport.headways import (
    Line,
    LineDemand,
    expected_waiting,
    plan_headways,
    simulate_lines,
    solve_envelope,
)

MINUTES, PERSONS = 360, 39_000
CASES = ((20, 90), (12, 60))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10.0, help="of the programme")
    given = parser.parse_args()
    for fleet, cycle in CASES:
        report(demand_of(fleet, cycle), given.rounds, given.seconds)


def demand_of(fleet: int, cycle: int) -> LineDemand:
    at = np.arange(MINUTES)
    wave = np.exp(-0.5 * ((at - 120) / 50) ** 2) + 0.6 * np.exp(-0.5 * ((at - 230) / 40) ** 2)
    wave[330:] = 0
    return LineDemand((Line("Metro", 1000, cycle),), (wave / wave.sum() * PERSONS)[None, None], fleet)


def report(demand: LineDemand, rounds: int, seconds: float) -> None:
    plan_headways(demand)
    spent = []
    for _ in range(rounds):
        began = process_time()
        plan = plan_headways(demand)
        spent.append(process_time() - began)
    began = process_time()
    table, bound = solve_envelope(demand, seconds)
    theirs = process_time() - began
    value = expected_waiting(demand, table)
    assert simulate_lines(demand, plan.table).broken == ()
    print(f"fleet {demand.fleet}, cycle {demand.lines[0].cycle_min} min, load {os.getloadavg()[0]:.1f}")
    print(f"  plan {plan.proof.value:,.0f}, bound {plan.proof.bound:,.0f}, gap {plan.proof.gap:.2%}")
    print(f"  plan {median(spent):.2f} s")
    print(f"  programme {value:,.0f}, bound {bound:,.0f}, gap {1 - bound / value:.2%}, {theirs:.2f} s")
    for name, day in plan.others.items():
        print(f"  {name}: {day.waiting_person_min:,.0f}, mean wait {day.mean_wait_min:.2f} min")
    print(f"  plan: mean wait {plan.day.mean_wait_min:.2f} min")


if __name__ == "__main__":
    main()
