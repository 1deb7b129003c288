"""An evacuation in which people leave by exits assigned to them and families stay together, beside free choice."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.crowd.evacuation.class_flows import flows_of
from tminus.engines.crowd.evacuation.expansion import Clocks, clocks
from tminus.engines.crowd.evacuation.instance import InfeasiblePlan, Instance
from tminus.engines.crowd.evacuation.parties import ExitClass, Party, classes_of, together
from tminus.engines.crowd.evacuation.paths import paths_of
from tminus.engines.crowd.evacuation.plan import EvacuationPlan
from tminus.engines.crowd.evacuation.planning import checked_step, fitting_step, named, nobody, plan_evacuation
from tminus.engines.crowd.evacuation.quickest import Cut, cut_before, least_seconds, quickest_step, too_far
from tminus.engines.crowd.evacuation.seating import Seated, joined, seated
from tminus.engines.crowd.evacuation.told import Group, Told
from tminus.engines.crowd.evacuation.ways import Ints
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.spans import spans

MOST_BOUNDS = 12
"""Sets of exits whose quickest time is found exactly; of the others a simpler bound is taken."""


@dataclass(frozen=True, slots=True)
class ByExits:
    """Those who may leave by ``exits``: how many, and when the last of them is out by the plan, seconds."""

    exits: tuple[str, ...]
    persons: int
    out_s: float


@dataclass(frozen=True, slots=True)
class AssignedPlan:
    """The plan with exits assigned and groups together, and the one in which everybody chooses freely.

    :param plan: groups together; its bound holds of the exits assigned, its cut belongs to ``binding`` exits.
    :param free: the same people, each by any exit, families apart, in the same steps.
    :param group: [plan.groups] the name of the group, empty: no group.
    :param added: persons for whom the flow has no place on the way their group takes; they follow after it.
    """

    plan: EvacuationPlan
    free: EvacuationPlan
    classes: tuple[ByExits, ...]
    binding: tuple[str, ...]
    group: tuple[str, ...]
    added: int

    @property
    def later_s(self) -> float:
        """How much later the last is out than with free choice, seconds."""
        return self.plan.planned_s - self.free.planned_s

    def as_json(self) -> dict[str, Any]:
        """What ``tminus evacuate`` tells of exits assigned, besides the plan."""
        sizes = self.group_sizes()
        return {
            "by_exits": [
                {"exits": list(one.exits), "persons": one.persons, "out_s": round(one.out_s, 1)} for one in self.classes
            ],
            "binding_exits": list(self.binding),
            "groups": len(sizes),
            "in_groups": sum(sizes.values()),
            "added": self.added,
            "later_s": round(self.later_s, 1),
        }

    def group_sizes(self) -> dict[str, int]:
        """Persons by group."""
        found: dict[str, int] = {}
        for name, (_, persons, _) in zip(self.group, self.plan.groups, strict=True):
            if name:
                found[name] = found.get(name, 0) + persons
        return found


def plan_assigned(
    network: Network,
    parties: Sequence[Party],
    exits: Collection[str] | None = None,
    *,
    closed: Collection[str] = (),
    step_s: float | None = None,
    within_s: float | None = None,
) -> AssignedPlan:
    """A plan for ``parties``, each by one of its exits; ``exits``: of who names none (default: nodes of that kind).

    Otherwise as :func:`plan_evacuation`. The plan is feasible, not proved best: ``gap`` says how far it may be off.

    :raises CrowdError: what was handed in makes no sense.
    :raises InfeasiblePlan: somebody reaches none of his exits, or no plan is quick enough; the cut is named.
    """
    begun = {"bound": time.perf_counter()}
    instance, classes = classes_of(network, parties, exits, closed)
    if not instance.total:
        return AssignedPlan(nobody(network), nobody(network), (), (), (), 0)
    pooled = _pooled(instance, classes)
    step = _step(pooled) if step_s is None else checked_step(step_s)
    binding, bound = _bound(pooled, step)
    cut = _cut(binding, step, bound, within_s)
    begun["classes"] = time.perf_counter()
    clock = clocks(instance, step, "up", past_exits=True)
    flows = flows_of(instance, clock, classes, int(bound / step * 1.25) + 4)
    begun["groups"] = time.perf_counter()
    who = [seated(paths_of(one.graph, one.flow), of) for one, of in zip(flows, classes, strict=True)]
    begun["free"] = time.perf_counter()
    people = {instance.ways.nodes[n]: int(instance.persons[n]) for n in instance.origins}
    names = [instance.ways.nodes[n] for n in instance.exits]
    free = plan_evacuation(network, people, names, closed=closed, step_s=step)
    seconds = spans(begun, time.perf_counter())
    plan, group = _plan(network, instance, clock, who, max(bound, free.bound_s), cut, seconds)
    return AssignedPlan(
        plan=plan, free=free, classes=_told(instance, classes, who, step),
        binding=tuple(instance.ways.nodes[n] for n in binding.exits), group=group, added=sum(one.added for one in who),
    )  # fmt: skip


def _pooled(instance: Instance, classes: Sequence[ExitClass]) -> list[Instance]:
    """For every set of exits those who may take no other, as if they might take any of it: nobody is quicker."""
    sets: list[Ints] = [one.exits for one in classes]
    if not any(len(one) == len(instance.exits) for one in sets):
        sets.append(instance.exits)
    return [together(instance, [one for one in classes if np.isin(one.exits, exits).all()], exits) for exits in sets]


def _step(pooled: Sequence[Instance]) -> float:
    return max(fitting_step(one) for one in pooled)


def _bound(pooled: Sequence[Instance], step_s: float) -> tuple[Instance, float]:
    """The people who hold the others back most, and seconds in which they cannot be out."""
    slowest = sorted(pooled, key=least_seconds, reverse=True)
    found = []
    for one in slowest[:MOST_BOUNDS]:
        steps = quickest_step(one, clocks(one, step_s, "down"))
        found.append((max(steps * step_s, float(one.to_exit_s[one.origins].max())), one))
    found += [(least_seconds(one), one) for one in slowest[MOST_BOUNDS:]]
    bound, binding = max(found, key=lambda pair: pair[0])
    return binding, bound


def _cut(binding: Instance, step_s: float, bound: float, within_s: float | None) -> Cut:
    """:raises InfeasiblePlan: the bound is beyond ``within_s``."""
    if within_s is not None and bound > within_s:
        clock = clocks(binding, step_s, "down")
        cut = too_far(binding, within_s) or cut_before(binding, clock, int(within_s / step_s) + 1)
        names = ", ".join(binding.ways.nodes[n] for n in binding.exits)
        raise InfeasiblePlan(
            f"{binding.total:,} persons cannot all be out by {names} in {within_s:g} s, "
            f"the quickest is above {bound:g} s",
            tuple(named(cut)),
        )
    clock = clocks(binding, step_s, "up")
    return cut_before(binding, clock, quickest_step(binding, clock, int(bound / step_s)))


def _plan(
    network: Network, instance: Instance, clock: Clocks, who: Sequence[Seated], bound: float, cut: Cut,
    seconds: dict[str, float],
) -> tuple[EvacuationPlan, tuple[str, ...]]:  # fmt: skip
    told = Told(instance, clock, joined([one.paths for one in who]))
    groups, names = _set_out(told.in_order(), [name for one in who for name in one.group])
    return told.plan(bound, cut, network.default.name, seconds, groups), names


def _set_out(rows: Sequence[Group], names: Sequence[str]) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """By second of setting out; a group sets out when the first of its places on the way is."""
    first: dict[str, Group] = {}
    found: list[tuple[Group, str]] = []
    for (at, persons, nodes), name in zip(rows, names, strict=True):
        if not name:
            found.append(((at, persons, nodes), ""))
            continue
        before = first.get(name, (at, 0, nodes))
        first[name] = (min(at, before[0]), before[1] + persons, nodes)
    found += [(group, name) for name, group in first.items()]
    found.sort(key=lambda one: (one[0][0], one[1]))
    return tuple(group for group, _ in found), tuple(name for _, name in found)


def _told(
    instance: Instance, classes: Sequence[ExitClass], who: Sequence[Seated], step_s: float
) -> tuple[ByExits, ...]:
    found = [
        ByExits(tuple(instance.ways.nodes[n] for n in of.exits), of.total, float((one.paths.arrive.max() + 1) * step_s))
        for of, one in zip(classes, who, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.out_s))
