"""Days off of China as known on a day: the State Council's notices, and the usual arrangement until one is out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

DAY = timedelta(days=1)

NOTICES: Mapping[int, date] = {
    2008: date(2008, 3, 28), 2009: date(2008, 12, 10), 2010: date(2009, 12, 8), 2011: date(2010, 12, 10),
    2012: date(2011, 12, 6), 2013: date(2012, 12, 10), 2014: date(2014, 1, 2), 2015: date(2014, 12, 16),
    2016: date(2015, 12, 10), 2017: date(2016, 12, 1), 2018: date(2017, 11, 30), 2019: date(2018, 12, 6),
    2020: date(2019, 11, 21), 2021: date(2020, 11, 25), 2022: date(2021, 10, 25), 2023: date(2022, 12, 8),
    2024: date(2023, 10, 31), 2025: date(2024, 11, 30), 2026: date(2025, 11, 30),
}  # fmt: skip
"""Year → day its notice stands under on www.gov.cn/zhengce/zhengceku (from 2024 on its address names the month only:
the month's last day is taken). A year that is not here: 1 December of the year before."""

LAST_YEAR = 2099
"""Of the library's lunar tables."""

LABOUR_WEEK = NOTICES[2020]
"""Since this notice Labour Day is a break of five days; before it followed the rule of single days."""


@dataclass(frozen=True, slots=True)
class RestDays:
    """``weekend``: weekdays off (Monday 0); ``holidays``: official day off → name; ``made_up``: weekend days worked.

    ``guessed``: years for which no notice was known.
    """

    weekend: frozenset[int]
    holidays: Mapping[date, str]
    made_up: frozenset[date]
    guessed: frozenset[int] = field(default_factory=frozenset)

    def off(self, day: date) -> bool:
        return day in self.holidays or (day.weekday() in self.weekend and day not in self.made_up)

    def provisional(self, day: date) -> bool:
        return _notice_year(day) in self.guessed


@dataclass(frozen=True, slots=True)
class _Revision:
    """A later notice: until ``published``, ``first`` … ``last`` stood as ``off`` (names) and ``made_up`` say."""

    published: date
    first: date
    last: date
    off: Mapping[date, str]
    made_up: frozenset[date] = frozenset()


REVISIONS = (
    _Revision(date(2015, 5, 13), date(2015, 9, 3), date(2015, 9, 6), {}),
    _Revision(date(2019, 3, 22), date(2019, 4, 28), date(2019, 5, 5), {date(2019, 5, 1): "Labor Day"}),
    _Revision(date(2020, 1, 27), date(2020, 1, 31), date(2020, 2, 2), {}, frozenset({date(2020, 2, 1)})),
)
"""Changed in the year itself: www.gov.cn/zhengce/zhengceku 2015-05/13, 2019-03/22, 2020-01/27."""


def known_in_china(years: Sequence[int], known_on: date | None) -> RestDays:
    """Days off of ``years`` as known at the end of ``known_on``; None: all that was ever published."""
    asked = range(min(years), min(max(years) + 1, LAST_YEAR) + 1)
    official, made_up = _published(asked.start - 1, asked.stop - 1)
    guessed = frozenset(year for year in asked if not _is_known(year, known_on, made_up))
    off = {day: name for day, name in official.items() if _notice_year(day) not in guessed}
    worked = {day for day in made_up if _notice_year(day) not in guessed}
    for revision in REVISIONS:
        if known_on is not None and known_on < revision.published and revision.published.year not in guessed:
            off, worked = _before(revision, off, worked)
    for year in sorted(guessed):
        for block in _usual_blocks(year, known_on):
            off |= block.off
            worked |= block.made_up - set(off)
    return RestDays(frozenset({5, 6}), off, frozenset(worked), guessed)


def _before(revision: _Revision, off: dict[date, str], worked: set[date]) -> tuple[dict[date, str], set[date]]:
    kept = {day: name for day, name in off.items() if not revision.first <= day <= revision.last}
    left = {day for day in worked if not revision.first <= day <= revision.last}
    return kept | dict(revision.off), left | revision.made_up


def _notice_year(day: date) -> int:
    """The last days of December stand in the notice of the next year, for they go with New Year's Day."""
    return day.year + (day.month == 12 and day.day >= 25)


def _is_known(year: int, known_on: date | None, made_up: frozenset[date]) -> bool:
    if year < min(NOTICES):
        return True
    if year not in NOTICES and not any(_notice_year(day) == year for day in made_up):
        return False
    return known_on is None or known_on >= NOTICES.get(year, date(year - 1, 12, 1))


def lunar_new_year(year: int) -> date:
    """First day of the lunar year that begins in ``year``, 1901 … 2099."""
    found: dict[int, tuple[int, int]] = _lunisolar().LUNAR_NEW_YEAR_DATES
    return date(year, *found[year])


@lru_cache(maxsize=1)
def _lunisolar() -> Any:
    from holidays.calendars.chinese import _ChineseLunisolar

    return _ChineseLunisolar


@lru_cache(maxsize=32)
def _published(first_year: int, last_year: int) -> tuple[dict[date, str], frozenset[date]]:
    """Official days off with their festival's name, and weekend days worked, as the library has them."""
    found: Any = holidays.country_holidays("CN", years=range(first_year, last_year + 1), language="en_US")
    made_up = frozenset(day for day in found.weekend_workdays if first_year <= day.year <= last_year)
    named = {day: _festival(name) for day, name in found.items() if day not in made_up}
    for day in sorted(day for day, name in named.items() if not name):
        named[day] = _of_neighbours(day, named)
    return named, made_up


def _festival(name: str) -> str:
    """One name a festival: without what was moved or observed; empty where the name tells none."""
    if name.startswith("Day off"):
        return ""
    if "Chinese New Year" in name:
        return "Spring Festival"
    if "National Day" in name:
        return "National Day"
    return name.split(" (")[0].split("; ")[0].replace("'s Day", " Day")


def _of_neighbours(day: date, named: Mapping[date, str]) -> str:
    near = (day + n * DAY for distance in range(1, 8) for n in (distance, -distance))
    return next((name for other in near if (name := named.get(other, ""))), "Day off")


# The usual arrangement, as long as no notice is out -------------


@dataclass(frozen=True, slots=True)
class _Block:
    off: Mapping[date, str]
    made_up: frozenset[date]


def _usual_blocks(year: int, known_on: date | None) -> Iterator[_Block]:
    """Breaks the law of festivals and the custom of earlier notices let expect; source: the notices themselves."""
    lunar = lunar_new_year(year)
    yield _block("Spring Festival", lunar - DAY, 8 if year >= 2025 else 7, 4 if year >= 2025 else 3)
    autumn = _lunisolar_day("MID_AUTUMN_DATES", year)
    first, last = date(year, 10, 1), date(year, 10, 8)
    joined = first - 2 * DAY <= autumn <= last
    yield _block("National Day", min(first, autumn) if joined else first, 8 if joined else 7, 4 if joined else 3)
    singles = {
        "New Year Day": date(year, 1, 1), "Tomb-Sweeping Day": _clear_and_bright(year),
        "Dragon Boat Festival": _lunisolar_day("DRAGON_BOAT_DATES", year),
    }  # fmt: skip
    if not joined:
        singles["Mid-Autumn Festival"] = autumn
    if known_on is None or known_on >= LABOUR_WEEK:
        yield _block("Labor Day", date(year, 5, 1), 5, 2 if year >= 2025 else 1)
    else:
        singles["Labor Day"] = date(year, 5, 1)
    for name, day in singles.items():
        yield _around(name, day)


def _lunisolar_day(table: str, year: int) -> date:
    return date(year, *getattr(_lunisolar(), table)[year])


def _clear_and_bright(year: int) -> date:
    """Qingming, 4 or 5 April: the usual formula of its century (20th: 5.59, 21st: 4.81)."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + (4.81 if year >= 2000 else 5.59)) - of_century // 4)


def _around(name: str, day: date) -> _Block:
    """A single day: with the weekend it touches; Tuesday and Thursday are bridged, Wednesday stands alone."""
    off, made_up = {
        0: ((0,), ()), 1: ((-1, 0), (-3,)), 2: ((0,), ()), 3: ((0, 1), (3,)), 4: ((0,), ()),
        5: ((0, 2), ()), 6: ((0, 1), ()),
    }[day.weekday()]  # fmt: skip
    return _Block({day + n * DAY: name for n in off}, frozenset(day + n * DAY for n in made_up))


def _block(name: str, first: date, length: int, statutory: int) -> _Block:
    """Days in a row; every weekday beyond the statutory days is worked on a weekend near by."""
    last = first + (length - 1) * DAY
    days = [first + n * DAY for n in range(length)]
    owed = sum(day.weekday() < 5 for day in days) - statutory
    before = [first - n * DAY for n in range(1, 10) if (first - n * DAY).weekday() >= 5]
    after = [last + n * DAY for n in range(1, 10) if (last + n * DAY).weekday() >= 5]
    return _Block(dict.fromkeys(days, name), frozenset(_worked(owed, first, last, before, after)))


def _worked(owed: int, first: date, last: date, before: list[date], after: list[date]) -> list[date]:
    """The nearest weekend day, then one on the other side where that is less than six days away."""
    nearer, other = sorted((before, after), key=lambda days: min(abs(days[0] - first), abs(days[0] - last)))
    apart = min(abs(other[0] - first), abs(other[0] - last)).days
    return [nearer[0], other[0] if apart < 6 else nearer[1], nearer[1]][: max(owed, 0)]
