"""Places of the operations map: added, moved, renamed, taken away while nothing happens there."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tminus.desks.planning.acts.areas import CODE
from tminus.desks.planning.models import Place, Task
from tminus.platform.registry import BadInput, Context, Grant, act


class PlaceArgs(BaseModel):
    """``lon``, ``lat``: degrees, WGS 84."""

    code: str = Field(pattern=CODE)
    name_en: str = Field(min_length=1, max_length=300)
    name_zh: str = Field("", max_length=300)
    kind: str = Field("", max_length=40)
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)
    level: str = Field("", max_length=20)


class PlaceCodeArgs(BaseModel):
    code: str


@act("planning.place.set", grants=Grant.HEADQUARTERS)
def set_place(ctx: Context, args: PlaceArgs) -> dict[str, Any]:
    """Add a place, or change the one with this code."""
    values = args.model_dump(exclude={"code"})
    found = Place.objects.filter(event=ctx.event, code=args.code).first()
    before = {name: getattr(found, name) for name in values} if found else None
    place, _ = Place.objects.update_or_create(event=ctx.the_event, code=args.code, defaults=values)
    ctx.record(place, before, {"code": args.code, **values})
    return {"place": place.code, "added": found is None}


@act("planning.place.remove", grants=Grant.HEADQUARTERS)
def remove_place(ctx: Context, args: PlaceCodeArgs) -> dict[str, Any]:
    """Take away a place at which no task happens."""
    place = ctx.find(Place, code=args.code)
    used = Task.objects.filter(place=place).count()
    if used:
        raise BadInput(f"{used} tasks happen at {args.code}; move them first", field="code", value=args.code)
    ctx.record(place, {"code": place.code, "name_en": place.name_en, "lon": place.lon, "lat": place.lat}, None)
    place.delete()
    return {"place": args.code}
