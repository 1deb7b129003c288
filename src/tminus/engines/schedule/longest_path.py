"""What drives the last finish of all: the longest path, as against what has little float."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.network import Network
from tminus.engines.schedule.worktime import Ints


def on_longest_path(network: Network, driver: Ints, early_finish: Ints) -> NDArray[np.bool_]:
    """By place: whether it lies on a chain of deciding links (``driver``) that ends with the last finish."""
    on = np.zeros(network.size, dtype=np.bool_)
    if not network.size:
        return on
    leaves = network.node >= 0
    on[leaves & (early_finish == early_finish[leaves].max())] = True
    for place in range(network.size - 1, -1, -1):
        if on[place] and driver[place] >= 0:
            on[network.forward.ends[driver[place]]] = True
    return on
