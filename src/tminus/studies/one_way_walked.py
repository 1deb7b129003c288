"""A one-way plan carried out: who sets out in the slot walks, with everybody in one another's way."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.one_way import OneWayPlan, OneWayTask, Way
from tminus.engines.crowd.scenario import Change, Field, Routing, Scenario
from tminus.engines.crowd.simulate import simulate
from tminus.studies.plan_walk import MOST_PERSONS, PlanWalk

LATEST_SLOTS = 12
"""Who is not there after so many slots is told as not there."""
LOOK_S = 60.0
"""The plan spreads people over ways; here they look as often which way is quickest now."""
DIRECTION = {Way.FORWARD: 1.0, Way.BACK: -1.0}


def walk_one_way(task: OneWayTask, plan: OneWayPlan, seed: int = 0) -> PlanWalk | None:
    """Mean time on the way; None: too many people, or none.

    Planned of those who have room in the slot, walking alone; simulated of everybody, and of everybody as it is.
    """
    began = perf_counter()
    demand = _people(task, seed)
    if not 0 < len(demand) <= MOST_PERSONS:
        return None
    found = _walked(task, demand, plan.changed, seed)
    asis = _walked(task, demand, {}, seed)
    left = plan.left or 0.0
    carried = sum(task.demand.values()) - left
    others = {
        "as_it_is_simulated": _mean_s(asis, demand),
        "not_there": float(len(demand) - found.arrived),
        "as_it_is_not_there": float(len(demand) - asis.arrived),
    }
    planned = (plan.walk_s or 0.0) / carried if carried > 0 else 0.0
    return PlanWalk("mean_walk_s", planned, _mean_s(found, demand), len(demand), perf_counter() - began, others)


def _people(task: OneWayTask, seed: int) -> Demand:
    random = np.random.default_rng(seed)
    names = tuple(node.id for node in task.network.nodes)
    place = {name: n for n, name in enumerate(names)}
    pairs = [(place[a], place[b], round(persons)) for (a, b), persons in task.demand.items()]
    start, end = (np.repeat(np.array([p[k] for p in pairs], np.int32), [p[2] for p in pairs]) for k in (0, 1))
    return Demand.direct(names, task.slot_s * random.random(len(start)), start, end)


def _walked(task: OneWayTask, demand: Demand, changed: Mapping[str, Way], seed: int) -> DayResult:
    changes = tuple(
        Change(0.0, id, Field.OPEN, 0.0) if way is Way.CLOSED else Change(0.0, id, Field.DIRECTION, DIRECTION[way])
        for id, way in changed.items()
    )
    scenario = Scenario(task.network, demand, changes=changes, routing=Routing(reactive_s=LOOK_S), slot_s=task.slot_s)
    return simulate(scenario, seed=seed, until_s=LATEST_SLOTS * task.slot_s)


def _mean_s(day: DayResult, demand: Demand) -> float:
    there = np.isfinite(day.arrived_s)
    return float((day.arrived_s - demand.depart_s)[there].mean()) if there.any() else 0.0
