"""Counters, what they counted, and what was refused of it. Aggregate counts only: nothing here knows a person.

Readings are many (1,000 counters at one a minute are 14.4 million in ten days), so they stand packed: one row a counter
and hour with its readings, one row a counter and day with what they come to in quarters of an hour. Both are written
in one transaction. Hours and days are counted from 1970-01-01 UTC; every zone's clock stands on quarters of an hour.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.models import Event


class Channels(models.TextChoices):
    """What a counter counts; *in* is into the place, at the edge of the site onto it."""

    BOTH = "both", _("in and out")
    IN = "in", _("in")
    OUT = "out", _("out")


class Kind(models.TextChoices):
    """What a reading says."""

    INTERVAL = "interval", _("persons in the interval")
    CUMULATIVE = "cumulative", _("a meter that runs on")


class Counter(models.Model):
    """A device, a turnstile or a person with a clicker that counts who passes at one node of the site network."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="counters")
    code = models.CharField(_("code"), max_length=60)
    node = models.CharField(_("place"), max_length=80)  # code of a place on the operations map
    channels = models.CharField(max_length=4, choices=Channels.choices, default=Channels.BOTH)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INTERVAL)
    every_s = models.PositiveIntegerField(default=60)  # seconds from one reading to the next
    most_per_min = models.PositiveIntegerField(default=1000)  # more persons a minute than can be
    edge = models.BooleanField(default=False)  # counts who comes onto the site and leaves it
    believed = models.BooleanField(default=False)  # its keeper said: its figures are right, odd as they look
    halved = models.JSONField(default=list)  # [[from, until or null], …] seconds: saw everybody twice, counts half
    note = models.CharField(max_length=300, blank=True)
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("counter")
        ordering: ClassVar = ["node", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="counter_code_once")]

    def __str__(self) -> str:
        return self.code

    @property
    def names(self) -> tuple[str, ...]:
        """The channels it counts."""
        return ("in", "out") if self.channels == Channels.BOTH else (str(self.channels),)


class CounterPulse(models.Model):
    """The earliest and latest second a counter speaks of, and when it was last heard; seconds since 1970 UTC."""

    counter = models.OneToOneField(Counter, on_delete=models.CASCADE, primary_key=True, related_name="pulse")
    first_s = models.BigIntegerField()
    last_s = models.BigIntegerField()
    received_s = models.BigIntegerField()  # the real clock

    def __str__(self) -> str:
        return f"{self.counter_id}: {self.last_s}"


class CountHour(models.Model):
    """The readings of one counter in one hour, packed (``intake/blocks.py``)."""

    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, related_name="hours", db_index=False)
    hour = models.IntegerField()
    readings = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["counter", "hour"], name="count_hour_once")]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.hour}"


class CountDay(models.Model):
    """What the readings of one counter and day come to in each quarter of an hour (``intake/slots.py``)."""

    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.IntegerField()
    slots = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["counter", "day"], name="count_day_once")]
        indexes: ClassVar = [models.Index(fields=["day"], name="count_day_by_day")]

    def __str__(self) -> str:
        return f"{self.counter_id} {self.day}"


class IntakeTally(models.Model):
    """What came in since the last line of the record that sums it up."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="intake_tally")
    since = models.DateTimeField()
    batches = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.event_id} since {self.since}"


class RefusedReading(models.Model):
    """A line that could not be taken, as it came, with the reason; the latest few hundred of an event are kept."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="refused_readings")
    counter = models.ForeignKey(Counter, on_delete=models.CASCADE, null=True, related_name="refused")
    at = models.DateTimeField()
    source = models.CharField(max_length=10)
    line = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class CountsFile(models.Model):
    """A table of readings handed in: looked at (the dry run), then taken."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="counts_files")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    file = models.CharField(max_length=120)  # under the files folder, by its content
    file_name = models.CharField(max_length=255)
    found = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.file_name
