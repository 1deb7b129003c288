"""Forecast the coming days: by headquarters at any time, by the clock each night; computed in a job, kept by an act."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Base64Bytes, BaseModel, Field

from tminus.desks.passengers.forecasting import kept_folder
from tminus.desks.passengers.forecasting.levers import SAMPLES, Levers
from tminus.desks.passengers.models import ForecastFile, Issue, IssuedDay
from tminus.platform import clock, jobs
from tminus.platform.jobs import Running, job
from tminus.platform.kept_files import FileGiven
from tminus.platform.models import Event
from tminus.platform.registry import BadInput, Context, Grant, act, perform
from tminus.platform.ticker.daily import daily

KIND = "passengers.forecast"


class StartArgs(BaseModel):
    """``levers``: what-if, kept with the figures; ``seed``: another gives other draws, the same the same figures."""

    levers: Levers = Levers()
    samples: int = Field(default=SAMPLES, ge=50, le=2000)
    seed: int = Field(default=0, ge=0, le=2**31 - 1)


class NightArgs(BaseModel):
    """``day``: the day that has begun."""

    day: date


class DayArgs(BaseModel):
    """The curves of one day, packed."""

    day: date
    content: dict[str, Any]
    figures: Base64Bytes


class GatherArgs(BaseModel):
    """``files``: what the counters counted up to ``until``; ``found``: how much that is, and what was left out."""

    until: date
    files: list[FileGiven] = Field(min_length=1)
    found: dict[str, Any]


class KeepArgs(BaseModel):
    """What was computed; ``at``: as it would have been issued then."""

    as_of: date
    model: str
    inputs: dict[str, str]
    levers: dict[str, Any]
    seed: int
    samples: int
    elapsed_s: float
    result: dict[str, Any]
    days: list[DayArgs]
    at: datetime | None = None


@act("passengers.forecast.start", grants=Grant.HEADQUARTERS)
def start(ctx: Context, args: StartArgs) -> dict[str, Any]:
    """Forecast the coming days from what is known, as a job; one that is under way already is not begun twice."""
    return {"job": _started(ctx, args)}


@act("passengers.forecast.night", grants=Grant.HEADQUARTERS)
def night(ctx: Context, args: NightArgs) -> dict[str, Any]:
    """Forecast for the day that has begun, as the clock does by itself."""
    return {"job": _started(ctx, StartArgs())}


def _started(ctx: Context, args: StartArgs) -> int:
    if ctx.now.date() > ctx.the_event.closing:
        raise BadInput(_("the event is over; there is no day to forecast"))
    found = jobs.start_once(ctx, KIND, args.model_dump())
    ctx.record(ctx.the_event, None, {"job": found.pk, "samples": args.samples})
    return int(found.pk)


@job(KIND, again=True, name=gettext_lazy("Forecast of the coming days"), page="forecast")
def in_background(running: Running) -> dict[str, Any]:
    """Compute, then keep: no transaction is open while it computes. ``past``: mornings forecast before today's."""
    from tminus.desks.passengers.forecasting.computing import Asked, coming_days, computed  # half a second

    event, args = running.event, StartArgs(**running.args)
    assert event is not None  # noqa: S101 - started inside an event
    _gathered(running, event)
    for text in running.args.get("past", []):
        then = datetime.fromisoformat(text)
        open_day = [then.date()] if event.opening <= then.date() <= event.closing else []
        _kept(running, computed(event, Asked(then, open_day), running.progress) | {"at": then})
    now = clock.now(event)
    asked = Asked(now, coming_days(event, now.date()), args.levers, args.seed, args.samples)
    found = computed(event, asked, running.progress)
    return _kept(running, found)


def _gathered(running: Running, event: Event) -> None:
    """Take up what the counters counted on days that are over, where that is anything new."""
    from tminus.desks.passengers.forecasting.counted_days import counted_days  # half a second

    found = counted_days(event, clock.today(event) - timedelta(days=1))
    known = {name: row.digest for name, row in kept_folder.current(event).items() if name in kept_folder.COUNTED}
    if {name: sha256(content).hexdigest() for name, content in found.files.items()} not in ({}, known):
        files = [{"name": name, "content": b64encode(content).decode()} for name, content in found.files.items()]
        args = {"until": found.until, "files": files, "found": found.as_json()}
        _performed(running, "passengers.forecast.gather", args)


def _kept(running: Running, found: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = _performed(running, "passengers.forecast.keep", found)
    return kept


def _performed(running: Running, code: str, args: dict[str, Any]) -> Any:
    alone = running.person is None
    return perform(code, args, event=running.event, person=running.person, channel="job", system=alone)


@act("passengers.forecast.gather", grants=Grant.HEADQUARTERS)
def gather(ctx: Context, args: GatherArgs) -> dict[str, Any]:
    """Make forecasts from what the counters counted as well; only the job that gathered it does."""
    jobs.only_a_job(ctx)
    digests = {}
    for one in args.files:
        if one.name not in kept_folder.COUNTED:
            raise BadInput(_("no file %(name)r; allowed: %(allowed)s") % {
                "name": one.name, "allowed": ", ".join(kept_folder.COUNTED),
            }, field="files")  # fmt: skip
        row = kept_folder.keep(ctx.the_event, one.name, f"{args.until}", one.content, ctx.now)
        row.found = args.found
        row.save()
        digests[one.name] = row.digest
    visits = {"visits": args.found["visits"]}
    ctx.record(ctx.the_event, None, {"until": args.until, "days": args.found["days"], **visits, "digests": digests})
    return {"until": args.until, "days": args.found["days"]}


@act("passengers.forecast.keep", grants=Grant.HEADQUARTERS)
def keep(ctx: Context, args: KeepArgs) -> dict[str, Any]:
    """Keep a forecast as it was computed; only the job that computed it does."""
    jobs.only_a_job(ctx)
    values = args.model_dump(exclude={"days", "at"})
    made = Issue.objects.create(event=ctx.the_event, at=args.at or ctx.now, person=ctx.person, **values)
    IssuedDay.objects.bulk_create(
        IssuedDay(issue=made, day=one.day, content=one.content, figures=one.figures) for one in args.days
    )
    total = args.result["total"]
    said = {"as_of": args.as_of, "low": total["p10"], "high": total["p90"], "inputs": args.inputs}
    ctx.record(made, None, said | {"levers": args.levers, "days": len(args.days)})
    return {"issue": made.pk, "visits": total, "days": len(args.days)}


def worth_it(event: Event, now: datetime) -> bool:
    """Whether a night's forecast could say anything: files it can rest on, and the event not over."""
    return now.date() <= event.closing and ForecastFile.objects.filter(event=event, taken_at__isnull=False).exists()


daily("passengers.forecast.night", at=time(2, 30), when=worth_it)
