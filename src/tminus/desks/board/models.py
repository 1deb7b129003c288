"""Readiness over time and the weights by which it is summed up."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

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
