"""What a repair buys of the probability of each checkpoint: a question the caller answers, or the simulation does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tminus.engines.schedule.back_schedule import ScheduleParams, back_schedule
from tminus.engines.schedule.model import Plan, PlanError
from tminus.engines.schedule.result import Policy, Schedule
from tminus.engines.schedule.risk import Cause, RiskParams, simulate
from tminus.engines.schedule.worktime import minutes

Probability = Callable[[Plan], Mapping[date, float]]
"""The probability of each checkpoint of a plan. Every call must use the same draws, so that what two plans differ by is
the change and not luck."""


def by_simulation(
    schedule: Schedule,
    *,
    samples: int = 2000,
    seed: int = 0,
    drivers: Sequence[Cause] = (),
    params: RiskParams | None = None,
) -> Probability:
    """Simulate variants of the plan of ``schedule`` with common random numbers.

    Its checkpoints ask every variant for the gates due by them in ``schedule``. Work begins as soon as it may: dates
    planned as late as possible would hide what a repair buys.

    :raises PlanError: (when asked) a variant that cannot be scheduled or simulated.
    """
    due = {row.id: minutes(row.finish) for row in schedule.tasks}

    def probability(plan: Plan) -> dict[date, float]:
        how = ScheduleParams(Policy.ASAP)
        soon = back_schedule(plan, opening=schedule.opening, today=schedule.today, params=how)
        if soon.network is None or soon.dates is None:
            raise PlanError(f"the links run in a circle: {soon.conflicts[0].detail}")
        finish = soon.dates.finish.copy()
        for number, task in enumerate(soon.network.tasks):
            place = soon.network.place[number]
            finish[place] = due.get(task.id, int(finish[place]))
        asked = replace(soon, dates=replace(soon.dates, finish=finish), checkpoints=schedule.checkpoints)
        risk = simulate(asked, samples=samples, seed=seed, drivers=drivers, params=params, tornado=False)
        return {one.date: one.p_ready for one in risk.checkpoints}

    return probability
