"""A thousand people leave a room by one door: this engine against JuPedSim, calibrated at another width of the door.

``python benchmarks/crowd/bottleneck.py --peer PYTHON [--dt 0.05]``: ``PYTHON`` has jupedsim. The room is 20 × 20 m, the
door 1 m deep; everybody stands in it at random (seed 1) and walks at once (collision-free speed model, its defaults).
From 300 people at a door of 1.2 m the flow a metre is taken (between the 30th and the 270th person), of the whole width
and of the width less 0.15 m on each side; with it, and nothing else of the peer, 1,000 people at a door of 2.0 m are
simulated here as one link for the room and one for the door. The peer's seconds are processor time of its loop, ours of
the simulation after a first run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.diagram import weidmann
from tminus.engines.crowd.kinds import DOOR_BOUNDARY_M
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import simulate

ROOM_M, DOOR_M = 20.0, 1.0
CALIBRATED = (300, 1.2)
TESTED = (1000, 2.0)
MIDDLE = (0.1, 0.9)
MEAN_WALK_M = 11.5
"""From a random place in the room to the middle of the door's wall."""

PEER = """
import json, sys, time
import jupedsim as jps
from shapely import Polygon, union_all
persons, width, dt = json.load(sys.stdin)
half = width / 2
walkable = union_all([Polygon([(0, -10), (20, -10), (20, 10), (0, 10)]), Polygon([(20, -half), (21, -half), (21, half),
    (20, half)]), Polygon([(21, -3), (25, -3), (25, 3), (21, 3)])])
day = jps.Simulation(model=jps.CollisionFreeSpeedModel(), geometry=walkable, dt=dt)
way_out = day.add_exit_stage([(23, -2), (24.5, -2), (24.5, 2), (23, 2)])
journey = day.add_journey(jps.JourneyDescription([way_out]))
room = Polygon([(0.3, -9.7), (19.7, -9.7), (19.7, 9.7), (0.3, 9.7)])
for place in jps.distribute_by_number(polygon=room, number_of_agents=persons, distance_to_agents=0.45,
        distance_to_polygon=0.2, seed=1, max_iterations=1_000_000):
    day.add_agent(jps.CollisionFreeSpeedModelAgentParameters(position=place, journey_id=journey, stage_id=way_out))
through, seen, begun = [], set(), time.process_time()
while day.agent_count() > 0 and day.elapsed_time() < 3600:
    day.iterate(max(round(0.25 / dt), 1))
    there = {agent.id for agent in day.agents() if agent.position[0] < 21.0}
    inside = len(there)
    through.append((day.elapsed_time(), persons - inside))
    if inside == 0:
        break
json.dump({"through": through, "seconds": time.process_time() - begun, "version": jps.__version__}, sys.stdout)
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", required=True, help="a Python with jupedsim")
    parser.add_argument("--dt", type=float, default=0.05, help="the peer's time step, s")
    given = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, peer's step {given.dt:g} s\n")
    calibrated = played(given.peer, *CALIBRATED, given.dt)[0]
    theirs, seconds = played(given.peer, *TESTED, given.dt)
    print("\n| | flow at 1.2 m, /(m·s) | half out, s | nine tenths, s | all, s | off | processor s |")
    print("|---" * 7 + "|")
    print("| JuPedSim | | " + " | ".join(f"{at:.1f}" for at in told(theirs)) + f" | | {seconds:.1f} |")
    for words, less in (("whole width", 0.0), ("width less 0.3 m", 2 * DOOR_BOUNDARY_M)):
        tell(words, less, flow_a_metre(calibrated, CALIBRATED[1] - less), theirs)


def tell(words: str, less_m: float, flow: float, theirs: NDArray[np.float64]) -> None:
    capacity = flow * (TESTED[1] - less_m)
    walked(*TESTED, capacity)  # compiled, or fetched
    clock = time.process_time()
    ours = walked(*TESTED, capacity)
    spent = time.process_time() - clock
    off = [here / there - 1 for here, there in zip(told(ours), told(theirs), strict=True)]
    print(
        f"| tminus, {words} | {flow:.3f} | " + " | ".join(f"{at:.1f}" for at in told(ours)) + " | "
        + ", ".join(f"{one:+.1%}" for one in off) + f" | {spent:.4f} |"
    )  # fmt: skip


def played(peer: str, persons: int, width_m: float, dt_s: float) -> tuple[NDArray[np.float64], float]:
    """When each is through the peer's door, seconds, and its processor seconds."""
    answer = subprocess.run(
        [peer, "-c", PEER], input=json.dumps([persons, width_m, dt_s]), capture_output=True, text=True, check=True
    )
    found = json.loads(answer.stdout)
    at, through = np.array(found["through"]).T
    print(f"JuPedSim {found['version']}: {persons} persons, {width_m:g} m, {found['seconds']:.0f} s")
    return np.interp(np.arange(1, persons + 1), *_rising(through, at)), found["seconds"]


def _rising(through: NDArray[np.float64], at: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first = np.concatenate(([True], np.diff(through) > 0))
    return through[first], at[first]


def flow_a_metre(out_s: NDArray[np.float64], width_m: float) -> float:
    """Persons/(m·s) of the middle of a crowd."""
    first, last = (int(share * len(out_s)) for share in MIDDLE)
    return float((last - first) / (out_s[last] - out_s[first]) / width_m)


def walked(persons: int, width_m: float, capacity_p_s: float) -> NDArray[np.float64]:
    """When each is out by this engine, seconds, sorted."""
    links = (
        Link("room", "room", "door", MEAN_WALK_M, ROOM_M),
        Link("door", "door", "out", DOOR_M, width_m, capacity_p_s=capacity_p_s),
    )
    of = Network((Node("room"), Node("door"), Node("out")), links, weidmann(1.2))
    zeros = np.zeros(persons, np.int32)
    demand = Demand.direct(("room", "out"), np.zeros(persons), zeros, zeros + 1)
    return np.sort(simulate(Scenario(of, demand)).arrived_s)


def told(out_s: NDArray[np.float64]) -> tuple[float, float, float]:
    """Seconds until half, nine tenths and all are out."""
    return float(np.quantile(out_s, 0.5)), float(np.quantile(out_s, 0.9)), float(out_s[-1])


if __name__ == "__main__":
    main()
