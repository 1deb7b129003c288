"""A table of stretches says of every position what asking the calendars says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import CALENDARS
from tminus.engines.schedule import WorkCalendar, week_calendar
from tminus.engines.schedule.risk.positions import (
    LATEST,
    POWER,
    Maps,
    Narrow,
    Window,
    decoded,
    entries_of,
    instant_of,
    make_maps,
    minutes_of,
    position,
    positions_of,
    stretches,
    window_of,
)
from tminus.engines.schedule.risk.wide import LANES
from tminus.engines.schedule.worktime import compile_calendars, day_number

ODD = (
    week_calendar("early", hours=((457, 700), (711, 1021))),
    week_calendar("round the clock", working_weekdays=range(5), hours=((0, 1440),)),
    week_calendar("quarters", working_weekdays=range(7), hours=((435, 705), (720, 1005))),
)


def tables(calendars: list[WorkCalendar], first: date, last: date, begin: int, end: int) -> tuple[Window, Maps]:
    """``begin`` and ``end`` in minutes from ``first``."""
    zero = day_number(first) * 1440
    window = window_of(compile_calendars(calendars, first, last), zero + begin, zero + end)
    pairs = ~np.eye(len(window.length), dtype=bool)
    return window, make_maps(window, pairs, pairs, set(range(len(window.length))))


def led(maps: Maps, number: int, positions: Narrow) -> Narrow:
    found = np.resize(positions, (-(-len(positions) // LANES), LANES))
    offset, table = np.empty(LANES, np.int32), (np.int32(maps.at[number]), np.int32(maps.last[number]))
    for row in found:
        stretches(row, offset, *table, np.int32(maps.grain), np.uint64(maps.inverse))
        entries_of(row, maps.entries)
        if number in maps.decode:
            minutes_of(row, offset)
        else:
            positions_of(row, offset, maps.edge[number])
    return found.reshape(-1)[: len(positions)]


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.sampled_from([*CALENDARS.values(), *ODD]), min_size=1, max_size=3, unique_by=lambda one: one.id),
    st.integers(0, 9000),
    st.integers(1, 8000),
)
def test_every_position_leads_where_its_instant_lies(calendars: list[WorkCalendar], begin: int, more: int) -> None:
    window, maps = tables(calendars, date(2026, 9, 14), date(2026, 11, 2), begin, begin + more)
    for a in range(len(window.length)):
        positions = np.arange(-3, 2 * window.length[a] + 6, dtype=np.int32)
        held = positions.clip(0, 2 * window.length[a] + 1)
        at = [min(max(int(instant_of(window, a, u)), window.begin), window.end) for u in held]
        assert (window.begin + led(maps, maps.decode[a], positions)).tolist() == at
        for b in set(range(len(window.length))) - {a}:
            for backward, numbers in ((0, maps.forward), (1, maps.backward)):
                found = led(maps, numbers[a, b], positions)
                assert found.tolist() == [position(window, b, t, backward) for t in at]


def test_a_plan_of_half_hours_has_short_tables() -> None:
    calendars = list(CALENDARS.values())
    window, maps = tables(calendars, date(2026, 1, 1), date(2026, 12, 31), 0, 300 * 1440)
    assert window.grain == 60
    minutes = sum(len(decoded(window, c)) for c in range(len(window.length)))
    assert len(maps.entries) < minutes / 8


@pytest.mark.parametrize("grain", [1, 5, 15, 30, 60, 240, 720, 1440, 7, 13])
def test_a_multiplication_divides(grain: int) -> None:
    inverse = -(-(1 << POWER) // grain)
    numbers = [*range(3000), *(LATEST // 2 - n for n in range(1, 3000)), *(LATEST // 4 + n for n in range(3000))]
    assert all((n * inverse) >> POWER == n // grain and n * inverse < 1 << 64 for n in numbers)
