"""People whom a show keeps inside until it ends; then they leave together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from tminus.engines.crowd.demand import Demand
from tminus.formats.event_folder.day_scenarios import Befalls, Happening
from tminus.studies.day_clock import second_of

LEAVING_S = 900.0
"""Assumed: it takes a quarter of an hour until the last has got up."""
WAY_OUT_AND_HOME = 2
"""Legs after the last hall."""


def kept_inside(demand: Demand, happenings: Iterable[Happening], random: np.random.Generator) -> Demand:
    """``demand`` with those of whom a show keeps a share leaving their last hall when it is over."""
    last = demand.first_leg[1:] - WAY_OUT_AND_HOME - 1
    drawn, late = random.random((2, len(demand)))
    until = demand.leg_until_s.copy()
    for one in (row for row in happenings if row.kind is Befalls.STAY):
        begin, end = second_of(one.from_min), second_of(one.to_min)
        kept = (until[last] >= begin) & (until[last] < end) & (drawn < one.value / 100)
        until[last[kept]] = end + LEAVING_S * late[kept]
    return replace(demand, leg_until_s=until)
