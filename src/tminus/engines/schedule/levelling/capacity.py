"""How much there is of each row in each slot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.levelling.asked import SCALE, Row
from tminus.engines.schedule.levelling.resources import Supply
from tminus.engines.schedule.levelling.slots import Slots, work_until_many
from tminus.engines.schedule.model import WorkCalendar
from tminus.engines.schedule.worktime import Ints, WorkTime, compile_calendars, minutes

Units = NDArray[np.int32]
Calendars = Mapping[str, WorkCalendar]


def capacity_of(row: Row, calendars: Calendars, slots: Slots, time: WorkTime) -> Units:
    """Thousandths of ``row`` in each slot, with overtime; where it changes within one, the least."""
    if row.kind == "site":
        return np.full(len(slots.at), round(row.most * SCALE), dtype=np.int32)
    total = np.zeros(len(slots.at), dtype=np.int64)
    for supply in row.supplies:
        units = units_over(supply, slots, extra=True)
        if row.kind == "skills" and supply.calendar is not None:
            units = units * on_shift(calendars[supply.calendar], time, slots)
        total += units
    return np.minimum(total, np.iinfo(np.int32).max // 2).astype(np.int32)


def units_over(supply: Supply, slots: Slots, *, extra: bool = False) -> Ints:
    """Thousandths there are of a supply in each slot; ``extra``: with overtime, where there are any."""
    at, end = slots.at, slots.at + slots.minutes
    units = np.full(len(at), round(supply.units * SCALE), dtype=np.int64)
    for step in supply.steps:
        there, from_, until = round(step.units * SCALE), minutes(step.start), minutes(step.until)
        whole, touched = (at >= from_) & (end <= until), (end > from_) & (at < until)
        units = np.where(whole, there, np.where(touched, np.minimum(units, there), units))
    if supply.start is not None:
        units[at < minutes(supply.start)] = 0
    if supply.until is not None:
        units[end > minutes(supply.until)] = 0
    return np.asarray(np.where(units > 0, units + extra * round(supply.overtime_units * SCALE), 0), dtype=np.int64)


def on_shift(calendar: WorkCalendar, time: WorkTime, slots: Slots) -> Ints:
    """1 for each slot in which ``calendar`` works throughout."""
    first = date(1970, 1, 1) + timedelta(days=time.first_day)
    own = compile_calendars([calendar], first, first + timedelta(days=time.days - 1))
    worked = work_until_many(own, 1, slots.at + slots.minutes) - work_until_many(own, 1, slots.at)
    return np.where(worked == slots.minutes, 1, 0)
