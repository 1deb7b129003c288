"""A forecast's sample days: the busy day caps are planned for, and what caps come to on each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.loads import entries_of
from tminus.engines.transport.inflow.network import Floats, MetroNetwork
from tminus.engines.transport.inflow.plan import InflowParams, InflowPlan, plan_inflow
from tminus.engines.transport.inflow.policies import gate_caps, greedy_caps
from tminus.engines.transport.inflow.routes import check_reached, route_trees
from tminus.engines.transport.inflow.simulate import TOLERANCE, InflowDay, pair_flows, simulate_inflow

FULL = 0.8
"""An arc with so much of its capacity used on the busy day is one that a busier day would overrun."""
ROOM = 1.002
"""Caps of stations that nobody waits at on the busy day leave so much room, for rounding."""

TOLERATED = 0.01
"""A day is kept with arcs over their capacity by up to this share of it: trains are not counted closer."""


@dataclass(frozen=True, slots=True)
class SampleDays:
    """Means of the sample days; ``longest_queue`` of any. ``paths_kept``: days with no arc ``TOLERATED`` over."""

    exceeded_arc_minutes: float
    delay_person_min: float
    longest_queue: float
    left_persons: float
    paths: int
    paths_kept: int

    def as_json(self) -> dict[str, Any]:
        figures = {name: getattr(self, name) for name in self.__slots__}
        return {name: round(value, 1) if isinstance(value, float) else value for name, value in figures.items()}


def busy_day(paths: Sequence[StationDemand], quantile: float) -> StationDemand:
    """As many at each station and slot as on that share of the sample days, bound for where they are bound on average.

    :raises TransportError: no path, paths on other slots, or a quantile that cannot be.
    """
    if not paths or not 0 < quantile < 1:
        raise TransportError(f"quantile {quantile:g} of {len(paths)} paths; allowed: between 0 and 1, of one or more")
    first = paths[0]
    if len(paths) == 1:
        return first
    if any(
        (one.persons.shape, one.slot_min, one.first_min) != (first.persons.shape, first.slot_min, first.first_min)
        for one in paths
    ):
        raise TransportError("paths: of other stations or slots; allowed: all alike")
    mean = np.asarray(sum(one.persons for one in paths)) / len(paths)
    wanted = np.quantile([one.arriving for one in paths], quantile, axis=0)
    factor = wanted / np.maximum(mean.sum(axis=1), 1e-300)
    return StationDemand(mean * factor[:, None, :], first.slot_min, first.first_min)


def plan_for_days(
    network: MetroNetwork, paths: Sequence[StationDemand], quantile: float = 0.9, params: InflowParams | None = None
) -> InflowPlan:
    """The busy day's plan; of several paths with caps that hold on other days too, simulated with them.

    :raises TransportError: as :func:`busy_day` and :func:`plan_inflow`.
    """
    plan = plan_inflow(network, busy_day(paths, quantile), params)
    if len(paths) == 1:
        return plan
    caps = lasting(plan, guarding_caps(plan))
    day = simulate_inflow(network, route_trees(network), plan.demand, caps)
    return replace(plan, caps=caps, day=day, proof=replace(plan.proof, value=day.total_delay_person_min))


def guarding_caps(plan: InflowPlan) -> Floats:
    """The plan's caps, and such of what the busy day lets in at every station that feeds a nearly full arc then.

    On the day planned for they hold nobody back besides; on a day that is busier there they do.
    """
    feeds = _feeding(plan)
    return np.where(np.isfinite(plan.caps), plan.caps, np.where(feeds, _rate(plan) * ROOM, np.inf))


def _rate(plan: InflowPlan) -> Floats:
    """[station, slot] persons a minute let in on the busy day."""
    return plan.let_in / plan.demand.slot_min


def _feeding(plan: InflowPlan) -> NDArray[np.bool_]:
    """[station, slot]: who goes in then comes to an arc while it is nearly full."""
    entries = entries_of(plan.network, route_trees(plan.network), plan.demand)
    length = plan.demand.slot_min
    full = plan.day.loads >= FULL * plan.network.capacities[:, None]
    before = np.concatenate([np.zeros((len(full), 1)), np.cumsum(full, axis=1)], axis=1)
    arc = np.repeat(np.arange(entries.arcs), np.diff(entries.first))
    feeds = np.zeros(plan.caps.shape, dtype=bool)
    for slot in range(plan.demand.slots):
        begin = np.minimum(entries.offset + slot * length, full.shape[1])
        end = np.minimum(begin + length, full.shape[1])
        feeds[entries.station[before[arc, end] > before[arc, begin]], slot] = True
    return feeds


def lasting(plan: InflowPlan, caps: Floats) -> Floats:
    """No cap ends before the day does: who still waits then on a busier day would go in all at once.

    Where one would end, as many go in as on average under the station's caps so far, or more if more come.
    """
    found, rate = caps.copy(), _rate(plan) * ROOM
    capped = np.isfinite(caps)
    total, many = np.cumsum(np.where(capped, caps, 0.0), axis=1), np.cumsum(capped, axis=1)
    ended = ~capped & (many > 0)
    found[ended] = np.maximum(rate, total / np.maximum(many, 1))[ended]
    return found


def policies_on(
    network: MetroNetwork, paths: Sequence[StationDemand], caps: Mapping[str, Floats]
) -> dict[str, SampleDays]:
    """What ``caps`` by policy [station, slot], nothing done and the greedy policy come to on the paths, in that order.

    The greedy policy sees each day as it goes.
    """
    policies: dict[str, Callable[[StationDemand], Floats]] = {
        **{name: partial(_the_same, own) for name, own in caps.items()},
        "do_nothing": partial(gate_caps, network),
        "greedy": partial(greedy_caps, network),
    }
    trees = route_trees(network)
    found: dict[str, list[InflowDay]] = {name: [] for name in policies}
    for path in paths:
        check_reached(network, trees, path)
        flows = pair_flows(network, trees, path)
        for name, policy in policies.items():
            found[name].append(simulate_inflow(network, trees, path, policy(path), flows))
    return {name: _of(network, days) for name, days in found.items()}


def _the_same(caps: Floats, day: StationDemand) -> Floats:
    return caps


def _of(network: MetroNetwork, days: Sequence[InflowDay]) -> SampleDays:
    most = network.capacities[:, None] * (1 + TOLERATED) + TOLERANCE
    exceeded = np.array([day.exceeded_arc_minutes for day in days])
    return SampleDays(
        exceeded_arc_minutes=float(exceeded.mean()) if len(days) > 1 else int(exceeded[0]),
        delay_person_min=float(np.mean([day.total_delay_person_min for day in days])),
        longest_queue=float(max(day.queue.max() for day in days)),
        left_persons=float(np.mean([day.left.sum() for day in days])),
        paths=len(days),
        paths_kept=sum(bool((day.loads <= most).all()) for day in days),
    )
