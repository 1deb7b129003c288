"""Numbers that are functions of their names must look drawn all the same."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.risk.random_numbers import STEP, keys_of, numbers, sample_keys, uniform
from tminus.engines.schedule.risk.wide import LANES, put


@njit
def rows_of(keys, samples, out):  # type: ignore[no-untyped-def]
    for batch in range(len(samples)):
        for name in range(len(keys)):
            put(out[name], batch, numbers(samples[batch], keys[name, 0], keys[name, 1]))


Drawer = Callable[[list[str], int], NDArray[np.float64]]


def drawn(names: list[str], samples: int, seed: int = 0) -> NDArray[np.float64]:
    """(names, samples): a task's."""
    out, batches = np.empty((len(names), samples // LANES, LANES), np.float32), samples // LANES
    rows_of(keys_of("task", names), keys_of_samples(batches, seed), out)
    return (out.reshape(len(names), samples) + 0.5) * STEP


def keys_of_samples(batches: int, seed: int) -> NDArray[np.uint32]:
    keys = np.empty((batches, LANES), np.uint32)
    for batch in range(batches):
        sample_keys(seed, batch * LANES, keys[batch])
    return keys


def drawn_one_by_one(names: list[str], samples: int) -> NDArray[np.float64]:
    """(names, samples): a cause's, a unit's."""
    keys = keys_of_samples(samples // LANES, 0).ravel()
    return np.array([[uniform(key, a, b) for key in keys] for a, b in keys_of("unit", names)], dtype=np.float64)


NAMES = [f"T{i}" for i in range(60)]
SAMPLES = 32 * LANES


HOW = pytest.mark.parametrize("how", [drawn, drawn_one_by_one])


@HOW
def test_each_name_is_uniform(how: Drawer) -> None:
    for row in how(NAMES, SAMPLES):
        counts = np.histogram(row, 32, (0, 1))[0]
        assert ((counts - SAMPLES / 32) ** 2 / (SAMPLES / 32)).sum() < 80  # χ² with 31 degrees: one in 300,000
        assert 0 < row.min() < row.max() < 1


@HOW
def test_names_and_samples_know_nothing_of_one_another(how: Drawer) -> None:
    rows = how(NAMES, SAMPLES)
    limit = 5 / SAMPLES**0.5
    between = np.corrcoef(rows) - np.eye(len(rows))
    assert np.abs(between).max() < limit
    assert np.abs(np.corrcoef(rows**2) - np.eye(len(rows))).max() < limit
    for lag in (1, 2, 16, LANES // 2, LANES):
        assert max(abs(np.corrcoef(row[:-lag], row[lag:])[0, 1]) for row in rows) < limit


def test_halves_of_one_number_know_nothing_of_one_another() -> None:
    halves = drawn(NAMES, SAMPLES).reshape(len(NAMES), -1, 2, LANES // 2).swapaxes(1, 2).reshape(2 * len(NAMES), -1)
    apart = np.corrcoef(halves) - np.eye(len(halves))
    assert np.abs(apart).max() < 5.5 / halves.shape[1] ** 0.5  # 7,140 pairs
    below = halves.reshape(-1, 2, halves.shape[1]) < 0.02  # and in the tail, where a checkpoint is missed
    both, chance = below.all(axis=1).sum(), 0.02**2 * halves.size / 2
    assert abs(both - chance) < 5 * chance**0.5


def test_seeds_know_nothing_of_one_another() -> None:
    rows, limit = drawn(NAMES, SAMPLES), 5 / SAMPLES**0.5
    other = drawn(NAMES, SAMPLES, seed=1)
    assert max(abs(np.corrcoef(a, b)[0, 1]) for a, b in zip(rows, other, strict=True)) < limit


def test_a_number_depends_on_seed_name_and_sample_alone() -> None:
    rows = drawn(NAMES, SAMPLES, seed=7)
    assert np.array_equal(drawn(NAMES[5:6], LANES, seed=7)[0], rows[5, :LANES])
    assert not np.array_equal(drawn(NAMES, LANES, seed=2**40 + 7), rows[:, :LANES])
