"""The event's plan simulated, and variants of it with the same draws: pure computing, nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_noop

from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.causes import causes_of
from tminus.desks.planning.edits import Edit, in_plan
from tminus.desks.planning.past import Past
from tminus.desks.planning.repairing import AIM, repairs_of
from tminus.desks.planning.standing import version
from tminus.engines.schedule import Plan, Policy, Schedule, ScheduleParams, back_schedule
from tminus.engines.schedule.risk import Cause, Risk, Scenario, simulate
from tminus.platform import clock
from tminus.platform.models import Event

SAMPLES = 10_000
CRITICAL = 30
"""Tasks told of a simulation, the most critical first."""

Told = Callable[[int, int, str], None]


def simulated(event: Event, samples: int, seed: int, told: Told, past: Past | None = None) -> dict[str, Any]:
    """One simulation of the plan as it stands, as ``planning.simulate.keep`` takes it.

    ``past``: as it stood then; what would have bought days then is not looked for.

    :raises PlanError: a plan or a cause that contradicts itself.
    """
    told(0, 3, gettext_noop("reading the plan"))
    stands, plan, causes = version(event), plan_of(event), causes_of(event)
    if past is not None:
        stands, plan = "", replace(plan, progress=past.progress)
    schedule = _scheduled(event, plan, past.day if past else None)
    told(1, 3, gettext_noop("simulating"))
    without = [Scenario(cause.id, off=frozenset([cause.id])) for cause in causes]
    risk = simulate(schedule, samples=samples, drivers=causes, seed=seed, scenarios=without)
    told(2, 3, gettext_noop("looking for what buys days"))
    aim = float(event.settings.get("aim", AIM))
    repairs = [] if past else repairs_of(schedule, causes, risk, aim=aim, seed=seed)
    checkpoints = _checkpoints(risk)
    return {
        "version": stands,
        "samples": risk.samples,
        "seed": seed,
        "elapsed_s": risk.elapsed_s,
        "result": {
            "checkpoints": checkpoints,
            "probabilities": {one["date"]: one["p"] for one in checkpoints},
            "causes": _causes(risk),
            "critical": _critical(schedule, risk),
            "repairs": repairs,
        },
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """``version`` of the plan; ``base``: as it stands; ``scenarios`` in the order asked, each as ``base``."""

    version: str
    base: dict[str, Any]
    scenarios: list[dict[str, Any]]


def compared(event: Event, variants: Sequence[Sequence[Edit]], told: Told) -> Compared:
    """The plan and its variants under the same draws, so that what differs is the change and not luck."""
    stands, plan, causes = version(event), plan_of(event), causes_of(event)
    plans = [plan, *(in_plan(plan, edits) for edits in variants)]
    outcomes = []
    for number, one in enumerate(plans):
        told(number, len(plans), gettext_noop("simulating"))
        outcomes.append(_outcome(_scheduled(event, one), causes))
    return Compared(stands, outcomes[0], outcomes[1:])


def _scheduled(event: Event, plan: Plan, today: date | None = None) -> Schedule:
    params = ScheduleParams(Policy.AS_PLANNED, checkpoint_days=event.checkpoint_days)
    return back_schedule(plan, opening=event.opening, today=today or clock.now(event).date(), params=params)


def _outcome(schedule: Schedule, causes: Sequence[Cause]) -> dict[str, Any]:
    risk = simulate(schedule, samples=SAMPLES, drivers=causes, tornado=False)
    return {"checkpoints": _checkpoints(risk), "conflicts": len(schedule.conflicts)}


def _checkpoints(risk: Risk) -> list[dict[str, Any]]:
    return [
        {
            "date": one.date.isoformat(),
            "t_minus": one.t_minus,
            "gates": len(one.gates),
            "p": one.p_ready if one.gates else None,
            "se": one.se,
            "readiness": one.expected_readiness,
            **{name: at.date().isoformat() if (at := getattr(one, name)) else None for name in ("p50", "p80", "p90")},
        }
        for one in risk.checkpoints
    ]


def _causes(risk: Risk) -> dict[str, list[dict[str, Any]]]:
    """By checkpoint, what each cause takes from its probability; the worst first."""
    outcomes = {one.name: one.p_ready for one in risk.scenarios}
    found: dict[str, list[dict[str, Any]]] = {}
    for number, checkpoint in enumerate(risk.checkpoints):
        rows: list[dict[str, Any]] = [
            {
                "code": cause.id,
                "name": cause.name,
                "name_zh": cause.name_zh,
                "tasks": cause.tasks,
                "p_without": outcomes[cause.id][number],
                "points": 100 * (outcomes[cause.id][number] - checkpoint.p_ready),
                "cost_days": cause.cost_days,
                "worst_days": cause.worst_days,
            }
            for cause in risk.causes
        ]
        found[checkpoint.date.isoformat()] = sorted(rows, key=lambda row: -row["points"])
    return found


def _critical(schedule: Schedule, risk: Risk) -> list[dict[str, Any]]:
    """Tasks of preparation that decide when it ends; milestones only come with what they wait for."""
    opening = datetime.combine(schedule.opening, time.min)
    before = {row.id for row in schedule.tasks if row.finish <= opening}
    uncertain = (task for task in risk.tasks if task.criticality > 0 and task.sd_days > 0 and task.id in before)
    tasks = sorted(uncertain, key=lambda task: (-task.criticality, -task.ssi))[:CRITICAL]
    return [
        {
            "key": task.id,
            "index": task.criticality,
            "ssi": task.ssi,
            "mean_days": task.mean_days,
            "sd_days": task.sd_days,
        }
        for task in tasks
    ]
