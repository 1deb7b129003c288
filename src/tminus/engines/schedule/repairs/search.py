"""The changes that buy most, each by itself, and together until what must be met is met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tminus.engines.schedule.model import Duration, Plan, TaskKind
from tminus.engines.schedule.remedies import How
from tminus.engines.schedule.repairs.candidates import Bench, Change, changes_at
from tminus.engines.schedule.repairs.conflict_set import ConflictSet, conflict_set
from tminus.engines.schedule.repairs.likelihood import Probability
from tminus.engines.schedule.repairs.repair import Repair, RepairRules, repaired
from tminus.engines.schedule.repairs.target import Target, checkpoint_target, conflict_targets
from tminus.engines.schedule.repairs.trial import chain_to, trial_of
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.worktime import minutes

TRIED = 6
"""Repairs whose probability is asked for: the best by days."""

EASE = (How.OVERLAP, How.EARLIER, How.SEVEN_DAYS, How.CREW, How.SHORTEN)
"""Of repairs that buy as much, what is easier to do."""


@dataclass(frozen=True, slots=True)
class Mending:
    """``target`` is short by ``short_days`` (negative: early). ``because``: the minimal conflict set, ``None`` where
    nothing is late. ``repairs``: each by itself, the best first. ``together``: one after another (each gain counted
    on top of those before it) until met, or until nothing helps: ``met``."""

    target: Target
    short_days: float
    because: ConflictSet | None
    repairs: tuple[Repair, ...]
    together: tuple[Repair, ...]
    met: bool

    def as_json(self) -> dict[str, object]:
        return {
            "tasks": list(self.target.names),
            "short_by_days": self.short_days,
            "because": [] if self.because is None else self.because.as_json(),
            "repairs": [one.as_json() for one in self.repairs],
            "together": [one.as_json() for one in self.together],
            "met": self.met,
        }


def repairs_of(
    schedule: Schedule,
    *,
    checkpoint: date | None = None,
    most: int = 8,
    rules: RepairRules | None = None,
    probability: Probability | None = None,
    conflicts: int = 3,
) -> tuple[Mending, ...]:
    """Repairs of the ``conflicts`` worst conflicts, or of one ``checkpoint``.

    :raises PlanError: a schedule without a network, or a day that is no checkpoint.
    """
    if checkpoint is None:
        targets = [target for _, target in conflict_targets(schedule)[:conflicts]]
    else:
        found = checkpoint_target(schedule, checkpoint)
        targets = [] if found is None else [found]
    return tuple(mend(schedule, target, most=most, rules=rules, probability=probability) for target in targets)


def mend(
    schedule: Schedule,
    target: Target,
    *,
    most: int = 8,
    rules: RepairRules | None = None,
    probability: Probability | None = None,
) -> Mending:
    """Repairs of one target. :raises PlanError: a schedule without a network."""
    bench = _bench(schedule, target, rules or RepairRules())
    short = -target.margin(bench.inside)
    because = conflict_set(schedule, target) if short > 0 else None
    changes = sorted(_changes(bench), key=lambda change: rank(change.repair))
    repairs = [change.repair for change in changes[:most]]
    if probability is not None and repairs:
        repairs = _with_probability(bench.inside.network.plan, target, repairs, probability)
    together = tuple(_greedily(bench, changes)) if short > 0 else ()
    met = target.margin(bench.inside) >= 0
    return Mending(target, round(short, 4) + 0.0, because, tuple(repairs), together, met)


def rank(repair: Repair) -> tuple[object, ...]:
    """What is better comes first: what buys probability; what is enough, the easiest first; what buys most days."""
    chance = round(repair.gained_probability or 0.0, 3)
    days = 0.0 if repair.meets else -repair.gained_days
    return (-chance, not repair.meets, days, EASE.index(repair.how), repair.days, repair.task)


def _bench(schedule: Schedule, target: Target, rules: RepairRules) -> Bench:
    inside = trial_of(schedule)
    network = inside.network
    tasks = {int(network.place[number]): task for number, task in enumerate(network.tasks)}
    links = {number: link for number, link in enumerate(network.link_of_row) if link is not None}
    return Bench(inside, target, rules, tasks, links, minutes(schedule.today))


def _changes(bench: Bench) -> Iterator[Change]:
    """All changes on the chain that drives the latest of the target, which gain anything."""
    before = bench.target.margin(bench.inside)
    chain = chain_to(bench.inside, bench.target.worst(bench.inside))
    for place, link in chain[-bench.rules.longest_chain :]:
        for change in changes_at(bench, place, link):
            measured = bench.measure(change, before)
            if measured.repair.gained_days > 0:
                yield measured


def _with_probability(plan: Plan, target: Target, repairs: list[Repair], probability: Probability) -> list[Repair]:
    """The best with what they buy of the target's checkpoint (a conflict's: of the last), under the same draws."""
    before = probability(plan)
    day = target.checkpoint if target.checkpoint in before else max(before, default=None)
    if day is None:
        return repairs
    asked = [
        replace(one, gained_probability=round(probability(repaired(plan, one)).get(day, 0.0) - before[day], 6))
        for one in repairs[:TRIED]
    ]
    return sorted(asked, key=rank) + repairs[TRIED:]


def _greedily(bench: Bench, changes: list[Change]) -> Iterator[Repair]:
    """Carry out the best of ``changes``, look again, until the target is met or nothing helps."""
    done: set[tuple[How, str]] = set()
    for step in range(bench.rules.most_steps):
        if bench.target.margin(bench.inside) >= 0:
            return
        found = _changes(bench) if step else changes
        fresh = [change for change in found if (change.repair.how, change.repair.task) not in done]
        if not fresh:
            return
        best = min(fresh, key=lambda change: rank(change.repair))
        best.do()
        _remember(bench, best.repair)
        done.add((best.repair.how, best.repair.task))
        yield best.repair


def _remember(bench: Bench, repair: Repair) -> None:
    """What was changed for good is what later changes start from."""
    for place, task in bench.tasks.items():
        new_duration = repair.link is None and repair.minutes and not repair.remaining
        if task.id == repair.task and new_duration and task.kind is not TaskKind.MILESTONE:
            bench.tasks[place] = replace(task, duration=Duration(repair.minutes, task.duration.elapsed))
    for number, link in bench.links.items():
        if link is repair.link:
            bench.links[number] = replace(link, lag=Duration(repair.minutes, link.lag.elapsed), lag_percent=None)
