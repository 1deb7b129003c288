"""What a way costs as things stand: walking at its density, and waiting at its end, at a gate or for a vehicle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.state import Net, State
from tminus.engines.crowd.compiled import BOARD, WALKED, Compiled
from tminus.engines.crowd.riding import board_id
from tminus.engines.crowd.routing import free_costs
from tminus.engines.crowd.scenario import Run


def seats_by_way(net: Compiled, runs: tuple[Run, ...]) -> NDArray[np.float64]:
    """[way] persons a vehicle that is boarded by it holds, on average; infinite where it is no way to board."""
    held: dict[tuple[str, str], list[int]] = {}
    for run in runs:
        for stop in run.stops[:-1]:
            held.setdefault((run.line, stop.node), []).append(run.capacity_p)
    seats = {board_id(line, stop): max(float(np.mean(of)), 1.0) for (line, stop), of in held.items()}
    return np.array([seats.get(net.links[e].id, np.inf) for e in net.element])


def costs_now(net: Compiled, state: State, fixed: Net, seats: NDArray[np.float64]) -> NDArray[np.float64]:
    """[way] seconds for somebody who sets out on it now.

    A gate's wait is on the ways that lead to it; who cannot come onto a way waits before it, and that wait is its own.
    Before a way to board one waits half a headway, and a whole one for every ``seats`` [way] people
    who wait there already, as if vehicles came empty.
    """
    ways = state.ways[: net.moved]
    both = ways["on"] + np.where(ways["opposite"] >= 0, state.ways["on"][ways["opposite"]], 0)
    table = net.relative[net.diagram]
    place = np.minimum((both * ways["density_step"]).astype(np.int64), table.shape[1] - 1)
    walking = ways["free_s"] / table[np.arange(len(ways)), place]
    costs = np.where(net.what == WALKED, walking, free_costs(net)) + ways["queued"] * ways["headway"]
    boards = net.what == BOARD
    costs[boards] = (net.free_s * (1.0 + 2.0 * np.floor(ways["queued"] / seats)))[boards]
    costs += _waits_before(net, state, fixed)
    return np.asarray(costs + _gate_waits(state)[net.end], np.float64)


def _waits_before(net: Compiled, state: State, fixed: Net) -> NDArray[np.float64]:
    """[way] seconds until everybody who is held up before it has come onto it; a queue wants where its first wants."""
    found = np.zeros(net.moved)
    held = np.nonzero((state.ways["queued"] > 0) & (state.ways["blocked"] >= 0.0))[0]
    first = state.agents[state.ways["head"][held]]
    onward = fixed.ways[-1, first["target"], state.ways["end"][held]]
    some = onward >= 0
    wait = state.ways["queued"][held[some]] * state.ways["headway"][onward[some]]
    np.add.at(found, onward[some], wait)
    return found


def _gate_waits(state: State) -> NDArray[np.float64]:
    """[node] seconds the last in a gate's queue has to wait."""
    found = np.zeros(len(state.nodes))
    gates = state.gates
    with np.errstate(divide="ignore", invalid="ignore"):
        wait = gates["queued"] * gates["mean"] / gates["lanes"]
    found[gates["node"]] = np.nan_to_num(wait, nan=0.0, posinf=1e6)
    return found
