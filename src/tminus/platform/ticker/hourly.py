"""Acts the clock carries out once an hour of the event."""

from __future__ import annotations

from datetime import datetime

from tminus.platform.models import Event
from tminus.platform.ticker.daily import When, once

_HOURLY: dict[str, When] = {}


def hourly(code: str, *, when: When) -> None:
    """Have act ``code`` carried out once each hour on the event's clock in which ``when(event, now)`` is true.

    The act is called with ``{"at": now}`` as system and must leave a line of its own code. An hour in which no ticker
    ran is not made up.
    """
    _HOURLY[code] = when


def run_hourly(event: Event, now: datetime) -> list[str]:
    """Carry out what this hour still lacks; the codes carried out."""
    args = {"at": now.isoformat()}
    return [
        code
        for code, when in _HOURLY.items()
        if when(event, now) and once(event, code, now, args, lambda at: f"{at:%Y-%m-%d %H %z}")
    ]
