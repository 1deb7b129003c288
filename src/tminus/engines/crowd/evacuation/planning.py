"""From a network and who is where to the earliest-arrival plan."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

import numpy as np

from tminus.engines.crowd.evacuation.earliest import earliest_arrival
from tminus.engines.crowd.evacuation.expansion import clocks
from tminus.engines.crowd.evacuation.instance import InfeasiblePlan, Instance, instance_of
from tminus.engines.crowd.evacuation.paths import paths_of
from tminus.engines.crowd.evacuation.plan import EvacuationPlan
from tminus.engines.crowd.evacuation.quickest import Cut, cut_before, least_seconds, quickest_step, too_far
from tminus.engines.crowd.evacuation.told import Told
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.spans import spans

STEPS_S = (1.0, 2.0, 3.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
COPIES = 30_000
"""The step is the shortest with about so many copies of places in time: about a second of one core."""


def plan_evacuation(
    network: Network,
    people: Mapping[str, int],
    exits: Collection[str] | None = None,
    *,
    closed: Collection[str] = (),
    step_s: float | None = None,
    within_s: float | None = None,
) -> EvacuationPlan:
    """The earliest-arrival plan for ``people`` (persons by node) to ``exits`` (default: nodes of that kind).

    ``closed``: links nobody walks. ``step_s``: of the time-expanded network; default: by the size of the instance.
    ``within_s``: everybody has to be out by then.

    :raises CrowdError: what was handed in makes no sense.
    :raises InfeasiblePlan: somebody cannot get out, or no plan is quick enough; the cut is named.
    """
    instance = instance_of(network, people, exits, closed)
    if not instance.total:
        return nobody(network)
    step = fitting_step(instance) if step_s is None else checked_step(step_s)
    spent = {"quickest": time.perf_counter()}
    bound, clock = _bound(instance, step, within_s), clocks(instance, step, "up")
    last = quickest_step(instance, clock, int(bound / step))
    spent["cut"] = time.perf_counter()
    cut = cut_before(instance, clock, last)
    spent["earliest"] = time.perf_counter()
    graph, flow = earliest_arrival(instance, clock, last)
    spent["routes"] = time.perf_counter()
    told = Told(instance, clock, paths_of(graph, flow))
    return told.plan(bound, cut, network.default.name, spans(spent, time.perf_counter()))


def fitting_step(instance: Instance) -> float:
    """The shortest step with which the plan is still found in about a second."""
    reached = int(np.isfinite(instance.to_exit_s).sum())
    return next((s for s in STEPS_S if least_seconds(instance) / s * reached <= COPIES), STEPS_S[-1])


def checked_step(step_s: float) -> float:
    """:raises CrowdError: no step a plan can have."""
    if not 0.1 <= step_s <= 3600:
        raise CrowdError(f"step {step_s:g} s; allowed: 0.1 … 3600")
    return step_s


def _bound(instance: Instance, step_s: float, within_s: float | None) -> float:
    """:raises InfeasiblePlan: the bound is beyond ``within_s``."""
    clock = clocks(instance, step_s, "down")
    bound = max(quickest_step(instance, clock) * step_s, float(instance.to_exit_s[instance.origins].max()))
    if within_s is not None and bound > within_s:
        cut = too_far(instance, within_s) or cut_before(instance, clock, int(within_s / step_s) + 1)
        raise InfeasiblePlan(
            f"{instance.total:,} persons cannot all be out in {within_s:g} s, the quickest is above {bound:g} s",
            tuple(named(cut)),
        )
    return bound


def named(cut: Cut) -> list[str]:
    """The elements of a cut, one line each."""
    return [
        f"{one.kind} {one.element!r} from {one.from_s:.0f} to {one.to_s:.0f} s ({one.persons:,} persons)"
        for one in cut.elements
    ]


def nobody(network: Network) -> EvacuationPlan:
    """The plan of nobody."""
    none = np.zeros(0)
    return EvacuationPlan(
        0, 0.0, 0.0, 0.0, 0.0, none, none.astype(np.int64), (), (), (), Cut(0, 0, ()), (), network.default.name, {}
    )
