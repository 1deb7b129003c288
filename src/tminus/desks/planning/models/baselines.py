"""Baselines of plan files: dates as another tool kept them once, to compare with; nothing of them binds."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Event


class Baseline(models.Model):
    """One baseline of a plan file. Publications are kept apart: they were binding here."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="baselines")
    number = models.PositiveIntegerField()  # as the file has it
    name = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=255, blank=True)  # the file it came with
    at = models.DateTimeField()  # when it came, by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # kept, and shown nowhere

    class Meta:
        verbose_name = gettext_lazy("baseline")
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="baseline_number_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it is called; by its number where its file has no name for it."""
        return self.name or _("Baseline %(number)d") % {"number": self.number}


class BaselineTask(models.Model):
    """Dates of one task in a baseline; it outlives the task."""

    baseline = models.ForeignKey(Baseline, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=80)
    start = LocalDateTimeField(null=True)
    finish = LocalDateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["baseline", "key"], name="baseline_key_once")]

    def __str__(self) -> str:
        return self.key
