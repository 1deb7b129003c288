"""The ladder: who is told, and when, as a clock runs out. Each rung once for each deadline."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.platform.duties.heads import Heads
from tminus.platform.duties.telling import tell_about
from tminus.platform.models import Duty, DutyState, DutyStep, Event, Person
from tminus.platform.registry import BadInput, Context, Grant, act, perform

# Hours after the deadline at which rung 0 (holder), 1 (unit head), 2 (parent's head) … is told; the last one repeats.
DEFAULT_HOURS: dict[str, list[float]] = {"acknowledge": [0, 24, 48], "due": [0, 24, 48]}

STILL_TO_DO = [DutyState.ASSIGNED, DutyState.ACKNOWLEDGED, DutyState.IN_PROGRESS, DutyState.RETURNED]


class Rung(NamedTuple):
    level: int
    person: Person
    at: datetime
    deadline: datetime


class EscalateArgs(BaseModel):
    duty: int
    clock: str
    level: int


def hours(event: Event, clock: str, level: int) -> float:
    """Hours after the deadline of a rung, by event setting ``escalation_hours`` = {clock: [hours, …]}."""
    steps = event.settings.get("escalation_hours", {}).get(clock) or DEFAULT_HOURS[clock]
    if level < len(steps):
        return float(steps[level])
    stride = steps[-1] - steps[-2] if len(steps) > 1 else 24
    return float(steps[-1] + stride * (level - len(steps) + 1))


def deadline_of(duty: Duty, clock: str) -> datetime | None:
    """The deadline of a running clock; ``None`` where it does not run."""
    if clock == "acknowledge":
        return duty.acknowledge_by if duty.state == DutyState.ASSIGNED else None
    return duty.due_at if duty.state in STILL_TO_DO else None


def rungs(duty: Duty, clock: str, heads: Heads) -> Iterator[Rung]:
    """Holder first, then the heads from the duty's unit up to headquarters."""
    deadline = deadline_of(duty, clock)
    if deadline is None:
        return
    people = [duty.holder] if duty.holder else []
    people += [head for head in heads.upwards(duty.unit) if head != duty.holder]
    for level, person in enumerate(people):
        yield Rung(level, person, deadline + timedelta(hours=hours(duty.event, clock, level)), deadline)


def fire(event: Event, now: datetime) -> int:
    """Take every rung that has come due, whether the clock passed it now or while nobody ran; how many."""
    heads, count = Heads(event, now.date()), 0
    running = Q(state__in=STILL_TO_DO, due_at__lte=now) | Q(state=DutyState.ASSIGNED, acknowledge_by__lte=now)
    duties = Duty.objects.filter(running, event=event).select_related("holder", "unit")
    for duty in duties.prefetch_related(Prefetch("steps", DutyStep.objects.order_by("id"))):
        duty.event = event
        taken = {(step.clock, step.level, step.deadline) for step in duty.steps.all()}
        for clock in DEFAULT_HOURS:
            for rung in rungs(duty, clock, heads):
                if rung.at <= now and (clock, rung.level, rung.deadline) not in taken:
                    count += _take(event, duty, clock, rung.level)
    return count


def _take(event: Event, duty: Duty, clock: str, level: int) -> bool:
    try:
        args = {"duty": duty.pk, "clock": clock, "level": level}
        perform("duty.escalate", args, event=event, system=True, channel="clock")
    except BadInput:  # somebody acted, or another ticker took this rung, between reading and locking
        return False
    return True


@act("duty.escalate", grants=Grant.HEADQUARTERS)
def escalate(ctx: Context, args: EscalateArgs) -> dict[str, object]:
    """Take one rung of a duty's ladder: the clock does this, once."""
    if args.clock not in DEFAULT_HOURS:
        raise BadInput(
            _("no clock %(clock)r; allowed: %(allowed)s") % {"clock": args.clock, "allowed": ", ".join(DEFAULT_HOURS)},
            field="clock",
        )
    ctx.find(Duty, pk=args.duty)
    duty = Duty.objects.select_for_update().get(pk=args.duty)
    heads = Heads(ctx.the_event, ctx.now.date())
    rung = next((one for one in rungs(duty, args.clock, heads) if one.level == args.level), None)
    if rung is None or rung.at > ctx.now:
        raise BadInput(_("this step is not due"), field="level", value=args.level)
    step, new = DutyStep.objects.get_or_create(
        duty=duty,
        clock=args.clock,
        level=args.level,
        deadline=rung.deadline,
        defaults={"at": ctx.now, "told": rung.person},
    )
    if not new:
        raise BadInput(_("this step has been taken"), field="level", value=args.level)
    after = {"clock": args.clock, "level": args.level, "told": rung.person.pk, "deadline": step.deadline}
    ctx.record(duty, None, after, unit=duty.unit, code="duty.escalated" if args.level else "duty.reminded")
    _tell(ctx, duty, args, rung.person)
    return {"duty": duty.pk, "clock": args.clock, "level": args.level, "told": rung.person.pk}


def _tell(ctx: Context, duty: Duty, args: EscalateArgs, person: Person) -> None:
    code = f"duty.{'remind' if person == duty.holder else 'escalated'}.{args.clock}"
    tell_about(ctx, duty, code, person, urgent=args.level > 0, by=duty.holder)
