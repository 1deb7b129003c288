"""A day of a round-trip fleet, party by party: who comes is drawn at random, who came first goes first.

Written apart from the plan, which knows rates: here each party is one, comes at its own minute and takes one vehicle,
which is back a round trip later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.supply.plan import Floats, Ints, SupplyParams

MOST_PARTIES = 20_000_000
AFTER_MIN = 24 * 60.0
"""Minutes after the last slot in which its vehicles go on; who is left then is told as left."""


@dataclass(frozen=True, slots=True)
class SupplyDay:
    """What vehicles lead to, means of the paths; waits of those who got away.

    ``paths_kept``: paths on which as many wait no longer than the target as shall; ``longest_queue``: persons.
    """

    vehicle_hours: float
    most_vehicles: int
    mean_wait_min: float
    longest_wait_min: float
    within_target: float
    longest_queue: float
    left_persons: float
    paths: int
    paths_kept: int

    def as_json(self) -> dict[str, Any]:
        figures = {name: getattr(self, name) for name in self.__slots__}
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}


def parties_of(paths: Floats, slot_min: int, party: float, seed: int = 0) -> tuple[Floats, ...]:
    """Minutes after the first at which parties come, by path: Poisson numbers a slot, anywhere in it.

    :raises TransportError: more parties than can be looked at.
    """
    if (many := paths.sum() / party) > MOST_PARTIES:
        raise TransportError(f"{many:,.0f} parties on all paths; allowed: at most {MOST_PARTIES:,}, take fewer paths")
    chance = np.random.default_rng(seed)
    found = []
    for persons in paths:
        many = chance.poisson(persons / party)
        begin = np.repeat(np.arange(len(persons)) * float(slot_min), many)
        found.append(np.sort(begin + slot_min * chance.random(len(begin))))
    return tuple(found)


def simulate_supply(parties: Sequence[Floats], slot_min: int, vehicles: Ints, params: SupplyParams) -> SupplyDay:
    """``vehicles`` [slot], or [path, slot] where a policy looks at the day, against ``parties`` of each path."""
    each = np.broadcast_to(vehicles, (len(parties), vehicles.shape[-1]))
    waits = [
        _waits(come, slot_min, row, params.round_trip_min, AFTER_MIN) for come, row in zip(parties, each, strict=True)
    ]
    within = [_within(wait, params.target_min) for wait in waits]
    gone = np.concatenate([wait[np.isfinite(wait)] for wait in waits])
    return SupplyDay(
        vehicle_hours=float(each.sum()) * slot_min / 60 / len(each),
        most_vehicles=int(each.max()),
        mean_wait_min=float(gone.mean()) if len(gone) else 0.0,
        longest_wait_min=float(gone.max(initial=0.0)),
        within_target=float(np.average(within, weights=[max(len(wait), 1) for wait in waits])),
        longest_queue=max(_longest_queue(*pair) for pair in zip(parties, waits, strict=True)) * params.party,
        left_persons=float(sum(np.isinf(wait).sum() for wait in waits)) * params.party / len(waits),
        paths=len(waits),
        paths_kept=sum(share >= params.level for share in within),
    )


def _within(waits: Floats, target_min: float) -> float:
    return float((waits <= target_min).mean()) if len(waits) else 1.0


def _longest_queue(come: Floats, waits: Floats) -> float:
    """Parties waiting at once, at most."""
    waited = waits > 1e-9
    if not waited.any():
        return 0.0
    left = np.sort((come + waits)[waited & np.isfinite(waits)])
    return float((np.arange(1, waited.sum() + 1) - np.searchsorted(left, come[waited], side="right")).max())


@njit(cache=True)
def _waits(come, slot_min, vehicles, round_trip, after):  # type: ignore[no-untyped-def]
    """Minutes each party waits; infinite: it is left. Vehicles return in the order they went."""
    slots = len(vehicles)
    end = slots * slot_min + after
    gone = np.empty(len(come))
    waits = np.full(len(come), np.inf)
    back, now = 0, 0.0
    for number in range(len(come)):
        now = max(now, come[number])
        while True:
            slot = min(int(now // slot_min), slots - 1)
            while back < number and gone[back] + round_trip <= now:
                back += 1
            if number - back < vehicles[slot]:
                break
            following = (slot + 1) * slot_min if now < slots * slot_min and slot + 1 < slots else np.inf
            returns = gone[back] + round_trip if back < number else np.inf
            now = min(following, returns)
            if now > end:
                return waits
        gone[number] = now
        waits[number] = now - come[number]
    return waits
