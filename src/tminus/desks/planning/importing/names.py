"""Units, people, areas and places as a plan file names them: by code, or by either name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tminus.desks.planning.models import Area, Place, PlanCalendar
from tminus.platform.models import Event, Person, Unit


@dataclass(frozen=True, slots=True)
class Names:
    """Key of the row a text stands for, ``None`` where nobody is known by it."""

    units: dict[str, int]
    people: dict[str, int]
    areas: dict[str, int]
    places: dict[str, int]
    calendars: dict[str, int]


def names_of(event: Event) -> Names:
    held = Person.objects.filter(Q(appointments__post__event=event) | Q(tasks__event=event)).distinct()
    return Names(
        units=_known(Unit.objects.filter(event=event).values_list("pk", "code", "name_en", "name_zh")),
        people=_known(held.values_list("pk", "username", "name_en", "name_zh")),
        areas=_known(Area.objects.filter(event=event).values_list("pk", "code", "name_en", "name_zh")),
        places=_known(Place.objects.filter(event=event).values_list("pk", "code", "name_en", "name_zh")),
        calendars=_known(PlanCalendar.objects.filter(event=event).values_list("pk", "code", "code", "code")),
    )


def _known(rows: Iterable[Any]) -> dict[str, int]:
    """Codes come before names; a name two rows share stands for neither."""
    codes: dict[str, int] = {}
    named: dict[str, set[int]] = {}
    for key, code, *names in rows:
        codes[code] = key
        for name in names:
            named.setdefault(name, set()).add(key)
    return {name: next(iter(keys)) for name, keys in named.items() if name and len(keys) == 1} | codes
