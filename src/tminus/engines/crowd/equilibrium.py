"""Routes nobody would change: simulate, look what every way cost at what time, send some people the quicker way, again.

Method of successive averages on the shares in which people take the ways from a node to a destination, slot by slot
(Sheffi 1985, *Urban Transportation Networks*, ch. 12). What a way costs in a slot is what those who came onto it spent
there, the wait before it included. A route is judged by the costs of the slot it is looked up in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.simulation import Simulation
from tminus.engines.crowd.compiled import Compiled
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.routing import Split, free_costs, quickest, times_to
from tminus.engines.crowd.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Equilibrium:
    """The best day found and how far it is from one nobody would change.

    :param gaps: by iteration, (time spent − time on the quickest ways) / time on the quickest ways.
    :param guidance: by slot, what people have to be told for it.
    :param converged: whether the last gap is within the one asked for.
    """

    result: DayResult
    guidance: tuple[Split, ...]
    gaps: tuple[float, ...]
    converged: bool


def equilibrate(
    scenario: Scenario,
    *,
    seed: int = 0,
    gap: float = 0.03,
    most: int = 20,
    on_progress: Callable[[int, float], None] | None = None,
) -> Equilibrium:
    """Iterate until ``gap`` or ``most`` days; those who do not follow advice keep to the ways of an empty network."""
    guidance: tuple[Split, ...] = ()
    best: tuple[float, DayResult, tuple[Split, ...]] | None = None
    gaps: list[float] = []
    for k in range(most):
        simulation = Simulation(scenario, seed=seed, guidance=guidance)
        simulation.run()
        costs = way_costs(simulation)
        times = [times_to(simulation.compiled, simulation.destinations, row) for row in costs]
        gaps.append(_gap(simulation, costs, times))
        if on_progress is not None:
            on_progress(k + 1, gaps[-1])
        if best is None or gaps[-1] < best[0]:
            best = (gaps[-1], simulation.result(), guidance)
        if gaps[-1] <= gap:
            break
        guidance = _advised(simulation, guidance, costs, times, 1.0 / (k + 2))
    assert best is not None  # noqa: S101 - ``most`` is at least one
    return Equilibrium(best[1], best[2], tuple(gaps), best[0] <= gap)


def way_costs(simulation: Simulation) -> NDArray[np.float64]:
    """[slot, way] mean seconds of who came in; of ways nobody took, those of somebody alone."""
    spent, entered = simulation.experienced()
    free = free_costs(simulation.compiled)
    return np.where(entered > 0, np.maximum(spent / np.maximum(entered, 1), free), free)


def _advised(
    simulation: Simulation,
    before: tuple[Split, ...],
    costs: NDArray[np.float64],
    times: list[NDArray[np.float64]],
    weight: float,
) -> tuple[Split, ...]:
    net = simulation.compiled
    free = Split.all_on(quickest(net, simulation.destinations, *_free(simulation)))
    found = []
    for slot, (row, time) in enumerate(zip(costs, times, strict=True)):
        known = before[slot] if slot < len(before) else free
        found.append(known.drawn_to(quickest(net, simulation.destinations, row, time), weight))
    return tuple(found)


def _free(simulation: Simulation) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    costs = free_costs(simulation.compiled)
    return costs, times_to(simulation.compiled, simulation.destinations, costs)


def _gap(simulation: Simulation, costs: NDArray[np.float64], times: list[NDArray[np.float64]]) -> float:
    """Everything spent on ways, over the same trips by the quickest ways of the slot each leg began in."""
    spent = float((costs * simulation.experienced()[1]).sum())
    least = _least(simulation.scenario, simulation.compiled, simulation.destinations, times)
    return max(spent - least, 0.0) / max(least, 1e-9)


def _least(
    scenario: Scenario, net: Compiled, destinations: NDArray[np.int32], times: list[NDArray[np.float64]]
) -> float:
    """Trips of one leg begin at their departure; later legs are looked up when the stay before them may end."""
    demand = scenario.demand
    place = np.array([net.node(id) for id in demand.nodes], np.int64)
    row = np.zeros(len(net.nodes), np.int64)
    row[destinations] = np.arange(len(destinations))
    agent = np.repeat(np.arange(len(demand)), np.diff(demand.first_leg))
    is_first = np.zeros(len(agent), bool)
    is_first[demand.first_leg[:-1]] = True
    start = np.where(is_first, place[demand.origin][agent], np.roll(place[demand.leg_node], 1))
    stayed = np.where(is_first, 0.0, np.roll(demand.leg_dwell_s, 1))
    until = np.where(is_first, 0.0, np.roll(demand.leg_until_s, 1))
    begun = demand.depart_s[agent] + np.cumsum(stayed) - np.cumsum(stayed)[demand.first_leg[:-1]][agent]
    begun = np.maximum(begun, until)
    slot = np.minimum((begun // scenario.slot_s).astype(np.int64), len(times) - 1)
    table = np.stack(times)
    least = table[slot, row[place[demand.leg_node]], start]
    return float(least[np.isfinite(least)].sum())
