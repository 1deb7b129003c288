"""A baseline that came with a plan file is withdrawn: kept, and shown nowhere."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tminus.desks.planning.models import Baseline
from tminus.platform.models import RecordLine
from tminus.platform.registry import Context, Grant, act


class WithdrawArgs(BaseModel):
    number: int = Field(ge=0)


@act("planning.baseline.withdraw", grants=Grant.HEADQUARTERS)
def withdraw(ctx: Context, args: WithdrawArgs) -> dict[str, Any]:
    """Show a baseline of a plan file no more; undone, or its file imported again, it stands again."""
    found = ctx.find(Baseline, number=args.number, withdrawn_at=None)
    found.withdrawn_at = ctx.now
    found.save(update_fields=["withdrawn_at"])
    ctx.record(found, {"withdrawn": False}, {"withdrawn": True, "number": found.number, "name": found.name})
    return {"number": found.number, "name": found.title}


def stands_again(ctx: Context, line: RecordLine) -> Baseline:
    """Undo: it is shown as before."""
    found = ctx.find(Baseline, pk=int(line.object_id))
    ctx.require(None)
    found.withdrawn_at = None
    found.save(update_fields=["withdrawn_at"])
    return found
