"""The forecast from here: what was learned from progress, drawn into every task that is left."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from tminus.engines.schedule.back_schedule import ScheduleParams, back_schedule
from tminus.engines.schedule.bounds import DONE, STARTED
from tminus.engines.schedule.model import Duration, Estimate, EstimateKind, Plan, PlanError, Task, TaskKind
from tminus.engines.schedule.reforecast.distribution import Distribution, distribution_of
from tminus.engines.schedule.reforecast.earned_schedule import EarnedSchedule, earned_schedule
from tminus.engines.schedule.reforecast.factors import (
    Factors,
    Observation,
    class_of,
    learn,
    longer_than,
    observations_of,
)
from tminus.engines.schedule.reforecast.out_of_sequence import OutOfSequence, out_of_sequence
from tminus.engines.schedule.result import Policy, Schedule, ScheduledTask
from tminus.engines.schedule.risk import Cause, CheckpointRisk, Hits, RiskDriver, RiskParams, simulate
from tminus.engines.schedule.worktime import Ints, minutes, work_until

Z90 = 1.2815515655446004
COMMON = "learned"
"""Identities of the causes that carry what is not known of factors begin so."""


@dataclass(frozen=True, slots=True)
class Reforecast:
    """``checkpoints``: how likely each is, by learned factors. ``ends``: when the last gate before opening is done.
    ``deterministic``: when the plan's own logic has that, without anything learned."""

    earned: EarnedSchedule
    out_of_sequence: tuple[OutOfSequence, ...]
    factors: Factors
    checkpoints: tuple[CheckpointRisk, ...]
    ends: Distribution | None
    deterministic: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "earned_schedule": self.earned.as_json(),
            "out_of_sequence": [one.as_json() for one in self.out_of_sequence],
            "factors": [one.as_json() for one in self.factors.cells],
            "checkpoints": [{"date": one.date.isoformat(), **one.as_json()} for one in self.checkpoints],
            "ends": self.ends.as_json() if self.ends else None,
            "deterministic": self.deterministic.isoformat(),
        }


def reforecast(
    schedule: Schedule,
    history: Sequence[Observation] = (),
    *,
    drivers: Sequence[Cause] = (),
    samples: int = 2000,
    seed: int = 0,
) -> Reforecast:
    """Learn from a schedule's progress and from ``history`` (other projects of the same units), and simulate on.

    :raises PlanError: a schedule without a network, or a cause that names what the plan does not have.
    """
    if schedule.network is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    factors = learn([*history, *observations_of(schedule)])
    calibrated, causes = calibrated_plan(schedule, factors), causes_of(schedule, factors)
    again = _scheduled_like(schedule, calibrated)
    params = RiskParams(correlation=0.0)  # what units have in common is carried by the causes
    risk = simulate(again, samples=samples, seed=seed, drivers=[*drivers, *causes], params=params, tornado=False)
    ends = distribution_of(again, samples=samples, seed=seed, causes=[*drivers, *causes])
    return Reforecast(
        earned_schedule(schedule),
        out_of_sequence(schedule),
        factors,
        risk.checkpoints,
        ends,
        max(row.early_finish for row in schedule.tasks),
    )


def _scheduled_like(schedule: Schedule, plan: Plan) -> Schedule:
    """The calibrated plan, asked for by the same checkpoints: its tasks planned when they are, or, where all is to
    begin as soon as it may, in each sample as soon as it may there."""
    rows = schedule.by_id()
    if schedule.policy is Policy.ASAP:
        again = back_schedule(plan, opening=schedule.opening, today=schedule.today, params=ScheduleParams(Policy.ASAP))
        if again.dates is not None:
            soon = np.minimum(again.dates.start, minutes(schedule.today))
            again = replace(again, dates=replace(again.dates, start=soon, finish=_due(again, rows)))
        return replace(again, checkpoints=schedule.checkpoints)
    tasks = tuple(
        replace(task, start=rows[task.id].start, finish=rows[task.id].finish) if task.id in rows else task
        for task in plan.tasks
    )
    how = ScheduleParams(Policy.AS_PLANNED)
    again = back_schedule(replace(plan, tasks=tasks), opening=schedule.opening, today=schedule.today, params=how)
    return replace(again, checkpoints=schedule.checkpoints)


