"""How many people each station lets in, slot by slot, so that no train is overrun and the waiting is least."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from tminus.engines.limit import Limit, LimitKind
from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.errors import InfeasiblePlan
from tminus.engines.transport.inflow.bound import least_delay
from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.loads import Entries, FirstComeLoads, entries_of
from tminus.engines.transport.inflow.network import Floats, MetroNetwork
from tminus.engines.transport.inflow.program import Rows, Solved, limits_of, solve_rows
from tminus.engines.transport.inflow.routes import RouteTrees, check_reached, route_trees
from tminus.engines.transport.inflow.simulate import TOLERANCE, InflowDay, pair_flows, simulate_inflow
from tminus.engines.transport.proof import Binding, Proof

UNIT = "person-minutes of waiting"
PENALTY_DAYS = 10
"""A person a minute over a capacity costs as much as so many waiting all day: exceeded only where it must be."""
CORRECTING = 6
"""Rounds after each correction."""
SETTLED, SWINGING = 1e-4, 8
"""Share of the waiting by which two plans may differ; rounds after which they are mixed."""
FELT = 1e-6
"""Persons; smaller queues are the solver's rounding."""


@dataclass(frozen=True, slots=True)
class InflowParams:
    """What may be set.

    ``capacity_share``: of the capacity that may be used; ``may_exceed``: where no plan keeps all capacities, exceed
    some as little as can be instead of raising; ``rounds``: of adding rows, at most; ``corrections``: of rows after a
    day was simulated in which those who came first went first.
    """

    capacity_share: float = 1.0
    may_exceed: bool = True
    rounds: int = 24
    corrections: int = 20


@dataclass(frozen=True, slots=True, eq=False)
class InflowPlan:
    """``caps`` persons a minute let in [station, slot] (inf: no cap) and what they lead to.

    ``let_in``, ``queue``: persons [station, slot], queues at the slot's end; ``day``: simulated from the caps alone.
    The proof's bound is the least delay of any plan whose people let in go where those go who came in that slot.
    """

    network: MetroNetwork
    demand: StationDemand
    caps: Floats
    let_in: Floats
    queue: Floats
    day: InflowDay
    proof: Proof


def plan_inflow(network: MetroNetwork, demand: StationDemand, params: InflowParams | None = None) -> InflowPlan:
    """The day's plan with the least waiting.

    :raises InfeasiblePlan: no plan keeps all capacities and gates, and exceeding is not allowed or does not help.
    :raises TransportError: the demand does not fit the network.
    """
    params, began = params or InflowParams(), perf_counter()
    trees = route_trees(network)
    check_reached(network, trees, demand)
    search = _Search(network, demand, params, entries_of(network, trees, demand))
    built = perf_counter()
    search.settle(params.rounds)
    day = _corrected(search, trees)
    checked = perf_counter()
    bound = least_delay(search.entries, search.rows_allowed, search.limits)
    seconds = {"build": built - began + search.building, "solve": search.solving}
    seconds |= {"check": checked - began - sum(seconds.values()), "bound": perf_counter() - checked}
    proof = Proof(UNIT, day.total_delay_person_min, bound, seconds, search.binding())
    return InflowPlan(network, demand, search.caps(), search.solved.let_in, search.solved.queue, day, proof)


def _corrected(search: _Search, trees: RouteTrees) -> InflowDay:
    """Simulated, and where queues mixed people so that an arc is exceeded, planned again with less room there."""
    flows = pair_flows(search.network, trees, search.demand)
    day = simulate_inflow(search.network, trees, search.demand, search.caps(), flows)
    for number in range(search.params.corrections):
        if not search.tighten(day, 1 + number / 4):
            break
        search.settle(CORRECTING)
        day = simulate_inflow(search.network, trees, search.demand, search.caps(), flows)
    return day


