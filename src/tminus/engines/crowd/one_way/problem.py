"""What a one-way plan is made from: a network, who wants from where to where in a quarter-hour, what may be changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError

TWO_WAY_SHARE = 0.84
"""Two-way flow over one-way flow of the same width (scenario: the agents' counterflow)."""


class Way(StrEnum):
    """How a corridor is used."""

    BOTH = "both"
    FORWARD = "forward"
    BACK = "back"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class OneWayTask:
    """One planning task.

    :param demand: persons by origin and destination who set out in ``slot_s`` seconds.
    :param choices: by two-way link, how it may be used; all others stay as they are.
    :param kept: by link, how it is used so far; default both ways.
    """

    network: Network
    demand: Mapping[tuple[str, str], float]
    choices: Mapping[str, tuple[Way, ...]]
    slot_s: float = 900.0

    def __post_init__(self) -> None:
        nodes = {node.id for node in self.network.nodes}
        links = {link.id: link for link in self.network.links}
        for (start, end), persons in self.demand.items():
            if start not in nodes or end not in nodes or start == end or not 0 <= persons < 1e9:
                raise CrowdError(
                    f"{persons:g} persons from {start!r} to {end!r}; allowed: two nodes, 0 or more persons"
                )
        for id, ways in self.choices.items():
            if id not in links or not links[id].twoway or not ways or len(set(ways)) != len(ways):
                raise CrowdError(f"choice of {id!r}: allowed: a two-way link, and different ways to use it")
        if not 1 <= self.slot_s <= 86_400:
            raise CrowdError(f"slot {self.slot_s:g} s; allowed: 1 … 86400")
