"""What was made binding, and checkpoints kept as they stood."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.planning.models.named import Named
from tminus.desks.planning.models.tasks import Task, TaskKind
from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Event, Unit


class Publication(models.Model):
    """A timetable made binding: the n-th published state; each is kept as a baseline."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="publications")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("publication")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="publication_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class PublishedTask(Named):
    """One row of a publication as it was published: it outlives the task, so that baselines can always be compared."""

    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=TaskKind.choices, default=TaskKind.TASK)
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, related_name="+")
    start = LocalDateTimeField()
    finish = LocalDateTimeField()
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["publication", "key"], name="published_key_once")]

    @classmethod
    def of(cls, publication: Publication, task: Task) -> PublishedTask:
        """The row, not yet saved, of a task that has published dates."""
        return cls(
            publication=publication,
            key=task.key,
            kind=task.kind,
            name_en=task.name_en,
            name_zh=task.name_zh,
            unit_id=task.unit_id,
            start=task.published_start,
            finish=task.published_finish,
            holder_id=task.responsible_id,
        )


class FrozenCheckpoint(models.Model):
    """A checkpoint as it stood at one instant; ``text`` is kept to the byte, so that its fingerprint can be checked."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="frozen_checkpoints")
    number = models.PositiveIntegerField()
    day = models.DateField()  # the checkpoint's
    at = models.DateTimeField()  # by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10)
    counts = models.JSONField(default=dict)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("frozen checkpoint")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="frozen_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"
