"""Error, bias and coverage of figures beside counts; what is not known is not compared."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.desks.passengers.forecasting.scores import Score, compared, score


def test_figures_are_compared_where_counts_are_known() -> None:
    nan = float("nan")
    found = score([
        compared([10, 20, 30], [8, 15, 20], [12, 22, 28], [10, 30, nan]),
        compared([[5]], [[1]], [[9]], [[10]]),
    ])  # fmt: skip
    assert found.n == 3
    assert found.error == pytest.approx((0 + 10 + 5) / 50) and found.bias == pytest.approx((0 - 10 - 5) / 50)
    assert found.covered == pytest.approx(1 / 3)
    assert found.counted == pytest.approx(50 / 3) and found.off == pytest.approx(15 / 3)


def test_where_nobody_is_expected_and_nobody_comes_nothing_is_right() -> None:
    assert score([compared([0, 0.2], [0, 0], [0, 0.4], [0, 1])])[0] == 1
    assert score([compared([0.0], [0.0], [0.0], [0.0])]) == Score(0)
    assert score([]) == Score(0)


def test_whole_persons_lie_in_intervals_between_them() -> None:
    assert score([compared([1.5], [1.2], [1.8], [2])]).covered == 1
    assert score([compared(np.array([1.5]), [1.2], [1.8], [3])]).covered == 0
