"""Evacuation against what no evacuation can beat: the earliest-arrival flow."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Trip
from tminus.engines.crowd.evacuation import EvacuationPlan, plan_evacuation
from tminus.engines.crowd.evacuation.resimulation import walk_again
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.verification.case import Case, Outcome
from tminus.engines.crowd.verification.scenes import crowd, network, play, steady

FAMILY = "Leaving"
SPEED = 1.34
PEOPLE = {"hall-1": 400, "hall-2": 250, "hall-3": 150}
COUNTED_FROM = 40
"""Shares of fewer persons than so many say little."""


def _venue() -> Network:
    """Three halls, two corridors that meet, two exits; every link is walked in whole seconds, nobody slows down."""
    ways = (
        ("a", "hall-1", "west", 10, 2.0), ("b", "hall-2", "west", 20, 1.5), ("c", "hall-2", "east", 15, 1.0),
        ("d", "hall-3", "east", 30, 2.0), ("e", "west", "east", 25, 1.0), ("f", "west", "out-west", 40, 2.0),
        ("g", "east", "out-east", 30, 1.0),
    )  # fmt: skip
    links = [Link(id, start, end, seconds * SPEED, width) for id, start, end, seconds, width in ways]
    exits = [Node(f"out-{side}", NodeKind.EXIT) for side in ("west", "east")]
    return network(links, steady(SPEED, 1.0, 5.0), exits)


@cache
def _plan() -> EvacuationPlan:
    return plan_evacuation(_venue(), PEOPLE, step_s=1.0)


def _out_by(arrived_s: NDArray[np.float64], plan: EvacuationPlan) -> NDArray[np.int64]:
    """[step of the plan] how many are out."""
    return np.searchsorted(np.sort(arrived_s), plan.times_s + 1e-6)


def curves() -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Seconds, and how many are out by then: as the earliest-arrival flow has it, under its plan, by nearest exits."""
    plan, of = _plan(), _venue()
    nearest: list[Trip] = []
    for hall, persons in PEOPLE.items():
        nearest += crowd(persons, hall, "out-east" if hall == "hall-3" else "out-west")
    freely = play(of, nearest).arrived_s
    return plan.times_s, plan.arrived, _out_by(walk_again(of, plan).out_s, plan), _out_by(freely, plan)


def _never_beaten() -> Outcome:
    """Everybody to the nearest exit at once, and everybody as planned: never more out than the plan has."""
    _, bound, planned, nearest = curves()
    ahead = max(int((out - bound).max()) for out in (planned, nearest))
    return Outcome(float(ahead), 0.0, "at most 1", ahead <= 1, "persons ahead of the bound at any second")


def _reached() -> Outcome:
    times_s, bound, planned, _ = curves()
    counted = bound >= COUNTED_FROM
    least = float((planned[counted] / bound[counted]).min())
    return Outcome(least, 1.0, "at least 0.95", least >= 0.95, f"last out {times_s[-1]:.0f} s by the plan")


CASES = (
    Case(
        "bound",
        FAMILY,
        "800 persons ahead of the earliest-arrival flow",
        "Gale 1959; Minieka 1973",
        "persons",
        _never_beaten,
    ),
    Case(
        "bound-reached", FAMILY, "Under the plan: least share of its flow out at any second", "Gale 1959", "", _reached
    ),
)
