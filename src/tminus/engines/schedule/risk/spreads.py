"""Estimates as the compiled loops take them: triangles by their formula, all else by a table of quantiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import Estimate, EstimateKind
from tminus.engines.schedule.risk.wide import below, chosen, every, fused, root

CONSTANT, TRIANGLE, TABLE = 0, 1, 2
STEPS = 1024
"""A table has this many straight pieces from quantile 0 to 1."""

Z90 = NormalDist().inv_cdf(0.9)
Floats = NDArray[np.float32]
_ONE, _STEPS, _LAST = np.float32(1.0), np.float32(STEPS), np.int32(STEPS - 1)


class Spreads(NamedTuple):
    """One row each: a value is ``low + range · x``, x between 0 and 1 or from row ``table`` of ``tables``."""

    kind: NDArray[np.int8]  # (n,)
    low: Floats  # (n,)
    range: Floats  # (n,)
    mode: Floats  # (n,) where in the range the triangle has its top
    table: NDArray[np.int32]  # (n,)
    tables: Floats  # (tables, STEPS + 1)


@dataclass(frozen=True, slots=True)
class Spread:
    """One estimate in plain numbers, before it is scaled to a task."""

    kind: int
    low: float
    range: float
    mode: float = 0.0
    table: Floats | None = None


@lru_cache(maxsize=65536)
def spread_of(estimate: Estimate) -> Spread:
    """``estimate`` must not be a class."""
    values = estimate.values
    if min(values) == max(values):
        return Spread(CONSTANT, values[0], 0.0)
    if estimate.kind is EstimateKind.LOGNORMAL:
        return Spread(TABLE, 0.0, values[0], table=_lognormal(math.log(values[1] / values[0]) / Z90))
    if estimate.kind is EstimateKind.EMPIRICAL:
        ordered = np.sort(np.array(values))
        return Spread(TABLE, 0.0, 1.0, table=np.quantile(ordered, np.linspace(0, 1, STEPS + 1)).astype(np.float32))
    low, mode, high = values
    where = (mode - low) / (high - low)
    if estimate.kind is EstimateKind.PERT:
        return Spread(TABLE, low, high - low, table=_pert(round(where, 4)))
    return Spread(TRIANGLE, low, high - low, where)


@lru_cache(maxsize=4096)
def _lognormal(sigma: float) -> Floats:
    """Quantiles of exp(σ·Z); each end is set so that its piece has the mean it should have."""
    normal = NormalDist()
    table = [math.exp(sigma * normal.inv_cdf(k / STEPS)) for k in range(1, STEPS)]
    below = math.exp(sigma * sigma / 2) * STEPS * normal.cdf(normal.inv_cdf(1 / STEPS) - sigma)
    above = math.exp(sigma * sigma / 2) * STEPS * normal.cdf(sigma - normal.inv_cdf(1 - 1 / STEPS))
    first, last = max(2 * below - table[0], 0.0), 2 * above - table[-1]
    return np.array([first, *table, last], dtype=np.float32)


@lru_cache(maxsize=4096)
def _pert(where: float) -> Floats:
    """Quantiles of the beta distribution with shape 4 whose top lies at ``where`` of 0 … 1."""
    from scipy.special import betaincinv  # slow to load, and not every plan needs it

    table: Floats = betaincinv(1 + 4 * where, 5 - 4 * where, np.linspace(0, 1, STEPS + 1)).astype(np.float32)
    return table


def pack(spreads: Sequence[Spread], scale: NDArray[np.float64], add: NDArray[np.float64]) -> Spreads:
    """Rows of the kernel: each spread times ``scale`` plus ``add``; equal tables are kept once."""
    numbers: dict[int, int] = {}
    tables: list[Floats] = []
    index = np.zeros(len(spreads), dtype=np.int32)
    for row, one in enumerate(spreads):
        if one.table is not None:
            if id(one.table) not in numbers:
                numbers[id(one.table)] = len(tables)
                tables.append(one.table)
            index[row] = numbers[id(one.table)]
    low = np.array([one.low for one in spreads], dtype=np.float64) * scale + add
    return Spreads(
        kind=np.array([one.kind for one in spreads], dtype=np.int8),
        low=low.astype(np.float32),
        range=(np.array([one.range for one in spreads], dtype=np.float64) * scale).astype(np.float32),
        mode=np.array([one.mode for one in spreads], dtype=np.float32),
        table=index,
        tables=np.array(tables, dtype=np.float32).reshape(-1, STEPS + 1),
    )


def worst_of(estimate: Estimate) -> float:
    """Its highest value; where there is none the one that nineteen in twenty stay below."""
    if estimate.kind is EstimateKind.LOGNORMAL:
        p50, p90 = estimate.values
        return float(p50 * (p90 / p50) ** (NormalDist().inv_cdf(0.95) / Z90))
    return max(estimate.values)


@njit(cache=True, nogil=True, inline="always")
def triangle(u, low, range_, mode):  # type: ignore[no-untyped-def]
    """The quantile ``u`` of a triangle (Kotz & van Dorp, Beyond Beta, 2004, §1.3)."""
    left = u < mode
    inner = u * mode if left else (_ONE - u) * (_ONE - mode)
    root = np.sqrt(inner)
    return low + range_ * (root if left else _ONE - root)


@njit(cache=True, nogil=True, forceinline=True)
def triangles(u, low, range_, mode):  # type: ignore[no-untyped-def]
    """A row of quantiles of a triangle."""
    rest, left = _ONE - mode, below(u, every(mode))
    edge = root(chosen(left, u * mode, fused(u, every(-rest), every(rest))))
    up, down = fused(edge, every(range_), every(low)), fused(edge, every(-range_), every(low + range_))
    return chosen(left, up, down)


@njit(cache=True, nogil=True, inline="always")
def looked_up(u, low, range_, tables, row):  # type: ignore[no-untyped-def]
    at = u * _STEPS
    k = min(np.int32(at), _LAST)
    part = at - np.float32(k)
    below, above = tables[row, np.uint32(k)], tables[row, np.uint32(k) + np.uint32(1)]
    return low + range_ * (below + part * (above - below))


@njit(cache=True, nogil=True, inline="always")
def value_at(u, spreads, row):  # type: ignore[no-untyped-def]
    """The quantile ``u`` of row ``row`` of :class:`Spreads`."""
    if spreads.kind[row] == CONSTANT:
        return spreads.low[row]
    if spreads.kind[row] == TRIANGLE:
        return triangle(u, spreads.low[row], spreads.range[row], spreads.mode[row])
    return looked_up(u, spreads.low[row], spreads.range[row], spreads.tables, spreads.table[row])
