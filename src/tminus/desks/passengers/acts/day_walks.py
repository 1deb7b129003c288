"""A scenario of a day walked: computed in a job, kept by an act only that job may call."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Base64Bytes, BaseModel, Field

from tminus.desks.passengers.acts.day_scenarios import scenario_row
from tminus.desks.passengers.days.kept_scenarios import as_scenario
from tminus.desks.passengers.days.walking_jobs import WALK, under_way
from tminus.desks.passengers.forecasting.kept_folder import current
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.platform import clock, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.kept_files import keep_file
from tminus.platform.models import Job
from tminus.platform.registry import BadInput, Context, Grant, act, perform

MOST_SAMPLES = 200


class WalkArgs(BaseModel):
    """``seed``: another one gives other people; ``sample``: a path of the forecast, none: the middling one."""

    key: str
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    sample: int | None = Field(default=None, ge=0, lt=MOST_SAMPLES)


class KeepArgs(BaseModel):
    """A walk as it was computed."""

    key: str
    as_of: date
    seed: int
    sample: int | None
    model: str
    inputs: dict[str, str]
    happenings: list[dict[str, Any]]
    measures: list[dict[str, Any]]
    figures: dict[str, Any]
    replay: Base64Bytes
    network_digest: str
    elapsed_s: float


@act("passengers.day.walk", grants=Grant.HEADQUARTERS)
def walk(ctx: Context, args: WalkArgs) -> dict[str, Any]:
    """Walk a scenario from what is known, as a job; one that is under way is not begun twice."""
    row = scenario_row(ctx, args.key)
    found = started(ctx, WALK, row, args.model_dump())
    ctx.record(row, None, {"job": found.pk, "seed": args.seed, "sample": args.sample})
    return {"job": found.pk, "key": row.key}


def started(ctx: Context, kind: str, row: DayScenarioKept, args: dict[str, Any]) -> Job:
    """The job, begun; the one under way where there is one.

    :raises BadInput: nothing to forecast from, or a day that is none of the event's (it has moved since).
    """
    event = ctx.the_event
    if not event.opening <= row.day <= event.closing:
        allowed = {"day": row.day, "first": event.opening, "last": event.closing}
        raise BadInput(
            _("%(day)s is no day of the event, %(first)s … %(last)s; change the scenario's day") % allowed,
            field="key", value=row.key,
        )  # fmt: skip
    if not current(ctx.the_event):
        raise BadInput(_("there is nothing yet that a forecast could rest on"), field="key", value=row.key)
    return next(iter(under_way(ctx.event, kind, row.key)), None) or jobs.start(ctx, kind, args)


@job(WALK, again=True, name=gettext_lazy("A day walked"), page="day-scenarios")
def walk_in_background(running: Running) -> dict[str, Any]:
    """Compute, then keep: no transaction is open while it computes."""
    from tminus.desks.passengers.days import computing  # half a second

    event, args = running.event, WalkArgs(**running.args)
    assert event is not None  # noqa: S101 - started inside an event
    row = DayScenarioKept.objects.get(event=event, key=args.key)
    asked = computing.Asked(row.day, computing.known_until(row.day, clock.now(event)), args.seed, args.sample)
    found = computing.computed(event, as_scenario(row), asked, running.progress)
    return performed(running, "passengers.day.keep_walk", {**found, "key": row.key})


def performed(running: Running, code: str, args: dict[str, Any]) -> dict[str, Any]:
    """The act that keeps what a job computed, as whoever started it."""
    alone = running.person is None
    done: dict[str, Any] = perform(
        code, args, event=running.event, person=running.person, channel="job", system=alone
    )  # fmt: skip
    return done


@act("passengers.day.keep_walk", grants=Grant.HEADQUARTERS)
def keep_walk(ctx: Context, args: KeepArgs) -> dict[str, Any]:
    """Keep a walk as it was computed; only the job that computed it does."""
    jobs.only_a_job(ctx)
    return kept(ctx, ctx.find(DayScenarioKept, key=args.key), args)


def kept(ctx: Context, row: DayScenarioKept, args: KeepArgs) -> dict[str, Any]:
    """A walk of ``row``, put down with its files and in the record."""
    file, digest = keep_file(args.replay, ".gz")
    with transaction.atomic():
        made = DayWalk.objects.create(
            scenario=row, at=ctx.now, person=ctx.person, replay=file, **args.model_dump(exclude={"key", "replay"})
        )
    told = args.figures["row"]
    figures = {name: told[name] for name in ("agents", "mean_wait_s", "person_minutes_e_f", "longest_queue")}
    ctx.record(made, None, {"key": row.key, "inputs": args.inputs, "replay": digest, **figures})
    return {"key": row.key, "walk": made.pk, **figures}
