"""Partial pooling: how far analogue events move an assumption."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from tminus.engines.forecast.attendance import ASSUMED, Analogue, Belief, beliefs_from, pooled


def test_one_event_moves_half_way_and_stays_wide() -> None:
    found = pooled(Belief(0.0, 0.3), [0.4])
    assert isclose(found.mean, 0.2)
    assert 0.25 < found.sd < 0.45


def test_many_alike_events_are_believed() -> None:
    found = pooled(Belief(0.0, 0.3), [0.5] * 40)
    assert found.mean > 0.45
    assert found.sd < 0.12


@given(st.lists(st.floats(-2, 2), max_size=12))
def test_the_mean_lies_between_and_order_does_not_matter(values: list[float]) -> None:
    found = pooled(Belief(0.1, 0.2), values)
    assert min([0.1, *values]) - 1e-9 <= found.mean <= max([0.1, *values]) + 1e-9
    back = pooled(Belief(0.1, 0.2), values[::-1])
    assert isclose(back.mean, found.mean, abs_tol=1e-9)
    assert isclose(back.sd, found.sd, rel_tol=1e-9)
    assert found.sd > 0


def test_figures_of_no_known_name_are_kept() -> None:
    found = beliefs_from([Analogue("fair", "half price", 0.4), Analogue("fair", "weekend", 0.5)])
    assert found.of("half price").mean == 0.2
    assert found.of("weekend").mean > ASSUMED["weekend"].mean
    assert found.of("never heard of").mean == 0.0
    assert found.learned == {"half price": 1, "weekend": 1}
