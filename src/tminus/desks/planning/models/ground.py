"""What tasks stand on: areas, places, the drawn ground, working calendars."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.planning.models.named import Dimension, Named
from tminus.platform.models import Event


class Area(Named):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=60)
    dimension = models.CharField(max_length=12, choices=Dimension.choices, blank=True)
    weight = models.FloatField(default=1.0)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("area")
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="area_code_once")]


class Place(Named):
    """Somewhere on the operations map: a node of the site network or a drawn feature."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=40, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    level = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("place")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="place_code_once")]


class Basemap(models.Model):
    """The drawn ground of the operations map, as GeoJSON."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="basemap")
    geojson = models.JSONField()

    def __str__(self) -> str:
        return f"basemap of {self.event_id}"


class PlanCalendar(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="calendars")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)
    definition = models.JSONField()  # the calendar file's form, see docs/reference/plan-files.md

    class Meta:
        verbose_name = _("calendar")
        ordering: ClassVar = ["-is_default", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="calendar_code_once")]

    def __str__(self) -> str:
        return self.name
