"""Areas of work: added, renamed, weighted, taken away while nothing stands in them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from tminus.desks.planning.models import Area, Task
from tminus.platform.registry import BadInput, Context, Grant, act

CODE = r"^[^\s,/?#]{1,60}$"


class AreaArgs(BaseModel):
    """``dimension``: what the area counts towards unless a task says otherwise; ``weight``: share of its dimension."""

    code: str = Field(pattern=CODE)
    name_en: str = Field(min_length=1, max_length=300)
    name_zh: str = Field("", max_length=300)
    dimension: Literal["", "safe", "splendid", "successful"] = ""
    weight: float = Field(1.0, ge=0, le=1000)
    order: int = Field(0, ge=0, le=10_000)


class AreaCodeArgs(BaseModel):
    code: str


@act("planning.area.set", grants=Grant.HEADQUARTERS)
def set_area(ctx: Context, args: AreaArgs) -> dict[str, Any]:
    """Add an area of work, or change the one with this code."""
    values = args.model_dump(exclude={"code"})
    found = Area.objects.filter(event=ctx.event, code=args.code).first()
    before = {name: getattr(found, name) for name in values} if found else None
    area, _ = Area.objects.update_or_create(event=ctx.the_event, code=args.code, defaults=values)
    ctx.record(area, before, {"code": args.code, **values})
    return {"area": area.code, "added": found is None}


@act("planning.area.remove", grants=Grant.HEADQUARTERS)
def remove_area(ctx: Context, args: AreaCodeArgs) -> dict[str, Any]:
    """Take away an area in which no task stands."""
    area = ctx.find(Area, code=args.code)
    used = Task.objects.filter(area=area).count()
    if used:
        raise BadInput(f"{used} tasks stand in the area {args.code}; move them first", field="code", value=args.code)
    ctx.record(area, {"code": area.code, "name_en": area.name_en, "name_zh": area.name_zh}, None)
    area.delete()
    return {"area": args.code}
