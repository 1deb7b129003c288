"""People bound for a gate who are sent to another one before they get there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Demand
from tminus.formats.event_folder.day_scenarios import Does, Measure


@dataclass(frozen=True, slots=True)
class Sent:
    """``share`` of those who would be at ``gate`` from ``from_min`` to ``to_min`` go in by ``other``."""

    gate: str
    other: str
    share: float
    from_min: float
    to_min: float


def redirections(measures: Iterable[Measure]) -> tuple[Sent, ...]:
    """Those among ``measures``."""
    return tuple(
        Sent(one.element, one.other, one.value / 100, one.from_min, one.to_min)
        for one in measures
        if one.kind is Does.REDIRECT
    )


def sent_on(
    demand: Demand, arrive_min: NDArray[np.float64], sent: Sequence[Sent], random: np.random.Generator
) -> Demand:
    """``demand`` with other gates; people keep their halls and the gate they leave by.

    A person draws one number, whatever is sent where: who follows to a small share follows to a larger one.

    :param arrive_min: [agent] minutes after midnight when each would be at its gate.
    """
    if not sent:
        return demand
    place = {name: n for n, name in enumerate(demand.nodes)}
    first = demand.first_leg[:-1]
    bound, drawn = demand.leg_node[first], random.random(len(first))
    gate, used = bound.copy(), np.zeros(len(first))
    for one in sent:
        here = (bound == place[one.gate]) & (one.from_min <= arrive_min) & (arrive_min < one.to_min)
        goes = here & (used <= drawn) & (drawn < used + one.share)
        gate[goes] = place[one.other]
        used[here] += one.share
    node = demand.leg_node.copy()
    node[first] = gate
    return replace(demand, leg_node=node)
