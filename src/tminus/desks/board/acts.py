"""What the board keeps: readiness day by day, and the weights of the outcome."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.board.models import OutcomeWeight, ReadinessPoint, WallToken
from tminus.platform.models.account import hashed, new_secret
from tminus.platform.registry import BadInput, Context, Grant, Missing, act, ask
from tminus.platform.ticker.daily import daily


class SnapshotArgs(BaseModel):
    day: date | None = None


class WeightArgs(BaseModel):
    dimension: Literal["safe", "splendid", "successful"]
    area: str
    weight: float = Field(ge=0, le=1000)


@act("board.snapshot", grants=Grant.HEADQUARTERS)
def snapshot(ctx: Context, args: SnapshotArgs) -> dict[str, Any]:
    """Keep today's readiness, so that the curve shows what was known then."""
    found = ask("planning.readiness", event=ctx.event, system=True)["whole"]
    point, _created = ReadinessPoint.objects.update_or_create(
        event=ctx.the_event,
        day=args.day or ctx.now.date(),
        defaults={
            "ready_percent": found["ready_percent"] or 0.0,
            "target_percent": found["target_percent"] or 0.0,
            "counts": found["counts"],
        },
    )
    ctx.record(point, None, {"day": point.day, "ready_percent": point.ready_percent})
    return {"day": point.day, "ready_percent": point.ready_percent}


daily("board.snapshot")


@act("board.weight", grants=Grant.HEADQUARTERS)
def weight(ctx: Context, args: WeightArgs) -> dict[str, Any]:
    """Set what an area counts in one dimension of the outcome."""
    areas = {area["code"] for area in ask("planning.readiness", event=ctx.event, system=True)["areas"]}
    if args.area not in areas:
        raise BadInput(
            _("no area %(area)r; allowed: %(allowed)s") % {"area": args.area, "allowed": ", ".join(sorted(areas))},
            field="area",
            value=args.area,
        )
    found = OutcomeWeight.objects.filter(event=ctx.event, dimension=args.dimension, area_code=args.area).first()
    before = found.weight if found else 1.0
    made, _created = OutcomeWeight.objects.update_or_create(
        event=ctx.the_event, dimension=args.dimension, area_code=args.area, defaults={"weight": args.weight}
    )
    ctx.record(made, {"weight": before}, {"weight": args.weight, "dimension": args.dimension, "area": args.area})
    return {"dimension": args.dimension, "area": args.area, "weight": args.weight}


WallView = Literal["board", "checkpoint", "map"]


class WallArgs(BaseModel):
    """``name``: where the screen hangs; ``views``: what it shows, in turn."""

    name: str = Field(min_length=1, max_length=100)
    views: list[WallView] = Field(["board", "checkpoint", "map"], min_length=1, max_length=3)
    language: Literal["en", "zh-hans"] = "en"


class RevokeArgs(BaseModel):
    wall: int


@act("board.wall.make", grants=Grant.HEADQUARTERS)
def make_wall(ctx: Context, args: WallArgs) -> dict[str, Any]:
    """Make the secret address of a wall screen; it is shown this once."""
    secret = new_secret()
    wall = WallToken.objects.create(
        event=ctx.the_event,
        name=args.name.strip(),
        token_hash=hashed(secret),
        views=list(dict.fromkeys(args.views)),
        language=args.language,
        made_by=ctx.person,
        made_at=timezone.now(),
    )
    ctx.record(wall, None, {"name": wall.name, "views": wall.views, "language": wall.language})
    return {"wall": wall.pk, "secret": secret}


@act("board.wall.revoke", grants=Grant.HEADQUARTERS)
def revoke_wall(ctx: Context, args: RevokeArgs) -> dict[str, int]:
    """Switch a wall screen off; its address opens nothing from now on."""
    wall = ctx.find(WallToken, pk=args.wall)
    if wall.revoked_at is not None:
        raise Missing(_("wall %(wall)s is switched off already") % {"wall": args.wall}, field="wall", value=args.wall)
    wall.revoked_at = timezone.now()
    wall.save(update_fields=["revoked_at"])
    ctx.record(wall, {"on": True}, {"on": False, "name": wall.name})
    return {"wall": wall.pk}
