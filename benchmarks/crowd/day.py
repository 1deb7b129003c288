"""The same trips on the same network: this engine, SUMO and UXsim; and days of up to three million.

``python benchmarks/crowd/day.py [--peer PYTHON] [--growth] [--runs 3]``: ``PYTHON`` has eclipse-sumo and
uxsim. The network is a grid of 32 × 32 junctions with a link of 60 m each way between neighbours; 100,000
trips between random junctions set off evenly over three hours and take the same shortest ways everywhere (UXsim chooses
its own). SUMO's persons are ``nonInteracting`` (no density, no capacity, no queue); its vehicles run mesoscopically on
two lanes over twelve hours, as denser ones stop for good; UXsim moves platoons of ten over twelve hours. A link move is
one agent through one link. Seconds are processor time of the simulation alone, ours after a first run;
SUMO's of its process, reading included.

``--growth``: days of 16 hours from 10,000 to 3,000,000 visitors with three to five legs, steps of 1 s, and a branch
with two hours left.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from tminus.engines.crowd.agents.simulation import Simulation
from tminus.engines.crowd.compiled import compile_network
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.routing import free_costs, next_ways
from tminus.engines.crowd.scenario import Change, Field, Scenario

SIDE, LENGTH_M, WIDTH_M = 32, 60.0, 6.0
TRIPS, SPREAD_S = 100_000, 10_800.0
GROWTH = (10_000, 100_000, 1_000_000, 3_000_000)
HOURS = 16

SUMO = """
import json, sys, time, os, subprocess, sumo
folder, meso = sys.argv[1], sys.argv[2] == "meso"
home = sumo.SUMO_HOME
binary = os.path.join(home, "bin", "sumo")
options = ["-n", folder + "/net.xml", "-r", folder + ("/cars.xml" if meso else "/people.xml"), "--no-step-log", "true"]
options += ["--no-warnings", "true", "--duration-log.statistics", "true", "--end", "90000"]
if meso:
    options += ["--mesosim", "true", "--time-to-teleport", "120"]
else:
    options += ["--pedestrian.model", "nonInteracting"]
before = os.times()
done = subprocess.run([binary, *options], capture_output=True, text=True)
after = os.times()
line = [l for l in done.stdout.splitlines() if "Duration" in l or "Loaded" in l or "Inserted" in l]
seconds = after.children_user - before.children_user
print(json.dumps({"seconds": seconds, "told": line[:4], "failed": done.stderr[-400:]}))
"""
NETCONVERT = """
import sys, os, subprocess, sumo
folder = sys.argv[1]
options = ["-n", folder + "/n.nod.xml", "-e", folder + "/e.edg.xml", "-o", folder + "/net.xml"]
options += ["--no-turnarounds", "true", "--no-internal-links", "true"]
subprocess.run([os.path.join(sumo.SUMO_HOME, "bin", "netconvert"), *options], check=True, capture_output=True)
"""
UXSIM = """
import json, sys, time
from uxsim import World
case = json.load(open(sys.argv[1]))
W = World(name="", deltan=10, tmax=60000, print_mode=0, save_mode=0, show_mode=0, random_seed=0, cpp=True)
for name, x, y in case["nodes"]:
    W.addNode(name, x, y)
for name, a, b in case["links"]:
    W.addLink(name, a, b, length=case["length"], free_flow_speed=13.4, jam_density=0.4, number_of_lanes=2)
for k in range(0, len(case["trips"]), 10):
    at, a, b = case["trips"][k]
    W.adddemand(a, b, at * 4, at * 4 + 1, volume=10)
