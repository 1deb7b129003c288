"""Acts the clock carries out once a day of the event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import NamedTuple

from django.db import transaction

from tminus.platform.models import Event, RecordHead, RecordLine
from tminus.platform.record import chain_of
from tminus.platform.registry import perform

When = Callable[[Event, datetime], bool]


class _Daily(NamedTuple):
    at: time
    when: When | None


_DAILY: dict[str, _Daily] = {}


def daily(code: str, at: time = time(0, 5), *, when: When | None = None) -> None:
    """Have act ``code`` carried out once each day of the event, from ``at`` on its clock.

    ``when(event, now)`` tells the days on which there is anything to do; it is asked at each tick.

    The act is called with ``{"day": "YYYY-MM-DD"}`` as system and must leave a line of its own code. A day on which
    no ticker ran is not made up: what stood then can no longer be known.
    """
    _DAILY[code] = _Daily(at, when)


def run_daily(event: Event, now: datetime) -> list[str]:
    """Carry out what today still lacks; the codes carried out."""
    args = {"day": now.date().isoformat()}
    return [
        code
        for code, one in _DAILY.items()
        if now.time() >= one.at
        and (one.when is None or one.when(event, now))
        and once(event, code, now, args, lambda at: f"{at:%Y-%m-%d}")
    ]


def once(event: Event, code: str, now: datetime, args: dict[str, str], period: Callable[[datetime], str]) -> bool:
    """Carry an act out unless the clock's last line of it is of the same period; whether it was carried out."""
    with transaction.atomic():
        # The head's lock lets two tickers ask and answer one after the other.
        RecordHead.objects.get_or_create(chain=chain_of(event))
        RecordHead.objects.select_for_update().get(chain=chain_of(event))
        lines = RecordLine.objects.filter(event=event, code=code, channel="clock").order_by("-seq")
        last = lines.first()
        if last is not None and period(last.at.astimezone(event.zone)) == period(now):
            return False
        perform(code, args, event=event, system=True, channel="clock")
    return True
