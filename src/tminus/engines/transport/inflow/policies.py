"""What a plan is compared with: letting everybody in, and what a careful dispatcher does slot after slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.loads import entries_of
from tminus.engines.transport.inflow.network import Floats, MetroNetwork
from tminus.engines.transport.inflow.program import limits_of
from tminus.engines.transport.inflow.routes import route_trees
from tminus.engines.transport.inflow.simulate import InflowDay, pair_flows, simulate_inflow


@dataclass(frozen=True, slots=True, eq=False)
class InflowPolicy:
    """Caps of a policy, persons a minute [station, slot], and the day they lead to."""

    name: str
    caps: Floats
    day: InflowDay

    def as_json(self) -> dict[str, Any]:
        return {"policy": self.name} | day_figures(self.day)


def day_figures(day: InflowDay) -> dict[str, Any]:
    """The figures policies are compared by."""
    return {
        "exceeded_arc_minutes": day.exceeded_arc_minutes,
        "delay_person_min": round(day.total_delay_person_min, 1),
        "longest_queue": round(float(day.queue.max()), 1),
        "left_persons": round(float(day.left.sum()), 1),
    }


def other_policies(network: MetroNetwork, demand: StationDemand) -> tuple[InflowPolicy, ...]:
    """``do_nothing`` and ``greedy``, each simulated as a plan is."""
    trees = route_trees(network)
    flows = pair_flows(network, trees, demand)
    caps = {"do_nothing": gate_caps(network, demand), "greedy": greedy_caps(network, demand)}
    return tuple(
        InflowPolicy(name, cap, simulate_inflow(network, trees, demand, cap, flows)) for name, cap in caps.items()
    )


def gate_caps(network: MetroNetwork, demand: StationDemand) -> Floats:
    """No cap but the gates' own."""
    most = np.array([gate.most_per_min for gate in network.gates])
    return np.repeat(most[:, None], demand.slots, axis=1)


def greedy_caps(network: MetroNetwork, demand: StationDemand) -> Floats:
    """Slot after slot, as many as come; where that would exceed an arc, all stations that feed it are cut alike.

    Looks ahead along the way of those let in, never at who will come: later, nearer stations find the room taken.
    """
    entries = entries_of(network, route_trees(network), demand)
    limits = limits_of(network, demand)
    share = entries.through / np.maximum(demand.arriving[entries.station], 1e-300)
    let_in = np.zeros_like(demand.arriving)
    loads = np.zeros((entries.arcs, entries.minutes))
    _slot_by_slot(
        entries.station, entries.offset, entries.first, share, entries.slot_min,
        demand.arriving, limits.least, limits.most, network.capacities, loads, let_in,
    )  # fmt: skip
    waited = np.cumsum(demand.arriving - let_in, axis=1) > 1e-6
    held = waited.copy()
    held[:, 1:] |= waited[:, :-1]
    return np.where(held, let_in / demand.slot_min, limits.most / demand.slot_min)


@njit(cache=True)
def _slot_by_slot(  # type: ignore[no-untyped-def]
    station, offset, first, share, slot_min, came, least, most, capacity, loads, let_in
):
    stations, slots = came.shape
    waiting = np.zeros(stations)
    fresh = np.zeros_like(loads)
    for slot in range(slots):
        wanted = np.minimum(waiting + came[:, slot], most[:, slot])
        begin = slot * slot_min
        fresh[:, begin:] = 0.0
        factor = np.ones(stations)
        for arc in range(len(first) - 1):
            for entry in range(first[arc], first[arc + 1]):
                rate = share[entry, slot] * wanted[station[entry]] / slot_min
                for minute in range(begin + offset[entry], begin + offset[entry] + slot_min):
                    fresh[arc, minute] += rate
            for entry in range(first[arc], first[arc + 1]):
                if share[entry, slot] > 0:
                    for minute in range(begin + offset[entry], begin + offset[entry] + slot_min):
                        if loads[arc, minute] + fresh[arc, minute] > capacity[arc]:
                            room = max(capacity[arc] - loads[arc, minute], 0.0) / fresh[arc, minute]
                            factor[station[entry]] = min(factor[station[entry]], room)
        gone = np.maximum(wanted * factor, np.minimum(least[:, slot], wanted))
        let_in[:, slot] = gone
        waiting += came[:, slot] - gone
        for arc in range(len(first) - 1):
            for entry in range(first[arc], first[arc + 1]):
                rate = share[entry, slot] * gone[station[entry]] / slot_min
                for minute in range(begin + offset[entry], begin + offset[entry] + slot_min):
                    loads[arc, minute] += rate
