"""Readiness over time and the weights by which it is summed up."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.models import Event


class ReadinessPoint(models.Model):
    """Readiness as it stood on one day, kept so that the actual curve is what was known then."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="readiness_points")
    day = models.DateField()
    ready_percent = models.FloatField()
    target_percent = models.FloatField()
    counts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "day"], name="readiness_once_a_day")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.day}"


class OutcomeWeight(models.Model):
    """What an area counts in one dimension of the outcome; visible and editable."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="outcome_weights")
    dimension = models.CharField(max_length=12)
    area_code = models.CharField(max_length=60)
    weight = models.FloatField(default=1.0)

    class Meta:
        ordering: ClassVar = ["dimension", "area_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "dimension", "area_code"], name="outcome_weight_once")
        ]

    def __str__(self) -> str:
        return f"{self.dimension} {self.area_code}"


class WallToken(models.Model):
    """What lets one screen show the event without anybody signed in; only the secret's hash is kept."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="wall_tokens")
    name = models.CharField(_("where it hangs"), max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    views = models.JSONField(default=list)
    language = models.CharField(max_length=10, default="en")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # real time, to the minute
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("wall screen")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name
