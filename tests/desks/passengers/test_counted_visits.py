"""Visits of a day out of entries: scaled to what usually comes where little is missing, unknown where much is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from tminus.desks.passengers.forecasting.counted_visits import visits_by_day

OPEN = np.array([False, True, True, True, True, False])


def days(*rows: list[float]) -> NDArray[np.float64]:
    """One gate; a day a row."""
    return np.array(rows, dtype=float)[:, :, None]


def test_whole_days_are_their_sums() -> None:
    found = visits_by_day(days([0, 10, 20, 30, 40, 0], [0, 20, 20, 20, 20, 0]), OPEN)
    assert [(one.visits, one.known) for one in found] == [(100, 1), (80, 1)]


def test_what_little_is_missing_is_filled_up_and_what_much_is_unknown() -> None:
    nan = float("nan")
    found = visits_by_day(days([nan, 4, 36, 40, 20, 0], [0, nan, 36, 40, 20, 0], [0, 4, nan, 40, 20, 0]), OPEN)
    assert [round(one.known, 2) for one in found] == [1.0, 0.96, 0.64]
    assert found[1].visits == pytest.approx(96 / 0.96)
    assert found[2].visits is None


def test_a_slot_no_day_knows_counts_while_the_gate_is_open_only() -> None:
    nan = float("nan")
    found = visits_by_day(days([nan, 10, nan, 10, 10, nan]), OPEN)
    assert found[0].known == 0.75 and found[0].visits is None


def test_a_gate_no_day_knows_is_not_nobody() -> None:
    entries = np.full((1, 6, 2), np.nan)
    entries[0, :, 0] = 10
    assert visits_by_day(entries, OPEN)[0].visits is None
    assert visits_by_day(np.full((2, 6, 2), np.nan), OPEN)[1] == (None, 0.0)
    assert visits_by_day(np.zeros((1, 6, 1)), OPEN)[0].visits is None, "nobody at all tells nothing"
