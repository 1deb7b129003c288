"""From a scenario to the records of a simulation at its first second."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.state import (
    AGENT,
    GATE,
    NODE,
    SAMPLE_S,
    SERVICE_GRID,
    SERVICE_REACH,
    TALLIES,
    TOLD_OF_A_CIRCLE,
    WAIT_BINS,
    WAY,
    WHEEL,
    WINDOW_S,
    Net,
    State,
)
from tminus.engines.crowd.compiled import BOARD, Compiled
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.diagram import GRID
from tminus.engines.crowd.kinds import WALKED as WALKED_KINDS
from tminus.engines.crowd.leavings import HOLE_BINS
from tminus.engines.crowd.level_of_service import thresholds_of
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Field, Scenario
from tminus.engines.crowd.service_times import service_table
from tminus.engines.crowd.timetable import vehicles_of

MOST_INCIDENTS = 10_000
"""Circles that are told apart; later ones are resolved all the same."""

CACHE_LINE = 64

TWO_STEPS = 2.0
"""A way has room for what passes in two steps, however short it is: neighbours look at one another once a step."""


def sample_s(scenario: Scenario) -> float:
    """Seconds between two looks at densities: whole steps, about five seconds."""
    return max(round(SAMPLE_S / scenario.step_s), 1) * scenario.step_s


def gate_nodes(scenario: Scenario) -> tuple[str, ...]:
    """Nodes at which people are served, in the order of the shifts."""
    return tuple(dict.fromkeys(shift.node for shift in scenario.gates))


def service_tables(scenario: Scenario) -> tuple[tuple[float, ...], NDArray[np.float64]]:
    """The coefficients of variation that occur, and for each a table of service times."""
    spreads = tuple(sorted({shift.cv for shift in scenario.gates})) or (0.0,)
    return spreads, np.array([service_table(cv, SERVICE_REACH, SERVICE_GRID) for cv in spreads])


def begin(net: Compiled, scenario: Scenario, seed: int) -> tuple[Net, State, NDArray[np.void]]:
    """The records at second 0 and the events of the vehicles. Tables of ways are empty yet."""
    demand = scenario.demand
    places = np.array([net.node(id) for id in demand.nodes], np.int32)
    destinations, targets = np.unique(places[demand.leg_node], return_inverse=True)
    stops, events = vehicles_of(net, scenario.runs)
    elements = scenario.network.links
    ways_of = np.array(net.ways_of[: len(elements)], np.int32).reshape(-1, 2)
    fixed = Net(
        *net.incoming,
        moved=net.moved,
        relative=net.relative,
        wave_lag=net.waves[:, :, 0].copy(),
        wave_room=np.maximum(net.waves[:, :, 1], _least_room(net, scenario)[:, None] + net.waves[:, :, 0] * _flow(net)),
        first_leg=demand.first_leg,
        leg_target=targets.astype(np.int32).reshape(-1),
        leg_dwell=demand.leg_dwell_s,
        leg_until=demand.leg_until_s,
        depart=demand.depart_s,
        origin=places[demand.origin],
        destination=destinations.astype(np.int32),
        ways=np.full((1, len(destinations), len(net.nodes)), -1, np.int32),
        others=np.zeros((0, 0, 0), np.int32),
        firsts=np.zeros((0, 0, 0), np.float32),
        advised=float(scenario.routing.advised),
        service=service_tables(scenario)[1],
        **stops,
        seats=np.array([run.capacity_p for run in scenario.runs], np.int32),
        thresholds=thresholds_of(scenario.network),
        element_way=ways_of,
        per_m2=np.array(
            [1.0 / (link.length_m * link.width_m) if link.kind in WALKED_KINDS else 0.0 for link in elements]
        ),
        step=float(scenario.step_s),
        sample_s=float(sample_s(scenario)),
        stuck_s=float(scenario.stuck_s),
        patience_s=float(scenario.patience_s),
        seed=seed,
    )
    return fixed, _state(net, scenario, fixed, len(events)), events


def _flow(net: Compiled) -> NDArray[np.float64]:
    """[way, 1] persons a second at most, finite."""
    return np.where(np.isfinite(net.capacity), net.capacity, 0.0)[:, None]


def _least_room(net: Compiled, scenario: Scenario) -> NDArray[np.float64]:
    return np.maximum(1.0, TWO_STEPS * scenario.step_s * _flow(net)[:, 0])


def _state(net: Compiled, scenario: Scenario, fixed: Net, events: int) -> State:
    agents, elements, places = len(scenario.demand), len(scenario.network.links), len(fixed.stop_way)
    gates = gate_nodes(scenario)
    nodes = _nodes(net, gates)
    ways = _ways(net, scenario)
    looks = max(round(WINDOW_S / fixed.sample_s), 1)
    return State(
        agents=_agents(scenario.demand, fixed, net.free_speed),
        ways=ways,
        nodes=nodes,
        gates=_gates(net, gates),
        servers=np.zeros((len(gates), _most_lanes(scenario))),
        holes=np.zeros((len(ways), HOLE_BINS), np.int32),
        wheel=np.full((2, WHEEL), -1, np.int32),
        pending=np.zeros(len(nodes) + 1, np.int32),
        later=np.zeros(len(nodes) + 1, np.int32),
        aboard=np.full((2, places), -1, np.int32),
        load=np.zeros(len(scenario.runs), np.int32),
        opened=np.zeros(len(scenario.runs)),
        tally=np.zeros(TALLIES, np.int64),
        time=np.zeros(1),
        arrived=np.full(agents, np.nan),
        lost=np.zeros(agents, np.float32),
        seen_on=np.zeros(elements),
        seen_peak=np.zeros(elements, np.float32),
        seen_peak_at=np.zeros(elements, np.float32),
        recent=np.zeros((elements, looks + 1), np.int32),
        seen_nodes=np.zeros(len(nodes)),
        levels=np.zeros((elements, 6)),
        left=np.zeros(len(ways), np.int32),
        gate_seen=np.zeros((len(gates), 4)),
        waits=np.zeros((len(gates), WAIT_BINS), np.int32),
        ride_seen=np.zeros((events, 3), np.int32),
        squeezes=np.zeros((MOST_INCIDENTS, 4)),
        squeezed=np.full((MOST_INCIDENTS, TOLD_OF_A_CIRCLE), -1, np.int32),
        waits_at=np.zeros(len(ways), np.int32),
        waits_due=np.zeros(len(ways)),
        circle=np.zeros((2, len(ways)), np.int32),
    )


def _in_lines(count: int, record: np.dtype[np.void]) -> NDArray[np.void]:
    """``count`` empty records that begin at a line of the processor's cache, so that none lies across one more."""
    size = count * record.itemsize
    room = np.zeros(size + CACHE_LINE, np.uint8)
    first = -room.ctypes.data % CACHE_LINE
    return room[first : first + size].view(record)


