"""Today against the forecast: counted beside expected, the rest of the day anew, alarms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from tminus.desks.passengers.forecasting.kept_folder import current
from tminus.desks.passengers.models import Counter
from tminus.desks.passengers.queries.counters import places_of
from tminus.desks.passengers.queries.counts import seq_of
from tminus.formats.problems import BadFile
from tminus.platform.registry import Context, Grant, query


class NothingArgs(BaseModel):
    """No arguments."""


@query("passengers.forecast.today", grants=Grant.READ)
def forecast_today(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Entries counted today beside those expected, by gate; the rest of the day re-forecast each hour, and alarms.

    ``why``: empty, or why nothing can be said: ``not_open`` today, ``nothing`` known to forecast from, ``no_counters``
    at the gates, or ``refused`` with the reason in ``reason``.
    """
    event, today = ctx.the_event, ctx.now.date()
    said: dict[str, Any] = {"day": today, "seq": seq_of(ctx), "reason": ""}
    if not event.opening <= today <= event.closing:
        return {**said, "why": "not_open"}
    if not current(event):
        return {**said, "why": "nothing"}
    if not Counter.objects.filter(event=event, edge=True).exists():
        return {**said, "why": "no_counters"}
    from tminus.desks.passengers.forecasting.watching import watched  # half a second

    try:
        found = watched(event, ctx.now)
    except BadFile as error:
        return {**said, "why": "refused", "reason": str(error)}
    names, begin = places_of(ctx), datetime.combine(today, datetime.min.time())
    at = {minute: begin + timedelta(minutes=minute) for minute in (found["reforecast_at"], found["counted_until"])}
    return {
        **said, **found, "why": "",
        "times": [f"{begin + timedelta(minutes=minute):%Y-%m-%d %H:%M}" for minute in found["minutes"]],
        "reforecast_at": at[found["reforecast_at"]], "counted_until": at[found["counted_until"]],
        "gates": [{**row, "name": names.get(row["node"], row["node"])} for row in found["gates"]],
        "alarms": [
            {**row, "name": names.get(row["node"], row["node"]),
             "from": f"{begin + timedelta(minutes=row['from_minute']):%H:%M}",
             "until": f"{begin + timedelta(minutes=row['until_minute']):%H:%M}"}
            for row in found["alarms"]
        ],
    }  # fmt: skip
