"""The fluid day beside the agents: a grid of 20 × 20 places, six destinations, two hours, 20,000 to 1,000,000 people.

``python benchmarks/crowd/fluid.py [--rounds 3]``: synthetic (seed 1), widths grow with the people so that the grid is
as busy at every size. Processor seconds of one thread, in turn, compiled before; P50 and P90 of arrival of both.
"""

from __future__ import annotations

import argparse
import os
import time
from statistics import median

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.fluid.simulation import simulate_fluid
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import simulate


def grid(size: int, width_m: float, persons: int, seconds: float, seed: int = 1) -> Scenario:
    """Two-way corridors of 60 m between neighbours, 0.6 … 1.4 × ``width_m`` wide, trips at random."""
    rng = np.random.default_rng(seed)
    names = [f"{i}-{j}" for i in range(size) for j in range(size)]
    links = [
        Link(f"{i}-{j}>{a}-{b}", f"{i}-{j}", f"{a}-{b}", 60.0, float(rng.uniform(0.6, 1.4) * width_m), twoway=True)
        for i in range(size)
        for j in range(size)
        for a, b in ((i + 1, j), (i, j + 1))
        if a < size and b < size
    ]
    goals = rng.choice(size * size, 6, replace=False)
    start, goal = rng.integers(0, size * size, persons), goals[rng.integers(0, 6, persons)]
    start = np.where(start == goal, (start + 1) % (size * size), start)
    demand = Demand.direct(names, rng.uniform(0, seconds, persons), start.astype(np.int32), goal.astype(np.int32))
    return Scenario(Network(tuple(Node(name) for name in names), tuple(links)), demand)


def told(day: DayResult) -> str:
    at = [float(np.nanquantile(day.arrived_s, q)) for q in (0.5, 0.9)]
    return f"P50 {at[0]:.0f} s, P90 {at[1]:.0f} s, delay {float(day.lost_s.sum()) / day.agents:.1f} s a person"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    simulate(grid(3, 3.0, 100, 60.0)), simulate_fluid(grid(3, 3.0, 100, 60.0))  # compiles
    print(f"load average {os.getloadavg()[0]:.1f}")
    for persons in (20_000, 200_000, 1_000_000):
        day = grid(20, 6.0 * persons / 200_000, persons, 7200.0)
        spent: dict[str, list[float]] = {"agents": [], "fluid": []}
        for _ in range(given.rounds):
            for name, run in (("agents", simulate), ("fluid", simulate_fluid)):
                begun = time.process_time()
                found = run(day)
                spent[name].append(time.process_time() - begun)
                if len(spent[name]) == given.rounds:
                    cost = f"{median(spent[name]):.2f} s, {found.link_moves:,} moves"
                    print(f"{persons:>9,} {name:>6}: {cost}, {told(found)}")


if __name__ == "__main__":
    main()
