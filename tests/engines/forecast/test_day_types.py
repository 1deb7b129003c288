"""Days that are alike: found from dates, else from the rhythm of the counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.engines.forecast.city import city
from tminus.engines.forecast import DayContext, FlowPanel
from tminus.engines.forecast.day_types import DayTypes, distances, effects, find_day_types, odd_days


def flat(panel: FlowPanel) -> np.ndarray:  # type: ignore[type-arg]
    return panel.values.reshape(len(panel.days), -1)


def types_of(panel: FlowPanel) -> DayTypes:
    return find_day_types(panel.days, flat(panel))


def test_weekends_are_far_from_workdays_and_near_one_another() -> None:
    panel = city(28)
    types = types_of(panel)
    monday, tuesday, saturday, sunday = (types.labels(panel.days)[at] for at in (0, 1, 5, 6))
    assert types.apart[monday, saturday] > 3 * max(types.apart[monday, tuesday], 0.1)
    assert types.apart[saturday, sunday] < 1


def test_without_dates_the_week_is_found() -> None:
    assert types_of(city(28, dated=False)).rhythm == 7


def test_without_dates_a_working_week_of_five_days_is_found() -> None:
    panel = city(35)
    work = [at for at in range(35) if at % 7 < 5]
    values = panel.values[work].copy()
    values[4::5] *= 1.5  # Fridays
    undated = replace(panel, values=values, days=(DayContext(),) * len(work))
    assert types_of(undated).rhythm == 5


def test_without_dates_and_rhythm_all_days_are_alike() -> None:
    draw = np.random.Generator(np.random.Philox(1))
    counts = draw.poisson(100, size=(20, 50)).astype(np.float32)
    types = find_day_types((DayContext(),) * 20, counts)
    assert (types.rhythm, len(types.names)) == (1, 1)


def test_a_new_day_type_borrows_from_all_others() -> None:
    panel = city(5)
    types = types_of(panel)
    saturday = types.labels(city(6).days)[5]
    assert saturday == -1
    apart = types.between(np.array([saturday]), np.arange(len(types.names)))
    assert np.isfinite(apart).all()


def test_a_holiday_nobody_named_is_odd() -> None:
    panel = city(28)
    values = panel.values.copy()
    values[9] *= 0.2
    holiday = replace(panel, values=values)
    types = types_of(holiday)
    odd = odd_days(types, types.labels(holiday.days), flat(holiday))
    assert np.flatnonzero(odd).tolist() == [9]


def test_missing_cells_do_not_enter_distances() -> None:
    panel = city(4)
    gappy = flat(panel).copy()
    gappy[1, ::3] = np.nan
    whole, with_gaps = distances(flat(panel)), distances(gappy)
    np.testing.assert_allclose(with_gaps, whole, rtol=0.4, atol=0.5)
    assert (np.diag(with_gaps) < 1e-9).all()


def test_effects_are_found_with_the_error_they_have() -> None:
    """Of 300 made cities the true weekend effect lies within two standard errors about as often as it should."""
    draw, inside = np.random.Generator(np.random.Philox(9)), 0
    panel = city(28)
    types = types_of(panel)
    labels = types.labels(panel.days)
    truth = np.array([0.6 if at % 7 > 4 else 1.0 for at in range(28)])
    middle = np.exp(np.log([1.0, 1, 1, 1, 1, 0.6, 0.6]).mean())
    for _ in range(300):
        found = effects(types, labels, 1000 * truth * np.exp(draw.normal(0, 0.1, 28)))
        saturday = next(one for one in found if one.name == "/5")
        inside += abs(np.log(saturday.ratio / (0.6 / middle))) < 2 * saturday.standard_error
    assert saturday.days == 4
    assert 0.9 < inside / 300 < 0.995


def test_days_without_a_total_have_no_effect() -> None:
    panel = city(14)
    types = types_of(panel)
    totals = np.full(14, np.nan)
    assert effects(types, types.labels(panel.days), totals) == ()