before = time.process_time()
W.exec_simulation()
print(json.dumps({"seconds": time.process_time() - before}))
"""


def grid(width_m: float = WIDTH_M) -> Network:
    """The grid of junctions."""
    nodes = tuple(Node(f"{i}.{j}", x=i * LENGTH_M, y=j * LENGTH_M) for i in range(SIDE) for j in range(SIDE))
    links = []
    for i in range(SIDE):
        for j in range(SIDE):
            for a, b in ((i + 1, j), (i, j + 1), (i - 1, j), (i, j - 1)):
                if 0 <= a < SIDE and 0 <= b < SIDE:
                    links.append(Link(f"{i}.{j}-{a}.{b}", f"{i}.{j}", f"{a}.{b}", LENGTH_M, width_m))
    return Network(nodes, tuple(links))


def trips(network: Network, count: int = TRIPS) -> Demand:
    """Random pairs, evenly over three hours."""
    random = np.random.default_rng(0)
    size = len(network.nodes)
    origin, destination = random.integers(0, size, count), random.integers(0, size, count)
    destination = np.where(destination == origin, (destination + 1) % size, destination)
    ids = [node.id for node in network.nodes]
    return Demand.direct(ids, random.uniform(0, SPREAD_S, count), origin.astype(np.int32), destination.astype(np.int32))


def visitors(network: Network, count: int) -> Demand:
    """Three to five legs, stays of fifty minutes on average, arrivals over nine hours at twenty stations."""
    random = np.random.default_rng(0)
    size = len(network.nodes)
    first = np.concatenate(([0], np.cumsum(random.integers(3, 6, count)))).astype(np.int64)
    rim = [n for n, node in enumerate(network.nodes) if {node.x, node.y} & {0.0, (SIDE - 1) * LENGTH_M}]
    stations, halls = random.choice(rim, 20, replace=False), random.choice(size, 40, replace=False)
    node = random.choice(halls, first[-1]).astype(np.int32)
    node[first[1:] - 1] = random.choice(stations, count)
    return Demand(
        tuple(one.id for one in network.nodes), np.sort(random.uniform(0, 9 * 3600, count)),
        random.choice(stations, count).astype(np.int32), first, node,
        random.exponential(3000, first[-1]).astype(np.float32), np.zeros(first[-1], np.float32),
        np.full(count, np.nan, np.float32),
    )  # fmt: skip


def ours(scenario: Scenario, until_s: float | None = None) -> dict[str, Any]:
    """One run; processor seconds."""
    simulation = Simulation(scenario)
    begun = time.process_time()
    simulation.run(until_s)
    seconds = time.process_time() - begun
    result = simulation.result()
    return {"seconds": seconds, "moves": result.link_moves, "arrived": result.arrived, "walked_s": result.agent_seconds}


def write_peers(folder: Path, network: Network, demand: Demand) -> None:
    """The network and the trips as SUMO and UXsim read them."""
    nodes = "".join(f'<node id="{n.id}" x="{n.x}" y="{n.y}" type="priority"/>' for n in network.nodes)
    folder.joinpath("n.nod.xml").write_text(f"<nodes>{nodes}</nodes>")
    edges = "".join(
        f'<edge id="{link.id}" from="{link.start}" to="{link.end}" numLanes="2" speed="13.4"/>'
        for link in network.links
    )
    folder.joinpath("e.edg.xml").write_text(f"<edges>{edges}</edges>")
    people, cars = [], []
    for at, path in zip(demand.depart_s, _paths(network, demand), strict=True):
        way = " ".join(path)
        people.append(f'<person id="{len(people)}" depart="{at:.2f}" type="p"><walk edges="{way}"/></person>')
        cars.append(f'<vehicle id="{len(cars)}" depart="{at * 4:.2f}"><route edges="{way}"/></vehicle>')
    kind = '<vType id="p" vClass="pedestrian" maxSpeed="1.34"/>'
    folder.joinpath("people.xml").write_text(f"<routes>{kind}{''.join(people)}</routes>")
    folder.joinpath("cars.xml").write_text(f"<routes>{''.join(cars)}</routes>")
    place = demand.nodes
    case = {
        "nodes": [(n.id, n.x, n.y) for n in network.nodes],
        "links": [(link.id, link.start, link.end) for link in network.links], "length": LENGTH_M * 10,
        "trips": [
            (float(at), place[o], place[d])
            for at, o, d in zip(demand.depart_s, demand.origin, demand.leg_node, strict=True)
        ],
    }  # fmt: skip
    folder.joinpath("case.json").write_text(json.dumps(case))


def _paths(network: Network, demand: Demand) -> list[list[str]]:
    net = compile_network(network)
    every = np.arange(len(net.nodes), dtype=np.int32)
    table = next_ways(net, every, free_costs(net))
    found = []
    for origin, destination in zip(demand.origin, demand.leg_node, strict=True):
        at, path = int(origin), []
        while at != destination:
            way = int(table[destination, at])
            path.append(net.links[net.element[way]].id)
            at = int(net.end[way])
        found.append(path)
    return found


def peer(python: str, code: str, *arguments: str) -> dict[str, Any]:
    """What a peer's script tells."""
    done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False, timeout=900)
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else {"failed": done.stderr[-400:]}


def compare(python: str | None, runs: int) -> None:
    """Our runs and the peers' in turn."""
    network = grid()
    demand = trips(network)
    scenario = Scenario(network, demand)
    moves = ours(scenario)["moves"]
    seconds: dict[str, list[float]] = {"tminus, steps of 1 s": []}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if python:
            write_peers(folder, network, demand)
            subprocess.run([python, "-c", NETCONVERT, place], check=True)
        for _ in range(runs):
            seconds["tminus, steps of 1 s"].append(ours(scenario)["seconds"])
            if python:
                for name, code, arguments in (
                    ("SUMO persons, nonInteracting", SUMO, (place, "people")),
                    ("SUMO vehicles, mesoscopic", SUMO, (place, "meso")),
                    ("UXsim, platoons of ten", UXSIM, (str(folder / "case.json"),)),
                ):
                    told = peer(python, code, *arguments)
                    print(name, told, flush=True)
                    if "seconds" in told:
                        seconds.setdefault(name, []).append(told["seconds"])
    base = statistics.median(seconds["tminus, steps of 1 s"])
    print(f"{moves:,} link moves; load {os.getloadavg()[0]:.1f}")
    for name, of in seconds.items():
        middle = statistics.median(of)
        print(f"| {name} | {middle:.2f} s | {moves / middle / 1e6:.2f} M moves/s | {middle / base:.1f} |")


def growth() -> None:
    """Days of more and more visitors, and a branch of the million's day with two hours left."""
    network = grid(8.0)
    for count in GROWTH:
        scenario = Scenario(network, visitors(network, count))
        told = ours(scenario, HOURS * 3600)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        rate = told["walked_s"] / told["seconds"] / 1e6
        print(
            f"| {count:,} | {told['moves'] / 1e6:.1f} M | {told['seconds']:.2f} s | {rate:.0f} M person-seconds/s "
            f"| {peak:.2f} GB | {told['arrived']:,} | load {os.getloadavg()[0]:.1f} |",
            flush=True,
        )
        if count == 1_000_000:
            branch(scenario)


def branch(scenario: Scenario) -> None:
    """Close a link with two hours left, from a snapshot."""
    simulation = Simulation(scenario)
    simulation.run((HOURS - 2) * 3600)
    kept = simulation.snapshot()
    begun = time.process_time()
    simulation.resume(kept, (Change((HOURS - 2) * 3600 + 60, scenario.network.links[2000].id, Field.OPEN, 0),))
    simulation.run(HOURS * 3600)
    print(f"branch with two hours left: {time.process_time() - begun:.2f} s", flush=True)


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    told = parser.parse_args()
    compare(told.peer, told.runs)
    if told.growth:
        growth()


if __name__ == "__main__":
    main()
