"""Learned factors: found where there is much to learn from, drawn to nothing where there is little."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tminus.engines.schedule import PlanError
from tminus.engines.schedule.reforecast import Observation, learn
from tminus.engines.schedule.reforecast.factors import PRIOR_OWN, longer_than


def seen(unit: str, factor: float, count: int, *, seed: int = 0, own: float = 0.2) -> list[Observation]:
    random = np.random.default_rng(seed)
    return [Observation(unit, "build", 1000, 1000 * factor * math.exp(random.normal(0, own))) for _ in range(count)]


def test_much_evidence_is_followed_and_little_is_not() -> None:
    found = learn([*seen("slow", 1.5, 60), *seen("fast", 0.8, 60, seed=1), *seen("new", 1.5, 1, own=0.0)])
    median = {cell.unit: cell.median for cell in found.cells}
    assert median["slow"] == pytest.approx(1.5, rel=0.06)
    assert median["fast"] == pytest.approx(0.8, rel=0.06)
    assert 1.05 < median["new"] < 1.4  # one task that took half as long again
    assert found.own == pytest.approx(0.2, abs=0.04)
    unsure = {cell.unit: cell.unsure for cell in found.cells}
    assert unsure["new"] > 2 * unsure["slow"]


def test_without_observations_nothing_is_known() -> None:
    found = learn([])
    assert found.cells == () and found.own == pytest.approx(PRIOR_OWN)
    mean, unsure = found.of("any", "build")
    assert mean == 0 and unsure == pytest.approx(math.hypot(0.2, 0.15, 0.15, 0.1))


def test_running_work_counts_as_longer_than_so_far() -> None:
    """Half of a slow unit's tasks are cut off at the planned duration: as if finished then, the factor would come out
    too low."""
    whole = seen("slow", 1.6, 80, own=0.25)
    cut = [Observation("slow", "build", 1000, 1100, running=True) if n % 2 and one.taken > 1100 else one
           for n, one in enumerate(whole)]  # fmt: skip
    wrong = [Observation(one.unit, one.kind, one.planned, one.taken) for one in cut]
    truth, told, naive = (learn(rows).cells[0].median for rows in (whole, cut, wrong))
    assert abs(told - truth) < 0.06
    assert truth - naive > 0.15


def test_the_observed_scale_is_of_no_matter() -> None:
    rows = seen("slow", 1.5, 20)
    tenfold = [Observation(one.unit, one.kind, one.planned * 10, one.taken * 10) for one in rows]
    assert learn(tenfold).cells[0].median == pytest.approx(learn(rows).cells[0].median)


def test_nothing_planned_is_refused() -> None:
    with pytest.raises(PlanError, match="'slow': planned 0"):
        learn([Observation("slow", "build", 0, 10)])


def test_given_that_it_already_runs() -> None:
    """The quantiles of a normal distribution cut off from below, by drawing."""
    draws = np.random.default_rng(0).normal(0.1, 0.3, 400_000)
    left = draws[draws > 0.25]
    for share in (0.1, 0.5, 0.9):
        assert longer_than(0.1, 0.3, 0.25, share) == pytest.approx(np.quantile(left, share), abs=0.004)
    assert longer_than(0.1, 0.3, 5.0, 0.5) > 5.0
