"""From a scenario to the records of a fluid day at its first second."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.compiled import ALIGHT, BOARD, RIDE, Compiled
from tminus.engines.crowd.diagram import GRID
from tminus.engines.crowd.fluid.state import (
    MOST_SQUEEZES,
    PACKET,
    QUEUE,
    TALLIES,
    WAIT_BINS,
    Fixed,
    Flow,
)
from tminus.engines.crowd.kinds import WALKED
from tminus.engines.crowd.leavings import HOLE_BINS
from tminus.engines.crowd.level_of_service import thresholds_of
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.routing import free_costs, next_ways, times_to
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.timetable import vehicles_of

STEP_S = 1.0
"""Neighbouring ways look at one another so often, or every step of the scenario if that is longer."""
WINDOW_S = 60.0
MOST_PACKETS = 20_000_000


def gates_of(scenario: Scenario) -> tuple[str, ...]:
    """Nodes at which people are served, in the order of the shifts."""
    return tuple(dict.fromkeys(shift.node for shift in scenario.gates))


def step_of(scenario: Scenario) -> float:
    """Seconds of a step: a whole part of a slot."""
    step = max(scenario.step_s, min(STEP_S, scenario.slot_s))
    return scenario.slot_s / round(scenario.slot_s / step)


def begin(net: Compiled, scenario: Scenario, *, guided: bool = False) -> tuple[Fixed, Flow, NDArray[np.void]]:
    """The records at second 0 and the events of the vehicles; tables of ways are empty yet.

    ``guided``: people take two ways by shares.
    """
    demand, step = scenario.demand, step_of(scenario)
    places = np.array([net.node(id) for id in demand.nodes], np.int32)
    destinations, rows = np.unique(places[demand.leg_node], return_inverse=True)
    targets = np.asarray(rows, np.int32).reshape(-1)
    origin = places[demand.origin]
    order = np.lexsort((targets[demand.first_leg[:-1]], origin, np.floor(demand.depart_s / step)))
    first, ways = _incoming(net)
    stops, events = vehicles_of(net, scenario.runs)
    goals = destinations.astype(np.int32)
    rides, waits = _parts_of(net, goals) if scenario.runs else (np.zeros((len(goals), len(net.nodes))),) * 2
    gate_of = np.full(len(net.nodes), -1, np.int32)
    gate_of[[net.node(id) for id in gates_of(scenario)]] = np.arange(len(gates_of(scenario)))
    pace = np.where(np.isnan(demand.speed_m_s), 1.0, demand.speed_m_s / net.free_speed).astype(np.float64)
    if not (pace > 0).all():
        raise CrowdError("demand: a walking speed that is not above 0")
    least = np.maximum(1.0, 2.0 * step * np.where(np.isfinite(net.capacity), net.capacity, 0.0))
    flow = np.where(np.isfinite(net.capacity), net.capacity, 0.0)[:, None]
    fixed = Fixed(
        in_first=first,
        in_ways=ways,
        moved=net.moved,
        nodes=len(net.nodes),
        rows=len(destinations),
        relative=net.relative,
        wave_lag=net.waves[:, :, 0].copy(),
        wave_room=np.maximum(net.waves[:, :, 1], least[:, None] + net.waves[:, :, 0] * flow),
        first_leg=demand.first_leg,
        leg_target=targets,
        leg_dwell=demand.leg_dwell_s,
        leg_until=demand.leg_until_s,
        depart=demand.depart_s[order],
        agent=order.astype(np.int64),
        origin=origin[order],
        pace=pace,
        destination=destinations.astype(np.int32),
        ways=np.full((1, len(destinations), len(net.nodes)), -1, np.int32),
        others=np.zeros((0, 0, 0), np.int32),
        firsts=np.zeros((0, 0, 0), np.float32),
        free_to=times_to(net, goals, free_costs(net)),
        rides_to=rides,
        waits_to=waits,
        what=net.what,
        stop_way=stops["stop_way"],
        stop_node=stops["stop_node"],
        stop_board=stops["stop_board"],
        seats=np.array([run.capacity_p for run in scenario.runs], np.int32),
        advised=float(scenario.routing.advised),
        gate_of=gate_of,
        node_capacity=net.node_capacity,
        thresholds=thresholds_of(scenario.network),
        element_way=np.array(net.ways_of[: len(scenario.network.links)], np.int32).reshape(-1, 2),
        per_m2=np.array(
            [1 / (one.length_m * one.width_m) if one.kind in WALKED else 0.0 for one in scenario.network.links]
        ),
        step=step,
        stuck_s=float(scenario.stuck_s),
        patience_s=float(scenario.patience_s),
        looks=max(round(WINDOW_S / step), 1),
    )
    return fixed, _flow(net, scenario, fixed, least, len(events), guided=guided), events


def _incoming(net: Compiled) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The ways that end at each node, and the queue of who stands there."""
    nodes = len(net.nodes)
    ended = np.flatnonzero(net.what != BOARD)  # of a way to board a vehicle fetches people
    ways = np.concatenate((ended, net.moved + np.arange(nodes))).astype(np.int32)
    at = np.concatenate((net.end[ended], np.arange(nodes)))
    first = np.concatenate(([0], np.cumsum(np.bincount(at, minlength=nodes)))).astype(np.int32)
    return first, ways[np.argsort(at, kind="stable")]


