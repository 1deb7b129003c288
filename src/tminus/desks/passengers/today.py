"""The service day so far: who came onto the site, who left, who is on it, gate by gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.adapter import CHANNELS
from tminus.desks.passengers.health import Health
from tminus.desks.passengers.intake.slots import SLOT_S
from tminus.desks.passengers.models import Counter
from tminus.desks.passengers.odd_readings import Odd
from tminus.desks.passengers.slot_tables import DAY_BEGINS_MIN, begins, service_day, slot_table
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


def believed(day: Day, counters: Sequence[Counter], odd: Mapping[int, Odd]) -> Day:
    """Without what is no counts; ``odd``: by counter."""
    counts = day.counts.copy()
    for row, one in enumerate(counters):
        if one.pk in odd:
            begin, end = (at // SLOT_S - day.first_slot for at in (odd[one.pk].begin_s, odd[one.pk].end_s - 1))
            counts[row, max(begin, 0) : max(end + 1, 0)] = 0
    return Day(day.first_slot, counts)


def corrected(day: Day, counters: Sequence[Counter], doubtful: Sequence[Mapping[str, Any]], until_minute: int) -> Day:
    """Without what a counter likely at fault said: what the day's re-forecast takes instead stands in its slots.

    :param doubtful: gates and channels as kept with the re-forecast of ``until_minute``; a fault that went on until
        then is taken to go on, and later counts of that gate are changed in the same measure.
    """
    counts = day.counts.copy()
    for one in doubtful:
        rows = [row for row, counter in enumerate(counters) if counter.node == one["node"]]
        channel = CHANNELS.index(one["channel"])
        begin, end = (_slot(one[name]) for name in ("from_minute", "until_minute"))
        if not rows or end <= begin:
            continue
        if one["counted"] > 0:
            goes_on = one["until_minute"] >= until_minute
            span = slice(begin, None if goes_on else end)
            counts[rows, span, channel] *= one["instead"] / one["counted"]
        else:  # it saw nobody: as many in each slot that is over
            slots = np.arange(begin, min(end, counts.shape[1]))
            counts[rows[0], slots, channel] += one["instead"] / max(len(slots), 1)
    return Day(day.first_slot, counts)


def _slot(minute: int) -> int:
    """Of the service day, which begins at 04:00."""
    return max(minute - DAY_BEGINS_MIN, 0) // (SLOT_S // 60)


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
