"""Who may read and act: it follows from posts over the tree of units, object by object."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from tminus.platform.models import Appointment, Event, Person, Post, Reach, Unit


class NotAllowed(Exception):
    """The person's posts do not reach this far."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What one person's posts reach in one event on one day."""

    person: Person | None
    event: Event | None
    system: bool = False  # the clock, importers run by the command line's owner
    member: bool = False
    headquarters: bool = False
    reads_all: bool = False
    observer: bool = False
    own_paths: frozenset[str] = field(default_factory=frozenset)
    subtree_paths: frozenset[str] = field(default_factory=frozenset)

    @property
    def administrator(self) -> bool:
        return self.system or bool(self.person and self.person.is_active and self.person.is_administrator)

    @property
    def acts_everywhere(self) -> bool:
        return self.system or self.headquarters

    def can_act(self, unit: Unit | None) -> bool:
        """Whether posts reach ``unit``; what belongs to no unit is headquarters' business."""
        if self.acts_everywhere:
            return True
        if unit is None:
            return False
        return unit.path in self.own_paths or any(unit.path.startswith(path) for path in self.subtree_paths)

    def can_read(self, unit: Unit | None) -> bool:
        return self.acts_everywhere or self.reads_all or self.can_act(unit)

    def units_actable(self) -> QuerySet[Unit]:
        units = Unit.objects.filter(event=self.event)
        return units if self.acts_everywhere else units.filter(self._reached())

    def units_readable(self) -> QuerySet[Unit]:
        return Unit.objects.filter(event=self.event) if self.reads_all else self.units_actable()

    def _reached(self) -> Q:
        reached = Q(path__in=self.own_paths)
        for path in self.subtree_paths:
            reached |= Q(path__startswith=path)
        return reached


def scope_of(person: Person | None, event: Event | None, day: date) -> Scope:
    """The scope of a signed-in person; nobody (``None``) reaches nothing."""
    if person is None or not person.is_active or event is None:
        return Scope(person=person, event=event)
    held = appointments_on(event, day).filter(person=person).values_list("post__reach", "post__unit__path")
    by_reach: dict[str, set[str]] = {}
    for reach, path in held:
        by_reach.setdefault(reach, set()).add(path)
    return Scope(
        person=person,
        event=event,
        member=bool(by_reach),
        headquarters=Reach.EVENT in by_reach,
        reads_all=Reach.EVENT in by_reach or Reach.LEADERSHIP in by_reach,
        observer=set(by_reach) == {Reach.OBSERVER},
        own_paths=frozenset(by_reach.get(Reach.OWN, ())),
        subtree_paths=frozenset(by_reach.get(Reach.SUBTREE, ())),
    )


def system_scope(event: Event | None) -> Scope:
    """The reach of the clock and of the installation's owner at the command line."""
    return Scope(person=None, event=event, system=True, member=True, headquarters=True, reads_all=True)


def appointments_on(event: Event, day: date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        Q(from_date=None) | Q(from_date__lte=day),
        Q(until_date=None) | Q(until_date__gte=day),
        Q(post__unit__from_date=None) | Q(post__unit__from_date__lte=day),
        Q(post__unit__until_date=None) | Q(post__unit__until_date__gte=day),
        post__event=event,
    )


def events_of(person: Person) -> QuerySet[Event]:
    """The events a person may enter."""
    events = Event.objects.filter(archived=False)
    if person.is_administrator:
        return events
    return events.filter(posts__appointments__person=person).distinct()


def next_post(person: Person, event: Event, day: date) -> tuple[Post, date] | None:
    """The post that is to be a person's next in the event, and the day it begins."""
    coming = Appointment.objects.filter(post__event=event, person=person).select_related("post__unit")
    begins = [(max(one.from_date or day, one.post.unit.from_date or day), one) for one in coming]
    later = sorted(((begun, one.pk, one.post) for begun, one in begins if begun > day), key=lambda row: row[:2])
    return (later[0][2], later[0][0]) if later else None
