"""Laws a queueing model of links must keep, published or provable; some to machine precision."""

from __future__ import annotations

from math import factorial

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.simulation import Simulation
from tminus.engines.crowd.agents.state import DEPARTED, GONE
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.network import Link, Network
from tminus.engines.crowd.scenario import GateShift, Scenario
from tminus.engines.crowd.verification.case import Case, Outcome, relative, within
from tminus.engines.crowd.verification.scenes import crowd, network, play, steady

FAMILY = "Laws"
ARRIVALS = 1_000_000
LOAD = 0.7


def _grid() -> tuple[Network, Demand]:
    """A grid of 5 × 5 with more people than it can carry, from everywhere to everywhere."""
    names = [f"{x}-{y}" for x in range(5) for y in range(5)]
    links = [
        Link(f"{kind}{x}{y}", f"{x}-{y}", f"{x + dx}-{y + dy}", 30.0, 1.5, twoway=True)
        for kind, dx, dy in (("e", 1, 0), ("n", 0, 1)) for x in range(5 - dx) for y in range(5 - dy)
    ]  # fmt: skip
    rng = np.random.default_rng(1)
    origin, destination = rng.integers(0, 25, (2, 12_000)).astype(np.int32)
    apart = origin != destination
    depart = rng.uniform(0, 300, 12_000)
    return network(links), Demand.direct(names, depart[apart], origin[apart], destination[apart])


def _conservation() -> Outcome:
    """After each of 900 steps: who set off and is not gone is somewhere, nobody twice, no place below none."""
    of, demand = _grid()
    day = Simulation(Scenario(of, demand))
    off, least = 0, 0
    for second in range(1, 901):
        day.run(float(second))
        state = day.snapshot().state
        there = int(state.ways["on"][: day.compiled.moved].sum() + state.nodes["on"].sum())
        off = max(off, abs(there - int(state.tally[DEPARTED] - state.tally[GONE])))
        least = min(least, int(state.ways["on"].min()), int(state.nodes["on"].min()))
    return Outcome(float(off - least), 0.0, "exactly", off == 0 and least == 0)


def _storage() -> Outcome:
    of, demand = _grid()
    result = play(of, demand, slot_s=60.0)
    jam = of.default.jam_p_m2
    return Outcome(float(result.max_density.max()), jam, "at most", bool(result.max_density.max() <= jam))


def _lindley(due: NDArray[np.float64], headway_s: float) -> NDArray[np.float64]:
    """Departures of a queue served one a headway: Q(t) = max over s of A(t) − A(s) − C (t − s), person by person."""
    left = np.empty(len(due))
    before = -np.inf
    for n, at in enumerate(due):
        before = max(at, before + headway_s)
        left[n] = before
    return left


def _point_queue() -> Outcome:
    """Bursts against a capacity, nobody slowed down on the way: every departure from the formula of cumulatives."""
    headway, free = 0.7, 13.4
    rng = np.random.default_rng(2)
    depart = np.sort(np.concatenate((rng.uniform(0, 600, 800), rng.uniform(200, 210, 300))))
    way = Link("way", "a", "b", 10.0 * 1.34, 1000.0, capacity_p_s=1 / headway, free_speed_m_s=1.0)
    of = network([way], steady(1.34, 1.2, 5.0))
    ones = np.zeros(len(depart), np.int32)
    result = play(of, Demand.direct(("a", "b"), depart, ones, ones + 1))
    entered = _lindley(depart, headway)
    return within(float(np.abs(np.sort(result.arrived_s) - _lindley(entered + free, headway)).max()), 0.0, 1e-6, 0.0)


SHOCK_CELLS, SHOCK_CELL_M = 40, 10.0
"""The way whose end is throttled."""


def tail_of_jam() -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """When the tail of a jam reaches cells of a way, where they begin [m], and (q₂ − q₁)/(k₂ − k₁) [m/s].

    The way's end is throttled to half of what comes; the diagram is triangular.
    """
    speed, capacity, jam, width = 1.34, 1.2, 5.0, 2.0
    q1, q2 = 1.0, 0.5
    critical = capacity / speed
    k1, k2 = q1 / speed, jam - q2 * (jam - critical) / capacity
    cells = range(SHOCK_CELLS)
    links = [Link(f"cell-{n}", f"n{n}", f"n{n + 1}", SHOCK_CELL_M, width) for n in cells]
    links.append(Link("end", f"n{SHOCK_CELLS}", "out", 1.0, width, capacity_p_s=q2 * width))
    depart = np.arange(0, 2400) / (q1 * width)
    zeros = np.zeros(len(depart), np.int32)
    of = network(links, steady(speed, capacity, jam))
    result = play(of, Demand.direct(("n0", "out"), depart, zeros, zeros + 1), slot_s=10.0, until_s=1200.0)
    jammed = result.density[:, :SHOCK_CELLS] > (k1 + k2) / 2
    hit = np.flatnonzero(jammed.any(axis=0))
    hit = hit[(hit > 5) & (hit < SHOCK_CELLS - 2)]
    begins_s = np.asarray(jammed.argmax(axis=0)[hit] * 10.0, np.float64)
    return begins_s, np.asarray(hit * SHOCK_CELL_M, np.float64), (q1 - q2) / (k2 - k1)


