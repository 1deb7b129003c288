"""Small plans: CP-SAT says how good a timetable can be, and shows a better one where there is one."""

from __future__ import annotations

from dataclasses import replace

from tminus.engines.schedule.levelling.decode import order_of
from tminus.engines.schedule.levelling.lower_bound import LowerBound
from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.levelling.relaxation import MOST_NODES, least_of
from tminus.engines.schedule.levelling.search import Budget, Found, Search

SHARE = 0.5
"""Of the seconds, where a proof is looked for."""


def search_budget(problem: Problem, budget: Budget) -> Budget:
    """What a search may spend, so that the rest is left for a proof; where timetables are counted nothing is."""
    if budget.iterations is not None or budget.seconds is None or problem.size > MOST_NODES:
        return budget
    return Budget(None, budget.seconds * SHARE)


def proved(search: Search, found: Found, bound: LowerBound, seconds: float, seed: int) -> tuple[Found, LowerBound]:
    """The better of ``found`` and what comes out of at most ``seconds`` of proving, and the bound made tighter."""
    if seconds <= 0 or bound.proves(found.value):
        return found, bound
    least = least_of(search.problem, found.waited, seconds, seed)
    if least is None:
        return found, bound
    bound = replace(bound, least=(least.gates_late, least.tardiness))
    if least.starts:
        keys = found.waited.start.copy()
        keys[list(least.starts)] = list(least.starts.values())
        made = search.decode(order_of(keys, search.problem.network.forward), found.placed.choice)
        found = min(found, made, key=lambda one: one.value)
    return found, bound
