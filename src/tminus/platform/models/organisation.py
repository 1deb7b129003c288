"""The organisation: a tree of standing and temporary units, posts in them, people appointed to posts."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tminus.platform.languages import in_language
from tminus.platform.models.event import Event


class UnitKind(models.TextChoices):
    LEADERSHIP = "leadership_group", _("leadership group")
    HEADQUARTERS = "headquarters", _("headquarters")
    COMMITTEE = "committee", _("committee")
    BRANCH = "branch", _("branch")
    GROUP = "group", _("group")
    DEPARTMENT = "department", _("department")
    DISTRICT = "district", _("district")
    ENTERPRISE = "enterprise", _("enterprise")
    TEAM = "team", _("team")


class Unit(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="units")
    code = models.CharField(_("code"), max_length=60)
    name_en = models.CharField(_("name (English)"), max_length=200)
    name_zh = models.CharField(_("name (Chinese)"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices, default=UnitKind.DEPARTMENT)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=1000, editable=False, db_index=True)  # "/root/child/": codes from the root
    temporary = models.BooleanField(_("temporary"), default=False)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("unit")
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="unit_code_once_per_event")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.name_en, self.name_zh)

    def stands_on(self, day: date) -> bool:
        return (self.from_date is None or self.from_date <= day) and (self.until_date is None or day <= self.until_date)


class Rank(models.TextChoices):
    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy")
    MEMBER = "member", _("member")
    LIAISON = "liaison", _("liaison")


class Reach(models.TextChoices):
    """How far a post's hand goes over the tree of units."""

    OWN = "own", _("own unit")
    SUBTREE = "subtree", _("own unit and all below")
    EVENT = "event", _("headquarters: the whole event")
    LEADERSHIP = "leadership", _("leadership: reads the whole event")
    OBSERVER = "observer", _("observer: reads what is published")


class Post(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="posts")
    code = models.CharField(_("code"), max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="posts")
    title_en = models.CharField(_("title (English)"), max_length=200)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200, blank=True)
    rank = models.CharField(_("rank"), max_length=10, choices=Rank.choices, default=Rank.MEMBER)
    reach = models.CharField(_("reach"), max_length=12, choices=Reach.choices, default=Reach.OWN)
    place = models.CharField(_("place"), max_length=80, blank=True)  # code of a place on the operations map
    order = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("post")
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "code"], name="post_code_once_per_event")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_en, self.title_zh)


class Appointment(models.Model):
    """A person holds a post from one day until another; a seconded person keeps the home unit."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appointments")
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)
    home_unit = models.ForeignKey(Unit, on_delete=models.SET_NULL, null=True, blank=True, related_name="seconded")

    class Meta:
        verbose_name = _("appointment")
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.person}: {self.post}"
