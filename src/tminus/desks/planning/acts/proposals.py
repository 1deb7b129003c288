"""Change proposals: what would buy days gets an owner, who adopts it into the draft or declines it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.drafting import in_draft, try_edits
from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.edit_words import Words
from tminus.desks.planning.edits import as_json, edits_of, tasks_of
from tminus.desks.planning.models import Proposal, ProposalState, RiskRun, Scenario, Task
from tminus.platform import duties
from tminus.platform.duties.heads import Heads
from tminus.platform.duties.working_days import after_working_days
from tminus.platform.models import Person
from tminus.platform.registry import BadInput, Context, Grant, act

DAYS_TO_DECIDE = 2
"""Working days an owner has; event setting ``decide_days``."""


class MakeArgs(BaseModel):
    """What would change: ``edits``; or the repair numbered ``repair`` of a simulation; or a whole ``scenario``.

    ``owner``: account of whoever decides; else whoever heads the unit of the first task, or the next above.
    """

    edits: list[dict[str, Any]] = Field(default_factory=list)
    run: int | None = None
    repair: int | None = None
    scenario: str = ""
    owner: str = ""


class DecideArgs(BaseModel):
    number: int
    reason: str = Field("", max_length=2_000)


@act("planning.proposal.make", grants=Grant.ACT)
def make(ctx: Context, args: MakeArgs) -> dict[str, Any]:
    """Propose a change of the plan to whoever owns it; nothing of the plan changes until it is adopted."""
    ctx.require_self(ctx.person)
    given, checkpoint, gain = _given(ctx, args)
    edits = edits_of(given)
    try_edits(ctx, edits)
    task = ctx.find(Task, key=tasks_of(edits)[0])
    owner = _owner(ctx, task, args.owner)
    last = Proposal.objects.filter(event=ctx.event).order_by("-number").values_list("number", flat=True).first()
    made = Proposal.objects.create(
        event=ctx.the_event,
        number=(last or 0) + 1,
        at=ctx.now,
        person=ctx.person,
        task_key=task.key,
        unit=task.unit,
        edits=as_json(edits),
        checkpoint=checkpoint,
        gain=gain,
    )
    ctx.record(made, None, {"number": made.number, "edits": made.edits, **gain}, unit=task.unit)
    made.duty = duties.issue(ctx, made, _title(ctx, made, task), owner, task.unit, _due(ctx))
    made.save(update_fields=["duty"])
    return {"number": made.number, "owner": owner.username, "owner_name": owner.name}


@act("planning.proposal.adopt", grants=Grant.ACT)
def adopt(ctx: Context, args: DecideArgs) -> dict[str, Any]:
    """Carry the change out in the draft; published dates and duties stay until the plan is published."""
    found = _open(ctx, args.number)
    tasks = in_draft(ctx, edits_of(found.edits))
    refreshed(ctx)
    _decide(ctx, found, ProposalState.ADOPTED, args.reason)
    return {"number": found.number, "tasks": sorted({task.key for task in tasks})}


@act("planning.proposal.decline", grants=Grant.ACT)
def decline(ctx: Context, args: DecideArgs) -> dict[str, Any]:
    """Leave the plan as it is, and say why."""
    found = _open(ctx, args.number)
    if not args.reason.strip():
        raise BadInput(_("say why, so that nobody proposes it again"), field="reason")
    _decide(ctx, found, ProposalState.DECLINED, args.reason)
    return {"number": found.number}


def reopen(found: Proposal) -> None:
    """An adoption was undone: the proposal is to be decided again."""
    found.state, found.decided_by, found.decided_at, found.reason = ProposalState.OPEN, None, None, ""
    found.save()


def _given(ctx: Context, args: MakeArgs) -> tuple[Any, Any, dict[str, Any]]:
    """Edits, the checkpoint they are for, and what they are expected to gain."""
    if args.run is not None:
        run = ctx.find(RiskRun, pk=args.run)
        repairs = run.result.get("repairs", [])
        if args.repair is None or not 0 <= args.repair < len(repairs):
            raise BadInput(
                _("repair %(repair)s; allowed: 0 … %(last)d") % {"repair": args.repair, "last": len(repairs) - 1},
                field="repair",
                value=args.repair,
            )
        chosen = repairs[args.repair]
        return chosen["edits"], chosen.get("checkpoint"), chosen["gain"]
    if args.scenario:
        return ctx.find(Scenario, code=args.scenario).edits, None, {}
    return args.edits, None, {}


def _owner(ctx: Context, task: Task, username: str) -> Person:
    if username:
        return ctx.find(Person, username=username, appointments__post__event=ctx.event)
    found = next(Heads(ctx.the_event, ctx.now.date()).upwards(task.unit), None) or ctx.person
    if found is None:
        raise BadInput(_("nobody heads the unit of %(task)s; name who decides") % {"task": task.key}, field="owner")
    return found


def _due(ctx: Context) -> Any:
    days = int(ctx.the_event.settings.get("decide_days", DAYS_TO_DECIDE))
    return after_working_days(ctx.the_event, ctx.now, days)


def _title(ctx: Context, made: Proposal, task: Task) -> tuple[str, str]:
    """What is to be decided, in both languages."""
    first = edits_of(made.edits)[0]
    titles = []
    for language in ("en", "zh-hans"):
        with override(language):
            words = Words(ctx.the_event, [first]).of(first)
            titles.append(_("Decide proposal %(number)d: %(words)s") % {"number": made.number, "words": words})
    return titles[0][:300], titles[1][:300]


def _open(ctx: Context, number: int) -> Proposal:
    found = ctx.find(Proposal, number=number)
    holder = found.duty.holder if found.duty else None
    ctx.require_any(found.unit, holder)
    if found.state != ProposalState.OPEN:
        raise BadInput(
            _("proposal %(number)d is %(state)s already") % {"number": number, "state": found.get_state_display()},
            field="number",
            value=number,
        )
    return found


def _decide(ctx: Context, found: Proposal, state: ProposalState, reason: str) -> None:
    found.state, found.reason, found.decided_by, found.decided_at = state, reason.strip(), ctx.person, ctx.now
    found.save()
    if found.duty is not None and found.duty.open:
        duties.withdraw(ctx, found.duty, "decided", notify=found.duty.holder != ctx.person)
    after = {"number": found.number, "state": state.value, "reason": found.reason}
    ctx.record(found, {"state": ProposalState.OPEN.value}, after, unit=found.unit)
