"""1,500 trips between 12 terminals: the fewest vehicles, against an arc for every pair of trips in the same solver;
and the same trips from several depots.

``python -m benchmarks.transport.shuttles [--rounds 9]``. Processor time, one thread, building included.
"""

from __future__ import annotations

import argparse
import os
from statistics import median
from time import process_time

import numpy as np
from ortools.graph.python import min_cost_flow

from tminus.engines.transport.shuttles import (
    Deadheads,
    Trip,
    faults_of,
    first_free,
    most_at_once,
    running_cost,
    schedule_from_depots,
    schedule_vehicles,
)
from tminus.engines.transport.shuttles.fleet import EMPTY_COST, VEHICLE_COST, WAIT_COST

TRIPS, TERMINALS = 1500, 12


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=9)
    given = parser.parse_args()
    trips, deadheads = case()
    ours, theirs = [], []
    plan = schedule_vehicles(trips, deadheads, "T0")
    for _ in range(given.rounds):
        began = process_time()
        plan = schedule_vehicles(trips, deadheads, "T0")
        ours.append(process_time() - began)
        began = process_time()
        vehicles, arcs = by_pairs(trips, deadheads)
        theirs.append(process_time() - began)
    assert faults_of(plan, deadheads) == ()
    print(f"load {os.getloadavg()[0]:.1f}; {most_at_once(trips).what}; greedy {first_free(trips, deadheads)} vehicles")
    print(f"ours {len(plan.blocks)} vehicles, {median(ours):.3f} s")
    print(f"pairs {vehicles} vehicles, {arcs:,} arcs, {median(theirs):.3f} s")
    for many in (2, 3, 4):
        report_depots(trips, deadheads, {f"T{n}": None for n in range(0, TERMINALS, TERMINALS // many)}, given.rounds)


def report_depots(trips: list[Trip], deadheads: Deadheads, depots: dict[str, int | None], rounds: int) -> None:
    spent = []
    for _ in range(rounds):
        began = process_time()
        plan = schedule_from_depots(trips, deadheads, depots)
        spent.append(process_time() - began)
    assert faults_of(plan, deadheads) == ()
    alone = min(running_cost(schedule_vehicles(trips, deadheads, depot).blocks) for depot in depots)
    own = running_cost(plan.blocks)
    print(
        f"{len(depots)} depots: {len(plan.blocks)} vehicles (bound {plan.proof.bound}), running {own:,}"
        f" (gap {plan.running_gap:.2%}; from the best one of them {alone:,}), {median(spent):.3f} s"
    )


def case() -> tuple[list[Trip], Deadheads]:
    draw = np.random.default_rng(5)
    x = draw.uniform(0, 30, (TERMINALS, 2))
    far = np.ceil(np.hypot(*(x[:, None] - x[None]).transpose(2, 0, 1)) + 3).astype(int)
    runs = {(f"T{a}", f"T{b}"): int(far[a, b]) for a in range(TERMINALS) for b in range(TERMINALS) if a != b}
    trips = []
    for number in range(TRIPS):
        a, b = draw.choice(TERMINALS, 2, replace=False)
        depart = int(draw.choice([draw.normal(540, 90), draw.normal(1080, 90), draw.uniform(360, 1380)]))
        arrive = depart + int(far[a, b]) + 6
        trips.append(Trip(f"t{number}", "L", f"T{a}", f"T{b}", depart, arrive, arrive + 4))
    return trips, Deadheads(runs)


def by_pairs(trips: list[Trip], deadheads: Deadheads) -> tuple[int, int]:
    """Every trip with every trip that can follow it."""
    many = len(trips)
    index = {f"T{n}": n for n in range(TERMINALS)}
    run = np.array([[deadheads.between(a, b) for b in index] for a in index])
    begins, ends = (np.array([index[getattr(trip, name)] for trip in trips]) for name in ("origin", "destination"))
    depart, ready = (np.array([getattr(trip, name) for trip in trips]) for name in ("depart", "ready"))
    wait = depart[None] - ready[:, None] - run[ends][:, begins]
    i, j = np.nonzero(wait >= 0)
    own = np.arange(many)
    tails = np.concatenate([many + i, np.full(many, 2 * many), many + own, [2 * many]]).astype(np.int32)
    heads = np.concatenate([j, own, np.full(many, 2 * many + 1), [2 * many + 1]]).astype(np.int32)
    costs = np.concatenate(
        [EMPTY_COST * run[ends[i], begins[j]] + WAIT_COST * wait[i, j], VEHICLE_COST + EMPTY_COST * run[0][begins],
         EMPTY_COST * run[ends][:, 0], [0]]
    ).astype(np.int64)  # fmt: skip
    rooms = np.ones(len(tails), dtype=np.int64)
    rooms[-1] = many
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    supplies = np.concatenate([-np.ones(many), np.ones(many), [many], [-many]]).astype(np.int64)
    solver.set_nodes_supplies(np.arange(2 * many + 2, dtype=np.int32), supplies)
    assert solver.solve() == solver.OPTIMAL
    flows = np.asarray(solver.flows(arcs))
    return int(flows[len(i) : len(i) + many].sum()), len(i)


if __name__ == "__main__":
    main()