def _agents(demand: Demand, fixed: Net, free_speed: float) -> NDArray[np.void]:
    found = _in_lines(len(demand), AGENT)
    found["following"] = -1
    found["leg"] = demand.first_leg[:-1]
    found["target"] = fixed.leg_target[demand.first_leg[:-1]]
    found["pace"] = np.where(np.isnan(demand.speed_m_s), 1.0, demand.speed_m_s / np.float32(free_speed))
    if len(found) and not (found["pace"] > 0).all():
        raise CrowdError("demand: a walking speed that is not above 0")
    return found


def _ways(net: Compiled, scenario: Scenario) -> NDArray[np.void]:
    moved, nodes = net.moved, len(net.nodes)
    found = _in_lines(2 * moved + nodes, WAY)
    for field, nothing in (("head", -1), ("tail", -1), ("blocked", -1.0), ("opposite", -1), ("refused", -1)):
        found[field] = nothing
    found["open"] = 1
    found["hole_s"] = scenario.step_s
    found["storage"] = np.iinfo(np.int32).max
    found["no_wave_below"] = np.inf
    found["passing"] = 1
    found["end"][moved : 2 * moved] = net.start
    found["end"][2 * moved :] = np.arange(nodes)
    real = found[:moved]
    for field in ("start", "end", "opposite", "what", "free_s", "diagram", "passing"):
        real[field] = getattr(net, field)
    real["headway"] = 1.0 / net.capacity
    real["hole_s"] = np.maximum(net.waves[:, :, 0].max(axis=1, initial=0.0) / (HOLE_BINS - 3), scenario.step_s)
    jam, critical = net.jam[net.diagram], net.critical[net.diagram]
    least = np.ceil(_least_room(net, scenario))
    bounded = net.what == 0
    real["storage"][bounded] = np.maximum(np.floor(jam * net.area), least + 1)[bounded].astype(np.int32)
    real["no_wave_below"][bounded] = np.floor(critical * net.area)[bounded]
    real["density_step"] = np.where(bounded, GRID / (jam * net.area), 0.0)
    _share_turns(net, found)
    return found


def _share_turns(net: Compiled, ways: NDArray[np.void]) -> None:
    """Where ways meet each has turns by its capacity; who sets off there is let on like a way of middling capacity."""
    moved = net.moved
    ways["share_s"][:moved] = np.maximum(ways["headway"][:moved], 1e-6)
    walked = net.what != BOARD
    sums = np.bincount(net.end[walked], weights=ways["share_s"][:moved][walked], minlength=len(net.nodes))
    counts = np.bincount(net.end[walked], minlength=len(net.nodes))
    ways["share_s"][moved:] = np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)[ways["end"][moved:]]


def _nodes(net: Compiled, gates: tuple[str, ...]) -> NDArray[np.void]:
    found = np.zeros(len(net.nodes), NODE)
    found["gate"] = found["lost_head"] = found["lost_tail"] = -1
    found["capacity"] = net.node_capacity
    for k, id in enumerate(gates):
        found["gate"][net.node(id)] = k
    return found


def _gates(net: Compiled, gates: tuple[str, ...]) -> NDArray[np.void]:
    found = np.zeros(len(gates), GATE)
    found["head"] = found["tail"] = -1
    found["open"] = 1
    found["mean"] = 1.0
    found["node"] = [net.node(id) for id in gates]
    return found


def _most_lanes(scenario: Scenario) -> int:
    changed = [int(change.value) for change in scenario.changes if change.field is Field.LANES]
    return max([1, *changed, *(shift.lanes for shift in scenario.gates)])
