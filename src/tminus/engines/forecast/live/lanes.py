"""What gates let in, where more went through than their lanes were thought to allow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FULL = 0.95
"""Of what lanes let in: from here on more may want in than is counted."""
TELLING = 1.03
"""Above so many times the capacity it is the capacity that is wrong."""


def lanes_as_seen(
    capacity: NDArray[np.float64], seen: NDArray[np.float64], gates: tuple[str, ...]
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """[gate, slot] capacities raised to what was counted in at least two slots, and where that was, in words.

    :param seen: [gate, slot] entries until now, NaN where not known.
    """
    found, words = capacity.copy(), []
    for gate, (most, entries) in enumerate(zip(capacity[:, : seen.shape[1]], seen, strict=True)):
        usable = (most > 0) & np.isfinite(most) & np.isfinite(entries)
        ratio = np.sort(entries[usable] / most[usable])
        if ratio.size >= 2 and ratio[-2] > TELLING:
            found[gate] *= ratio[-2]
            words.append(f"{gates[gate]}: {ratio[-2]:.1f} times as many went in as its lanes were thought to allow")
    return found, tuple(words)
