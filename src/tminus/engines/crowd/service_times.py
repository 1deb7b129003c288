"""Service times at gates: gamma distributed about their mean, drawn by inverting a table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv


def service_table(cv: float, reach: float, steps: int) -> NDArray[np.float64]:
    """[steps + 1] quantiles of a gamma variable of mean 1 and coefficient of variation ``cv``, over −ln(1 − u).

    The grid runs evenly from 0 to ``reach``; the table's own mean is 1, so that rates come out right.
    """
    if cv == 0.0:
        return np.ones(steps + 1)
    shape = 1.0 / cv**2
    x = np.linspace(0.0, reach, steps + 1)
    table = np.asarray(gammaincinv(shape, -np.expm1(-x)), np.float64) / shape
    middle = -np.expm1(-x)
    weight = np.diff(middle) / middle[-1]
    mean = float((weight * (table[1:] + table[:-1]) / 2).sum())
    return table / mean
