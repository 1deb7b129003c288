"""A new event begun from a past one has its ground and plan, dates moved with opening, nothing of what happened."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.desks.planning.small_plan import planned as planned
from tests.harbour import Harbour
from tminus.desks.planning.models import (
    Area,
    Basemap,
    ColumnMapping,
    Place,
    PlanCalendar,
    ResourceBook,
    RiskCause,
    Task,
    TaskLink,
)
from tminus.platform.models import Event, Unit
from tminus.platform.registry import ask, perform

SHIFT = timedelta(days=364)


def copied(harbour: Harbour) -> tuple[Event, dict[str, int]]:
    opening = (harbour.event.opening + SHIFT).isoformat()
    args = {"source": "harbour", "slug": "harbour-2027", "name_en": "Harbour 2027", "opening": opening}
    done: Any = perform("event.copy", args, person=harbour.people["admin"])
    return Event.objects.get(slug="harbour-2027"), done["copied"]


def test_ground_calendars_tasks_and_links_come_along(planned: Harbour) -> None:
    Basemap.objects.create(event=planned.event, geojson={"type": "FeatureCollection", "features": []})
    task = Task.objects.get(event=planned.event, key="R2")
    task.deadline = datetime(2026, 10, 1, 17)
    task.constraint, task.constraint_at = "SNET", datetime(2026, 8, 24, 9)
    task.further_constraints = [{"kind": "FNLT", "at": "2026-10-20T17:00:00"}, {"kind": "ALAP", "at": None}]
    task.place, task.area = Place.objects.get(event=planned.event), Area.objects.get(event=planned.event)
    task.actual_start, task.percent = datetime(2026, 8, 12, 9), 30.0
    task.save()
    task.supporting.set([planned.units["health"]])
    event, counts = copied(planned)
    assert {name: counts[name] for name in ("areas", "places", "calendars", "tasks")} == {
        "areas": 1, "places": 1, "calendars": 1, "tasks": 7,
    }  # fmt: skip
    assert Basemap.objects.filter(event=event).exists() and PlanCalendar.objects.get(event=event).is_default
    new = Task.objects.get(event=event, key="R2")
    assert (new.deadline, new.constraint_at) == (datetime(2027, 9, 30, 17), datetime(2027, 8, 23, 9))
    assert [row["at"] for row in new.further_constraints] == ["2027-10-19T17:00:00", None]
    assert new.place is not None and new.place.event == event and new.area is not None and new.area.event == event
    assert new.parent is not None and (new.parent.event, new.parent.key) == (event, "R")
    assert new.unit is not None and new.unit.event == event
    assert list(new.supporting.all()) == [Unit.objects.get(event=event, code=planned.units["health"].code)]
    links = TaskLink.objects.filter(event=event)
    assert sorted((link.predecessor.key, link.successor.key, link.kind) for link in links) == [
        ("H1", "H2", "SS"), ("R1", "R2", "FS"), ("R2", "R3", "FS"),
    ]  # fmt: skip


def test_nothing_that_happened_comes_along(planned: Harbour) -> None:
    perform("planning.publish", {}, event=planned.event, person=planned.hq)
    event, _ = copied(planned)
    for task in Task.objects.filter(event=event):
        assert task.responsible is None and task.duty is None and task.published_finish is None
        assert task.actual_start is None and task.percent is None
    assert Task.objects.filter(event=planned.event, duty__isnull=False).exists()


RESOURCES = {
    "resources": [
        {"resource": "crane", "name": "Crane / 吊车", "kind": "equipment", "capacity": 2, "until": "2026-11-01"},
        {"resource": "crew", "kind": "crew", "capacity": 3, "calendar": "long"},
    ],
    "capacity": [{"resource": "crane", "from": "2026-10-01", "until": "2026-10-10", "capacity": 1}],
    "needs": [{"task": "R2", "resource": "crane", "units": 1}, {"task": "GONE", "resource": "crew", "units": 1}],
    "masks": [{"mark": "noise", "hours": "22:00-07:00", "from": "2026-09-01", "until": "2026-09-30"}],
    "marks": [{"task": "R2", "mark": "noise"}],
    "calendars": {"long": {"working_weekdays": [0, 1, 2, 3, 4, 5], "hours": [["07:00", "19:00"]],
                           "holidays": ["2026-10-01"]}},
}  # fmt: skip


def test_what_the_plan_needs_besides_time_comes_along_its_dates_moved(planned: Harbour) -> None:
    ResourceBook.objects.create(event=planned.event, document=RESOURCES)
    event, counts = copied(planned)
    assert counts["resources"] == 2
    document = ResourceBook.objects.get(event=event).document
    crane, crew = document["resources"]
    assert (crane["name"], crane["capacity"]) == ("Crane / 吊车", 2)
    assert crane["until"].startswith("2027-10-31")
    assert crew["calendar"] == "long"
    (step,) = document["capacity"]
    assert (step["from"][:10], step["until"][:10]) == ("2027-09-30", "2027-10-09")
    assert [row["task"] for row in document["needs"]] == ["R2"]
    assert (document["masks"][0]["from"], document["masks"][0]["until"]) == ("2027-08-31", "2027-09-29")
    assert "2026-10-01" in str(document["calendars"]["long"])  # days off do not move with an opening
    assert ResourceBook.objects.get(event=planned.event).document == RESOURCES


def test_causes_of_risk_come_along_watched_by_the_same_unit(planned: Harbour) -> None:
    units = {one.code: one for one in Unit.objects.filter(event=planned.event)}
    rain = [{"kind": "weather", "lost_days": ["2024-06-03"], "tasks": ["R2"]}]
    RiskCause.objects.create(
        event=planned.event, code="rain", name_en="Rain", name_zh="雨", definition=rain, unit=units["roads"]
    )
    RiskCause.objects.create(event=planned.event, code="over", name_en="Over", definition=[{}], active=False)
    event, counts = copied(planned)
    assert counts["causes"] == 2
    new = RiskCause.objects.get(event=event, code="rain")
    assert (new.name_zh, new.definition, new.unit.code) == ("雨", rain, "roads")  # type: ignore[union-attr]
    assert new.unit is not None
    assert new.unit.event == event
    assert not RiskCause.objects.get(event=event, code="over").active


def test_columns_known_and_how_plans_are_judged_come_along(planned: Harbour) -> None:
    ColumnMapping.objects.create(event=planned.event, signature="abc", mapping={"fields": {"name": "Work"}})
    planned.event.settings = {"aim": 0.9, "decide_days": 3, "further": {"x": 1}}
    planned.event.save()
    event, _ = copied(planned)
    assert ColumnMapping.objects.get(event=event).mapping == {"fields": {"name": "Work"}}
    assert event.settings == {"aim": 0.9, "decide_days": 3}


def test_without_resources_there_is_no_book(planned: Harbour) -> None:
    event, counts = copied(planned)
    assert counts["resources"] == 0
    assert not ResourceBook.objects.filter(event=event).exists()


def test_the_draft_is_scheduled_and_can_be_seen(planned: Harbour) -> None:
    event, _ = copied(planned)
    was = Task.objects.get(event=planned.event, key="R2")
    new = Task.objects.get(event=event, key="R2")
    assert new.early_finish is not None and new.total_float_days is not None
    if was.planned_start is not None:
        assert new.planned_start == was.planned_start + SHIFT
    places: Any = ask("planning.places", event=event, system=True)
    assert [place["code"] for place in places] == ["gate-1"]


def test_an_event_without_a_plan_is_copied_all_the_same(harbour: Harbour) -> None:
    event, counts = copied(harbour)
    assert counts["tasks"] == 0 and event.opening == date.fromisoformat(str(harbour.event.opening)) + SHIFT
