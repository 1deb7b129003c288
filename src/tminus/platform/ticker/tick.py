"""One tick: each event's ladder, its daily and hourly acts, then the mail."""

from __future__ import annotations

import logging
from datetime import datetime

from tminus.platform import clock, duties
from tminus.platform.models import Event
from tminus.platform.notices.mail import send_due
from tminus.platform.once import forget_old
from tminus.platform.ticker.daily import run_daily
from tminus.platform.ticker.hourly import run_hourly

LOG = logging.getLogger(__name__)


def tick(event: Event, now: datetime | None = None) -> int:
    """Do what this event's clock has made due; how many steps. A second call at the same instant does nothing."""
    now = now or clock.now(event)
    return duties.fire(event, now) + len(run_daily(event, now)) + len(run_hourly(event, now)) + send_due(event, now)


def tick_all() -> int:
    """Tick every event; one that fails is logged and does not stop the others."""
    count = forget_old()
    for event in Event.objects.filter(archived=False):
        try:
            count += tick(event)
        except Exception:
            LOG.exception("the tick of %s failed", event.slug)
    return count
