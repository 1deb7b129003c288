"""The days a recurring exception of a calendar falls on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby

from tminus.formats.mspdi.elements import Element, number_of

MOST_DAYS = 40_000
LAST = 4
"""The position that means the last of a month; 0 … 3 are the first to the fourth."""

Rule = Callable[[Element, list[date]], list[date]]


def days_of(first: date, last: date) -> list[date]:
    """Every day from ``first`` to ``last``, :data:`MOST_DAYS` at most."""
    return [first + timedelta(days=number) for number in range(min((last - first).days, MOST_DAYS) + 1)]


def occurrences(exception: Element, first: date, last: date) -> list[date]:
    """
    :raises ValueError: a kind of recurrence there is none of.
    """
    kind = number_of(exception, "Type", 1)
    if kind not in RULES:
        raise ValueError(f"recurring exception of Type {kind}; allowed: 1 … {max(RULES)}")
    return RULES[kind](exception, days_of(first, last))


def _every(exception: Element) -> int:
    return max(number_of(exception, "Period", 1), 1)


def _daily(exception: Element, days: list[date]) -> list[date]:
    return days


def _every_so_many_days(exception: Element, days: list[date]) -> list[date]:
    return days[:: _every(exception)]


def _weekly(exception: Element, days: list[date]) -> list[date]:
    """On the days of the week in the mask (Sunday the lowest bit), every so many weeks."""
    mask, every = number_of(exception, "DaysOfWeek"), _every(exception)
    weeks = ((number // 7, day) for number, day in enumerate(days))
    return [day for week, day in weeks if mask >> ((day.weekday() + 1) % 7) & 1 and week % every == 0]


def _yearly_by_date(exception: Element, days: list[date]) -> list[date]:
    on = number_of(exception, "Month") + 1, number_of(exception, "MonthDay", 1)
    return [day for day in days if (day.month, day.day) == on]


def _yearly_by_position(exception: Element, days: list[date]) -> list[date]:
    month = number_of(exception, "Month") + 1
    return [day for day in _positions(exception, days) if day.month == month]


def _monthly_by_date(exception: Element, days: list[date]) -> list[date]:
    on = number_of(exception, "MonthDay", 1)
    return _every_so_many_months(exception, days, [day for day in days if day.day == on])


def _monthly_by_position(exception: Element, days: list[date]) -> list[date]:
    return _every_so_many_months(exception, days, _positions(exception, days))


def _every_so_many_months(exception: Element, days: list[date], chosen: list[date]) -> list[date]:
    first, every = _month(days[0]), _every(exception)
    return [day for day in chosen if (_month(day) - first) % every == 0]


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _every_so_many_weekdays(exception: Element, days: list[date]) -> list[date]:
    return [day for day in days if day.weekday() < 5][:: _every(exception)]


def _positions(exception: Element, days: list[date]) -> list[date]:
    return list(_in_each_month(exception, days))


def _in_each_month(exception: Element, days: list[date]) -> Iterator[date]:
    """The first, second … or last day of a kind in each month."""
    item, position = number_of(exception, "MonthItem"), number_of(exception, "MonthPosition")
    begun = [day for day in days_of(days[0].replace(day=1), days[0]) if day < days[0]]
    rest_of_month = [day for day in days_of(days[-1], days[-1] + timedelta(days=31)) if _month(day) == _month(days[-1])]
    for _, month in groupby([*begun, *days, *rest_of_month[1:]], _month):
        fitting = [day for day in month if _fits(item, day)]
        place = len(fitting) - 1 if position == LAST else position
        if 0 <= place < len(fitting) and days[0] <= fitting[place] <= days[-1]:
            yield fitting[place]


def _fits(item: int, day: date) -> bool:
    """0 any day, 1 a weekday, 2 of the weekend, 3 … 9 Sunday to Saturday."""
    if item <= 2:
        return item == 0 or (day.weekday() < 5) == (item == 1)
    return (day.weekday() + 1) % 7 == item - 3


RULES: dict[int, Rule] = {
    1: _daily,
    2: _yearly_by_date,
    3: _yearly_by_position,
    4: _monthly_by_date,
    5: _monthly_by_position,
    6: _weekly,
    7: _every_so_many_days,
    8: _every_so_many_weekdays,
    9: _daily,
}
