"""Scenarios of a day as people keep them, and each walk of one with what it was made from; walks are never overwritten.

Happenings and measures are kept as :func:`tminus.formats.event_folder.day_scenarios.row_json` writes them.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language
from tminus.platform.models import Event


class Origin(models.TextChoices):
    """Where a scenario comes from; the last two are by an engine or a rule, about a scenario of somebody."""

    FOLDER = "folder", _("event folder")
    PERSON = "person", _("a person")
    RECOMMENDED = "recommended", _("recommended")
    GREEDY = "greedy", _("rule of the duty officer")


class DayScenarioKept(models.Model):
    """What befalls a day of the event and what is done about it."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="day_scenarios")
    key = models.CharField(_("key"), max_length=60)  # the id in an event folder; stands in addresses
    name_en = models.CharField(max_length=120, blank=True)
    name_zh = models.CharField(max_length=120, blank=True)
    about_en = models.CharField(max_length=500, blank=True)
    about_zh = models.CharField(max_length=500, blank=True)
    day = models.DateField()
    happenings = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="made_from_it")
    origin = models.CharField(max_length=12, choices=Origin.choices, default=Origin.PERSON)
    at = models.DateTimeField()  # last changed, by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("scenario of a day")
        ordering: ClassVar = ["day", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "key"], name="day_scenario_key_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the language of who looks; the other one where it has none, else the key."""
        return in_language(self.name_en, self.name_zh) or self.key

    @property
    def about(self) -> str:
        return in_language(self.about_en, self.about_zh)


class DayWalk(models.Model):
    """A scenario simulated once: what was walked, from which files, and what came of it.

    ``figures``: ``row`` (``formats.crowd.day_document.ROW`` and ``mean_wait_s``), ``gates`` (queue and waits by gate),
    ``worst`` (places and minutes, worst first), ``curves`` (slot by slot), ``parts`` (of a recommendation).
    """

    scenario = models.ForeignKey(DayScenarioKept, on_delete=models.CASCADE, related_name="walks")
    at = models.DateTimeField()  # by the event's clock
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    seed = models.PositiveIntegerField(default=0)
    sample = models.PositiveIntegerField(null=True)  # path of the forecast; none: the middling one
    as_of = models.DateField()  # what was known at the end of this day
    inputs = models.JSONField()  # name of each file → its SHA-256
    model = models.CharField(max_length=40)
    happenings = models.JSONField(default=list)
    measures = models.JSONField(default=list)
    figures = models.JSONField()
    replay = models.CharField(max_length=120)  # gzipped JSON under the files folder, by its content
    network_digest = models.CharField(max_length=64)
    elapsed_s = models.FloatField()

    class Meta:
        verbose_name = _("walk of a day")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def edited_since(self) -> bool:
        """Whether the scenario says something else by now."""
        kept = self.scenario
        return bool(self.happenings != kept.happenings or self.measures != kept.measures)
