"""What is done to a row as one value is what numpy does to it, number by number."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.risk import wide
from tminus.engines.schedule.risk.wide import LANES, put, row

RANDOM = np.random.default_rng(0)
EDGES = np.array([-(2**31), 2**31 - 1, 0, -1, 1], dtype=np.int32)
A, B = (RANDOM.integers(-(2**31), 2**31, (3, LANES)).astype(np.int32) for _ in range(2))
A[1, :5], B[1, :5] = EDGES, EDGES[::-1]
X, Y = (RANDOM.normal(size=(3, LANES)).astype(np.float32) for _ in range(2))
PAIRS = [(A, B), (A.view(np.uint32), B.view(np.uint32)), (X, Y)]


@njit
def signs(a, b, out):  # type: ignore[no-untyped-def]
    x, y = row(a, 1), row(b, 1)
    put(out, 0, x + y)
    put(out, 1, x - y)
    put(out, 2, x * y)
    put(out, 3, x - a[0, 0])


@njit
def bits(a, b, out):  # type: ignore[no-untyped-def]
    x, y = row(a, 1), row(b, 1)
    put(out, 0, x & y)
    put(out, 1, x | y)
    put(out, 2, x ^ a[0, 0])
    put(out, 3, x >> a.dtype.type(5))


@njit
def choices(a, b, out):  # type: ignore[no-untyped-def]
    x, y = row(a, 1), row(b, 1)
    put(out, 0, wide.lesser(x, y))
    put(out, 1, wide.greater(x, y))
    put(out, 2, wide.chosen(wide.below(x, y), x, wide.every(a[0, 0])))
    return wide.lanes_of(wide.at_most(x, y)), wide.lanes_of(wide.at_most(x, x) & wide.below(y, x))


@njit
def over(a):  # type: ignore[no-untyped-def]
    x = row(a, 1)
    return wide.least(x), wide.most(x), wide.total(x >> np.int32(8))


@njit
def product(x, y):  # type: ignore[no-untyped-def]
    return wide.product(row(x, 1), row(y, 1))


@njit
def reals(x, out):  # type: ignore[no-untyped-def]
    one = row(x, 1)
    put(out, 0, wide.root(wide.size(one)))
    put(out, 1, wide.fused(one, one, one))
    put(out, 2, wide.real(wide.whole(one * np.float32(1000))))


@njit
def halves(keys, out):  # type: ignore[no-untyped-def]
    put(out, 0, wide.apart(wide.first_half(keys) + np.uint32(1)))


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_signs(a: NDArray[np.generic], b: NDArray[np.generic]) -> None:
    out = np.zeros((4, LANES), a.dtype)
    signs(a, b, out)
    with np.errstate(over="ignore"):
        assert np.array_equal(out, np.stack([a[1] + b[1], a[1] - b[1], a[1] * b[1], a[1] - a[0, 0]]))


@pytest.mark.parametrize(("a", "b"), PAIRS[:2])
def test_bits(a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    out = np.zeros((4, LANES), a.dtype)
    bits(a, b, out)
    assert np.array_equal(out, np.stack([a[1] & b[1], a[1] | b[1], a[1] ^ a[0, 0], a[1] >> a.dtype.type(5)]))


@pytest.mark.parametrize(("a", "b"), PAIRS[::2])
def test_choices(a: NDArray[np.int32], b: NDArray[np.int32]) -> None:
    out = np.zeros((3, LANES), a.dtype)
    assert choices(a, b, out) == ((a[1] <= b[1]).sum(), (b[1] < a[1]).sum())
    expected = [np.minimum(a[1], b[1]), np.maximum(a[1], b[1]), np.where(a[1] < b[1], a[1], a[0, 0])]
    assert np.array_equal(out, np.stack(expected))


def test_over_all_lanes() -> None:
    assert over(A) == (A[1].min(), A[1].max(), (A[1] >> 8).sum(dtype=np.int64))


def test_products_are_added_half_to_half() -> None:
    sums, lanes = X[1] * Y[1], LANES
    while lanes > 1:
        lanes //= 2
        sums = sums[:lanes] + sums[lanes:]
    assert product(X, Y) == sums[0]


def test_reals() -> None:
    out = np.zeros((3, LANES), np.float32)
    reals(X, out)
    assert np.array_equal(out[0], np.sqrt(np.abs(X[1])))
    assert np.allclose(out[1], X[1].astype(np.float64) ** 2 + X[1], rtol=1e-6, atol=1e-7)
    assert np.array_equal(out[2], np.trunc(X[1] * np.float32(1000)))


def test_two_numbers_of_half_a_row() -> None:
    out, keys = np.zeros((1, LANES), np.uint32), A[1].view(np.uint32)
    halves(keys, out)
    moved = keys[: LANES // 2] + np.uint32(1)
    assert np.array_equal(out[0], np.concatenate([moved & 0xFFFF, moved >> 16]))
