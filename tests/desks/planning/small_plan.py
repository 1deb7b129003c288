"""A small plan in the harbour: two summaries, five leaves, links, one hole; scheduled and ready to publish."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone

from tests.harbour import Harbour
from tminus.desks.planning.models import Area, Place, PlanCalendar, Task, TaskLink
from tminus.platform.models import ClockShift
from tminus.platform.registry import load_registry, perform

NOW = datetime(2026, 8, 17, 9)

ROWS = [
    # key, parent, name, minutes, unit, responsible
    ("R", None, "Roads", 0, "roads", None),
    ("R1", "R", "Survey", 480 * 5, "roads", "roads_head"),
    ("R2", "R", "Paving", 480 * 20, "paving", "paver"),
    ("R3", "R", "Road open", 0, "roads", "roads_head"),
    ("H", None, "Health", 0, "health", None),
    ("H1", "H", "First-aid posts", 480 * 10, "health", "health_head"),
    ("H2", "H", "Ambulance plan", 480 * 3, "health", None),
]
LINKS = [("R1", "R2", "FS"), ("R2", "R3", "FS"), ("H1", "H2", "SS")]


def build_plan(harbour: Harbour) -> dict[str, Task]:
    load_registry()
    event = harbour.event
    ClockShift.objects.create(event=event, real_from=timezone.now(), event_from=NOW.replace(tzinfo=event.zone), rate=0)
    area = Area.objects.create(event=event, code="RD", name_en="Roads", name_zh="道路", dimension="splendid")
    Place.objects.create(event=event, code="gate-1", name_en="Gate 1", name_zh="一号门", lon=121.0, lat=31.0)
    week = {"name": "standard", "working_weekdays": [0, 1, 2, 3, 4], "hours": [["09:00", "17:00"]]}
    PlanCalendar.objects.create(event=event, code="standard", name="standard", is_default=True, definition=week)
    made: dict[str, Task] = {}
    for position, (key, parent, name, minutes, unit, who) in enumerate(ROWS):
        summary = parent is None
        made[key] = Task.objects.create(
            event=event,
            key=key,
            position=position,
            depth=0 if summary else 1,
            parent=made[parent] if parent else None,
            name_en=name,
            kind="summary" if summary else "task" if minutes else "milestone",
            duration_min=minutes,
            unit=harbour.units[unit],
            responsible=harbour.people[who] if who else None,
            area=area if unit in ("roads", "paving") else None,
        )
    for pred, succ, kind in LINKS:
        TaskLink.objects.create(event=event, predecessor=made[pred], successor=made[succ], kind=kind)
    perform("planning.reschedule", {"policy": "alap_total"}, event=event, person=harbour.hq)
    return made


def task(harbour: Harbour, key: str) -> Task:
    return Task.objects.select_related("unit", "duty", "parent", "responsible").get(event=harbour.event, key=key)


@pytest.fixture
def planned(harbour: Harbour) -> Harbour:
    build_plan(harbour)
    return harbour
