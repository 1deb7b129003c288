"""What people read about duties: their own page, their units', one duty with its history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.duties.about import about
from tminus.platform.duties.accepting import may_accept
from tminus.platform.duties.acts import may_see
from tminus.platform.duties.attachments import attached
from tminus.platform.duties.history import in_words
from tminus.platform.duties.ladder import STILL_TO_DO
from tminus.platform.duties.states import TAKE_BACK, possible
from tminus.platform.models import Comment, Duty, DutyState, Person, RecordLine
from tminus.platform.registry import Context, Grant, Missing, query

SOON_DAYS = 7
DONE_SHOWN = 20
OPEN = [*STILL_TO_DO, DutyState.SUBMITTED]
SECTIONS = ("to_accept", "to_acknowledge", "late", "due_soon", "in_hand", "submitted", "delegated", "done")


class MineArgs(BaseModel):
    """Whose duties: one's own."""


class UnitsArgs(BaseModel):
    unit: str = ""  # code; empty: every unit in reach
    state: str = ""
    late: bool = True
    limit: int = Field(200, ge=1, le=2000)


class DutyShowArgs(BaseModel):
    duty: int


@query("duty.mine", grants=Grant.MEMBER)
def mine(ctx: Context, args: MineArgs) -> dict[str, Any]:
    """What you have to acknowledge, do, accept; what is late, delegated and done."""
    person = ctx.person
    concerned = Q(holder=person) | Q(delegate=person) | Q(acceptor=person, state=DutyState.SUBMITTED)
    sections: dict[str, list[dict[str, Any]]] = {name: [] for name in SECTIONS}
    for duty in _with_people(Duty.objects.filter(concerned, event=ctx.event, state__in=OPEN)):
        sections[_section(duty, person, ctx.now)].append(row(duty, ctx.now))
    done = Duty.objects.filter(event=ctx.event, holder=person, state=DutyState.ACCEPTED).order_by("-closed_at")
    sections["done"] = [row(duty, ctx.now) for duty in _with_people(done)[:DONE_SHOWN]]
    return {"sections": sections, "open": sum(len(rows) for name, rows in sections.items() if name != "done")}


@query("duty.units", grants=Grant.READ)
def of_units(ctx: Context, args: UnitsArgs) -> dict[str, Any]:
    """Duties of the units you can read, the latest first; by default only those that are late."""
    duties = Duty.objects.filter(event=ctx.event, state__in=OPEN, unit__in=ctx.scope.units_readable())
    if args.unit:
        duties = duties.filter(unit__code=args.unit)
    if args.state:
        duties = duties.filter(state=args.state)
    if args.late:
        unanswered = Q(state=DutyState.ASSIGNED, acknowledge_by__lt=ctx.now)
        duties = duties.filter(Q(state__in=STILL_TO_DO, due_at__lt=ctx.now) | unanswered)
    rows = [row(duty, ctx.now) for duty in _with_people(duties.order_by("due_at", "id"))[: args.limit]]
    return {"duties": rows, "total": duties.count()}


@query("duty.show", grants=Grant.MEMBER)
def show(ctx: Context, args: DutyShowArgs) -> dict[str, Any]:
    """One duty: who, when, evidence, remarks, history, and what you can do about it now."""
    duty = _with_people(Duty.objects.filter(event=ctx.event, pk=args.duty)).first()
    if duty is None or not may_see(ctx, duty):
        raise Missing(_("no duty with number %(duty)s") % {"duty": args.duty}, field="duty", value=args.duty)
    lines = RecordLine.objects.filter(event=ctx.event, object_type="platform.duty", object_id=str(duty.pk))
    history = list(lines.select_related("actor").order_by("-seq")[:200])
    return {
        **row(duty, ctx.now),
        "page": about(ctx, duty),
        "supporting": [{"code": unit.code, "name": unit.name} for unit in duty.supporting_units.all()],
        "issued_by": duty.issuing_post.title if duty.issuing_post else None,
        "evidence": [_evidence(one) for one in duty.evidence.select_related("person")],
        "comments": [
            {"id": one.pk, "person": one.person.name, "at": one.at, "text": one.text}
            for one in Comment.objects.filter(
                event=ctx.event, about_type="platform.duty", about_id=duty.pk, file=""
            ).select_related("person")
        ],
        "papers": attached(duty),
        "history": [_line(line) for line in history],
        "can": can(ctx, duty, history[0] if history else None),
    }


