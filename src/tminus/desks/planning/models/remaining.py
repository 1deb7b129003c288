"""What is planned to remain of work that has begun, beside what was reported of it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.planning.models.tasks import Task
from tminus.platform.models import Duty


class PlannedRemaining(models.Model):
    """So much is planned to be left of a task, as an adopted proposal has it, until a report says what is left.

    The draft reckons with it in place of what was reported; what was reported stays as it is.
    """

    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="planned_remaining")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()
    duty = models.OneToOneField(Duty, on_delete=models.SET_NULL, null=True, related_name="planned_remaining")

    class Meta:
        verbose_name = _("planned remaining duration")

    def __str__(self) -> str:
        return f"{self.minutes}"
