"""Hours of days that are over in which a gate's counter was found at fault while they went on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.adapter import CHANNELS, NOT_IN_USE, SLOT_MIN
from tminus.desks.passengers.models import Counter, LiveIssue
from tminus.desks.passengers.slot_tables import DAY_BEGINS_MIN
from tminus.platform.models import Event


class Doubted(NamedTuple):
    """``number`` of the day, place, channel, its slots of a quarter of an hour; ``instead``: persons taken for all."""

    number: int
    node: str
    channel: int
    slots: slice
    instead: float
    said: dict[str, Any]


def doubted_hours(event: Event, days: Sequence[date]) -> list[Doubted]:
    """As the last re-forecast of each day has it."""
    last = {one.day: one for one in LiveIssue.objects.filter(event=event, day__in=list(days))}  # in order of time
    return [
        Doubted(
            number, one["node"], CHANNELS.index(one["channel"]),
            slice(_slot(one["from_minute"]), _slot(one["until_minute"])), one["instead"],
            {"what": "doubted", "day": day.isoformat(), **one},
        )
        for number, day in enumerate(days) if day in last for one in last[day].result["doubtful"]
    ]  # fmt: skip


def _slot(minute: int) -> int:
    return max(minute - DAY_BEGINS_MIN, 0) // SLOT_MIN


def without(counters: Sequence[Counter], flows: NDArray[np.float32], doubted: Sequence[Doubted]) -> NDArray[np.float32]:
    """[counter, day, slot, channel] with what was doubted not known."""
    found = flows.copy()
    for one in doubted:
        rows = [row for row, counter in enumerate(counters) if counter.node == one.node]
        part = found[rows, one.number, one.slots, one.channel]
        found[rows, one.number, one.slots, one.channel] = np.where(part == NOT_IN_USE, part, np.nan)
    return found


def filled(
    entries: NDArray[np.float64], number: int, gates: Sequence[str], doubted: Sequence[Doubted]
) -> list[Doubted]:
    """Put what is taken instead into ``entries`` [slot, gate] of one day, evenly; which of the doubted that were."""
    ours = [one for one in doubted if one.number == number and one.channel == 0 and one.node in gates]
    for one in ours:
        column = entries[one.slots, gates.index(one.node)]
        column[:] = one.instead / max(len(column), 1)
    return ours
