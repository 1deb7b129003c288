"""Who goes where and when: starts, assigned exits, exits chosen as things stand."""

from __future__ import annotations

import numpy as np

from tminus.engines.crowd.demand import Leg, Trip
from tminus.engines.crowd.network import Link
from tminus.engines.crowd.scenario import Routing
from tminus.engines.crowd.verification.case import Case, Outcome, within
from tminus.engines.crowd.verification.scenes import crowd, door, network, play

FAMILY = "Starting and choosing"
IMO = "IMO MSC.1/Circ.1533, appendix 2"


def _imo_5() -> Outcome:
    """Ten persons, each after its own delay between 10 and 100 s, each alone at 1 m/s over 10 m."""
    delays = np.random.default_rng(5).uniform(10, 100, 10)
    links = [Link(f"way-{n}", f"a{n}", f"b{n}", 10.0, 2.0) for n in range(10)]
    trips = [Trip(float(delay), f"a{n}", (Leg(f"b{n}"),), 1.0) for n, delay in enumerate(delays)]
    result = play(network(links), trips)
    late = np.sort(result.arrived_s) - np.sort(delays) - 10.0
    return within(float(np.abs(late).max()), 0.0, 1.0, 0.0)


def _imo_10() -> Outcome:
    """Twelve cabins off a corridor with a main and a secondary exit; four of the cabins are assigned the latter."""
    links = [Link(f"corridor-{n}", f"c{n}", f"c{n + 1}", 4.0, 2.0, twoway=True) for n in range(6)]
    links += [door(f"cabin-{n}", f"room-{n}", f"c{n % 6}", 1.0) for n in range(12)]
    links += [door("main", "c0", "out-main", 1.3), door("second", "c6", "out-second", 1.3)]
    second = (4, 5, 10, 11)
    trips = [trip for n in range(12) for trip in crowd(2, f"room-{n}", "out-second" if n in second else "out-main")]
    left = play(network(links), trips).outflow[:, -2:, 0].sum(axis=0)
    right = float(min(left[0], 16) + min(left[1], 8) - max(left[0] - 16, 0) - max(left[1] - 8, 0))
    return Outcome(right, 24.0, "exactly", right == 24.0)


def _rimea_11() -> Outcome:
    """1,000 persons of whom each takes the exit that is quicker as things stand; one exit is nearer."""
    links = [
        Link("near", "room", "near-door", 10.0, 10.0), Link("far", "room", "far-door", 30.0, 10.0),
        door("near-out", "near-door", "out", 1.33), door("far-out", "far-door", "out", 1.33),
    ]  # fmt: skip
    trips = [Trip(float(k) / 5.0, "room", (Leg("out"),)) for k in range(1000)]
    result = play(network(links), trips, routing=Routing(reactive_s=1.0))
    left = result.outflow[:, 2:, 0].sum(axis=0)
    return within(float(left[1] / left.sum()), 0.01, 0.4999, 0.5)


CASES = (
    Case(
        "imo-5",
        FAMILY,
        "Ten persons after their own delays: farthest from them",
        f"{IMO}, test 5; RiMEA 5",
        "s",
        _imo_5,
    ),
    Case(
        "imo-10",
        FAMILY,
        "Twelve cabins with assigned exits: persons by theirs",
        f"{IMO}, test 10; NIST TN 1822, 3.1",
        "persons",
        _imo_10,
    ),
    Case(
        "rimea-11",
        FAMILY,
        "Two exits: share by the farther one",
        "RiMEA 3.0, test 11",
        "",
        _rimea_11,
    ),
)
