"""Causes of risk: what can go otherwise than planned, how likely, and what it hits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from tminus.desks.planning.acts.areas import CODE
from tminus.desks.planning.causes import cause_of
from tminus.desks.planning.models import RiskCause
from tminus.engines.schedule import PlanError
from tminus.formats.drivers_file import read_drivers, rows_of
from tminus.formats.problems import BadFile
from tminus.platform.kept_files import FileGiven
from tminus.platform.models import Unit
from tminus.platform.registry import BadInput, Context, Grant, act


class CauseArgs(BaseModel):
    """``definition``: as the rows of a drivers file have it (docs/reference/drivers.md), without its ID and names;
    ``unit``: whoever watches it."""

    code: str = Field(pattern=CODE)
    name_en: str = Field(min_length=1, max_length=300)
    name_zh: str = Field("", max_length=300)
    unit: str = ""
    active: bool = True
    definition: list[dict[str, Any]] = Field(min_length=1, max_length=20)


class FileArgs(BaseModel):
    file: FileGiven


class CauseCodeArgs(BaseModel):
    code: str


@act("planning.cause.set", grants=Grant.HEADQUARTERS)
def set_cause(ctx: Context, args: CauseArgs) -> dict[str, Any]:
    """Add a cause of risk, or change the one with this code; the next simulation reckons with it."""
    try:
        cause_of(args.code, args.definition)
    except (BadFile, PlanError) as error:
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


@act("planning.causes.import", grants=Grant.HEADQUARTERS)
def import_causes(ctx: Context, args: FileArgs) -> dict[str, Any]:
    """Take every cause of a drivers file, all or none; causes it does not name stay as they are."""
    try:
        causes = read_drivers(Path(args.file.name), args.file.content)
    except (BadFile, PlanError) as error:
        raise BadInput(str(error), field="file", value=args.file.name) from error
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(causes):
        rows.setdefault(row["id"], []).append(row)
    for cause in causes:
        definition = [{key: row[key] for key in row if key not in ("id", "name", "name_zh")} for row in rows[cause.id]]
        try:
            given = CauseArgs(
                code=cause.id, name_en=cause.name or cause.id, name_zh=cause.name_zh, definition=definition
            )
        except ValidationError as error:
            raise BadInput(f"{args.file.name}: ID {cause.id!r}; allowed: no blanks or commas", field="file") from error
        set_cause(ctx, given)
    ctx.record(ctx.the_event, None, {"file": args.file.name, "causes": len(causes)})
    return {"causes": len(causes)}


@act("planning.cause.remove", grants=Grant.HEADQUARTERS)
def remove_cause(ctx: Context, args: CauseCodeArgs) -> dict[str, Any]:
    """Take a cause of risk away; simulations of the past keep it."""
    found = ctx.find(RiskCause, code=args.code)
    ctx.record(found, _recorded(found), None)
    found.delete()
    return {"cause": args.code}


def _recorded(cause: RiskCause) -> dict[str, Any]:
    return {"code": cause.code, "name": cause.name_en, "active": cause.active, "definition": cause.definition}
