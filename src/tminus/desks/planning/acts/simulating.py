"""Simulate the plan: by headquarters at any time, by the clock each night; computed in a job, kept by an act."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from tminus.desks.planning.models import RiskRun, Task
from tminus.desks.planning.past import not_kept
from tminus.desks.planning.simulation import SAMPLES, simulated
from tminus.platform import jobs
from tminus.platform.jobs import Running, job
from tminus.platform.models import Event
from tminus.platform.registry import Context, Grant, act, perform
from tminus.platform.ticker.daily import daily

KIND = "planning.simulate"


class StartArgs(BaseModel):
    """``seed``: another gives other draws; the same gives the same figures."""

    samples: int = Field(SAMPLES, ge=100, le=200_000)
    seed: int = Field(0, ge=0, le=2**31 - 1)


class NightArgs(BaseModel):
    """``day``: the day that has begun."""

    day: date


class KeepArgs(BaseModel):
    """What was computed; ``at``: of the plan as it stood then."""

    version: str
    samples: int
    seed: int
    elapsed_s: float
    result: dict[str, Any]
    at: datetime | None = None


@act("planning.simulate.start", grants=Grant.HEADQUARTERS)
def start(ctx: Context, args: StartArgs) -> dict[str, Any]:
    """Simulate the plan as it stands, as a job; one that is under way already is not begun twice."""
    return {"job": _started(ctx, args)}


@act("planning.simulate.night", grants=Grant.HEADQUARTERS)
def night(ctx: Context, args: NightArgs) -> dict[str, Any]:
    """Simulate the plan for the day that has begun, as the clock does by itself."""
    return {"job": _started(ctx, StartArgs(samples=SAMPLES, seed=0))}


def _started(ctx: Context, args: StartArgs) -> int:
    found = jobs.start_once(ctx, KIND, args.model_dump())
    ctx.record(ctx.the_event, None, {"job": found.pk, "samples": args.samples})
    return int(found.pk)


@job(KIND, again=True, name=gettext_lazy("Simulation of the plan"), page="likelihood")
def in_background(running: Running) -> dict[str, Any]:
    """Compute, then keep: no transaction is open while it computes. ``past``: mornings simulated before today's."""
    event, samples, seed = running.event, running.args["samples"], running.args["seed"]
    assert event is not None  # noqa: S101 - started inside an event
    for past in not_kept(event, running.args.get("past", [])):
        _kept(running, simulated(event, samples, seed, running.progress, past) | {"at": past.at(event)})
    return _kept(running, simulated(event, samples, seed, running.progress))


def _kept(running: Running, found: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = perform(
        "planning.simulate.keep",
        found,
        event=running.event,
        person=running.person,
        channel="job",
        system=running.person is None,
    )
    return kept


@act("planning.simulate.keep", grants=Grant.HEADQUARTERS)
def keep(ctx: Context, args: KeepArgs) -> dict[str, Any]:
    """Keep what a simulation came to; only the job that computed it does."""
    jobs.only_a_job(ctx)
    at = (args.at or ctx.now).astimezone(ctx.the_event.zone)
    values = args.model_dump() | {"at": at}
    made = RiskRun.objects.create(event=ctx.the_event, day=at.date(), person=ctx.person, **values)
    probabilities = args.result["probabilities"]
    ctx.record(made, None, {"samples": args.samples, "seed": args.seed, "probabilities": probabilities})
    return {"run": made.pk, "probabilities": probabilities}


def worth_it(event: Event, now: datetime) -> bool:
    """Whether a night's simulation could say anything: a plan, and opening not past."""
    return now.date() <= event.opening and Task.objects.filter(event=event).exists()


daily("planning.simulate.night", at=time(2, 0), when=worth_it)
