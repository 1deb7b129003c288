"""Which corridors become one-way or are closed: by programme where there are few, by search with an evaluator else."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tminus.engines.crowd.compiled import compile_network
from tminus.engines.crowd.one_way.problem import TWO_WAY_SHARE, OneWayTask, Way
from tminus.engines.crowd.one_way.program import StaticFlow, Uses, best_uses
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.limit import Limit, LimitKind

MOST_CORRIDORS = 30
"""The programme decides about so many; more are searched."""
SMALL = 1e-9
FULL = 0.999
"""Of its room used, a link is full: what is left is rounding."""

Evaluator = Callable[[Uses], float]
"""What uses cost, such as the delay of a simulated day; less is better."""


@dataclass(frozen=True, slots=True)
class FullLink:
    """A link all of whose room in the slot the plan uses: ``persons``, both directions together."""

    link: str
    persons: float

    def as_json(self) -> dict[str, Any]:
        """A row of ``binding``."""
        return Limit(LimitKind.WAY_ROOM, self.link, self.persons).as_json()


@dataclass(frozen=True, slots=True)
class OneWayPlan:
    """``uses`` by link; ``value`` and ``before`` (everything as it is) by the programme's or the evaluator's measure.

    ``bound``: no uses cost less; None where they were searched for. ``changed``: links used otherwise than before.
    """

    uses: Uses
    value: float
    before: float
    bound: float | None
    left: float | None
    left_before: float | None
    evaluations: int
    seconds: float
    walk_s: float | None = None
    """Person-seconds of those who have room; None: not known."""
    binding: tuple[FullLink, ...] = ()
    greedy: StaticFlow | None = None
    """What comes of every corridor being one-way the way more people use it as it is."""

    @property
    def changed(self) -> dict[str, Way]:
        """Links that are not used both ways any more."""
        return {id: way for id, way in self.uses.items() if way is not Way.BOTH}

    @property
    def gap(self) -> float | None:
        """By how much the value may still shrink, as a share of it; None: not known."""
        if self.bound is None:
            return None
        return max(1 - self.bound / self.value, 0.0) if self.value > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """The plan as a document."""
        return {
            "uses": {id: str(way) for id, way in self.uses.items()},
            "changed": {id: str(way) for id, way in self.changed.items()},
            "value": round(self.value, 3),
            "before": round(self.before, 3),
            "bound": None if self.bound is None else round(self.bound, 3),
            "gap": None if self.gap is None else round(self.gap, 6),
            "left": self.left,
            "left_before": self.left_before,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 4),
            "binding": [one.as_json() for one in self.binding],
            "policies": self.policies(),
        }

    def policies(self) -> list[dict[str, Any]]:
        """Cost and persons left over of the plan, the greedy policy and nothing done."""
        rows = [("plan", self.value, self.left)]
        rows += [("greedy", self.greedy.cost, self.greedy.left)] if self.greedy else []
        rows.append(("nothing", self.before, self.left_before))
        return [
            {"policy": name, "cost": round(cost, 3), "left": None if left is None else round(left, 3)}
            for name, cost, left in rows
        ]


def plan_one_way(task: OneWayTask, budget_s: float = 10.0) -> OneWayPlan:
    """The best uses of at most ``MOST_CORRIDORS`` corridors for a slot's flows, proved as far as the budget goes.

    :raises CrowdError: more corridors, or nothing found in the budget.
    """
    if len(task.choices) > MOST_CORRIDORS:
        raise CrowdError(
            f"{len(task.choices)} corridors to decide about; allowed: at most {MOST_CORRIDORS}, else search"
        )
    begun = time.perf_counter()
    before = _found(best_uses(task, as_it_is(task), budget_s), budget_s)
    best = _found(best_uses(task, None, budget_s), budget_s)
    if before.cost <= best.cost + SMALL and all(Way.BOTH in ways for ways in task.choices.values()):
        best = StaticFlow(before.uses, before.walk_s, before.left, before.cost, best.bound, before.flow)
    greedy = best_uses(task, greedy_uses(task, before), budget_s)
    seconds = time.perf_counter() - begun
    bound = min(best.bound, best.cost)
    return OneWayPlan(
        best.uses, best.cost, before.cost, bound, best.left, before.left, 3, seconds, best.walk_s,
        full_links(task, best), greedy,
    )  # fmt: skip


def greedy_uses(task: OneWayTask, before: StaticFlow) -> Uses:
    """Each corridor one-way the way more people use it as it is; nobody there, or no such choice: as it is."""
    net = compile_network(task.network)
    uses = as_it_is(task)
    for link, (there, back) in zip(task.network.links, net.ways_of, strict=False):
        if link.id in uses and before.flow[there] != before.flow[back]:
            way = Way.FORWARD if before.flow[there] > before.flow[back] else Way.BACK
            uses[link.id] = way if way in task.choices[link.id] else uses[link.id]
    return uses


def full_links(task: OneWayTask, flow: StaticFlow) -> tuple[FullLink, ...]:
    """Links with no room left, the most used first."""
    net = compile_network(task.network)
    found = []
    for link, ways in zip(task.network.links, net.ways_of, strict=False):
        persons = float(sum(flow.flow[way] for way in ways if way >= 0))
        one_way = flow.uses.get(link.id, Way.BOTH) is not Way.BOTH or ways[1] < 0
        room = float(net.capacity[ways[0]]) * task.slot_s * (1.0 if one_way else TWO_WAY_SHARE)
        if persons >= FULL * room > 0:
            found.append(FullLink(link.id, persons))
    return tuple(sorted(found, key=lambda one: -one.persons))


def as_it_is(task: OneWayTask) -> Uses:
    """Every corridor both ways; where that is no choice, the first."""
    return {id: Way.BOTH if Way.BOTH in ways else ways[0] for id, ways in task.choices.items()}


def _found(flow: StaticFlow | None, budget_s: float) -> StaticFlow:
    if flow is None:
        raise CrowdError(f"one-way plan: nothing found in {budget_s:g} s; allowed: a larger budget")
    return flow


def search_one_way(
    task: OneWayTask, evaluate: Evaluator, *, start: Uses | None = None, most_evaluations: int = 200
) -> OneWayPlan:
    """Change one corridor at a time for the better until none is, or so many uses have been looked at.

    :param evaluate: what uses cost; asked for each at most once. ``start``: uses to begin from.
    """
    begun = time.perf_counter()
    known: dict[tuple[tuple[str, Way], ...], float] = {}

    def cost(uses: Uses) -> float:
        key = tuple(sorted(uses.items()))
        if key not in known:
            known[key] = float(evaluate(uses))
        return known[key]

    before = cost(as_it_is(task))
    best = dict(start or as_it_is(task))
    value, improved = cost(best), True
    while improved:
        improved = False
        for id, ways in task.choices.items():
            for way in ways:
                other = best | {id: way}
                if way is not best[id] and len(known) < most_evaluations and cost(other) < value - SMALL:
                    best, value, improved = other, cost(other), True
    return OneWayPlan(best, value, before, None, None, None, len(known), time.perf_counter() - begun)