def _due(again: Schedule, rows: Mapping[str, ScheduledTask]) -> Ints:
    """Planned finishes of the schedule asked about, by place of the other."""
    network, dates = again.network, again.dates
    assert network is not None and dates is not None  # noqa: S101 - asked before
    finish = dates.finish.copy()
    for number, task in enumerate(network.tasks):
        finish[network.place[number]] = minutes(rows[task.id].finish)
    return finish


def causes_of(schedule: Schedule, factors: Factors) -> list[RiskDriver]:
    """What is not known of the factors as causes: one for all tasks, one for each unit, one for each class of work."""
    plan = schedule.network.plan if schedule.network else None
    leaves = [task for task in plan.leaves() if task.kind is not TaskKind.MILESTONE] if plan else []
    less = _narrower(leaves, factors)
    found = [_cause("", less * factors.common[1], Hits())]
    for unit in sorted({task.unit for task in leaves if task.unit}):
        found.append(_cause(f"unit {unit}", less * factors.unit(unit)[1], Hits(units=frozenset({unit}))))
    kinds: dict[str, set[str]] = {}
    for task in leaves:
        kinds.setdefault(class_of(task), set()).add(task.id)
    for kind, ids in sorted(kinds.items()):
        found.append(_cause(f"class {kind}", less * factors.kind(kind)[1], Hits(ids=frozenset(ids))))
    return found


def _narrower(leaves: Sequence[Task], factors: Factors) -> float:
    """Causes are drawn apart, what is not known of the parts is not: what a unit is too much, its class is too little.
    The share of their deviations that leaves the sum as unsure as it is, on average."""
    told, apart = 0.0, 0.0
    for task in leaves:
        unit, kind = task.unit, class_of(task)
        told += factors.of(unit, kind)[1] ** 2
        apart += sum(one[1] ** 2 for one in (factors.common, factors.unit(unit), factors.kind(kind)))
    return math.sqrt(min(told / apart, 1.0)) if apart else 1.0


def _cause(name: str, deviation: float, hits: Hits) -> RiskDriver:
    impact = Estimate(EstimateKind.LOGNORMAL, (1.0, math.exp(Z90 * max(deviation, 1e-6))))
    return RiskDriver(f"{COMMON}:{name}" if name else COMMON, impact, hits=hits)


def calibrated_plan(schedule: Schedule, factors: Factors) -> Plan:
    """The plan with every open task's estimate as learned; of running tasks what remains, given how long they run."""
    network = schedule.network
    if network is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    plan, progress, tasks = network.plan, dict(network.plan.progress), {}
    for number, task in enumerate(network.tasks):
        place = int(network.place[number])
        state = int(schedule.held.state[place]) if schedule.held else DONE
        if state == DONE or task.kind is TaskKind.MILESTONE or int(network.work[place]) == 0:
            continue
        mean, _ = factors.of(task.unit, class_of(task))
        if state == STARTED:
            left, ratio = _what_remains(schedule, number, task, mean, factors.own)
            before = progress[task.id]
            progress[task.id] = replace(before, remaining=Duration(left, task.duration.elapsed))
            tasks[task.id] = replace(task, estimate=_lognormal(1.0, max(ratio, 1.0)))
        else:
            tasks[task.id] = replace(task, estimate=_lognormal(math.exp(mean), math.exp(mean + Z90 * factors.own)))
    return replace(plan, tasks=tuple(tasks.get(task.id, task) for task in plan.tasks), progress=progress)


def _lognormal(p50: float, p90: float) -> Estimate:
    return Estimate(EstimateKind.LOGNORMAL, (p50, p90), relative=True)


def _what_remains(schedule: Schedule, number: int, task: Task, mean: float, own: float) -> tuple[int, float]:
    """Working minutes left at the median, and how many times as many in one case of ten."""
    network = schedule.network
    assert network is not None  # noqa: S101 - asked before
    place, table = int(network.place[number]), network.time.table
    calendar, planned = int(network.calendar[place]), int(network.work[place])
    reported = network.plan.progress[task.id]
    begun = minutes(reported.actual_start) if reported.actual_start else minutes(schedule.today)
    so_far = int(work_until(table, calendar, minutes(schedule.today))) - int(work_until(table, calendar, begun))
    if so_far <= 0:
        return max(round(planned * math.exp(mean)), 1), math.exp(Z90 * own)
    ran = math.log(so_far / planned)
    half, most = (planned * math.exp(longer_than(mean, own, ran, share)) - so_far for share in (0.5, 0.9))
    return max(round(half), 1), most / half if half > 0 else 1.0
