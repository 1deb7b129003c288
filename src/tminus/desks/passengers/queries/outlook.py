"""What is said of the event as a whole that forecasts rest on."""

from __future__ import annotations

from typing import Any

from tminus.desks.passengers.forecasting.outlook import outlook_said
from tminus.platform.registry import Context, Grant, NothingArgs, query


@query("passengers.outlook", grants=Grant.READ)
def outlook(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Visits expected, room of a day, visiting hours and whose holidays count; null is not known."""
    return outlook_said(ctx.the_event)
