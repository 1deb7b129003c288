"""Counters that count everybody twice: every figure is even."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

SURE = 16.0
"""Log odds: a run of even figures less likely by chance than e⁻¹⁶ is none."""


def all_even(figures: NDArray[np.float64]) -> NDArray[np.bool_]:
    """[reading] in runs of even figures that chance would hardly bring.

    Half of all counts are even; nobody (0) tells nothing. Figures that are all multiples of more than 2 are rounded.

    :param figures: [reading, channel] persons, in order of time.
    """
    positive = figures > 0
    even = ~(positive & (np.remainder(np.where(positive, figures, 0), 2) != 0)).any(axis=1)
    found = np.zeros(len(figures), dtype=np.bool_)
    begin = 0
    for together, run in groupby(even.tolist()):
        end = begin + len(list(run))
        above = figures[begin:end][positive[begin:end]]
        if together and len(above) * np.log(2) > SURE and np.gcd.reduce(above.astype(np.int64)) == 2:
            found[begin:end] = True
        begin = end
    return found
