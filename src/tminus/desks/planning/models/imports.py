"""Plan files handed in, and how their columns were understood."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from tminus.platform.models import Event


class ColumnMapping(models.Model):
    """The mapping a headquarters chose for files with these headings, remembered for the next import."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="column_mappings")
    signature = models.CharField(max_length=64)  # of the file's headings
    mapping = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "signature"], name="mapping_once")]

    def __str__(self) -> str:
        return self.signature[:12]


class PlanImport(models.Model):
    """A file handed in: read, compared (the dry run), then applied whole or not at all."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="plan_imports")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=255)
    mapping = models.JSONField(default=dict)
    difference = models.JSONField(null=True)
    problems = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.file_name
