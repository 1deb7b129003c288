"""Station inflow control of the Shanghai metro: one programme for the day against one a period.

``python -m benchmarks.transport.inflow FOLDER [--rounds 5] [--periods 8,9,18] [--only ours|peer] [--whole-day]``;
FOLDER holds the published network (``shanghai.py``). Processor time; set OMP_NUM_THREADS=1. The per-period method is
timed on the given hours (everybody is let in in the others) and extrapolated to all by their mean. ``--whole-day`` runs
it through the day instead, with rows left out that cannot bind: what it leads to, not what it costs.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from statistics import mean, median
from time import process_time

import numpy as np
from benchmarks.transport.per_period import PerPeriod
from benchmarks.transport.shanghai import day_of, network_of

from tminus.engines.transport.inflow import (
    MetroNetwork,
    StationDemand,
    day_figures,
    other_policies,
    plan_inflow,
    route_trees,
    simulate_inflow,
)
from tminus.engines.transport.inflow import plan as planning


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--periods", default="8,9,18", help="hours of the day timed")
    parser.add_argument("--only", choices=("ours", "peer"))
    parser.add_argument("--whole-day", action="store_true")
    given = parser.parse_args()
    network = network_of(given.folder)
    fine, hours = (day_of(given.folder, network, slot_min) for slot_min in (15, 60))
    print(f"{len(network.gates)} stations, {len(network.arcs)} arcs, {fine.persons.sum():,.0f} trips", end=", ")
    print(f"load {os.getloadavg()[0]:.1f}")
    if given.only != "peer":
        planning.perf_counter = process_time  # parts too by the processor's time
        report_ours(network, fine, hours, given.rounds)
        report_policies(network, fine)
    if given.only != "ours" and not given.whole_day:
        report_peer(network, hours, [int(hour) - 5 for hour in given.periods.split(",")])
    if given.whole_day:
        report_whole_day(network, fine, hours)


def report_policies(network: MetroNetwork, fine: StationDemand) -> None:
    for one in other_policies(network, fine):
        print(one.as_json())


def report_ours(network: MetroNetwork, fine: StationDemand, hours: StationDemand, rounds: int) -> None:
    for demand in (fine, hours):
        plans, spent = [plan_inflow(network, demand)], list[float]()
        for _ in range(rounds):
            began = process_time()
            plans.append(plan_inflow(network, demand))
            spent.append(process_time() - began)
        seconds = {name: median(plan.proof.seconds[name] for plan in plans[1:]) for name in plans[0].proof.seconds}
        proof, figures = plans[-1].proof, day_figures(plans[-1].day)
        print(f"ours, slots of {demand.slot_min} min: {figures}, bound {proof.bound:,.0f}, gap {proof.gap:.3%}")
        parts = ", ".join(f"{name} {value:.3f}" for name, value in seconds.items())
        print(f"  medians of {rounds}: processor {median(spent):.3f} s; of it {parts}")
        print(f"  binds: {', '.join(one.what for one in proof.binding[:3])}")


def report_peer(network: MetroNetwork, hours: StationDemand, timed: list[int]) -> None:
    peer = PerPeriod(network, hours)
    peer.prepare()
    for period in range(max(timed) + 1):
        if period in timed:
            peer.run(period)
            print(
                f"  hour {period + 5}: build {peer.built[period]:.2f} s, solve {peer.solved[period]:.2f} s", flush=True
            )
        else:
            peer.inflow[:, period] = hours.arriving[:, period] / 60
            peer.take(period)
    build, solve = (mean(seconds[period] for period in timed) * hours.slots for seconds in (peer.built, peer.solved))
    print(f"per period, {len(timed)} of {hours.slots} timed; the day: build {build:.1f} s, solve {solve:.1f} s")


def report_whole_day(network: MetroNetwork, fine: StationDemand, hours: StationDemand) -> None:
    """What the peer's caps lead to, simulated as ours are."""
    peer = PerPeriod(network, hours, lean=True)
    peer.prepare()
    for period in range(hours.slots):
        peer.run(period)
        print(f"  hour {period + 5}", flush=True)
    print(f"per period, the whole day: infeasible {peer.infeasible}")
    for demand in (hours, fine):
        caps = np.repeat(peer.inflow, 60 // demand.slot_min, axis=1)
        figures = day_figures(simulate_inflow(network, route_trees(network), demand, caps))
        print(f"  the same day in slots of {demand.slot_min} min: {figures}")


if __name__ == "__main__":
    main()
