"""Publish the measures of a walked day as duties of the units that carry them out; take a publication back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.passengers.element_names import ElementNames, kept_names
from tminus.desks.passengers.measure_words import in_both, measure_words
from tminus.desks.passengers.models import PublishedMeasure
from tminus.desks.passengers.publishing.handouts import hand_out
from tminus.desks.passengers.publishing.plan import Fate, Plan, Step, measures_of, planned, published, walk_of
from tminus.desks.passengers.publishing.times import LEAD_H, MOST_LEAD_H
from tminus.formats.event_folder.day_scenarios import Measure, row_json
from tminus.platform import duties
from tminus.platform.duties.working_days import default_acknowledge_by
from tminus.platform.languages import day_text
from tminus.platform.models import Duty, DutyState, RecordLine
from tminus.platform.registry import BadInput, Context, Grant, act

TITLE = 300
"""Letters a duty's title has room for."""


class PublishArgs(BaseModel):
    """``key``: of the scenario; ``walk``: by default its latest; ``holders``: number of a measure from 1 → account of
    who answers for it instead of its unit's head; ``units``: number of a measure → code of the unit that carries it
    out; ``seen``: of the dry run, to do nothing but what it said."""

    key: str
    walk: int | None = None
    lead_h: float = Field(LEAD_H, ge=0, le=MOST_LEAD_H)
    holders: dict[int, str] = Field(default_factory=dict)
    units: dict[int, str] = Field(default_factory=dict)
    seen: str = ""


class WithdrawArgs(BaseModel):
    day: date
    reason: str = Field(min_length=1, max_length=500)


class UndoArgs(BaseModel):
    day: date


@act("passengers.day.publish", grants=Grant.HEADQUARTERS)
def publish(ctx: Context, args: PublishArgs) -> dict[str, Any]:
    """Give each unit what it has to do on the day; of what is published already only the differences change."""
    plan = planned(ctx, walk_of(ctx, args.key, args.walk), args.holders, args.lead_h, args.units)
    if args.seen and args.seen != plan.digest:
        raise BadInput(_("something has changed since you looked; look again at what would be done"), field="seen")
    _check_named(plan)
    if not plan.changes:
        raise BadInput(_("nothing would change: these measures are published as they are"), field="key")
    names = kept_names(ctx.the_event)
    publication = _next(ctx, plan.day, "publication")
    before = {step.old.number: _held(step.old.duty) for step in plan.of(Fate.MOVED) if step.old and step.old.duty}
    new = _issued(ctx, plan, publication, names)
    for step in plan.of(Fate.GONE):
        _withdrawn(ctx, step.old, _("no longer part of the plan of the day"), publication)
    for step in plan.of(Fate.MOVED):
        _moved(ctx, step)
    hand_out(ctx, plan.walk, [row for row, _step in new])
    numbers = {fate.value: [step.old.number for step in plan.of(fate) if step.old] for fate in (Fate.GONE, Fate.MOVED)}
    said = {"day": plan.day, "publication": publication, "walk": plan.walk.pk, "scenario": plan.walk.scenario.key}
    told = {"new": [row.number for row, _step in new], **numbers, "stays": len(plan.of(Fate.STAYS))}
    ctx.record(plan.walk.scenario, {"moved": before}, {**said, **told, "lead_h": plan.lead_h})
    return {**said, **told}


def _check_named(plan: Plan) -> None:
    """:raises BadInput: a duty would be issued to a unit that nobody has named."""
    for step in plan.steps:
        if step.unnamed:
            number = (step.place or 0) + 1
            raise BadInput(
                _("measure %(n)d: the scenario names no unit that carries it out; name one (proposed: %(code)s)")
                % {"n": number, "code": step.measure.unit or "—"},
                field=f"units.{number}",
            )


@act("passengers.day.withdraw_published", grants=Grant.HEADQUARTERS)
def withdraw(ctx: Context, args: WithdrawArgs) -> dict[str, Any]:
    """Take every published measure of a day off its unit, and say why; what was accepted as done stays so."""
    rows = [row for row in published(ctx, args.day) if row.duty is None or row.duty.open]
    if not rows:
        raise BadInput(_("nothing is published of %(day)s that could be withdrawn") % {"day": args.day}, field="day")
    for row in rows:
        _withdrawn(ctx, row, args.reason.strip(), None)
    numbers = [row.number for row in rows]
    ctx.record(rows[0].scenario, {"numbers": numbers}, {"day": args.day, "numbers": numbers, "reason": args.reason})
    return {"day": args.day, "withdrawn": numbers}


@act("passengers.day.undo_published", grants=Grant.HEADQUARTERS)
def undo(ctx: Context, args: UndoArgs) -> dict[str, Any]:
    """Take the last publication of a day back: its duties are withdrawn, those it withdrew are issued again."""
    line = _last(ctx, args.day)
    gone, back = _of_last(ctx, args.day, line)
    names = kept_names(ctx.the_event)
    for row in gone:
        _withdrawn(ctx, row, _("its publication was taken back"), None)
    for row in back:
        row.withdrawn_at = row.withdrawn_in = None
        row.save(update_fields=["withdrawn_at", "withdrawn_in"])
        if row.duty is not None:
            _issue(ctx, row, row.duty.holder, row.duty.due_at, names)
    for number, held in ((line.before or {}).get("moved") or {}).items():
        _as_before(ctx, args.day, int(number), held)
    told = {"withdrawn": [row.number for row in gone], "again": [row.number for row in back]}
    scenario = [*gone, *back][0].scenario if gone or back else None
    ctx.record(scenario or ctx.the_event, line.after, {"day": args.day, "undid": line.seq, **told})
    return {"day": args.day, **told}


