"""The map of a walked day at its worst quarter of an hour, for papers and phones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from tminus.desks.passengers.day_ground import ground_document
from tminus.desks.passengers.day_pictures import clock_at, picture_svg, worst_slot
from tminus.desks.passengers.days.replay_kept import replay_document
from tminus.desks.passengers.models import DayWalk
from tminus.platform.registry import BadInput, Context, ask


class WorstPicture(NamedTuple):
    """``svg`` of the slot that begins ``at``."""

    svg: bytes
    at: str


def document_of(walk: DayWalk) -> dict[str, Any]:
    """The replay of a walk.

    :raises BadInput: its file is gone.
    """
    try:
        return replay_document(walk)
    except FileNotFoundError as error:
        raise BadInput(_("the replay of this walk is no longer kept; walk it again"), field="walk") from error


def worst_picture(ctx: Context, walk: DayWalk, document: Mapping[str, Any]) -> WorstPicture | None:
    """In the language of who reads it; none of a day that has no map."""
    if not document["ways"] or not document["times"]:
        return None
    drawing = ask("planning.ground.drawing", {}, event=ctx.event, person=ctx.person, system=ctx.scope.system)
    slot = worst_slot(document)
    picture = picture_svg(document, slot, ground=ground_document(drawing), title=walk.scenario.name)
    return WorstPicture(picture, clock_at(document, slot))
