"""The fluid day beside the agents: a grid of 20 × 20 places, six destinations, two hours, 20,000 to 1,000,000 people.

``python benchmarks/crowd/fluid.py [--rounds 3] [--tip [--one-way]]``: synthetic (seed 1), widths grow with the people
so that the grid is as busy at every size. Processor seconds of one thread, in turn, compiled before; P50 and P90 of
arrival of both. ``--tip``: grids of 8 × 8 places, seeds 1 … 5, 10,000 … 20,000 people in half an hour: by how much the
delay of the fluid and of agents with steps of 0.5 and 2 s differs from that of agents with steps of 1 s, and whether
the day was near the tip. ``--one-way``: the same with every corridor parted into two halves.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import replace
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


def parted(day: Scenario) -> Scenario:
    """Every corridor as two one-way halves."""
    links = [replace(link, twoway=False, width_m=link.width_m / 2) for link in day.network.links]
    back = [replace(link, id=f"{link.id}<", start=link.end, end=link.start) for link in links]
    return replace(day, network=Network(day.network.nodes, (*links, *back)))


def tip(one_way: bool) -> None:
    """How far the fluid, and the agents' own steps, differ from the agents."""
    for seed in range(1, 6):
        for persons in (10_000, 12_000, 13_000, 14_000, 15_000, 17_000, 20_000):
            day = grid(8, 2.0, persons, 1800.0, seed)
            day = parted(day) if one_way else day
            agents, *others = (
                simulate(day),
                simulate_fluid(day),
                *(simulate(replace(day, step_s=s)) for s in (0.5, 2.0)),
            )
            lost = float(agents.lost_s.mean())
            off = ", ".join(f"{float(one.lost_s.mean()) / lost - 1:+.1%}" for one in others)
            near = f"near the tip: {len(agents.near_tip)}" if agents.near_tip else ""
            print(f"seed {seed}, {persons:,}: {lost:.2f} s; fluid, 0.5 s, 2 s: {off} {near}", flush=True)


def told(day: DayResult) -> str:
    at = [float(np.nanquantile(day.arrived_s, q)) for q in (0.5, 0.9)]
    return f"P50 {at[0]:.0f} s, P90 {at[1]:.0f} s, delay {float(day.lost_s.sum()) / day.agents:.1f} s a person"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tip", action="store_true")
    parser.add_argument("--one-way", action="store_true")
    given = parser.parse_args()
    if given.tip:
        tip(given.one_way)
        return
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
