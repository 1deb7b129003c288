"""What people do with duties; each step checks who they are, then the state, then leaves its line."""

from __future__ import annotations

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.access import NotAllowed
from tminus.platform.duties.accepting import acceptor_of, require_acceptor
from tminus.platform.duties.assigning import assign, assignable
from tminus.platform.duties.evidence import add_evidence
from tminus.platform.duties.signals import entered
from tminus.platform.duties.states import TAKE_BACK, move
from tminus.platform.duties.telling import tell_about
from tminus.platform.kept_files import FileGiven
from tminus.platform.models import Comment, Duty, DutyState, Person, RecordLine
from tminus.platform.registry import BadInput, Context, Grant, act


class DutyArgs(BaseModel):
    duty: int


class SubmitArgs(DutyArgs):
    note: str = Field("", max_length=10_000)
    files: list[FileGiven] = Field(default_factory=list, max_length=10)


class AcceptArgs(DutyArgs):
    note: str = Field("", max_length=2_000)


class ReturnArgs(DutyArgs):
    reason: str = Field(max_length=2_000)


class HandOverArgs(DutyArgs):
    person: int
    reason: str = Field("", max_length=2_000)


class DelegateArgs(DutyArgs):
    person: int | None  # null takes the delegation back


class CommentArgs(DutyArgs):
    text: str = Field(max_length=5_000)


@act("duty.acknowledge", grants=Grant.ACT)
def acknowledge(ctx: Context, args: DutyArgs) -> dict[str, object]:
    """Say that you have seen the duty and take it on."""
    return _step(ctx, _own(ctx, args), "acknowledge")


@act("duty.start", grants=Grant.ACT)
def start(ctx: Context, args: DutyArgs) -> dict[str, object]:
    """Say that work on the duty has begun."""
    return _step(ctx, _own(ctx, args), "start")


@act("duty.submit", grants=Grant.ACT)
def submit(ctx: Context, args: SubmitArgs) -> dict[str, object]:
    """Submit the duty as done, with a note or files as evidence, to whoever accepts it."""
    duty = _own(ctx, args)
    before = move(duty, "submit")
    evidence = add_evidence(ctx, duty, args.note, args.files)
    duty.acceptor = acceptor_of(duty, ctx.now.date())
    duty.save()
    after = {"state": duty.state, "note": args.note, "files": [row.sha256 for row in evidence if row.sha256]}
    ctx.record(duty, {"state": before}, after, unit=duty.unit)
    tell_about(ctx, duty, "duty.submitted", duty.acceptor, by=ctx.person)
    entered(ctx, duty)
    return _answer(duty)


@act("duty.accept", grants=Grant.ACT)
def accept(ctx: Context, args: AcceptArgs) -> dict[str, object]:
    """Accept what was submitted: the duty is done."""
    duty = _locked(ctx, args)
    require_acceptor(ctx, duty)
    before = move(duty, "accept")
    duty.closed_at = ctx.now
    duty.save()
    ctx.record(duty, {"state": before}, {"state": duty.state, "note": args.note}, unit=duty.unit)
    tell_about(ctx, duty, "duty.accepted", duty.holder)
    entered(ctx, duty)
    return _answer(duty)


@act("duty.return", grants=Grant.ACT)
def give_back(ctx: Context, args: ReturnArgs) -> dict[str, object]:
    """Return what was submitted to its holder, saying what is missing."""
    duty = _locked(ctx, args)
    require_acceptor(ctx, duty)
    if not args.reason.strip():
        raise BadInput(_("Say what is missing, so that the holder can put it right."), field="reason")
    before = move(duty, "return")
    duty.save()
    ctx.record(duty, {"state": before}, {"state": duty.state, "reason": args.reason}, unit=duty.unit)
    tell_about(ctx, duty, "duty.returned", duty.holder, reason=args.reason, urgent=True)
    entered(ctx, duty)
    return _answer(duty)


@act("duty.hand_over", grants=Grant.ACT)
def hand_over(ctx: Context, args: HandOverArgs) -> dict[str, object]:
    """Hand the duty over to someone else, who answers for it from now on."""
    duty = _locked(ctx, args)
    ctx.require_any(duty.unit, duty.holder)
    assign(ctx, duty, _person(ctx, args.person), reason=args.reason, code=ctx.code)
    return _answer(duty)


@act("duty.assign", grants=Grant.ACT)
def assign_holder(ctx: Context, args: HandOverArgs) -> dict[str, object]:
    """Name who answers for a duty in your units."""
    duty = _locked(ctx, args)
    ctx.require(duty.unit)
    assign(ctx, duty, _person(ctx, args.person), reason=args.reason, code=ctx.code)
    return _answer(duty)


