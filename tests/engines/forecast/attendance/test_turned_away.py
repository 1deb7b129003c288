"""Caps: nobody is lost or invented, and no day holds more than it may."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tminus.engines.forecast.attendance import spread_turned_away

PERSONS = st.floats(0, 1e6, allow_subnormal=False)


@given(
    demand=arrays(np.float64, (4, 6), elements=PERSONS),
    capacity=arrays(np.float64, 6, elements=st.one_of(PERSONS, st.just(np.inf))),
    share=st.floats(0, 1),
    past=arrays(np.bool_, 6),
)
@settings(max_examples=200, deadline=None)
def test_conserved_within_caps(demand: np.ndarray, capacity: np.ndarray, share: float, past: np.ndarray) -> None:
    visits, away = spread_turned_away(demand, capacity, share, past=past)
    assert np.allclose(visits.sum(axis=1) + away, demand.sum(axis=1), rtol=1e-9, atol=1e-3)
    assert np.all(visits[:, ~past] <= capacity[~past] * (1 + 1e-9) + 1e-6)
    assert np.array_equal(visits[:, past], demand[:, past])
    assert np.all(visits >= 0)
    assert np.all(away >= -1e-6)


def test_the_near_day_is_chosen_first() -> None:
    demand = np.array([[100.0, 10.0, 10.0, 10.0]])
    visits, away = spread_turned_away(demand, np.array([50.0, np.inf, np.inf, np.inf]), 1.0)
    assert visits[0, 0] == 50.0
    assert visits[0, 1] > visits[0, 2] > visits[0, 3] > 10.0
    assert away[0] < 1e-9


def test_full_days_leave_people_away() -> None:
    visits, away = spread_turned_away(np.array([[100.0, 30.0]]), np.array([50.0, 40.0]), 1.0)
    assert np.allclose(visits, [[50.0, 40.0]])
    assert np.isclose(away[0], 40.0)
