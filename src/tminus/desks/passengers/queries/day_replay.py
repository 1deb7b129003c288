"""A walked day to be drawn: the document of its replay, slot by slot."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.passengers.days.replay_kept import replay_document
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.desks.passengers.queries.days import ShowArgs
from tminus.platform.registry import BadInput, Context, Grant, query


@query("passengers.day.replay", grants=Grant.READ)
def replay(ctx: Context, args: ShowArgs) -> dict[str, Any]:
    """The replay of a walk, as ``docs/reference/replay.md`` says."""
    row = ctx.find(DayScenarioKept, key=args.key)
    walks = row.walks.all() if args.walk is None else row.walks.filter(pk=args.walk)
    walk: DayWalk | None = walks.first()
    if walk is None:
        raise BadInput(_("%(name)s has not been walked yet") % {"name": row.name}, field="key", value=args.key)
    try:
        return replay_document(walk)
    except FileNotFoundError as error:
        raise BadInput(_("the replay of this walk is no longer kept; walk it again"), field="walk") from error
