"""Counters for the tests of counts, and their whole state to compare."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tminus.desks.passengers.intake.blocks import unpacked
from tminus.desks.passengers.intake.slots import day_of
from tminus.desks.passengers.models import CountDay, Counter, CounterPulse, CountHour
from tminus.platform.models import Event

T0 = int(datetime(2026, 8, 17, tzinfo=UTC).timestamp())  # 08:00 of the demonstration's day in Shanghai


def new_counter(event: Event, code: str = "g1", **more: Any) -> Counter:
    values = {"node": "gate-1", "key_hash": code, "made_at": datetime(2026, 8, 1, tzinfo=UTC), **more}
    return Counter.objects.create(event=event, code=code, **values)


def state(counter: Counter) -> tuple[Any, ...]:
    """Everything kept of a counter that may not depend on how its readings came."""
    hours = {row.hour: unpacked(row.readings) for row in CountHour.objects.filter(counter=counter)}
    days = {row.day: day_of(row.slots).tolist() for row in CountDay.objects.filter(counter=counter)}
    pulse = CounterPulse.objects.filter(counter=counter).values_list("first_s", "last_s").first()
    return hours, {day: rows for day, rows in days.items() if any(map(any, rows))}, pulse


def totals(counter: Counter) -> tuple[int, int]:
    """Persons in and out over all slots."""
    tables = [day_of(row.slots).sum(axis=0) for row in CountDay.objects.filter(counter=counter)]
    return sum(int(one[0]) for one in tables), sum(int(one[1]) for one in tables)
