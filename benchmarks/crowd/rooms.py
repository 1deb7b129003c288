"""A building of a hundred rooms emptied, beside jupedsim-network.

``python benchmarks/crowd/rooms.py --peer PYTHON [--runs 3]``: ``PYTHON`` has jupedsim-network. Ten rows of ten rooms of
20 × 25 m, each with a door of 6 m to the next and the last into the open; 100 or 1,000 people stand in every room and
set off within a minute. Both by the SFPE's diagram, doors of 1.3 persons/(m·s) less 0.15 m a side, steps of 0.5 s.
A room here is a link of its length and width, its door the link's capacity. Processor seconds of the simulation alone,
in turn, each after a first run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from statistics import median
from typing import Any

import numpy as np

from tminus.engines.crowd.agents.simulation import Simulation
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.diagram import sfpe
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Scenario

ROWS, ROOMS, LENGTH_M, WIDTH_M, DOOR_M = 10, 10, 20.0, 25.0, 6.0
DOOR_P_S = 1.3 * (DOOR_M - 0.3)
SPREAD_S, STEP_S = 60.0, 0.5

PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from jupedsim_network import Network, NetworkSimulation, Population, Uniform
rows, rooms, length, width, door, spread, step, each, runs = json.loads(sys.argv[1])
net = Network()
for r in range(rows):
    for k in range(rooms):
        net.add_room(f"{r}.{k}", length=length, width=width)
    net.add_safe(f"{r}.{rooms}")
    for k in range(rooms):
        net.connect(f"{r}.{k}", f"{r}.{k + 1}", width=door, length=length, bidirectional=False)
people = [
    Population(f"{r}.{k}", each, speed=1.2, pre_movement=Uniform(0.0, spread), start_distance=0.0)
    for r in range(rows) for k in range(rooms)
]
found = []
for _ in range(runs + 1):
    simulation = NetworkSimulation(net, people, dt=step, t_max=36000.0)
    begun = time.process_time()
    result = simulation.run(seed=1)
    found.append(time.process_time() - begun)
print(json.dumps({"seconds": found[1:], "out": result.evacuation_time, "evacuated": result.evacuated,
                  "moves": int(result.link_flow.sum())}))
"""


def building() -> Network:
    """The rooms as links between the doors."""
    nodes = tuple(Node(f"{r}.{k}") for r in range(ROWS) for k in range(ROOMS + 1))
    links = tuple(
        Link(f"room {r}.{k}", f"{r}.{k}", f"{r}.{k + 1}", LENGTH_M, WIDTH_M, capacity_p_s=DOOR_P_S)
        for r in range(ROWS)
        for k in range(ROOMS)
    )
    return Network(nodes, links, sfpe())


def people(network: Network, each: int) -> Demand:
    """``each`` at every room's beginning, to the open of its row."""
    place = {node.id: n for n, node in enumerate(network.nodes)}
    origin = np.repeat([place[f"{r}.{k}"] for r in range(ROWS) for k in range(ROOMS)], each)
    goal = np.repeat([place[f"{r}.{ROOMS}"] for r in range(ROWS) for _ in range(ROOMS)], each)
    depart = np.random.default_rng(1).uniform(0, SPREAD_S, len(origin))
    names = [node.id for node in network.nodes]
    return Demand.direct(names, depart, origin.astype(np.int32), goal.astype(np.int32))


def ours(each: int) -> dict[str, Any]:
    """One run; processor seconds."""
    network = building()
    simulation = Simulation(Scenario(network, people(network, each), step_s=STEP_S))
    begun = time.process_time()
    simulation.run()
    seconds = time.process_time() - begun
    day = simulation.result()
    return {"seconds": seconds, "out": float(day.arrived_s.max()), "evacuated": day.arrived, "moves": day.link_moves}


def peer(python: str, each: int, runs: int) -> dict[str, Any]:
    """The same by jupedsim-network."""
    given = json.dumps([ROWS, ROOMS, LENGTH_M, WIDTH_M, DOOR_M, SPREAD_S, STEP_S, each, runs])
    done = subprocess.run([python, "-c", PEER, given], capture_output=True, text=True, check=False, timeout=900)
    lines = done.stdout.strip().splitlines()
    return dict(json.loads(lines[-1])) if lines else {"failed": done.stderr[-400:]}


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    ours(10)
    for each in (100, 1000):
        found = [ours(each) for _ in range(given.runs)]
        told = found[0] | {"seconds": [one["seconds"] for one in found]}
        middle = median(told["seconds"])
        print(
            f"{each * ROWS * ROOMS:,} people, load {os.getloadavg()[0]:.1f}\n  tminus {middle:.3f} s {told}", flush=True
        )
        if given.peer:
            other = peer(given.peer, each, given.runs)
            print(f"  peer {other}; times ours: {median(other.get('seconds', [np.nan])) / middle:.1f}", flush=True)


if __name__ == "__main__":
    main()
