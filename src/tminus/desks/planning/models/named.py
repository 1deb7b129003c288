"""What every named thing of a plan has: its name in both languages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language


class Dimension(models.TextChoices):
    SAFE = "safe", _("safe")
    SPLENDID = "splendid", _("splendid")
    SUCCESSFUL = "successful", _("successful")


class Named(models.Model):
    name_en = models.CharField(_("name (English)"), max_length=300)
    name_zh = models.CharField(_("name (Chinese)"), max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)
