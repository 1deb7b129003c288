"""The rest of today re-forecast each hour by the clock: computed in a job, kept by an act as it was issued."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from tminus.desks.passengers.models import Counter, CounterPulse, ForecastFile, LiveIssue
from tminus.platform import clock, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.models import Event
from tminus.platform.registry import Context, Grant, act, perform
from tminus.platform.ticker import hourly

KIND = "passengers.forecast.live"
HEARD_WITHIN_S = 2 * 3600
"""A day on which no counter at the gates was heard for so long is not re-forecast."""


class HourArgs(BaseModel):
    """``at``: the instant of the event's clock that begins the hour's work."""

    at: datetime


class LiveKeepArgs(BaseModel):
    """What was computed."""

    day: date
    minute: int = Field(ge=0, le=3 * 1440)
    at: datetime
    model: str
    inputs: dict[str, str]
    result: dict[str, Any]


@act("passengers.forecast.hour", grants=Grant.HEADQUARTERS)
def hour(ctx: Context, args: HourArgs) -> dict[str, Any]:
    """Re-forecast the rest of today from what is counted, as the clock does by itself each hour."""
    found = jobs.start_once(ctx, KIND, {})
    ctx.record(ctx.the_event, None, {"job": found.pk})
    return {"job": int(found.pk)}


@job(KIND, again=True, name=gettext_lazy("The rest of today forecast anew"), page="today-forecast")
def in_background(running: Running) -> dict[str, Any]:
    """Compute, then keep. ``past``: earlier hours, as they would have been forecast from the counts of then."""
    from tminus.desks.passengers.forecasting.live_issue import live_issue  # half a second

    event = running.event
    assert event is not None  # noqa: S101 - started inside an event
    kept: dict[str, Any] = {}
    for at in [*map(datetime.fromisoformat, running.args.get("past", [])), clock.now(event)]:
        found = live_issue(event, at.astimezone(event.zone))
        kept = perform(
            "passengers.forecast.live.keep", found, event=event, person=running.person, channel="job",
            system=running.person is None,
        )  # fmt: skip
    return kept


@act("passengers.forecast.live.keep", grants=Grant.HEADQUARTERS)
def keep(ctx: Context, args: LiveKeepArgs) -> dict[str, Any]:
    """Keep the re-forecast of an hour as it was first computed; only the job that computed it does."""
    jobs.only_a_job(ctx)
    values = args.model_dump(include={"at", "model", "inputs", "result"})
    made, new = LiveIssue.objects.get_or_create(event=ctx.the_event, day=args.day, minute=args.minute, defaults=values)
    visits, alarms = args.result["visits"]["now"], len(args.result["alarms"])
    said = {"day": args.day, "minute": args.minute, "low": visits["p10"], "high": visits["p90"], "alarms": alarms}
    ctx.record(made, None, said | {"counts": args.inputs.get("counts"), "new": new})
    return {"issue": made.pk, "new": new, "visits": visits, "alarms": alarms}


def worth_it(event: Event, now: datetime) -> bool:
    """Whether there is anything to re-forecast from: a day of the event, files, a counter at the gates that speaks."""
    if not event.opening <= now.date() <= event.closing:
        return False
    heard = int(now.timestamp()) - HEARD_WITHIN_S
    edge = Counter.objects.filter(event=event, edge=True, retired_at=None)
    if not CounterPulse.objects.filter(counter__in=edge, last_s__gte=heard).exists():
        return False
    return ForecastFile.objects.filter(event=event, taken_at__isnull=False).exists()


hourly("passengers.forecast.hour", when=worth_it)
