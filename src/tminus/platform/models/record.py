"""The record: one line an act change, each chained to the line before it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from tminus.platform.models.event import Event

INSTALLATION = "installation"


class RecordHead(models.Model):
    """The last line of a chain; this row is locked while a line is appended, so writers cannot fork the chain."""

    chain = models.CharField(max_length=80, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.hash[:12]}"


class RecordLine(models.Model):
    chain = models.CharField(max_length=80)
    seq = models.PositiveBigIntegerField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="record_lines")
    at = models.DateTimeField()  # the event's clock
    written_at = models.DateTimeField()  # the real clock
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=10, default="web")
    code = models.CharField(max_length=80)
    act_seq = models.PositiveBigIntegerField(null=True)  # of its act's first line; null: written before this was kept
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=80)
    unit_path = models.CharField(max_length=1000, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["chain", "seq"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "seq"], name="record_seq_once_per_chain")]
        indexes: ClassVar = [
            models.Index(fields=["event", "object_type", "object_id"], name="record_by_object"),
            models.Index(fields=["event", "code"], name="record_by_code"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq} {self.code}"
