"""By which rules the plan is scheduled, where a plan file or headquarters has said so."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Event


class SchedulingOptions(models.Model):
    """One row at most an event; without one the plan is scheduled as the console does by itself."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="scheduling_options")
    lag_calendar = models.CharField(max_length=12, default="successor")
    logic = models.JSONField(null=True)  # as plan files in JSON have it; none: nobody has chosen
    start = LocalDateTimeField(null=True)  # of the project, kept for Primavera

    class Meta:
        verbose_name = _("scheduling options")

    def __str__(self) -> str:
        return f"scheduling options of {self.event_id}"
