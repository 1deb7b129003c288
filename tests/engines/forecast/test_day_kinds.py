"""Official kinds of days, as known before them, and what they are worth to a nowcast."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from tests.engines.forecast.city import city
from tminus.engines.forecast import DayContext, FlowPanel, NowcastParams
from tminus.engines.forecast.day_kinds import with_kinds
from tminus.engines.forecast.day_types import find_day_types
from tminus.engines.forecast.evaluation import Protocol, evaluate

SEPTEMBER = date(2018, 9, 1)
HOLIDAYS = {date(2018, 9, 22), date(2018, 9, 23), date(2018, 9, 24), *(date(2018, 10, at) for at in range(1, 8))}
MAKE_UP = {date(2018, 9, 29), date(2018, 9, 30)}


def autumn(days: int = 41) -> FlowPanel:
    """The made city from 1 September 2018, quiet on Chinese days off and busy on make-up days."""
    panel = city(days, seed=4)
    dates = [SEPTEMBER + timedelta(days=at) for at in range(days)]
    made = np.array([0.6 if (date(2026, 3, 2) + timedelta(days=at)).weekday() > 4 else 1.0 for at in range(days)])
    off = [(day.weekday() > 4 or day in HOLIDAYS) and day not in MAKE_UP for day in dates]
    wanted = np.where(off, 0.5, 1.0)
    values = np.round(panel.values * (wanted / made)[:, None, None, None]).astype(np.float32)
    return replace(panel, values=values, days=tuple(map(DayContext, dates)))


def test_kinds_are_told_as_known_and_given_ones_stay() -> None:
    days = [DayContext(date(2018, 9, 28) + timedelta(days=at)) for at in range(5)]
    days[1] = replace(days[1], kind="fair")
    told = with_kinds([*days, DayContext()], "CN", taught=2, nightly=True)
    assert [one.kind for one in told] == ["workday", "fair", "make-up workday", "holiday", "holiday", ""]


def test_what_was_announced_later_is_not_known_before() -> None:
    """In March 2019 Labour Day became four days with two made-up Sundays; in February nobody knew."""
    days = [DayContext(date(2019, 2, 20)), DayContext(date(2019, 5, 2))]
    before = with_kinds(days, "CN", taught=1, nightly=False)[1].kind
    after = with_kinds(days, "CN", taught=1, nightly=True)[1].kind
    assert (before, after) == ("workday", "holiday")


def test_a_holiday_never_seen_borrows_from_the_weekend_and_a_make_up_day_from_a_workday() -> None:
    panel = autumn(14)
    types = find_day_types(panel.days, panel.values.reshape(14, -1))
    saturday, sunday, monday, holiday, of_saturday, make_up = types.labels(
        [
            DayContext(date(2018, 9, 15)),
            DayContext(date(2018, 9, 16)),
            DayContext(date(2018, 9, 17)),
            DayContext(date(2018, 9, 24), "holiday"),
            DayContext(date(2018, 9, 22), "holiday"),
            DayContext(date(2018, 9, 29), "make-up workday"),
        ]
    )
    borrowing = types.between(np.array([holiday, make_up]), np.array([sunday, saturday, monday]))
    assert borrowing[0, 0] == borrowing[0, 1] < 0.5 < borrowing[0, 2]
    assert borrowing[1, 2] < 0.5 < borrowing[1, 0]
    assert types.between(np.array([sunday, holiday]), np.array([holiday]))[:, 0].round(3).tolist() == [
        1 + round(borrowing[0, 0], 3),
        0,
    ]
    assert of_saturday == -2 - types.names.index("/5")


def test_a_kind_of_ones_own_borrows_from_its_own_days_then_from_the_weekday() -> None:
    panel = autumn(14)
    fair = replace(panel, days=(*panel.days[:-1], replace(panel.days[-1], kind="fair")))
    types = find_day_types(fair.days, fair.values.reshape(14, -1))
    again, other = -2 - types.labels([DayContext(date(2018, 9, 18), "fair"), DayContext(date(2018, 9, 18), "parade")])
    assert types.names[again] == "fair/4"
    assert types.names[other] == "/1"


def test_holidays_told_make_the_break_easier_to_foresee() -> None:
    panel = autumn()
    told = replace(panel, days=with_kinds(panel.days, "CN", taught=28, nightly=True))
    protocol, params = Protocol((0, 28), (28, 37), 4, 1), NowcastParams(horizon=1, model="profile")
    unaware, aware = (evaluate(one, protocol, params).steps[0].as_json() for one in (panel, told))
    assert (aware["mae"] or 0) < 0.75 * (unaware["mae"] or 0)


def test_ordinary_days_are_forecast_as_without_a_calendar() -> None:
    panel = city(21)
    told = replace(panel, days=with_kinds(panel.days, "GB", taught=14, nightly=False))
    protocol, params = Protocol((0, 14), (14, 21), 4, 1), NowcastParams(horizon=1, model="ridge", folds=3)
    without, with_them = (evaluate(one, protocol, params).steps[0].as_json() for one in (panel, told))
    assert with_them["mae"] == without["mae"]
