"""The duty: whatever anybody has to do, with exactly one accountable holder."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language
from tminus.platform.models.event import Event
from tminus.platform.models.organisation import Post, Unit


class DutyState(models.TextChoices):
    ASSIGNED = "assigned", _("assigned")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    IN_PROGRESS = "in_progress", _("in progress")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Duty(models.Model):
    """``about_type``/``about_id`` name what it is about, e.g. ``planning.task`` and the task's id."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="duties")
    about_type = models.CharField(max_length=60)
    about_id = models.PositiveBigIntegerField()
    title_en = models.CharField(max_length=300)
    title_zh = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="duties")
    supporting_units = models.ManyToManyField(Unit, blank=True, related_name="supported_duties")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="duties"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="delegated_duties",
    )
    issuing_post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acceptor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="duties_to_accept",
    )
    state = models.CharField(max_length=14, choices=DutyState.choices, default=DutyState.ASSIGNED)
    assigned_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_evidence_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("duty")
        ordering: ClassVar = ["due_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "about_type", "about_id"], name="one_duty_per_object")
        ]
        indexes: ClassVar = [
            models.Index(fields=["holder", "state"], name="duty_by_holder"),
            models.Index(fields=["event", "state", "due_at"], name="duty_by_clock"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)

    @property
    def open(self) -> bool:
        return self.state not in {DutyState.ACCEPTED, DutyState.WITHDRAWN}


class DutyStep(models.Model):
    """A step of the escalation ladder that has been taken; its uniqueness makes it happen once."""

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="steps")
    clock = models.CharField(max_length=20)  # acknowledge, due
    level = models.PositiveSmallIntegerField()  # 0 reminds the holder; 1, 2 … heads up the tree
    deadline = models.DateTimeField()  # a moved deadline starts the ladder anew
    at = models.DateTimeField()
    told = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "clock", "level", "deadline"], name="escalation_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.clock} {self.level}"


class Evidence(models.Model):
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="evidence")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.at}"


class Comment(models.Model):
    """A remark on any object, by its type and id."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="comments")
    about_type = models.CharField(max_length=60)
    about_id = models.PositiveBigIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    file = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [models.Index(fields=["event", "about_type", "about_id"], name="comment_by_object")]

    def __str__(self) -> str:
        return self.text[:60]
