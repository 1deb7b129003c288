"""Sample paths: marginals of the forecast, dependence of past errors."""

from __future__ import annotations

import numpy as np

from tminus.engines.forecast.nowcast.paths import UNKNOWN, drawn, ranks_of
from tminus.engines.forecast.prediction import LEVELS

QUANTILES = np.array(LEVELS, dtype=np.float32)[:, None, None] * np.array([100.0, 40.0], dtype=np.float32) + np.zeros(
    (1, 3, 1), dtype=np.float32
)
"""Uniform on 0 … 100 and 0 … 40 at each of three steps."""


def patterns(errors: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    """[day, step, series] ranks of ``errors`` of that shape."""
    return np.stack([ranks_of([errors[:, at : at + 1]])[0, :, 0] for at in range(errors.shape[1])], axis=1)


def correlation(errors: np.ndarray) -> np.ndarray:  # type: ignore[type-arg]
    paths = drawn(QUANTILES, patterns(errors), 4000, seed=1)
    return np.corrcoef(paths.reshape(4000, -1).T)


def test_errors_that_came_together_come_together() -> None:
    common = np.random.Generator(np.random.Philox(1)).normal(size=(40, 1, 1)) * np.ones((1, 3, 2))
    assert correlation(common).min() > 0.98


def test_errors_that_came_apart_come_apart() -> None:
    apart = np.random.Generator(np.random.Philox(2)).normal(size=(60, 3, 2))
    found = correlation(apart)
    assert abs(found[np.triu_indices(6, 1)].mean()) < 0.12


def test_opposites_stay_opposite() -> None:
    errors = np.random.Generator(np.random.Philox(3)).normal(size=(40, 3, 1)) * np.array([1.0, -1.0])
    assert correlation(errors)[0, 1] < -0.95


def test_where_no_error_is_known_the_marginal_still_holds() -> None:
    nothing = np.full((5, 3, 2), UNKNOWN, dtype=np.uint8)
    paths = drawn(QUANTILES, nothing, 4000, seed=2)
    np.testing.assert_allclose(np.quantile(paths, 0.9, axis=0), [[90, 36]] * 3, rtol=0.04)
