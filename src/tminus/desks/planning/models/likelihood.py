"""How likely it all is: causes of risk, runs of the simulation, proposals that would buy days, scenarios compared.

What the engine reads is kept as the files have it (``docs/reference/drivers.md``): one form, wherever it lies.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.desks.planning.models.named import Named
from tminus.platform.models import Duty, Event, Unit


class RiskCause(Named):
    """One cause that can hit many tasks at once: a department, a supplier, the weather, an approval."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="risk_causes")
    code = models.CharField(max_length=60)
    definition = models.JSONField()  # rows of the drivers file, without ID and names
    active = models.BooleanField(default=True)
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")  # watches it

    class Meta:
        verbose_name = _("cause of risk")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="risk_cause_code_once")]


class RiskRun(models.Model):
    """One simulation of the plan as it stood: the probability of each checkpoint, and what it hangs on."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="risk_runs")
    at = models.DateTimeField()  # by the event's clock
    day = models.DateField()  # the event's day it was made on, for the trend
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.CharField(max_length=64)  # of the plan, see standing.version
    samples = models.PositiveIntegerField()
    seed = models.PositiveIntegerField(default=0)
    elapsed_s = models.FloatField()
    result = models.JSONField()

    class Meta:
        verbose_name = _("simulation")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["event", "day"], name="risk_run_by_day")]

    def __str__(self) -> str:
        return f"{self.day}"


class ProposalState(models.TextChoices):
    OPEN = "open", _("to be decided")
    ADOPTED = "adopted", _("adopted")
    DECLINED = "declined", _("declined")


class Proposal(models.Model):
    """A change of the plan that would buy days, with somebody who decides it; adopted, it changes the draft."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="proposals")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    task_key = models.CharField(max_length=80)  # the task it changes; outlives it
    unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, related_name="+")
    edits = models.JSONField()  # what would change in the draft
    checkpoint = models.DateField(null=True)
    gain = models.JSONField(default=dict)  # days, and probability before and after
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    duty = models.OneToOneField(Duty, on_delete=models.SET_NULL, null=True, related_name="proposal")

    class Meta:
        verbose_name = _("change proposal")
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "number"], name="proposal_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class Scenario(Named):
    """A few changes looked at together, beside the plan as it stands; nothing of the plan changes."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="scenarios")
    code = models.CharField(max_length=60)
    edits = models.JSONField()
    version = models.CharField(max_length=64, blank=True)  # of the plan the result was computed on
    result = models.JSONField(null=True)

    class Meta:
        verbose_name = _("scenario")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="scenario_code_once")]
