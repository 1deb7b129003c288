"""Measures of a day that were published: each is the duty of the unit that carries it out.

A row says what was published once and is not changed afterwards; what is published otherwise later is another row.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.passengers.models.days import DayScenarioKept, DayWalk
from tminus.platform.models import Duty, Event, Unit


class PublishedMeasure(models.Model):
    """``what`` as ``formats.event_folder.day_scenarios.row_json`` writes it; ``walk``: whose figures were looked at.

    ``publication``: the how manieth of the day it came with; ``withdrawn_in``: the one that no longer has it, empty
    where it stands, and where all of the day was withdrawn by hand.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="published_measures")
    day = models.DateField()
    number = models.PositiveIntegerField()  # within the day, never given twice
    publication = models.PositiveIntegerField()
    walk = models.ForeignKey(DayWalk, on_delete=models.RESTRICT, related_name="published")
    scenario = models.ForeignKey(DayScenarioKept, on_delete=models.RESTRICT, related_name="published")
    kind = models.CharField(max_length=12)
    what = models.JSONField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    duty = models.OneToOneField(Duty, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField()  # by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_in = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = _("published measure")
        ordering: ClassVar = ["day", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "day", "number"], name="published_measure_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.number}"
