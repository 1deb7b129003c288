"""The calendar as columns of a log-linear model, each with the penalty that shrinks its effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.calendars import CalendarDay, DayKind

LONG_BREAK = 5
"""Days from which on a break is a long one, in which a city empties."""
LUNAR_STEP = 4
"""Days between the knots of the curve around lunar new year."""
LUNAR_DAYS = 10
"""Days before and after lunar new year that have an effect of their own besides the curve."""


@dataclass(frozen=True, slots=True)
class EffectPenalties:
    """Ridge penalties on effects in logarithms, in squared residuals: small ones let the data speak.

    Chosen on rolling origins before 2017-02 (docs/engines/forecast.md). ``kind``: weekdays and kinds of day;
    ``break_``: a break's general effect; ``nth``: a single day of one break; ``lunar``: the curve around lunar new
    year; ``lunar_day``: its single days; ``season``: first annual harmonic, the k-th k² times; ``season_off``: the
    same for days off; ``make_up_weekday``: make-up Saturdays against Sundays.
    """

    kind: float = 0.01
    break_: float = 3.0
    nth: float = 0.5
    lunar: float = 0.1
    lunar_day: float = 0.3
    season: float = 1.0
    season_off: float = 10.0
    make_up_weekday: float = 5.0
    harmonics: int = 6


Entry = tuple[str, float, float]
"""Column, value, penalty."""


def effects(
    calendar: Sequence[CalendarDay], penalties: EffectPenalties
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
    """Columns [day, effect], penalties [effect] and names of the effects."""
    number: dict[str, int] = {}
    penalty: list[float] = []
    cells: list[tuple[int, int, float]] = []
    for row, told in enumerate(calendar):
        for name, value, strength in _entries(told, penalties):
            if name not in number:
                number[name] = len(penalty)
                penalty.append(strength)
            cells.append((row, number[name], value))
    columns = np.zeros((len(calendar), len(penalty)))
    at = np.array([(row, column) for row, column, _ in cells], dtype=np.intp).reshape(-1, 2)
    columns[at[:, 0], at[:, 1]] = [value for _, _, value in cells]
    return columns, np.array(penalty), tuple(number)


def _entries(told: CalendarDay, penalties: EffectPenalties) -> Iterator[Entry]:
    if told.kind is DayKind.HOLIDAY:
        yield from _in_break(told, penalties)
    else:
        yield from _outside(told, penalties)
    if told.lunar_offset is not None:
        yield from _around_lunar_new_year(told.lunar_offset, penalties)
    yield from _season(told, penalties)


def _in_break(told: CalendarDay, penalties: EffectPenalties) -> Iterator[Entry]:
    long, weekday = told.length >= LONG_BREAK, told.day.weekday()
    yield "break", 1.0, penalties.kind
    yield f"break {'long' if long else 'short'}", 1.0, penalties.break_
    yield f"break {told.holiday}", 1.0, penalties.break_
    yield f"break {told.holiday} {told.nth}", 1.0, penalties.nth
    if told.nth == told.length:
        yield f"break {told.holiday} last", 1.0, penalties.nth
    if not long:
        yield f"short break {min(told.nth, 3)}", 1.0, penalties.break_
        yield f"short break on {weekday}", 1.0, penalties.break_


def _outside(told: CalendarDay, penalties: EffectPenalties) -> Iterator[Entry]:
    if told.kind is DayKind.MAKE_UP:
        yield "make-up", 1.0, penalties.kind
        yield f"make-up on {told.day.weekday()}", 1.0, penalties.make_up_weekday
    else:
        yield f"{told.kind} on {told.day.weekday()}", 1.0, penalties.kind
    for word, near, name in (("before", told.until, told.next_break), ("after", told.since, told.last_break)):
        if 1 <= near <= 3:
            yield f"{near} {word}", 1.0, penalties.break_
            yield f"{near} {word} {name}", 1.0, penalties.nth
        elif near:
            yield f"days {word} {name}", 1.0, penalties.nth


def _around_lunar_new_year(offset: int, penalties: EffectPenalties) -> Iterator[Entry]:
    knot = offset - offset % LUNAR_STEP
    share = (offset - knot) / LUNAR_STEP
    yield f"lunar {knot}", 1 - share, penalties.lunar
    if share:
        yield f"lunar {knot + LUNAR_STEP}", share, penalties.lunar
    if abs(offset) <= LUNAR_DAYS:
        yield f"lunar day {offset}", 1.0, penalties.lunar_day


def _season(told: CalendarDay, penalties: EffectPenalties) -> Iterator[Entry]:
    angle = 2 * pi * (told.day - date(told.day.year, 1, 1)).days / 365.25
    for k in range(1, penalties.harmonics + 1):
        yield f"season sin {k}", sin(k * angle), penalties.season * k * k
        yield f"season cos {k}", cos(k * angle), penalties.season * k * k
    if told.kind in (DayKind.WEEKEND, DayKind.HOLIDAY):
        for k in (1, 2):
            yield f"season off sin {k}", sin(k * angle), penalties.season_off
            yield f"season off cos {k}", cos(k * angle), penalties.season_off
