"""Figures of events like this one, as forecasts take them."""

from __future__ import annotations

from typing import Any

from tminus.desks.passengers.forecasting.like_events import standing
from tminus.platform.registry import Context, Grant, NothingArgs, query


@query("passengers.analogues", grants=Grant.READ)
def analogues(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Each figure with its event and source; ``digest`` of the table they stand in, to change what was seen."""
    row, rows = standing(ctx.the_event)
    return {
        "rows": [{"number": number, **one._asdict()} for number, one in enumerate(rows, start=1)],
        "digest": row.digest if row else "",
        "at": row.taken_at if row else None,
        "undo": bool(row and row.found.get("edited")),
    }
