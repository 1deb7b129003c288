"""Areas, places and working calendars are edited in the console; the plan follows, nothing in use is taken away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import Area, Place, PlanCalendar
from tminus.desks.planning.queries.basics import form_of
from tminus.formats.calendar_file import calendar_from_json, calendar_to_json
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, perform

CALENDAR: dict[str, Any] = {
    "code": "standard",
    "name": "Standard",
    "working_weekdays": [0, 1, 2, 3, 4],
    "hours": [["09:00", "17:00"]],
}


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_area_is_added_changed_and_taken_away_only_while_empty(planned: Harbour) -> None:
    assert act(planned, "planning.area.set", {"code": "HE", "name_en": "Health", "dimension": "safe"})["added"]
    changed = act(planned, "planning.area.set", {"code": "HE", "name_en": "Health and air", "weight": 2})
    assert not changed["added"] and Area.objects.get(code="HE").weight == 2
    line = RecordLine.objects.filter(code="planning.area.set").latest("seq")
    assert (line.before["name_en"], line.after["name_en"]) == ("Health", "Health and air")
    with pytest.raises(BadInput, match="tasks stand in the area RD"):
        act(planned, "planning.area.remove", {"code": "RD"})
    act(planned, "planning.area.remove", {"code": "HE"})
    assert [area.code for area in Area.objects.all()] == ["RD"]


def test_place_is_added_moved_and_taken_away_only_while_unused(planned: Harbour) -> None:
    act(planned, "planning.place.set", {"code": "hall-1", "name_en": "Hall 1", "lon": 121.5, "lat": 31.2})
    with pytest.raises(BadInput, match="lat"):
        act(planned, "planning.place.set", {"code": "hall-2", "name_en": "Hall 2", "lon": 121.5, "lat": 131})
    used = task(planned, "R1")
    used.place = Place.objects.get(code="hall-1")
    used.save()
    with pytest.raises(BadInput, match="tasks happen at hall-1"):
        act(planned, "planning.place.remove", {"code": "hall-1"})
    act(planned, "planning.place.remove", {"code": "gate-1"})
    assert [place.code for place in Place.objects.all()] == ["hall-1"]


def test_holiday_costs_float_and_moves_no_planned_date(planned: Harbour) -> None:
    before = task(planned, "R2")
    assert before.planned_finish is not None and before.early_finish is not None
    day = before.early_finish.date()
    act(planned, "planning.calendar.set", {**CALENDAR, "holidays": [day.isoformat()]})
    after = task(planned, "R2")
    assert after.planned_finish == before.planned_finish
    assert after.early_finish is not None and after.early_finish > before.early_finish
    assert after.total_float_days is not None and before.total_float_days is not None
    assert after.total_float_days < before.total_float_days


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"hours": [["17:00", "09:00"]]}, "hours"),
        ({"hours": []}, "hours"),
        ({"working_weekdays": []}, "working_weekdays"),
        ({"working_weekdays": [7]}, "working_weekdays"),
        ({"holidays": ["2026-02-30"]}, "holidays"),
        ({"holidays": ["2026-10-01"], "workdays": ["2026-10-01"]}, "both a holiday and a working day"),
        ({"code": "two words"}, "code"),
    ],
)
def test_calendar_that_cannot_be_is_refused_and_nothing_changed(
    planned: Harbour, wrong: dict[str, Any], said: str
) -> None:
    before = PlanCalendar.objects.get().definition
    with pytest.raises(BadInput, match=said):
        act(planned, "planning.calendar.set", {**CALENDAR, **wrong})
    assert PlanCalendar.objects.get().definition == before


def test_there_is_always_one_default_calendar(planned: Harbour) -> None:
    act(planned, "planning.calendar.set", {**CALENDAR, "code": "seven", "working_weekdays": [*range(7)]})
    assert PlanCalendar.objects.get(is_default=True).code == "standard"
    act(planned, "planning.calendar.set", {**CALENDAR, "code": "seven", "is_default": True})
    assert [row.code for row in PlanCalendar.objects.filter(is_default=True)] == ["seven"]
    with pytest.raises(BadInput, match="own calendar"):
        act(planned, "planning.calendar.remove", {"code": "seven"})
    act(planned, "planning.calendar.remove", {"code": "standard"})


def test_calendar_of_the_full_form_shows_as_weekdays_and_days() -> None:
    simple = {**CALENDAR, "holidays": ["2026-10-01"], "workdays": ["2026-10-10"]}
    del simple["code"]
    full = calendar_to_json(calendar_from_json("x", simple))
    form = form_of(calendar_from_json("x", full))
    assert form is not None
    assert (form["holidays"], form["workdays"]) == ([date(2026, 10, 1)], [date(2026, 10, 10)])
    assert (form["working_weekdays"], form["hours"]) == ([0, 1, 2, 3, 4], [["09:00", "17:00"]])
    full["week"][5] = [["09:00", "12:00"]]
    assert form_of(calendar_from_json("x", full)) is None, "other hours on Saturdays do not fit the form"


def test_only_headquarters_changes_readers_see(planned: Harbour) -> None:
    for code, args in (
        ("planning.area.set", {"code": "HE", "name_en": "Health"}),
        ("planning.place.remove", {"code": "gate-1"}),
        ("planning.calendar.set", CALENDAR),
    ):
        for who in ("leader", "roads_head"):
            with pytest.raises(NotAllowed):
                act(planned, code, args, who)
    for page in ("areas", "places", "calendars"):
        text = signed_in(planned, "roads_head").get(f"/e/harbour/settings/{page}/").content.decode()
        assert "<textarea" not in text and 'name="code"' not in text
        assert signed_in(planned, "observer").get(f"/e/harbour/settings/{page}/").status_code == 403


def test_pages_save_show_errors_with_what_was_typed_and_keep_days_out_of_sight(planned: Harbour) -> None:
    client = signed_in(planned, "hq")
    given = {"code": "HE", "name_en": "Health", "name_zh": "卫生", "dimension": "safe", "weight": "1.5", "order": "2"}
    assert client.post("/e/harbour/settings/areas/", given).status_code == 303
    assert Area.objects.get(code="HE").name_zh == "卫生"
    refused = client.post("/e/harbour/settings/areas/", {**given, "weight": "heavy"}).content.decode()
    assert 'value="heavy"' in refused and "aria-invalid" in refused
    assert client.post("/e/harbour/settings/areas/", {"remove": "HE"}).status_code == 303
    assert not Area.objects.filter(code="HE").exists()
    far = planned.event.opening + timedelta(days=900)
    act(planned, "planning.calendar.set", {**CALENDAR, "holidays": [far.isoformat()]})
    page = client.get("/e/harbour/settings/calendars/?edit=standard").content.decode()
    assert far.isoformat() not in page
    typed = {
        "code": "standard", "name": "Standard", "weekdays": ["0", "1", "2", "3", "4", "5"],
        "hours": "09:00-12:00, 13:00–17:00", "holidays": "2026-10-01\n2026-10-02", "workdays": "",
    }  # fmt: skip
    assert client.post("/e/harbour/settings/calendars/?edit=standard", typed).status_code == 303
    definition = PlanCalendar.objects.get().definition
    assert definition["holidays"] == ["2026-10-01", "2026-10-02", far.isoformat()]
    assert definition["hours"] == [["09:00", "12:00"], ["13:00", "17:00"]]
    wrong = client.post("/e/harbour/settings/calendars/?edit=standard", {**typed, "hours": "nine to five"})
    assert "nine to five" in wrong.content.decode() and "allowed: 09:00-12:00" in wrong.content.decode()
    assert client.post("/e/harbour/settings/places/", {"remove": "gate-1"}).status_code == 303
