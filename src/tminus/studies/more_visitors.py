"""More or fewer people than forecast, the same ones as far as they go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tminus.engines.crowd.demand import Demand
from tminus.formats.event_folder.day_scenarios import Befalls, Happening

APART_S = 450.0
"""Who comes in addition sets out up to so much before or after the person it is a copy of."""


def visitors_wanted(people: int, happenings: Iterable[Happening], most: float | None) -> int:
    """How many there are where ``people`` are forecast and the day has room for ``most``."""
    by = [1 + one.value / 100 for one in happenings if one.kind is Befalls.VISITORS]
    wanted = round(people * float(np.prod(by)))
    return min(wanted, int(most)) if most is not None and wanted > people else wanted


def resized(demand: Demand, wanted: int, random: np.random.Generator) -> Demand:
    """``wanted`` people: of fewer, some stay at home; of more, everybody comes and some twice, a little apart."""
    people = len(demand)
    if wanted == people or not people:
        return demand
    order = random.permutation(people)
    if wanted < people:
        return _those(demand, np.sort(order[:wanted]), np.zeros(wanted))
    copies = order[np.arange(wanted - people) % people]
    shift = random.uniform(-APART_S, APART_S, len(copies))
    return _those(demand, np.concatenate((np.arange(people), copies)), np.concatenate((np.zeros(people), shift)))


def _those(demand: Demand, agents: np.ndarray, shift_s: np.ndarray) -> Demand:
    depart = np.maximum(demand.depart_s[agents] + shift_s, 0.0)
    order = np.argsort(depart, kind="stable")
    agents, depart, shift_s = agents[order], depart[order], shift_s[order]
    many = np.diff(demand.first_leg)[agents]
    first = np.concatenate(([0], np.cumsum(many)))
    legs = np.repeat(demand.first_leg[agents] - first[:-1], many) + np.arange(first[-1])
    until = demand.leg_until_s[legs]
    return replace(
        demand, depart_s=depart, origin=demand.origin[agents], first_leg=first.astype(np.int64),
        leg_node=demand.leg_node[legs], leg_dwell_s=demand.leg_dwell_s[legs],
        leg_until_s=np.where(until > 0, np.maximum(until + np.repeat(shift_s, many), 0), until).astype(np.float32),
        speed_m_s=demand.speed_m_s[agents], ids=(),
    )  # fmt: skip
