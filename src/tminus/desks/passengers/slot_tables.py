"""Kept days of many counters as one array, and the slots of a service day on the event's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.intake.slots import SLOT_S, SLOTS
from tminus.desks.passengers.models import CountDay

DAY_BEGINS_MIN = 4 * 60
"""The service day changes at 04:00: whoever goes home after midnight still belongs to the day before."""
NO_SLOT = -1


def slot_table(counters: Sequence[int], first: int, until: int) -> NDArray[np.int32]:
    """[counter, slot, (persons in, persons out, seconds known)] of slots ``first`` … ``until`` − 1 since 1970."""
    first_day, last_day = first // SLOTS, (until - 1) // SLOTS
    table = np.zeros((len(counters), (last_day - first_day + 1) * SLOTS, 3), dtype=np.int32)
    at = {pk: row for row, pk in enumerate(counters)}
    for pk, day, content in _days(counters, first_day, last_day):
        here = (day - first_day) * SLOTS
        table[at[pk], here : here + SLOTS] = np.frombuffer(content, dtype="<i4").reshape(SLOTS, 3)
    begin = first - first_day * SLOTS
    return table[:, begin : begin + until - first]


def _days(counters: Sequence[int], first: int, last: int) -> Any:
    rows = CountDay.objects.filter(day__range=(first, last), counter__in=counters)
    return rows.values_list("counter_id", "day", "slots").iterator(2000)


def service_day(at: datetime) -> date:
    """The service day an event-local instant belongs to."""
    return (at.replace(tzinfo=None) - timedelta(minutes=DAY_BEGINS_MIN)).date()


def begins(day: date, zone: ZoneInfo) -> int:
    """The slot since 1970 with which a service day begins."""
    local = datetime.combine(day, time(), tzinfo=None) + timedelta(minutes=DAY_BEGINS_MIN)
    return int(local.replace(tzinfo=zone).timestamp()) // SLOT_S


def slots_of(day: date, zone: ZoneInfo) -> NDArray[np.int64]:
    """[slot of the service day, (first, second)] → slot since 1970, −1 where there is none.

    On the day a clock is set forward an hour of its slots does not exist; on the day it is set back an hour comes
    twice, and both belong to the slot.
    """
    found = np.full((SLOTS, 2), NO_SLOT, dtype=np.int64)
    start = datetime.combine(day, time()) + timedelta(minutes=DAY_BEGINS_MIN)
    for number in range(SLOTS):
        local = start + timedelta(seconds=SLOT_S * number)
        instants = [int(local.replace(tzinfo=zone, fold=fold).timestamp()) for fold in (0, 1)]
        back = datetime.fromtimestamp(instants[0], UTC).astimezone(zone).replace(tzinfo=None)
        if back != local:
            continue
        found[number] = [instants[0] // SLOT_S, instants[1] // SLOT_S if instants[1] != instants[0] else NO_SLOT]
    return found
