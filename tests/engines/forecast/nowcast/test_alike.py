"""Days that went on alike: found by the slots just seen, of any kind, and nothing of the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engines.forecast.city import city
from tminus.engines.forecast import FlowPanel, NowcastParams
from tminus.engines.forecast.evaluation import Protocol, evaluate
from tminus.engines.forecast.nowcast.alike import alike, past_of
from tminus.engines.forecast.nowcast.usual import before, learn_usual

SLOTS, SERIES = 12, 5


def days_of_two_sorts(many: int = 8) -> NDArray[np.float32]:
    """Even days rise from 100 to 200, odd ones from 130 to 70; all series alike but for their noise."""
    draw = np.random.Generator(np.random.Philox(3))
    rise = np.stack([np.linspace(100, 200, SLOTS), np.linspace(130, 70, SLOTS)])
    mean = np.repeat(rise[np.arange(many) % 2][..., None], SERIES, axis=2)
    found: NDArray[np.float32] = (mean + draw.normal(0, 2, mean.shape)).astype(np.float32)
    return found


def usual_of(counts: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    profile = np.broadcast_to(np.nanmean(counts, axis=0), counts.shape).astype(np.float32)
    return profile, np.full(counts.shape, 10, dtype=np.float32)


def others(days: int) -> NDArray[np.bool_]:
    return ~np.eye(days, dtype=np.bool_)


def test_what_went_on_after_a_like_window_is_expected() -> None:
    counts = days_of_two_sorts()
    profile, scale = usual_of(counts)
    found = alike(past_of(counts, others(8), window=2), counts, profile, scale)
    assert found.weights.sum(axis=2) == pytest.approx(1, abs=1e-5)
    assert found.weights[0, 3, ::2].sum() > 0.95 and found.weights[1, 3, 1::2].sum() > 0.95
    targets = np.arange(SLOTS)[6:]
    ahead = found.ahead(found.weights[0, :6], targets, 6, slice(None), (profile[0, 6:], scale[0, 6:]))
    assert profile[0, 6:] + scale[0, 6:] * ahead == pytest.approx(counts[0, 6:], abs=8)


def test_only_days_allowed_are_looked_at_and_a_gap_stays_at_usual() -> None:
    counts = days_of_two_sorts()
    counts[2, 5] = np.nan
    profile, scale = usual_of(counts)
    only = np.zeros((8, 8), dtype=np.bool_)
    only[:, 2] = True
    found = alike(past_of(counts, only, window=2), counts, profile, scale)
    assert (found.weights[:, 3, 2] == 1).all() and found.weights[:, :, [0, 1, 3]].sum() == 0
    assert found.now[:, 5] == pytest.approx(0)


def test_nothing_to_compare_says_nothing() -> None:
    counts = np.full((3, SLOTS, SERIES), np.nan, dtype=np.float32)
    scale = np.ones(counts.shape, dtype=np.float32)
    found = alike(past_of(counts, before(3), window=4), counts, scale, scale)
    assert not found.weights.any() and not found.now.any()


def test_days_a_thousand_times_apart_are_told_apart_to_the_person() -> None:
    counts = days_of_two_sorts() + np.float32(1_000_000)
    profile, scale = usual_of(counts)
    found = alike(past_of(counts, others(8), window=2), counts, profile, scale)
    assert found.weights[0, 6, ::2].sum() > 0.95


def test_after_midnight_the_days_after_the_like_ones_go_on() -> None:
    counts = days_of_two_sorts()
    profile, scale = usual_of(counts)
    found = alike(past_of(counts, before(8), window=2), counts, profile, scale)
    weights = np.zeros((1, 8), dtype=np.float32)
    weights[0, 3] = 1  # the origin was like the end of day 3
    ahead = found.ahead(weights, np.array([6 * SLOTS]), 2, slice(None), (profile[6, :1], scale[6, :1]))
    assert profile[6, 0] + scale[6, 0] * ahead[0] == pytest.approx(counts[4, 0], abs=0.01)


def test_a_few_days_do_not_hide_that_weekends_differ() -> None:
    panel = city(10, nodes=8)
    counts = panel.values.reshape(10, panel.slots, -1)
    found = learn_usual(counts, panel.days, 2, round_clock=False, lead=3, step=2)
    assert found.recall.likeness > 0


def two_sorts_panel() -> FlowPanel:
    """Days that turn out busy or quiet from a random morning on, whatever their weekday."""
    panel = city(24, nodes=8, seed=4, dated=False)
    draw = np.random.Generator(np.random.Philox(9))
    busy = np.linspace(0, 1, panel.slots)[None] * (draw.random(24) < 0.5)[:, None]
    early = 1 + 0.5 * (busy.max(axis=1) > 0)[:, None] * (np.arange(panel.slots) < 6)[None]
    factor = early * (1 + 1.5 * busy)
    return replace(panel, values=np.rint(panel.values * factor[..., None, None]).astype(np.float32))


@pytest.mark.parametrize("mode", ["strict", "operational"])
def test_the_shape_of_the_day_so_far_lowers_the_error(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = two_sorts_panel()
    protocol = Protocol((0, 18), (18, 24), 4, 4, mode)  # type: ignore[arg-type]
    params = NowcastParams(model="ridge", mode=mode)  # type: ignore[arg-type]
    with_days = evaluate(panel, protocol, params).as_json()
    monkeypatch.setattr("tminus.engines.forecast.nowcast.learned._window", lambda _: 0)
    without = evaluate(panel, protocol, params).as_json()
    assert sum(one["mae"] for one in with_days["horizons"]) < 0.97 * sum(one["mae"] for one in without["horizons"])