@act("duty.delegate", grants=Grant.ACT)
def delegate(ctx: Context, args: DelegateArgs) -> dict[str, object]:
    """Let someone act for you on a duty that stays yours, or take that back."""
    duty = _locked(ctx, args)
    ctx.require_self(duty.holder)
    if not duty.open:
        raise BadInput(_("This duty is closed."), field="duty", value=duty.pk)
    person = _person(ctx, args.person) if args.person is not None else None
    if person is not None and person == duty.holder:
        raise BadInput(_("You hold this duty yourself."), field="person", value=person.pk)
    before, duty.delegate = duty.delegate_id, person
    duty.save(update_fields=["delegate"])
    ctx.record(duty, {"delegate": before}, {"delegate": person.pk if person else None}, unit=duty.unit)
    tell_about(ctx, duty, "duty.delegated", person)
    return _answer(duty)


@act("duty.comment", grants=Grant.ACT)
def comment(ctx: Context, args: CommentArgs) -> dict[str, object]:
    """Remark on a duty; holder, delegate and acceptor are told."""
    duty = _locked(ctx, args)
    ctx.checked = True
    if not may_see(ctx, duty):
        raise NotAllowed(_("%(code)s: this duty is beyond your posts") % {"code": ctx.code})
    if not args.text.strip() or ctx.person is None:
        raise BadInput(_("Write something first."), field="text")
    text = args.text.strip()
    row = Comment.objects.create(
        event=ctx.the_event, about_type="platform.duty", about_id=duty.pk, person=ctx.person, at=ctx.now, text=text
    )
    ctx.record(duty, None, {"comment": row.pk, "text": text}, unit=duty.unit)
    for person in {duty.holder, duty.delegate, duty.acceptor}:
        tell_about(ctx, duty, "duty.commented", person, by=ctx.person, reason=text[:140])
    return {"comment": row.pk}


@act("duty.take_back", grants=Grant.ACT)
def take_back(ctx: Context, args: DutyArgs) -> dict[str, object]:
    """Undo your own last step on a duty, as long as nobody has built on it."""
    duty = _own(ctx, args)
    before = DutyState(duty.state)
    last = RecordLine.objects.filter(event=ctx.event, object_type="platform.duty", object_id=str(duty.pk)).last()
    if before not in TAKE_BACK or last is None or last.actor != ctx.person or last.code == ctx.code:
        raise BadInput(_("There is nothing of yours to undo here."), field="duty", value=duty.pk)
    came_from = (last.before or {}).get("state", TAKE_BACK[before])
    duty.state = came_from
    duty.save()
    ctx.record(duty, {"state": before}, {"state": duty.state}, unit=duty.unit)
    entered(ctx, duty)
    return _answer(duty)


def may_see(ctx: Context, duty: Duty) -> bool:
    """Those who do or accept it, and whoever's posts read its unit or a supporting one."""
    if ctx.scope.system or (
        ctx.person is not None and ctx.person.pk in {duty.holder_id, duty.delegate_id, duty.acceptor_id}
    ):
        return True
    return ctx.scope.can_read(duty.unit) or any(ctx.scope.can_read(unit) for unit in duty.supporting_units.all())


def _step(ctx: Context, duty: Duty, step: str) -> dict[str, object]:
    before = move(duty, step)
    duty.save(update_fields=["state"])
    ctx.record(duty, {"state": before}, {"state": duty.state}, unit=duty.unit)
    entered(ctx, duty)
    return _answer(duty)


def _own(ctx: Context, args: DutyArgs) -> Duty:
    duty = _locked(ctx, args)
    ctx.require_self(duty.holder, duty.delegate)
    return duty


def _locked(ctx: Context, args: DutyArgs) -> Duty:
    """The duty, its row locked: of two people pressing at once, the second sees what the first did."""
    ctx.find(Duty, pk=args.duty)
    return (
        Duty.objects.select_for_update(of=("self",))
        .select_related("event", "unit", "holder", "delegate", "acceptor", "issuing_post__unit")
        .get(pk=args.duty)
    )


def _person(ctx: Context, pk: int) -> Person:
    person = assignable(ctx).filter(pk=pk).first()
    if person is None:
        raise BadInput(_("Nobody in this event has number %(pk)s.") % {"pk": pk}, field="person", value=pk)
    return person


def _answer(duty: Duty) -> dict[str, object]:
    return {"duty": duty.pk, "state": str(duty.state), "holder": duty.holder_id}
