"""Causes of risk: what can go otherwise than planned, how likely, and what it hits."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tminus.desks.planning.acts.areas import CODE
from tminus.desks.planning.causes import cause_of
from tminus.desks.planning.models import RiskCause
from tminus.engines.schedule import PlanError
from tminus.platform.models import Unit
from tminus.platform.registry import BadInput, Context, Grant, act


class CauseArgs(BaseModel):
    """``definition``: as a row of the drivers file has it; ``unit``: whoever watches it."""

    code: str = Field(pattern=CODE)
    name_en: str = Field(min_length=1, max_length=300)
    name_zh: str = Field("", max_length=300)
    unit: str = ""
    active: bool = True
    definition: dict[str, Any]


class CauseCodeArgs(BaseModel):
    code: str


@act("planning.cause.set", grants=Grant.HEADQUARTERS)
def set_cause(ctx: Context, args: CauseArgs) -> dict[str, Any]:
    """Add a cause of risk, or change the one with this code; the next simulation reckons with it."""
    try:
        cause_of(args.code, args.definition)
    except PlanError as error:
        raise BadInput(str(error), field="definition", value=args.code) from error
    unit = ctx.find(Unit, code=args.unit) if args.unit else None
    found = RiskCause.objects.filter(event=ctx.event, code=args.code).first()
    before = _recorded(found) if found else None
    values = {
        "name_en": args.name_en,
        "name_zh": args.name_zh,
        "unit": unit,
        "active": args.active,
        "definition": args.definition,
    }
    made, _created = RiskCause.objects.update_or_create(event=ctx.the_event, code=args.code, defaults=values)
    ctx.record(made, before, _recorded(made))
    return {"cause": made.code, "added": found is None}


@act("planning.cause.remove", grants=Grant.HEADQUARTERS)
def remove_cause(ctx: Context, args: CauseCodeArgs) -> dict[str, Any]:
    """Take a cause of risk away; simulations of the past keep it."""
    found = ctx.find(RiskCause, code=args.code)
    ctx.record(found, _recorded(found), None)
    found.delete()
    return {"cause": args.code}


def _recorded(cause: RiskCause) -> dict[str, Any]:
    return {"code": cause.code, "name": cause.name_en, "active": cause.active, "definition": cause.definition}
