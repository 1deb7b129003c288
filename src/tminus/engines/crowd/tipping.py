"""Two-way links about to jam: where a little more tips a day over, and no two simulations agree.

Who walks against others takes capacity from them, so they stand closer, so they take more: beyond a point people on a
two-way link jam of themselves, while short of it they flow. Which of both comes is decided by single people. One-way
links have nothing of it: in their jams agents and fluid agree within a tenth, mostly within a twentieth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.diagram import FundamentalDiagram
from tminus.engines.crowd.network import Network

TIP = 0.9
"""Of the greatest flow one way, what people as dense as on a two-way link in its worst minute would have.

Measured on 35 days of grids (``benchmarks/crowd/fluid.py --tip``): short of it agents and fluid, and agents with steps
of 0.5, 1 and 2 s, agree within 6 % of the delay; beyond it they differ by 6 … 52 %."""
LEAST_AGAINST = 0.05
"""Share of the people of a slot who go the lesser way, from which on a link is walked both ways."""


def tipping_links(network: Network, peak_p_m2: NDArray[np.floating], outflow: NDArray[np.int32]) -> tuple[str, ...]:
    """Ids of two-way links that were at the tip or beyond it, the densest first.

    :param peak_p_m2: [slot, link] the greatest mean density over a minute. ``outflow``: [slot, link, 2] persons.
    """
    tips = {id(curve): tip_p_m2(curve) for curve in (network.diagram_of(link) for link in network.links)}
    tip = np.array([tips[id(network.diagram_of(link))] if link.twoway else np.inf for link in network.links])
    both = outflow.min(axis=2) >= np.maximum(LEAST_AGAINST * outflow.sum(axis=2), 1)
    most = np.where(both & (peak_p_m2 >= tip), peak_p_m2, 0.0).max(axis=0, initial=0.0)
    return tuple(network.links[n].id for n in np.argsort(-most, kind="stable") if most[n] > 0)


def tip_p_m2(curve: FundamentalDiagram) -> float:
    """Persons/m² from which on people on a two-way link may jam of themselves."""
    free = np.linspace(0.0, curve.critical_p_m2, 1001)
    return float(free[np.searchsorted(np.maximum.accumulate(curve.flow_at(free)), TIP * curve.capacity_p_m_s)])
