"""Numbers that are functions of their names must look drawn all the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.risk.random_numbers import LANES, keys_of, sample_keys, uniform


def drawn(names: list[str], samples: int, seed: int = 0) -> NDArray[np.float64]:
    """(names, samples)."""
    keys = np.empty(samples, np.uint32)
    for first in range(0, samples, LANES):
        sample_keys(seed, first, keys[first : first + LANES])
    return np.array([[uniform(key, a, b) for key in keys] for a, b in keys_of("task", names)], dtype=np.float64)


NAMES = [f"T{i}" for i in range(60)]
SAMPLES = 32 * LANES


def test_each_name_is_uniform() -> None:
    for row in drawn(NAMES, SAMPLES):
        counts = np.histogram(row, 32, (0, 1))[0]
        assert ((counts - SAMPLES / 32) ** 2 / (SAMPLES / 32)).sum() < 80  # χ² with 31 degrees: one in 300,000
        assert 0 < row.min() < row.max() < 1


def test_names_samples_and_seeds_know_nothing_of_one_another() -> None:
    rows = drawn(NAMES, SAMPLES)
    limit = 5 / SAMPLES**0.5
    between = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(between).max() < limit
    assert np.abs(np.corrcoef(rows**2) - np.eye(len(rows))).max() < limit
    for lag in (1, 2, 16, 64):
        assert max(abs(np.corrcoef(row[:-lag], row[lag:])[0, 1]) for row in rows) < limit
    other = drawn(NAMES, SAMPLES, seed=1)
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(rows, other, strict=True)) < limit


def test_a_number_depends_on_seed_name_and_sample_alone() -> None:
    rows = drawn(NAMES, SAMPLES, seed=7)
    assert np.array_equal(drawn(NAMES[5:6], LANES, seed=7)[0], rows[5, :LANES])
    assert not np.array_equal(drawn(NAMES, LANES, seed=2**40 + 7), rows[:, :LANES])
