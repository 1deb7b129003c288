"""Notifications: in the console, by e-mail in digests, and as a calendar feed by token."""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models

from tminus.platform.models.event import Event


class Notice(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    code = models.CharField(max_length=80)
    urgent = models.BooleanField(default=False)
    values = models.JSONField(default=dict)  # what the sentence of this code is filled with, in either language
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["person", "event", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return f"{self.code} to {self.person_id}"


class NoticePreference(models.Model):
    class Digest(models.TextChoices):
        AT_ONCE = "at_once"
        HOURLY = "hourly"
        DAILY = "daily"
        OFF = "off"

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    digest = models.CharField(max_length=10, choices=Digest.choices, default=Digest.DAILY)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    urgent_breaks_quiet = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.person_id} {self.digest}"


def new_token() -> str:
    return secrets.token_urlsafe(32)


class CalendarToken(models.Model):
    """A secret address under which a person's (or unit's) duties can be subscribed to without signing in."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_tokens")
    token = models.CharField(max_length=64, unique=True, default=new_token)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "person"], name="one_feed_a_person")]

    def __str__(self) -> str:
        return f"feed of {self.person_id}"
