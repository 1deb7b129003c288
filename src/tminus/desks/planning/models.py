"""The plan of one event: areas, places, calendars, the tree of tasks, links, baselines and publications.

Instants are stored event-local and naive (``planned_*``, ``published_*`` …), as the engine and the plan's own files
have them; they are times on the wall of the event, not moments of the world.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language
from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Duty, Event, Unit


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


class Area(Named):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="areas")
    code = models.CharField(max_length=60)
    dimension = models.CharField(max_length=12, choices=Dimension.choices, blank=True)
    weight = models.FloatField(default=1.0)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("area")
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="area_code_once")]


class Place(Named):
    """Somewhere on the operations map: a node of the site network or a drawn feature."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=80)
    kind = models.CharField(max_length=40, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    level = models.CharField(max_length=20, blank=True)

    class Meta:
        verbose_name = _("place")
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="place_code_once")]


class Basemap(models.Model):
    """The drawn ground of the operations map, as GeoJSON."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="basemap")
    geojson = models.JSONField()

    def __str__(self) -> str:
        return f"basemap of {self.event_id}"


class PlanCalendar(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="calendars")
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)
    definition = models.JSONField()  # the calendar file's form, see docs/reference/plan-files.md

    class Meta:
        verbose_name = _("calendar")
        ordering: ClassVar = ["-is_default", "code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="calendar_code_once")]

    def __str__(self) -> str:
        return self.name


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
