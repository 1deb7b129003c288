"""How much kinds of day change a total: found again where they are known."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest

from tests.engines.forecast.attendance.test_totals import DAYS, _city
from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.attendance import EffectSize, effect_sizes


def _found(seed: int = 0) -> dict[str, EffectSize]:
    return {one.name: one for one in effect_sizes(DAYS, _city(DAYS, seed=seed), country="CN")}


def test_effects_of_a_made_up_city_are_found_again() -> None:
    found = _found()
    for name, effect in (("Saturday", -0.3), ("Sunday", -0.3), ("Wednesday", 0.0), ("make-up workday", -0.08)):
        assert found[name].factor == pytest.approx(exp(effect), rel=0.03), name
    assert found["National Day"].factor == pytest.approx(exp(-0.45), rel=0.06)
    assert found["National Day"].days == 14
    assert all(one.low < one.factor < one.high for one in found.values())


def test_intervals_hold_the_truth() -> None:
    inside = []
    for seed in range(12):
        found = _found(seed)
        truth = {"Saturday": -0.3, "Sunday": -0.3, "make-up workday": -0.08, "Tuesday": 0.0}
        inside += [found[name].low <= exp(effect) <= found[name].high for name, effect in truth.items()]
    assert float(np.mean(inside)) >= 0.75


def test_rare_kinds_are_less_certain() -> None:
    found = _found()
    spread = {name: found[name].high / found[name].low for name in ("Sunday", "Dragon Boat Festival")}
    assert spread["Dragon Boat Festival"] > 1.02 * spread["Sunday"]
    assert found["Dragon Boat Festival"].days < 10


def test_what_cannot_be_told() -> None:
    with pytest.raises(ForecastError, match="at least 14"):
        effect_sizes(DAYS[:5], [1.0] * 5)
    with pytest.raises(ForecastError, match="at least 14"):
        effect_sizes([], [])
