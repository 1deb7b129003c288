"""The figures of a forecast day as they are kept: which there are, and how to read them."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

STATS = ("mean", "p10", "p50", "p90")
STOCKS = frozenset({"on_site", "waiting"})
"""Persons at a time; the other measures are persons passing in a slot, which add up."""
TENTHS = 10
"""Figures are kept to tenths of a person."""


def unpacked(figures: bytes, number: int) -> NDArray[np.float64]:
    """``[stat, node, slot]`` of the measure of this number, persons."""
    with np.load(io.BytesIO(figures), allow_pickle=False) as kept:
        values: NDArray[np.float64] = kept[f"m{number}"] / TENTHS
    return values
