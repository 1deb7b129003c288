"""What forecasts are made from and forecasts as they were issued: added to, never overwritten.

Any later decision can be traced to what was known: an issue names the content of every file it was made from.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.models import Event


class ForecastFile(models.Model):
    """A file of the event folder that forecasts rest on, as handed in; the latest taken of a name counts."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="forecast_files")
    name = models.CharField(max_length=60)  # as in the event folder
    file_name = models.CharField(max_length=255)  # as it was called by who handed it in
    file = models.CharField(max_length=120)  # under the files folder, by its content
    digest = models.CharField(max_length=64)  # SHA-256
    at = models.DateTimeField()  # by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    found = models.JSONField(default=dict)  # the dry run
    taken_at = models.DateTimeField(null=True)
    taken_number = models.PositiveIntegerField(default=0)  # in order of taking, whatever the event's clock said

    class Meta:
        verbose_name = _("file for forecasts")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["event", "name"], name="forecast_file_by_name")]

    def __str__(self) -> str:
        return self.name


class Issue(models.Model):
    """A forecast of the event's coming days as it was issued: ``result`` visits by day, and what it rests on."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="forecasts")
    at = models.DateTimeField()  # by the event's clock
    as_of = models.DateField()  # what was known at the end of this day
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    model = models.CharField(max_length=40)
    inputs = models.JSONField()  # name of each file → its SHA-256
    levers = models.JSONField(default=dict)  # what-if; empty: none
    seed = models.PositiveIntegerField(default=0)
    samples = models.PositiveIntegerField()
    elapsed_s = models.FloatField()
    result = models.JSONField()

    class Meta:
        verbose_name = _("forecast")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["event", "as_of"], name="forecast_by_day")]

    def __str__(self) -> str:
        return f"{self.as_of}"


class IssuedDay(models.Model):
    """One day of an issue in slots: what is where in ``content``, the figures packed (``forecasting/figures.py``)."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    content = models.JSONField()
    figures = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["issue", "day"], name="issued_day_once")]

    def __str__(self) -> str:
        return f"{self.day}"


class LiveIssue(models.Model):
    """The rest of a day as re-forecast from counts on a whole hour, and what was alarming then; as it was issued."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="live_forecasts")
    day = models.DateField()
    minute = models.PositiveIntegerField()  # after midnight of the day, event-local: from then on it is a forecast
    at = models.DateTimeField()  # by the event's clock, when it was reckoned
    model = models.CharField(max_length=40)
    inputs = models.JSONField()  # name of each file, and ``counts`` of the day so far → SHA-256
    result = models.JSONField()

    class Meta:
        verbose_name = _("forecast of the hour")
        ordering: ClassVar = ["day", "minute"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "day", "minute"], name="live_forecast_once_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.minute // 60:02}:{self.minute % 60:02}"