def _shock() -> Outcome:
    """The tail of the jam runs back at the speed of the shock; one cell more or less on its whole way passes."""
    at_s, where_m, expected = tail_of_jam()
    fitted = -np.polyfit(at_s, where_m, 1)[0]
    told = f"over {len(at_s)} cells; one cell of {len(at_s) * SHOCK_CELL_M:.0f} m allowed"
    return relative(float(fitted), expected, 1.0 / max(len(at_s), 1), told)


def _mean_wait(lanes: int, mean_s: float, cv: float) -> float:
    rng = np.random.default_rng(3)
    depart = np.cumsum(rng.exponential(mean_s / (lanes * LOAD), ARRIVALS))
    zeros = np.zeros(ARRIVALS, np.int32)
    way = Link("way", "a", "gate", 1.0, 1000.0, capacity_p_s=1e5)
    out = Link("out", "gate", "b", 1.0, 1000.0, capacity_p_s=1e5)
    shift = GateShift("gate", 0.0, float(depart[-1]) + 1e5, lanes, mean_s, cv)
    demand = Demand.direct(("a", "b"), depart, zeros, zeros + 1)
    result = play(network([way, out], steady(1.34, 1.2, 5.0)), demand, gates=(shift,), slot_s=36_000.0)
    return _mean(result)


def _mean(result: DayResult) -> float:
    served = result.gates.served[:, 0]
    return float(np.nansum(result.gates.wait_s[:, 0].astype(float) * served) / served.sum())


def _pollaczek(cv: float, mean_s: float) -> Outcome:
    expected = LOAD * mean_s * (1 + cv**2) / (2 * (1 - LOAD))
    return relative(_mean_wait(1, mean_s, cv), expected, 0.03)


def _erlang(lanes: int, mean_s: float) -> Outcome:
    load = lanes * LOAD
    last = load**lanes / factorial(lanes) / (1 - LOAD)
    waits = last / (sum(load**k / factorial(k) for k in range(lanes)) + last)
    return relative(_mean_wait(lanes, mean_s, 1.0), waits * mean_s / (lanes * (1 - LOAD)), 0.03)


def _halving() -> Outcome:
    """Mean time lost where two ways merge and jam, at steps of 4, 2, 1 and 0.5 s against one of 0.125 s."""
    links = [
        Link("a", "a", "m", 40.0, 2.0), Link("b", "b", "m", 60.0, 2.0), Link("m", "m", "n", 50.0, 2.5),
        Link("n", "n", "out", 20.0, 1.5),
    ]  # fmt: skip
    trips = crowd(300, "a", "out") + crowd(300, "b", "out")
    of = network(links)
    lost = {step: float(play(of, trips, step_s=step).lost_s.mean()) for step in (4.0, 2.0, 1.0, 0.5, 0.125)}
    off = [abs(lost[step] - lost[0.125]) / lost[0.125] for step in (4.0, 2.0, 1.0, 0.5)]
    falls = off[3] <= off[0] and off[2] <= 0.02
    return Outcome(
        off[2] * 100, 0.0, "at most 2 at 1 s, less at 0.5 s than at 4 s", falls, ", ".join(f"{one:.2%}" for one in off)
    )


def _ring() -> Outcome:
    """A ring of one-way links, everybody three links around: it locks, is resolved, and that is reported."""
    links = [Link(f"ring-{n}", f"r{n}", f"r{(n + 1) % 4}", 10.0, 1.0) for n in range(4)]
    trips = [trip for n in range(4) for trip in crowd(400, f"r{n}", f"r{(n + 3) % 4}")]
    result = play(network(links), trips, stuck_s=60.0)
    persons = sum(one.persons for one in result.incidents)
    told = f"{len(result.incidents)} circles reported, {persons} persons squeezed past"
    solved = result.arrived == result.agents
    return Outcome(float(result.arrived), 1600.0, "all of them", solved and bool(result.incidents), told)


CASES = (
    Case(
        "conservation",
        FAMILY,
        "Persons lost or invented, or places below none, in 900 steps of a jammed grid",
        "law",
        "persons",
        _conservation,
    ),
    Case("storage", FAMILY, "Densest minute of a jammed grid against the jam density", "law", "persons/m²", _storage),
    Case(
        "point-queue",
        FAMILY,
        "1,100 departures against the formula of cumulatives: farthest",
        "Newell 1971; Lindley 1952",
        "s",
        _point_queue,
    ),
    Case(
        "shock",
        FAMILY,
        "Speed of the tail of a jam, triangular diagram",
        "Lighthill & Whitham 1955; Newell 1993",
        "m/s",
        _shock,
    ),
    Case(
        "m-d-1",
        FAMILY,
        f"Mean wait of {ARRIVALS:,} at a gate of one lane, equal services, load {LOAD}",
        "Pollaczek–Khinchine",
        "s",
        lambda: _pollaczek(0.0, 2.0),
    ),
    Case(
        "m-g-1",
        FAMILY,
        "… services with a coefficient of variation of 0.6",
        "Pollaczek–Khinchine",
        "s",
        lambda: _pollaczek(0.6, 2.0),
    ),
    Case("m-m-3", FAMILY, "… three lanes, exponential services", "Erlang C", "s", lambda: _erlang(3, 6.0)),
    Case("halving", FAMILY, "Shorter steps: change of the mean time lost", "convergence", "%", _halving),
    Case(
        "ring",
        FAMILY,
        "1,600 persons around a ring of full links: arrived",
        "gridlock must resolve or be reported",
        "persons",
        _ring,
    ),
)