def can(ctx: Context, duty: Duty, last: RecordLine | None = None) -> list[str]:
    """The acts open to this person on this duty now, by the last part of their codes."""
    steps = possible(duty)
    able: list[str] = []
    own = ctx.person is not None and ctx.person.pk in {duty.holder_id, duty.delegate_id}
    holder = ctx.person is not None and ctx.person.pk == duty.holder_id
    acts_on_unit = ctx.scope.can_act(duty.unit)
    if own:
        able += [step for step in ("acknowledge", "start", "submit") if step in steps]
    if "accept" in steps and may_accept(ctx, duty):
        able += ["accept", "return"]
    if "hand_over" in steps and (holder or acts_on_unit):
        able.append("hand_over")
    if duty.open and holder:
        able.append("delegate")
    if own and duty.state in TAKE_BACK and last and last.actor == ctx.person and last.code != "duty.take_back":
        able.append("take_back")
    return [*able, "comment"]


def row(duty: Duty, now: datetime) -> dict[str, Any]:
    """One line of a list of duties."""
    late = bool(duty.state in STILL_TO_DO and duty.due_at and duty.due_at < now)
    return {
        "id": duty.pk,
        "title": duty.title,
        "about": {"type": duty.about_type, "id": duty.about_id},
        "state": str(duty.state),
        "state_name": duty.get_state_display(),
        "unit": {"code": duty.unit.code, "name": duty.unit.name} if duty.unit else None,
        "holder": _person(duty.holder),
        "delegate": _person(duty.delegate),
        "acceptor": _person(duty.acceptor),
        "due_at": duty.due_at.astimezone(duty.event.zone) if duty.due_at else None,
        "acknowledge_by": duty.acknowledge_by.astimezone(duty.event.zone) if duty.acknowledge_by else None,
        "t": duty.event.t(duty.due_at).n if duty.due_at else None,
        "late": late,
        "late_days": (now - duty.due_at).days if late and duty.due_at else 0,
        "unanswered": bool(duty.state == DutyState.ASSIGNED and duty.acknowledge_by and duty.acknowledge_by < now),
        "last_evidence_at": duty.last_evidence_at,
        "closed_at": duty.closed_at,
    }


def _section(duty: Duty, person: Person | None, now: datetime) -> str:
    if duty.state == DutyState.SUBMITTED:
        return "to_accept" if duty.acceptor == person else "submitted"
    if duty.holder == person and duty.delegate is not None:
        return "delegated"
    if duty.state == DutyState.ASSIGNED:
        return "to_acknowledge"
    if duty.due_at and duty.due_at < now:
        return "late"
    return "due_soon" if duty.due_at and duty.due_at < now + timedelta(days=SOON_DAYS) else "in_hand"


def _with_people(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    return duties.select_related("event", "unit", "holder", "delegate", "acceptor", "issuing_post__unit")


def _person(person: Person | None) -> dict[str, Any] | None:
    return {"id": person.pk, "name": person.name} if person else None


def _evidence(one: Any) -> dict[str, Any]:
    return {
        "id": one.pk,
        "person": one.person.name,
        "at": one.at,
        "note": one.note,
        "file_name": one.file_name,
        "sha256": one.sha256,
    }


def _line(line: RecordLine) -> dict[str, Any]:
    return {
        "at": line.at,
        "actor": line.actor.name if line.actor else None,
        "code": line.code,
        "text": in_words(line.code),
        "before": line.before,
        "after": line.after,
    }
