"""Freeze a checkpoint: by headquarters at any instant, by the clock when its day has ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from pydantic import BaseModel, Field

from tminus.desks.planning.frozen.document import counts_of, document_of, verdict_of
from tminus.desks.planning.frozen.sealed import canonical, fingerprint, signature_of
from tminus.desks.planning.models import FrozenCheckpoint
from tminus.desks.planning.standing import standing
from tminus.engines.schedule import Checkpoint, PlanError, Schedule
from tminus.platform import jobs
from tminus.platform.jobs import Running, job
from tminus.platform.models import Event, TDay
from tminus.platform.registry import BadInput, Context, Grant, Missing, act, perform
from tminus.platform.ticker.daily import daily

AGAIN = timedelta(minutes=1)
"""Twice within this of the event's clock is the same instant."""
AT_ONCE = 5_000
"""Tasks up to which a checkpoint is frozen while one waits; of more it is a job."""
SETTING = "freeze_checkpoints"
"""Event setting: whether the clock freezes a checkpoint when its day has ended; on unless said otherwise."""


class FreezeArgs(BaseModel):
    """``t``: the checkpoint, T-70; ``note``: why, or for which meeting; ``wait``: here and now whatever its size."""

    t: str
    note: str = Field("", max_length=200)
    wait: bool = False


class EndedArgs(BaseModel):
    """``day``: the day after the checkpoint's."""

    day: date


class AutomaticArgs(BaseModel):
    on: bool


@act("planning.checkpoint.freeze", grants=Grant.HEADQUARTERS)
def freeze(ctx: Context, args: FreezeArgs) -> dict[str, Any]:
    """Keep a checkpoint as it stands; nobody can change it afterwards. Of a large plan it runs as a job, and keeps
    how the plan stands when that runs."""
    try:
        day = ctx.the_event.day(TDay.parse(args.t))
    except (ValueError, OverflowError) as error:
        raise BadInput(str(error), field="t", value=args.t) from error
    try:
        schedule = standing(ctx.the_event, ctx.now)
    except PlanError as error:
        raise BadInput(str(error), field="plan") from error
    found = _on(schedule, day)
    if found is None:
        labels = ", ".join(str(TDay(-one.t_minus)) for one in schedule.checkpoints)
        raise Missing(
            _("no checkpoint at %(t)s; allowed: %(allowed)s") % {"t": args.t, "allowed": labels or "none yet"},
            field="t",
            value=args.t,
        )
    _not_again(ctx, day)
    warned = {"warnings": warnings(ctx.the_event, day, ctx.now)}
    if not args.wait and len(schedule.tasks) > AT_ONCE:
        started = jobs.start(ctx, "planning.checkpoint.freeze", {"t": args.t, "note": args.note})
        label = str(TDay(-found.t_minus))
        ctx.record(
            ctx.the_event,
            None,
            {"job": started.pk, "checkpoint": label},
            code="planning.checkpoint.freeze_started",
        )
        return {"job": started.pk, **warned}
    return _keep(ctx, schedule, found, args.note) | warned


@job("planning.checkpoint.freeze", again=True, name=gettext_lazy("Freezing a checkpoint"), page="checkpoints")
def in_background(running: Running) -> dict[str, Any]:
    """Freeze a checkpoint of a large plan; all or nothing, and refused where it was done a moment ago."""
    running.progress(0, 1, gettext_noop("writing down how every task stands"))
    args = FreezeArgs(t=running.args["t"], note=running.args["note"], wait=True)
    made: dict[str, Any] = perform(
        "planning.checkpoint.freeze", args, event=running.event, person=running.person, channel="job"
    )
    running.progress(1, 1)
    return made


@act("planning.checkpoint.freeze_ended", grants=Grant.HEADQUARTERS)
def freeze_ended(ctx: Context, args: EndedArgs) -> dict[str, Any]:
    """Keep the checkpoint whose day ended with midnight, as the clock does by itself."""
    day = args.day - timedelta(days=1)
    try:
        schedule = standing(ctx.the_event, ctx.now)
        found = _on(schedule, day)
    except PlanError:  # a plan that contradicts itself has no checkpoints; the clock must not ask again all day
        found = None
    if found is None:
        ctx.record(ctx.the_event, None, {"day": day, "frozen": 0})
        return {"number": None}
    return _keep(ctx, schedule, found, "")


@act("planning.checkpoint.automatic", grants=Grant.HEADQUARTERS)
def automatic(ctx: Context, args: AutomaticArgs) -> dict[str, Any]:
    """Say whether the clock freezes each checkpoint when its day has ended."""
    event = ctx.the_event
    before = is_automatic(event)
    event.settings = {**event.settings, SETTING: args.on}
    event.save(update_fields=["settings"])
    ctx.record(event, {SETTING: before}, {SETTING: args.on})
    return {"on": args.on}


def is_automatic(event: Event) -> bool:
    return bool(event.settings.get(SETTING, True))


def ended(event: Event, now: datetime) -> bool:
    """Whether yesterday was a checkpoint that is still to be frozen; asked at each tick, so it stays cheap."""
    day = now.date() - timedelta(days=1)
    before = (event.opening - day).days
    if not is_automatic(event) or before < 0 or before % event.checkpoint_days or not event.tasks.exists():
        return False
    midnight = datetime.combine(now.date(), datetime.min.time(), tzinfo=event.zone)
    return not FrozenCheckpoint.objects.filter(event=event, day=day, at__gte=midnight).exists()


daily("planning.checkpoint.freeze_ended", when=ended)


def warnings(event: Event, day: date, now: datetime) -> list[str]:
    """What whoever freezes ``day`` at ``now`` should know: it has not ended yet, or long since."""
    if now.date() <= day:
        text = _("The checkpoint's day has not ended: this keeps how it stands before that, not the final state.")
        return [text]
    late = (now.date() - day).days - 1
    if late:
        text = _("The checkpoint's day ended %(n)d days ago: this keeps how it stands now, not how it stood then.")
        return [text % {"n": late}]
    return []


def _on(schedule: Schedule, day: date) -> Checkpoint | None:
    return next((one for one in schedule.checkpoints if one.date == day), None)


def _not_again(ctx: Context, day: date) -> None:
    """:raises BadInput: the same checkpoint was frozen at this very instant."""
    same = FrozenCheckpoint.objects.filter(event=ctx.event, day=day, at__gt=ctx.now - AGAIN, at__lte=ctx.now).first()
    if same is not None:
        raise BadInput(
            _("This checkpoint was frozen at this very instant already: no. %(number)d.") % {"number": same.number},
            field="t",
            value=str(ctx.the_event.t(day)),
        )


def _keep(ctx: Context, schedule: Schedule, found: Checkpoint, note: str) -> dict[str, Any]:
    text = canonical(document_of(ctx.the_event, ctx.now, schedule, found))
    digest = fingerprint(text)
    last = FrozenCheckpoint.objects.filter(event=ctx.event).order_by("-number").values_list("number", flat=True).first()
    frozen = FrozenCheckpoint.objects.create(
        event=ctx.the_event,
        number=(last or 0) + 1,
        day=found.date,
        at=ctx.now,
        person=ctx.person,
        note=note.strip(),
        verdict=verdict_of(found, schedule).value,
        counts=counts_of(found),
        text=text,
        sha256=digest,
        signature=signature_of(digest),
    )
    label = str(TDay(-found.t_minus))
    ctx.record(frozen, None, {"number": frozen.number, "checkpoint": label, "sha256": digest, **frozen.counts})
    return {"number": frozen.number, "checkpoint": label, "sha256": digest}
