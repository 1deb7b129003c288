"""Station inflow on sample days that differ: on how many of them the plan, the greedy policy and no control keep arcs.

``python -m benchmarks.transport.sample_days FOLDER [--days 100]``; FOLDER as ``tminus transport inflow`` has it, such
as ``examples/transport/metro``. Days differ as a whole by 5 %, each station's by 8 %, each of its slots by 3 %
(lognormal). Caps are planned from so many days and run on as many others.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np

from tminus.engines.transport.inflow import InflowParams, StationDemand, plan_for_days, policies_on
from tminus.formats.transport.metro import read_metro
from tminus.formats.transport.station_demand import read_demand
from tminus.studies.inflow_walked import walk_inflow


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=100)
    given = parser.parse_args()
    network = read_metro(given.folder)
    (mean,) = read_demand(given.folder, network)
    known, new = varied(mean, given.days, 1), varied(mean, given.days, 2)
    print(
        f"load {os.getloadavg()[0]:.1f}; {mean.persons.sum():,.0f} persons, {given.days} days planned from, as many new"
    )
    for quantile, share in ((0.5, 1.0), (0.9, 1.0), (0.9, 0.95)):
        began = process_time()
        plan = plan_for_days(network, known, quantile, InflowParams(capacity_share=share))
        spent = process_time() - began
        walk = walk_inflow(plan, new)
        print(f"quantile {quantile}, share {share}: {spent:.2f} s")
        for name, days in policies_on(network, new, {"plan": plan.caps}).items():
            print(f"  {name}: {days.as_json()}")
        if walk:
            print(f"  planned {walk.planned:.2f} min, simulated {walk.simulated:.2f}, {walk.persons} persons")


def varied(mean: StationDemand, days: int, seed: int) -> list[StationDemand]:
    draw = np.random.default_rng(seed)
    stations, slots = mean.persons.shape[0], mean.slots
    return [
        replace(
            mean,
            persons=mean.persons
            * draw.lognormal(0, 0.05)
            * draw.lognormal(0, 0.08, (stations, 1, 1))
            * draw.lognormal(0, 0.03, (stations, 1, slots)),
        )
        for _ in range(days)
    ]


if __name__ == "__main__":
    main()
