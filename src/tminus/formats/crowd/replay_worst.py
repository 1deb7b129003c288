"""The worst places and minutes of a simulated day, by the minutes people spent in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import WALKED
from tminus.engines.crowd.level_of_service import LEVELS
from tminus.engines.crowd.network import Network

MOST = 40
LEAST = 10
"""So many are told even where nobody was pressed in them."""
CROWDED = 2
"""Level C: a way that never is more crowded than B is no bad place."""
PRESSED = 3


def worst_of(
    network: Network, result: DayResult, levels: NDArray[np.int8], place: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Ways, gates and stops, the worst first; ``slot``: the worst one, ``from`` and ``to``: the slots around it that
    are bad too.

    ``minutes``: person-minutes at E and F on a way, in the queue of a gate, and at a stop waiting in slots in which
    somebody was left behind.
    """
    found = [*_ways(network, result, levels), *_gates(result, place), *_stops(result, place)]
    found.sort(key=lambda one: (-one["minutes"], -one["value"]))
    return [one for n, one in enumerate(found[:MOST]) if one["minutes"] or n < LEAST]


def _ways(network: Network, result: DayResult, levels: NDArray[np.int8]) -> list[dict[str, Any]]:
    pressed = result.person_s_by_level[:, 4:].sum(axis=1) / 60.0
    found = []
    for n, link in enumerate(network.links):
        if link.kind in WALKED and len(levels) and levels[:, n].max() >= CROWDED:
            slot = int(np.lexsort((result.peak_density[:, n], levels[:, n]))[-1])
            bad = levels[:, n] >= min(PRESSED, levels[slot, n])
            found.append({
                "kind": "way", "at": n, **_spell(bad, slot), "level": LEVELS[levels[slot, n]],
                "value": round(float(result.peak_density[slot, n]), 2),
                "persons": round(float(result.occupancy[slot, n])), "minutes": round(float(pressed[n])),
            })  # fmt: skip
    return found


def _gates(result: DayResult, place: Mapping[str, int]) -> list[dict[str, Any]]:
    """``value``: the mean wait of the slot, seconds; none was served: 0."""
    found = []
    for n, gate in enumerate(result.gates.ids):
        queue = result.gates.queue[:, n]
        if len(queue) and queue.max() >= 1:
            slot = int(queue.argmax())
            wait = float(np.nan_to_num(result.gates.wait_s[slot, n]))
            found.append({
                "kind": "gate", "at": place[gate], **_spell(queue >= queue[slot] / 2, slot), "level": None,
                "value": round(wait), "persons": round(float(queue[slot])),
                "minutes": round(float(queue.sum()) * result.slot_s / 60.0),
            })  # fmt: skip
    return found


def _stops(result: DayResult, place: Mapping[str, int]) -> list[dict[str, Any]]:
    """``value``: left behind in the slot, counted anew by every vehicle; ``persons``: who waited there."""
    slots, rides = len(result.occupancy), result.rides
    number = {stop: n for n, stop in enumerate(dict.fromkeys(rides.stop))}
    at = np.minimum(rides.depart_s // result.slot_s, slots - 1).astype(np.int64)
    of = np.fromiter((number[stop] for stop in rides.stop), np.int64, len(rides.stop))
    by_stop = np.bincount(of * slots + at, weights=rides.left_behind, minlength=len(number) * slots)
    found = []
    for stop, left in zip(number, by_stop.reshape(len(number), slots), strict=True):
        if left.any():
            slot, waiting = int(left.argmax()), result.waiting[:, place[stop]].astype(np.float64)
            found.append({
                "kind": "stop", "at": place[stop], **_spell(left > 0, slot), "level": None,
                "value": round(float(left[slot])), "persons": round(float(waiting[slot])),
                "minutes": round(float(waiting[left > 0].sum()) * result.slot_s / 60.0),
            })  # fmt: skip
    return found


def _spell(bad: NDArray[np.bool_], slot: int) -> dict[str, int]:
    """The slots around ``slot`` that are bad without a break."""
    begin = end = slot
    while begin > 0 and bad[begin - 1]:
        begin -= 1
    while end + 1 < len(bad) and bad[end + 1]:
        end += 1
    return {"slot": slot, "from": begin, "to": end}
