"""A gate that shows nobody: whether its people turned up at the others when it fell silent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

AROUND = 3
"""Slots looked at before and after."""


def diverted(seen: NDArray[np.float64], planned: NDArray[np.float64]) -> NDArray[np.float64]:
    """[gate] of the people of a gate that shows 0 until now, the share by which the others rose when it fell to 0.

    About 1: they go in there; about 0: its counter is dead. NaN where a gate shows somebody or too little is known.
    Everything is taken against the plan, so that the usual rise and fall of the day drop out.

    :param seen: [gate, slot] counted until now; ``planned`` the same, as forecast the day before.
    """
    return np.array([_of_gate(seen, planned, gate) for gate in range(len(seen))])


def _of_gate(seen: NDArray[np.float64], planned: NDArray[np.float64], gate: int) -> float:
    somebody = np.flatnonzero(seen[gate] > 0)
    if not somebody.size or somebody[-1] + 1 >= seen.shape[1] or len(seen) < 2:
        return float("nan")
    at = int(somebody[-1]) + 1
    others = [g for g in range(len(seen)) if g != gate]
    before, after = slice(max(at - AROUND, 0), at), slice(at, at + AROUND)
    sums = [float(flows[others, span].sum()) for span in (before, after) for flows in (seen, planned)]
    own = float(planned[gate, after].sum())
    if not all(np.isfinite(one) and one > 0 for one in sums) or own <= 0:
        return float("nan")
    rose = np.log(sums[2] / sums[3]) - np.log(sums[0] / sums[1])
    return float(rose / np.log1p(own / sums[3]))