def _issued(ctx: Context, plan: Plan, publication: int, names: ElementNames) -> list[tuple[PublishedMeasure, Step]]:
    """Rows and duties of what is new or takes the place of what was published."""
    number = _next(ctx, plan.day, "number")
    found: list[tuple[PublishedMeasure, Step]] = []
    # Numbered as the walk has them, so that a first publication calls each measure as the scenario does.
    for step in sorted(plan.of(Fate.NEW, Fate.CHANGED), key=lambda one: one.place or 0):
        assert step.carrier is not None  # noqa: S101 - every measure to come has one
        if step.old is not None:
            words = measure_words(step.measure, names)
            _withdrawn(ctx, step.old, _("changed: %(words)s") % {"words": words}, publication)
        row = PublishedMeasure.objects.create(
            event=ctx.the_event, day=plan.day, number=number + len(found), publication=publication, walk=plan.walk,
            scenario=plan.walk.scenario, kind=step.measure.kind.value, what=row_json(step.measure),
            unit=step.carrier.unit, published_at=ctx.now, person=ctx.the_person,
        )  # fmt: skip
        _issue(ctx, row, step.carrier.holder, step.due_at, names)
        found.append((row, step))
    return found


def _issue(ctx: Context, row: PublishedMeasure, holder: Any, due_at: datetime | None, names: ElementNames) -> None:
    """The duty of a row; it is to be acknowledged no later than it is due."""
    title = title_of(measures_of([row.what], row.day)[0], row.day, names)
    answer_by = default_acknowledge_by(ctx.the_event, ctx.now)
    row.duty = duties.issue(ctx, row, title, holder, row.unit, due_at, min(answer_by, due_at or answer_by))
    row.save(update_fields=["duty"])


def title_of(measure: Measure, day: date, names: ElementNames) -> tuple[str, str]:
    """What the duty is called in both languages: the day, and what is done then."""
    english, chinese = in_both(lambda: f"{day_text(day)}: {measure_words(measure, names)}")
    return english[:TITLE], chinese.replace(": ", "：", 1)[:TITLE]


def _withdrawn(ctx: Context, row: PublishedMeasure | None, reason: str, publication: int | None) -> None:
    assert row is not None  # noqa: S101 - only what is published is withdrawn
    row.withdrawn_at, row.withdrawn_in = ctx.now, publication
    row.save(update_fields=["withdrawn_at", "withdrawn_in"])
    if row.duty is not None and row.duty.open:
        duties.withdraw(ctx, row.duty, reason)


def _moved(ctx: Context, step: Step) -> None:
    duty = step.old.duty if step.old else None
    assert duty is not None and step.carrier is not None  # noqa: S101 - it moved because both are there
    if step.carrier.named and duty.holder != step.carrier.holder:
        duties.assign(ctx, duty, step.carrier.holder)
    duties.change_due(ctx, duty, step.due_at)


def _held(duty: Duty) -> dict[str, Any]:
    return {"due_at": duty.due_at, "holder": duty.holder_id}


def _as_before(ctx: Context, day: date, number: int, held: dict[str, Any]) -> None:
    """The duty of a measure that stays, due when it was and held by whom it was."""
    row = PublishedMeasure.objects.filter(event=ctx.event, day=day, number=number, withdrawn_at=None).first()
    if row is None or row.duty is None or not row.duty.open:
        return
    holder = duties.assignable(ctx).filter(pk=held["holder"]).first()
    if holder is not None and holder != row.duty.holder:
        duties.assign(ctx, row.duty, holder)
    duties.change_due(ctx, row.duty, datetime.fromisoformat(held["due_at"]) if held["due_at"] else None)


def _next(ctx: Context, day: date, field: str) -> int:
    """The next number of the day; rows of the day are locked until the act is over."""
    rows = PublishedMeasure.objects.select_for_update().filter(event=ctx.event, day=day)
    return max((getattr(row, field) for row in rows), default=0) + 1


def _last(ctx: Context, day: date) -> RecordLine:
    """The line of the day's last publication, where nothing of the kind was done since."""
    codes = ("passengers.day.publish", "passengers.day.withdraw_published", "passengers.day.undo_published")
    lines = RecordLine.objects.filter(event=ctx.event, code__in=codes).order_by("-seq")
    found = next((line for line in lines if (line.after or {}).get("day") == f"{day}"), None)
    if found is None or found.code == codes[2]:
        raise BadInput(_("there is no publication of %(day)s to take back") % {"day": day}, field="day")
    return found


def _of_last(ctx: Context, day: date, line: RecordLine) -> tuple[list[PublishedMeasure], list[PublishedMeasure]]:
    """What the last act published, and what it withdrew.

    :raises BadInput: a duty of it was accepted as done.
    """
    rows = PublishedMeasure.objects.filter(event=ctx.event, day=day).select_related("duty__holder", "unit", "scenario")
    after = line.after or {}
    if "publication" not in after:
        return [], [row for row in rows if row.number in after.get("numbers", ())]
    gone = [row for row in rows if row.publication == after["publication"] and row.withdrawn_at is None]
    done = [row for row in gone if row.duty is not None and row.duty.state == DutyState.ACCEPTED]
    if done:
        raise BadInput(
            _("“%(title)s” is accepted as done already; withdraw the others instead") % {"title": _title(done[0].duty)},
            field="day",
        )
    return gone, [row for row in rows if row.withdrawn_in == after["publication"]]


def _title(duty: Duty | None) -> str:
    return duty.title if duty else ""
