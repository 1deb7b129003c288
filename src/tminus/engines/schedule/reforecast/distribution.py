"""When the last gate before opening is done, as a distribution: asked of the simulation day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from tminus.engines.schedule.checkpoints import Checkpoint, gates_of
from tminus.engines.schedule.model import Plan
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.risk import Cause, RiskParams, simulate

MOST_DAYS = 200
"""Days asked about; a longer stretch is asked about every other day, or third …"""

ENOUGH = 0.999


@dataclass(frozen=True, slots=True)
class Distribution:
    """``p[i]``: the probability of being done by the end of ``days[i]``; days in order, not all equally far apart."""

    days: tuple[date, ...]
    p: tuple[float, ...]

    def quantile(self, share: float) -> date:
        """The first of the days by whose end it is done with probability ``share``, the days between found by
        straight lines; the last where none is."""
        at = float(np.interp(share, np.array(self.p), self._numbers()))
        return date.fromordinal(int(np.ceil(at - 1e-9)))

    def crps(self, actual: date) -> float:
        """Continuous ranked probability score in days (Gneiting & Raftery 2007): 0 is a certain and right forecast."""
        first, last = min(self.days[0], actual), max(self.days[-1], actual)
        every = np.arange(first.toordinal(), last.toordinal() + 1)
        p = np.interp(every, self._numbers(), np.array(self.p), left=0.0, right=1.0)
        return float(((p - (every >= actual.toordinal())) ** 2).sum())

    def _numbers(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.array([day.toordinal() for day in self.days], dtype=np.float64)

    def as_json(self) -> dict[str, Any]:
        return {f"p{share}": self.quantile(share / 100).isoformat() for share in (10, 50, 80, 90)}


def distribution_of(
    schedule: Schedule,
    *,
    gates: Sequence[str] = (),
    samples: int = 2000,
    seed: int = 0,
    causes: Sequence[Cause] = (),
) -> Distribution | None:
    """When all ``gates`` (default: every gate of the plan before opening) are done; ``None`` where there are none.

    :raises PlanError: as :func:`.simulate`.
    """
    network, dates = schedule.network, schedule.dates
    if network is None or dates is None:
        return None
    asked = set(gates) or _before_opening(schedule)
    if not asked:
        return None
    plan = _with_gates(network.plan, asked)
    tasks = {task.id: task for task in plan.tasks}
    marked = replace(network, plan=plan, tasks=tuple(tasks[task.id] for task in network.tasks))
    days, p = _days(schedule, asked, 1), [0.0]
    for times in (1, 2, 4):
        days = _days(schedule, asked, times)
        checkpoints = tuple(Checkpoint(day, 0, (), (), (), (), tuple(sorted(asked))) for day in days)
        finish = np.full_like(dates.finish, min(int(dates.finish.min()), 0))
        later = replace(
            schedule,
            network=marked,
            dates=replace(dates, finish=finish),
            checkpoints=checkpoints,
            opening=days[-1] + timedelta(days=1),
        )
        risk = simulate(
            later, samples=samples, seed=seed, drivers=causes, params=RiskParams(correlation=0.0), tornado=False
        )
        p = [one.p_ready for one in risk.checkpoints]
        if p[-1] >= ENOUGH:
            break
    return Distribution(tuple(days), tuple(p))


def _before_opening(schedule: Schedule) -> set[str]:
    network, held = schedule.network, schedule.held
    if network is None or held is None:
        return set()
    late = {network.tasks[int(network.node[p])].id for p in held.after if network.node[p] >= 0}
    leaves = {task.id for task in network.tasks}
    return (gates_of(network.plan) & leaves) - late


def _with_gates(plan: Plan, asked: set[str]) -> Plan:
    """Only these are gates."""
    return replace(plan, tasks=tuple(replace(task, gate=task.id in asked) for task in plan.tasks))


def _days(schedule: Schedule, asked: set[str], times: int) -> list[date]:
    """From the first on which they could be done to ``times`` as long after they are expected as that is away."""
    rows = [row for row in schedule.tasks if row.id in asked]
    today = schedule.today.date()
    first = min(today, max(row.early_finish for row in rows).date())
    away = (max(row.forecast_finish for row in rows).date() - today).days
    span = max(away, 15) * (1 + times) + 30
    step = -(-span // MOST_DAYS)
    return [first + timedelta(days=n) for n in range(0, span + step, step)]
