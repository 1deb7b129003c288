"""The service day so far: who came onto the site, who left, who is on it, gate by gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.health import Health
from tminus.desks.passengers.intake.slots import SLOT_S
from tminus.desks.passengers.models import Counter
from tminus.desks.passengers.slot_tables import begins, service_day, slot_table
from tminus.platform.models import Event


@dataclass(frozen=True, slots=True)
class Day:
    """Counts of the service day up to now: ``counts[counter, slot, (in, out)]``, persons."""

    first_slot: int
    counts: NDArray[np.float64]


def day_so_far(event: Event, counters: Sequence[Counter], now: datetime) -> Day:
    """Counts since 04:00; a slot for which a counter sent everything twice counts once."""
    first = begins(service_day(now.astimezone(event.zone)), event.zone)
    until = int(now.timestamp()) // SLOT_S + 1
    table = slot_table([one.pk for one in counters], first, until).astype(np.float64)
    once = np.minimum(1.0, SLOT_S / np.maximum(table[..., 2], 1.0))
    return Day(first, table[..., :2] * once[..., None])


def site(day: Day) -> dict[str, Any]:
    """Entries, exits and who is on the site, now and at the end of each slot."""
    by_slot = day.counts.sum(axis=0)
    inside = np.cumsum(by_slot[:, 0] - by_slot[:, 1])
    entries, exits = (round(float(by_slot[:, channel].sum())) for channel in (0, 1))
    return {
        "entries": entries,
        "exits": exits,
        "inside": max(entries - exits, 0),
        "overdrawn": max(exits - entries, 0),
        "peak": max(round(float(inside.max(initial=0.0))), 0),
        "slots": [
            {"at_s": (day.first_slot + slot) * SLOT_S, "in": round(float(row[0])), "out": round(float(row[1])),
             "inside": round(float(inside[slot]))}
            for slot, row in enumerate(by_slot)
        ],
    }  # fmt: skip


def by_gate(
    day: Day, counters: Sequence[Counter], health: dict[int, Health], names: dict[str, str]
) -> list[dict[str, Any]]:
    """Each place at the edge, the one with most entries first, with how old its counts are."""
    found = []
    for node in dict.fromkeys(one.node for one in counters):
        rows = [row for row, one in enumerate(counters) if one.node == node]
        total = day.counts[rows].sum(axis=(0, 1))
        last_hour = day.counts[rows, -4:].sum(axis=(0, 1))
        states = [health[counters[row].pk] for row in rows]
        heard = [one.since_s for one in states if one.since_s is not None]
        found.append(
            {
                "node": node,
                "name": names.get(node, node),
                "in": round(float(total[0])),
                "out": round(float(total[1])),
                "in_last": round(float(last_hour[0])),
                "out_last": round(float(last_hour[1])),
                "until_s": min(heard, default=None),
                "counters": len(rows),
                "amiss": [counters[row].code for row in rows if health[counters[row].pk].state != "sending"],
            }
        )
    return sorted(found, key=lambda one: (-one["in"], one["node"]))
