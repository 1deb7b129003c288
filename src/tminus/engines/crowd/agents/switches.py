"""What changes at a second: gates open and close lanes, links close, narrow or turn, lines leave for the last time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.lists import give_up_waiting, wake
from tminus.engines.crowd.agents.start import gate_nodes, service_tables
from tminus.engines.crowd.agents.state import Net, State
from tminus.engines.crowd.compiled import BOARD, Compiled
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.riding import board_id
from tminus.engines.crowd.scenario import Change, Field, Scenario

LAST_RUN_GRID_S = 300.0
"""After a line's last departure people look for another way; looked at every five minutes."""

NODE_FIELDS = (Field.LANES, Field.MEAN)


@dataclass(frozen=True, slots=True)
class Switch:
    """``apply`` at ``at_s``; whether ``routes`` may be other ones afterwards."""

    at_s: float
    apply: Callable[[Net, State], None]
    routes: bool


def switches_of(net: Compiled, scenario: Scenario, changes: tuple[Change, ...]) -> list[Switch]:
    """Everything that changes, by time; what is written later at the same second holds.

    :raises CrowdError: a change of an element that is not there, or of what it does not have.
    """
    found = _gate_shifts(scenario) + _last_runs(net, scenario)
    place = {link.id: e for e, link in enumerate(net.links)}
    found += [_switch_of(net, scenario, change, place) for change in changes]
    return sorted(found, key=lambda switch: switch.at_s)


def _gate_shifts(scenario: Scenario) -> list[Switch]:
    gates = {id: k for k, id in enumerate(gate_nodes(scenario))}
    spreads = service_tables(scenario)[0]
    found = []
    for id, gate in gates.items():
        shifts = [shift for shift in scenario.gates if shift.node == id]
        for at in sorted({t for shift in shifts for t in (shift.from_s, shift.to_s)}):
            running = [shift for shift in shifts if shift.from_s <= at < shift.to_s]
            if running:
                shift = running[-1]
                found.append(_gate_switch(at, gate, shift.lanes, shift.mean_s, spreads.index(shift.cv)))
            else:
                found.append(_gate_switch(at, gate, 0, None, None))
    return found


def _gate_switch(at: float, gate: int, lanes: int, mean: float | None, table: int | None) -> Switch:
    def apply(fixed: Net, s: State) -> None:
        s.gates[gate]["lanes"] = lanes
        if mean is not None:
            s.gates[gate]["mean"], s.gates[gate]["table"] = mean, table
        wake(s, int(s.gates[gate]["node"]))

    return Switch(max(at, 0.0), apply, routes=False)


def _last_runs(net: Compiled, scenario: Scenario) -> list[Switch]:
    last: dict[tuple[str, str], float] = {}
    for run in scenario.runs:
        for stop in run.stops[:-1]:
            at = last.get((run.line, stop.node), -math.inf)
            last[run.line, stop.node] = max(at, stop.depart_s)
    way = {link.id: net.ways_of[e][0] for e, link in enumerate(net.links)}
    by_time: dict[float, list[int]] = {}
    for (line, stop_id), at in last.items():
        by_time.setdefault(math.ceil((at + 1.0) / LAST_RUN_GRID_S) * LAST_RUN_GRID_S, []).append(
            way[board_id(line, stop_id)]
        )
    return [_closing(at, ways) for at, ways in by_time.items()]


def _closing(at: float, ways: list[int]) -> Switch:
    def apply(fixed: Net, s: State) -> None:
        for way in ways:
            s.ways[way]["open"] = 0
            give_up_waiting(fixed, s, way)

    return Switch(at, apply, routes=True)


def _switch_of(net: Compiled, scenario: Scenario, change: Change, place: Mapping[str, int]) -> Switch:
    gates = {id: k for k, id in enumerate(gate_nodes(scenario))}
    if change.element in gates and change.field in (*NODE_FIELDS, Field.OPEN):
        return _gate_change(change, gates[change.element])
    element = place.get(change.element)
    if element is not None and change.field not in NODE_FIELDS:
        made = element >= len(scenario.network.links)  # to board, ride, alight: open or not, nothing else
        if not made or change.field is Field.OPEN:
            return _link_change(net, change, element)
    raise CrowdError(
        f"change of {change.field} of {change.element!r}: there is no such link or gate; "
        f"allowed: open, capacity_p_s, free_speed_m_s, direction of a link, open, lanes, mean_s of a gate"
    )


def _gate_change(change: Change, gate: int) -> Switch:
    if change.value < 0 or (change.field is Field.MEAN and change.value == 0):
        raise CrowdError(f"{change.field} of gate {change.element!r}: {change.value:g}; allowed: 0 or more")
    field = {Field.LANES: "lanes", Field.MEAN: "mean", Field.OPEN: "open"}[change.field]

    def apply(fixed: Net, s: State) -> None:
        s.gates[gate][field] = change.value
        wake(s, int(s.gates[gate]["node"]))

    return Switch(change.at_s, apply, routes=change.field is Field.OPEN)


def _link_change(net: Compiled, change: Change, element: int) -> Switch:
    there, back = net.ways_of[element]
    ways = [way for way in (there, back) if way >= 0]
    value = change.value
    if change.field in (Field.CAPACITY, Field.SPEED) and value <= 0:
        raise CrowdError(f"{change.field} of link {change.element!r}: {value:g}; allowed: above 0")
    if change.field is Field.DIRECTION and (back < 0 or value not in (-1, 0, 1)):
        raise CrowdError(f"direction of link {change.element!r}: {value:g}; allowed: −1, 0, 1 of a two-way link")

    def apply(fixed: Net, s: State) -> None:
        for way in ways:
            _set_way(net, s.ways, way, change.field, value, forward=way == there)
            if net.what[way] == BOARD and not s.ways[way]["open"]:
                give_up_waiting(fixed, s, way)
            wake(s, int(net.start[way]))

    return Switch(change.at_s, apply, routes=change.field is not Field.CAPACITY)


def _set_way(net: Compiled, ways: NDArray[np.void], way: int, field: Field, value: float, *, forward: bool) -> None:
    if field is Field.OPEN:
        ways[way]["open"] = int(value != 0)
    elif field is Field.DIRECTION:
        ways[way]["open"] = int(value >= 0 if forward else value <= 0)
    elif field is Field.CAPACITY:
        ways[way]["headway"] = 1.0 / (net.capacity[way] if math.isnan(value) else value)
    else:
        length = net.links[net.element[way]].length_m
        ways[way]["free_s"] = net.free_s[way] if math.isnan(value) else length / value
