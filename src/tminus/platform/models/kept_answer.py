"""What an act answered a program that asked under a key, kept for the case that it asks again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """Written in the act's own transaction: where it stands, the act was carried out. The key itself is not kept."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    asked_hash = models.CharField(max_length=64)  # of the address and the body
    answer = models.BinaryField(default=b"")  # encrypted: a new token's secret may stand in it
    at = models.DateTimeField(db_index=True)  # the real clock

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "key_hash"], name="kept_answer_once_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key_hash[:12]}"
