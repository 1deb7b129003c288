"""What the counters' own doors took since the record last said so: one line an hour, not one a reading."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from tminus.desks.passengers.intake.store import Taken
from tminus.desks.passengers.models import IntakeTally
from tminus.platform.models import Event
from tminus.platform.registry import perform

ROLL_UP = timedelta(hours=1)


def tally(event: Event, taken: Taken, refused: int, real: datetime) -> None:
    """Count a batch; the first one after an hour has it all summed up in the record."""
    found, _made = IntakeTally.objects.get_or_create(event=event, defaults={"since": real})
    IntakeTally.objects.filter(pk=found.pk).update(
        batches=F("batches") + 1,
        new=F("new") + taken.new,
        corrected=F("corrected") + taken.corrected,
        known=F("known") + taken.known,
        refused=F("refused") + refused,
    )
    if real - found.since >= ROLL_UP:
        perform("passengers.counts.sum_up", event=event, system=True, channel="counters")
