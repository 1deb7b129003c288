"""Trees correct what the linear stage expects only as far as they have seen and proved right."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.forecast import NowcastParams
from tminus.engines.forecast.nowcast.trees import Trees, grow

PARAMS = NowcastParams(trees=20, leaves=7, threads=1)


def rows(many: int = 1500, seed: int = 0) -> np.ndarray:  # type: ignore[type-arg]
    return np.random.Generator(np.random.Philox(seed)).normal(size=(many, 3)).astype(np.float32)


def halves(many: int = 1500) -> np.ndarray:  # type: ignore[type-arg]
    return (np.arange(many) >= many // 2).astype(np.int64)


def test_what_holds_on_both_halves_is_learned() -> None:
    seen = rows()
    target = np.where(seen[:, 0] > 0, 1.0, -1.0).astype(np.float32)
    grown = grow(seen, target, np.ones(1500, dtype=np.float32), halves(), PARAMS)
    assert grown.share == 1.0
    assert np.abs(grown.expected(seen, 1) - target).mean() < 0.5


def test_what_holds_on_one_half_only_is_not_used() -> None:
    seen = rows()
    target = np.where(halves() == 0, seen[:, 0], -seen[:, 0]).astype(np.float32)
    assert grow(seen, target, np.ones(1500, dtype=np.float32), halves(), PARAMS).share == 0.0


def test_the_same_seed_grows_the_same_trees() -> None:
    seen, weight = rows(), np.ones(1500, dtype=np.float32)
    one, other = (grow(seen, seen[:, 1], weight, halves(), PARAMS).expected(seen, 1) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_beyond_what_was_seen_trees_count_less() -> None:
    trust = Trees((), reach=2.0).trust(np.array([0.0, 2.0, -4.0], dtype=np.float32))
    assert trust.tolist() == pytest.approx([1.0, 1.0, 0.25])
