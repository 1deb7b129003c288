"""A gate plan carried out: everybody of one sample path comes to the open lanes, each search lasting its own time."""

from __future__ import annotations

from time import perf_counter

import numpy as np

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.gate_plan import GatePlan, check, moved
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import GateShift, Scenario
from tminus.engines.crowd.simulate import simulate
from tminus.studies.plan_walk import MOST_PERSONS, PlanWalk, drawn_seconds

CV = 0.5
"""Of the searches, as in the simulated day."""
WIDE_M, FLOW_P_S = 5000.0, 1e5
"""The plan knows gates alone: before and behind them there is room for everybody."""


def walk_gates(plan: GatePlan, seed: int = 0) -> PlanWalk | None:
    """The middling path of the plan's day; None: too many people to be walked."""
    began = perf_counter()
    day = plan.day
    totals = day.arrivals.sum(axis=(1, 2))
    path = int(np.argsort(totals, kind="stable")[len(totals) // 2])
    if totals[path] > MOST_PERSONS:
        return None
    coming = moved(day, day.arrivals[path : path + 1], plan.sent)
    random = np.random.default_rng(seed)
    each = [drawn_seconds(row, day.step_s, random) for row in coming[0]]
    gates = [gate.id for gate in day.gates]
    place = np.repeat(np.arange(len(gates), dtype=np.int32), [len(one) for one in each])
    names = [f"{side} {gate}" for side in ("before", "behind") for gate in gates]
    demand = Demand.direct(names, np.concatenate(each), place, place + np.int32(len(gates)))
    scenario = Scenario(_network(gates), demand, _shifts(plan), slot_s=day.slot_s)
    result = simulate(scenario, seed=seed, until_s=day.slots * day.slot_s).gates
    served = result.served.sum()
    waited = np.where(result.served > 0, np.nan_to_num(result.wait_s) * result.served, 0.0).sum()
    planned = check(day, plan.lanes, coming, "plan")
    return PlanWalk(
        "mean_wait_s",
        planned.mean_wait_s,
        float(waited / max(served, 1)),
        len(place),
        perf_counter() - began,
        {
            "planned_longest_wait_s": planned.longest_wait_s,
            "simulated_longest_wait_s": float(np.max(result.longest_wait_s, initial=0.0)),
            "planned_left": planned.left,
            "simulated_left": float(len(place) - served),
        },
    )


def _network(gates: list[str]) -> Network:
    nodes = [Node(f"{side} {gate}") for side in ("before", "behind") for gate in gates]
    nodes += [Node(f"at {gate}", NodeKind.GATE) for gate in gates]
    links = [
        Link(f"{a} > {b}", a, b, 1.0, WIDE_M, capacity_p_s=FLOW_P_S)
        for gate in gates
        for a, b in ((f"before {gate}", f"at {gate}"), (f"at {gate}", f"behind {gate}"))
    ]
    return Network(tuple(nodes), tuple(links))


def _shifts(plan: GatePlan) -> tuple[GateShift, ...]:
    slot = plan.day.slot_s
    return tuple(
        GateShift(f"at {gate.id}", n * slot, (n + 1) * slot, int(lanes), gate.mean_s, CV)
        for gate, row in zip(plan.day.gates, plan.lanes, strict=True)
        for n, lanes in enumerate(row)
    )