class _Search:
    """Rows are added where the plan so far exceeds an arc, until it exceeds none: the optimum with all rows."""

    def __init__(self, network: MetroNetwork, demand: StationDemand, params: InflowParams, entries: Entries) -> None:
        self.network, self.demand, self.params, self.entries = network, demand, params, entries
        self.loads = FirstComeLoads(entries)
        self.came, self.limits = demand.arriving, limits_of(network, demand)
        self.capacity = np.repeat(network.capacities[:, None] * params.capacity_share, entries.minutes, axis=1)
        self.room, self.allowed = self.capacity.copy(), self.capacity
        self.held = np.zeros(self.room.shape, dtype=bool)
        self.penalty: float | None = None
        self.building = self.solving = 0.0
        nothing = np.zeros_like(self.came)
        self.solved, self.at = Solved(nothing, self.came, np.zeros(0), np.zeros(0), 0.0), nothing
        if (self.came > self.limits.most).any():
            self._solve()

    @property
    def rows(self) -> Rows:
        arc, minute = np.nonzero(self.held)
        return Rows(arc, minute, self.room[arc, minute])

    @property
    def rows_allowed(self) -> Rows:
        """The same rows with the whole capacity, and what must be over it: what any plan may use."""
        arc, minute = np.nonzero(self.held)
        return Rows(arc, minute, self.allowed[arc, minute])

    def settle(self, rounds: int) -> None:
        """Until no arc is exceeded and the plan changes no more; where it swings, half-way between two of them."""
        last = -1.0
        for number in range(rounds):
            began = perf_counter()
            exceeded = self._add_rows(self.loads.under(self.at))
            self.building += perf_counter() - began
            if not exceeded and (not self.held.any() or abs(self.solved.value - last) <= SETTLED * last):
                return
            last, before = self.solved.value, self.at
            self._solve()
            self.at = (before + self.solved.queue) / 2 if number >= min(SWINGING, rounds // 3) else self.solved.queue

    def _add_rows(self, loads: Floats) -> bool:
        """Of each arc's exceeded minutes those with a load of their own; True where an arc is exceeded."""
        exceeded = loads > self.room + TOLERANCE
        fresh = exceeded.copy()
        fresh[:, 1:] &= ~exceeded[:, :-1] | (np.abs(np.diff(loads, axis=1)) > 1e-9)
        self.held |= fresh
        return bool(exceeded.any())

    def _solve(self) -> None:
        began = perf_counter()
        rows = self.rows
        solved = solve_rows(self.entries, self.loads.rates, rows, self.at, self.limits, self.penalty)
        if solved is None and self.penalty is None:
            self.penalty = PENALTY_DAYS * self.demand.minutes
            solved = solve_rows(self.entries, self.loads.rates, rows, self.at, self.limits, self.penalty)
        self.solving += perf_counter() - began
        if solved is None:
            raise InfeasiblePlan("inflow: the gates cannot let everybody in by the day's end", self._narrow_gates())
        self.solved = solved
        if solved.over.max(initial=0.0) > TOLERANCE and not self.params.may_exceed:
            raise InfeasiblePlan("inflow: no plan keeps every capacity", self._exceeded_arcs())
        self._accept_excess(rows)

    def _accept_excess(self, rows: Rows) -> None:
        """What must be exceeded is: corrections are made to what is beyond that."""
        self.allowed = self.capacity.copy()
        over = self.solved.over > TOLERANCE
        self.allowed[rows.arc[over], rows.minute[over]] += self.solved.over[over] + TOLERANCE

    def _narrow_gates(self) -> tuple[str, ...]:
        """Gates through which fewer can go in a day than come, else those whose queue finds no place, worst first."""
        short = self.came.sum(axis=1) - self.limits.most.sum(axis=1)
        if (short <= 0).all():
            short = (self.came - self.limits.most - self.limits.queue).max(axis=1)
        gates = self.network.gates
        return tuple(
            f"{gates[at].station}: {self.came[at].sum():.0f} persons come, at most {gates[at].most_per_min:g} a minute"
            f" enter and {gates[at].queue_limit:g} wait"
            for at in np.argsort(-short)
            if short[at] > 0 or len(gates) == 1
        )

    def _exceeded_arcs(self) -> tuple[str, ...]:
        rows, over = self.rows, self.solved.over
        worst = {int(rows.arc[row]): row for row in np.argsort(over) if over[row] > TOLERANCE}
        return tuple(
            f"{self.network.arcs[arc].name} is exceeded by {over[row]:.1f} persons a minute at"
            f" {clock_text(self.demand.first_min + rows.minute[row])}"
            for arc, row in sorted(worst.items(), key=lambda one: -over[one[1]])
        )

    def tighten(self, day: InflowDay, times: float) -> bool:
        """Take from each arc's room what the simulated day exceeds it by; False where there is nothing to take."""
        beyond = day.loads - self.allowed
        if not (beyond > TOLERANCE).any():
            return False
        self.room -= np.where(beyond > TOLERANCE, beyond * times, 0.0)
        again = (beyond > TOLERANCE) & ~self.held
        self.held |= again
        self._solve()
        return True

    def caps(self) -> Floats:
        """Persons a minute where people are held back, or were in the slot before; no cap elsewhere."""
        waiting = self.solved.queue > FELT
        held = waiting.copy()
        held[:, 1:] |= waiting[:, :-1]
        return np.where(held, self.solved.let_in / self.demand.slot_min, np.inf)

    def _limit(self, arc: int) -> Limit:
        one = self.network.arcs[arc]
        return Limit(LimitKind.ARC, one.name, one.capacity_per_min)

    def binding(self) -> tuple[Binding, ...]:
        """Arcs that hold people back, by what a person more a minute would save over all their minutes."""
        found: dict[int, list[tuple[int, float]]] = {}
        for arc, minute, price in zip(self.rows.arc, self.rows.minute, self.solved.price, strict=True):
            if price > FELT:
                found.setdefault(int(arc), []).append((int(minute) + self.demand.first_min, float(price)))
        all_of = [
            Binding(self._limit(arc), min(m for m, _ in of), max(m for m, _ in of) + 1, sum(p for _, p in of))
            for arc, of in found.items()
        ]
        return tuple(sorted(all_of, key=lambda one: -one.price))
