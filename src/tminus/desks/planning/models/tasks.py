"""The tree of tasks and the links between them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.planning.models.ground import Area, Place, PlanCalendar
from tminus.desks.planning.models.named import Dimension, Named
from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Duty, Event, Unit


class TaskKind(models.TextChoices):
    TASK = "task", _("task")
    MILESTONE = "milestone", _("milestone")
    SUMMARY = "summary", _("summary")


class TaskStatus(models.TextChoices):
    """Computed, never typed."""

    DONE = "done", _("done")
    ON_TIME = "on_time", _("on time")
    AT_RISK = "at_risk", _("at risk")
    LATE = "late", _("late")
    UNKNOWN = "unknown", _("unknown")
    STALE = "stale", _("stale")


PLAIN = "plain"
"""The role of a task that has none of its own; the others are the engine's ``TaskRole``."""

INACTIVE = "inactive"
"""Shown instead of a status where a task is inactive."""


class Task(Named):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(_("ID"), max_length=80)  # stable over imports
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(default=0)  # preorder number in the whole book
    depth = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10, choices=TaskKind.choices, default=TaskKind.TASK)
    duration_min = models.PositiveIntegerField(_("duration"), default=480)
    duration_elapsed = models.BooleanField(default=False)
    calendar = models.ForeignKey(PlanCalendar, on_delete=models.SET_NULL, null=True, blank=True)
    constraint = models.CharField(_("constraint"), max_length=8, blank=True)
    constraint_at = LocalDateTimeField(null=True, blank=True)
    further_constraints = models.JSONField(default=list, blank=True)  # beside the first: [{"kind", "at"}]
    manual = models.BooleanField(default=False)  # placed by hand: logic leaves its planned dates alone
    active = models.BooleanField(default=True)  # an inactive task binds nobody and is not scheduled
    wbs = models.CharField(max_length=255, blank=True)
    pause_min = models.PositiveIntegerField(default=0)  # working time in which nothing is done, beside the duration
    levelled_min = models.IntegerField(default=0)  # another tool's levelling delay, kept for it
    levelled_elapsed = models.BooleanField(default=False)
    role = models.CharField(max_length=20, default=PLAIN)  # what it is to Primavera, beside its kind
    deadline = LocalDateTimeField(_("deadline"), null=True, blank=True)
    area = models.ForeignKey(Area, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    place = models.ForeignKey(Place, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    place_text = models.CharField(max_length=200, blank=True)  # as imported, where no place is known by it
    phase = models.CharField(max_length=40, blank=True)
    gate = models.BooleanField(_("gate"), default=False)
    dimension = models.CharField(max_length=12, choices=Dimension.choices, blank=True)
    weight = models.FloatField(_("weight"), default=1.0)
    notes = models.TextField(blank=True)
    extra = models.JSONField(default=dict, blank=True)

    estimate = models.JSONField(default=dict, blank=True)  # how long it may take; empty: as its class of work says

    # Who: the leaf's one duty carries the accountable holder; here is what the plan says.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    unit_text = models.CharField(max_length=200, blank=True)  # as imported, where no unit is known by it
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    responsible_text = models.CharField(max_length=200, blank=True)
    supporting = models.ManyToManyField(Unit, blank=True, related_name="supported_tasks")
    duty = models.OneToOneField(Duty, on_delete=models.SET_NULL, null=True, blank=True, related_name="task")

    # Progress, as reported.
    actual_start = LocalDateTimeField(null=True, blank=True)
    actual_finish = LocalDateTimeField(null=True, blank=True)
    remaining_min = models.PositiveIntegerField(null=True, blank=True)
    percent = models.FloatField(null=True, blank=True)  # 0 … 100
    reported_at = models.DateTimeField(null=True, blank=True)
    suspended_at = LocalDateTimeField(null=True, blank=True)  # as a file of Primavera's says, until resumed
    resumed_at = LocalDateTimeField(null=True, blank=True)

    # Draft, as last computed by the engine.
    planned_start = LocalDateTimeField(null=True, blank=True)
    planned_finish = LocalDateTimeField(null=True, blank=True)
    early_start = LocalDateTimeField(null=True, blank=True)
    early_finish = LocalDateTimeField(null=True, blank=True)
    late_start = LocalDateTimeField(null=True, blank=True)
    late_finish = LocalDateTimeField(null=True, blank=True)
    forecast_finish = LocalDateTimeField(null=True, blank=True)
    total_float_days = models.FloatField(null=True, blank=True)
    free_float_days = models.FloatField(null=True, blank=True)
    critical = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=TaskStatus.choices, default=TaskStatus.UNKNOWN)

    # Published: what duties are due by; moves only by an act of publication.
    published_start = LocalDateTimeField(null=True, blank=True)
    published_finish = LocalDateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "key"], name="task_key_once")]
        indexes: ClassVar = [
            models.Index(fields=["event", "position"], name="task_by_position"),
            models.Index(fields=["event", "unit"], name="task_by_unit"),
            models.Index(fields=["event", "responsible"], name="task_by_responsible"),
            models.Index(fields=["event", "status"], name="task_by_status"),
        ]

    @property
    def shown_status(self) -> str:
        """What readers see: an inactive task has no status of its own."""
        return self.status if self.active else INACTIVE


class TaskLink(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="task_links")
    predecessor = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="successor_links")
    successor = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="predecessor_links")
    kind = models.CharField(max_length=2, default="FS")
    lag_min = models.IntegerField(default=0)
    lag_elapsed = models.BooleanField(default=False)
    lag_percent = models.FloatField(null=True, blank=True)  # of the predecessor's duration; replaces the lag

    class Meta:
        verbose_name = _("link")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["predecessor", "successor", "kind"], name="link_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id}{self.kind}{self.lag_min:+}"