def _parts_of(net: Compiled, goals: NDArray[np.int32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[row, node] of the seconds of the quickest ways those aboard, and those in which one waits or gets out."""
    ways = next_ways(net, goals, free_costs(net))
    after = np.where(ways >= 0, net.end[np.maximum(ways, 0)], np.arange(len(net.nodes)))
    found = []
    for kinds in ((RIDE,), (BOARD, ALIGHT)):
        seconds = np.where(np.isin(net.what, kinds), free_costs(net), 0.0)
        summed, onward = np.where(ways >= 0, seconds[np.maximum(ways, 0)], 0.0), after
        for _ in range(int(np.ceil(np.log2(max(len(net.nodes), 2))))):
            summed = summed + np.take_along_axis(summed, onward, axis=1)
            onward = np.take_along_axis(onward, onward, axis=1)
        found.append(summed)
    return found[0], found[1]


def _flow(
    net: Compiled, scenario: Scenario, fixed: Fixed, least: NDArray[np.float64], events: int, *, guided: bool
) -> Flow:
    people, gates, elements = len(scenario.demand), len(gates_of(scenario)), len(scenario.network.links)
    queues = _queues(net, scenario, fixed, least)
    kinds = fixed.rows * 2
    packets = np.zeros(min(4 * people + 64 * len(queues) + 1024, MOST_PACKETS), PACKET)
    packets["queue"] = -1
    packets["following"] = np.arange(1, len(packets) + 1)
    packets["following"][-1] = -1
    zeros: dict[str, Any] = {
        "holes": np.zeros((net.moved, HOLE_BINS)),
        "lanes": np.zeros(gates),
        "mean": np.ones(gates),
        "node_on": np.zeros(fixed.nodes),
        "node_turn": np.zeros(fixed.nodes),
        "ahead": np.zeros((2, fixed.rows, fixed.nodes) if guided else (0, 0, 0)),
        "key": np.zeros(people),
        "owed": np.zeros(fixed.rows),
        "place": np.zeros(people, np.int32),
        "moves": np.zeros(3),
        "load": np.zeros(len(scenario.runs)),
        "opened": np.zeros(len(scenario.runs)),
        "ride_seen": np.zeros((events, 3)),
        "seen_on": np.zeros(elements),
        "recent": np.zeros((elements, fixed.looks + 1)),
        "seen_peak": np.zeros(elements),
        "seen_peak_at": np.zeros(elements),
        "seen_nodes": np.zeros(fixed.nodes),
        "levels": np.zeros((elements, 6)),
        "left": np.zeros(net.moved),
        "gate_seen": np.zeros((gates, 4)),
        "waits": np.zeros((gates, WAIT_BINS)),
        "squeezes": np.zeros((MOST_SQUEEZES, 3)),
        "tally": np.zeros(TALLIES, np.int64),
    }
    return Flow(
        packets=packets,
        queues=queues,
        aboard=np.full(len(fixed.stop_way), -1, np.int32),
        last_of=np.full((len(queues), kinds), -1, np.int32),
        leg=scenario.demand.first_leg[:-1].copy(),
        free=scenario.demand.depart_s.astype(np.float64),
        child=np.full(people, -1, np.int64),
        sibling=np.full(people, -1, np.int64),
        root=np.full(fixed.rows + 1, -1, np.int64),
        arrived=np.full(people, np.nan),
        lost=np.zeros(people),
        **zeros,
    )


def _queues(net: Compiled, scenario: Scenario, fixed: Fixed, least: NDArray[np.float64]) -> NDArray[np.void]:
    moved, nodes, gates = net.moved, fixed.nodes, gates_of(scenario)
    found = np.zeros(moved + nodes + len(gates), QUEUE)
    for field in ("head", "tail", "opposite", "visited", "gone_step"):
        found[field] = -1
    found["blocked"] = -1.0
    found["open"] = 1
    found["storage"] = found["no_wave_below"] = np.inf
    found["hole_s"] = fixed.step
    found["passing"] = 64.0
    found["start"][moved : moved + nodes] = found["end"][moved : moved + nodes] = np.arange(nodes)
    found["start"][moved + nodes :] = found["end"][moved + nodes :] = [net.node(id) for id in gates]
    real = found[:moved]
    for field in ("start", "end", "opposite", "free_s", "diagram", "passing"):
        real[field] = getattr(net, field)
    real["headway"] = 1.0 / net.capacity
    real["hole_s"] = np.maximum(net.waves[:, :, 0].max(axis=1, initial=0.0) / (HOLE_BINS - 3), fixed.step)
    walked = net.what == 0
    jam, critical = net.jam[net.diagram], net.critical[net.diagram]
    real["storage"][walked] = np.maximum(np.floor(jam * net.area), np.ceil(least) + 1)[walked]
    real["no_wave_below"][walked] = np.floor(critical * net.area)[walked]
    real["density_step"][walked] = (GRID / (jam * net.area))[walked]
    _share(net, found)
    return found


def _share(net: Compiled, queues: NDArray[np.void]) -> None:
    """Where ways meet each has turns by its capacity; who sets off there is let on like a way of middling capacity."""
    moved, nodes = net.moved, len(net.nodes)
    queues["share_s"][:moved] = np.maximum(queues["headway"][:moved], 1e-6)
    ended = net.what != BOARD
    sums = np.bincount(net.end[ended], weights=queues["share_s"][:moved][ended], minlength=nodes)
    counts = np.bincount(net.end[ended], minlength=nodes)
    queues["share_s"][moved : moved + nodes] = np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)
