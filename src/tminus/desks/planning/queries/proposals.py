"""Change proposals: what would change, what it gains, who decides."""

from __future__ import annotations

from typing import Any, Literal

from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.edit_words import Words
from tminus.desks.planning.edits import edits_of
from tminus.desks.planning.models import Proposal, ProposalState, Task
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.duties.about import lives_at
from tminus.platform.models import Duty
from tminus.platform.registry import Context, Grant, query, reaches


class ProposalsArgs(BaseModel):
    """``state`` empty: all, the open ones first; ``task``: those of one task."""

    state: Literal["", "open", "adopted", "declined"] = ""
    task: str = ""
    limit: int = Field(200, ge=1, le=2_000)


@query("planning.proposals", grants=Grant.READ)
def proposals(ctx: Context, args: ProposalsArgs) -> dict[str, Any]:
    """Change proposals on tasks you can read, with what each would change and gain."""
    found = Proposal.objects.filter(event=ctx.event, task_key__in=readable(ctx).values("key"))
    if args.state:
        found = found.filter(state=args.state)
    if args.task:
        found = found.filter(task_key=args.task)
    counts = {state: found.filter(state=state).count() for state in ProposalState.values}
    rows = list(found.select_related("duty__holder", "person", "decided_by", "unit")[: args.limit])
    rows.sort(key=lambda one: (one.state != ProposalState.OPEN, -one.number))
    edits = {one.number: edits_of(one.edits) for one in rows}
    words = Words(ctx.the_event, [edit for some in edits.values() for edit in some])
    keys = Task.objects.filter(event=ctx.event, key__in=[one.task_key for one in rows])
    names = {task.key: task.name for task in keys.only("key", "name_en", "name_zh")}
    return {
        "counts": counts,
        "rows": [
            _row(ctx, one, [words.of(edit) for edit in edits[one.number]], names)
            | {"title": words.together(edits[one.number])}
            for one in rows
        ],
    }


def _row(ctx: Context, one: Proposal, sentences: list[str], names: dict[str, str]) -> dict[str, Any]:
    holder = one.duty.holder if one.duty else None
    may = ctx.scope.can_act(one.unit) or (holder is not None and holder == ctx.person)
    return {
        "number": one.number,
        "task": one.task_key,
        "task_name": names.get(one.task_key, one.task_key),
        "sentences": sentences,
        "edits": one.edits,
        "checkpoint": one.checkpoint,
        "gain": one.gain,
        "state": one.state,
        "state_name": one.get_state_display(),
        "reason": one.reason,
        "owner": holder.name if holder else None,
        "due_at": one.duty.due_at if one.duty and one.duty.open else None,
        "proposed_by": one.person.name if one.person else None,
        "at": one.at,
        "decided_by": one.decided_by.name if one.decided_by else None,
        "decided_at": one.decided_at,
        "can_decide": one.state == ProposalState.OPEN and may,
    }


@lives_at("planning.proposal")
def proposal_of(ctx: Context, duty: Duty) -> tuple[str, str] | None:
    """The proposal a duty is about, for whoever can read it."""
    found = (
        Proposal.objects.filter(event=ctx.event, pk=duty.about_id).first() if reaches(ctx.scope, Grant.READ) else None
    )
    if found is None:
        return None
    return _("Proposal %(number)d") % {"number": found.number}, (
        reverse("proposals", kwargs={"event": ctx.the_event.slug}) + f"#p{found.number}"
    )
