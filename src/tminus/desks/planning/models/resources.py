"""Crews, equipment and budgets, and timetables levelled to what they can carry.

What the engine reads is kept as the files have it (``docs/reference/resources.md``).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.models import Event


class ResourceBook(models.Model):
    """All the plan needs besides time, as one resources file has it: supplies, needs, modes, sites, masks, marks."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="resource_book")
    document = models.JSONField()

    class Meta:
        verbose_name = _("resources")

    def __str__(self) -> str:
        return f"resources of {self.event_id}"


class Levelling(models.Model):
    """One levelled timetable, beside the draft; adopted, its dates become the draft's."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="levellings")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.CharField(max_length=64)  # of the plan it was computed on
    seed = models.PositiveIntegerField(default=0)
    result = models.JSONField()
    adopted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("levelled timetable")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="levelling_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"
