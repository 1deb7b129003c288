"""Checkpoints, the timetable's what-if and the operations map as of any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from tests.desks.planning.small_plan import NOW, task
from tests.harbour import Harbour
from tminus.desks.planning.models import Basemap, Place, Task
from tminus.desks.planning.queries.places import status_on
from tminus.formats.ground_drawing import LAYERS, Projection, shapes_of
from tminus.platform.models import Appointment, Post, Unit
from tminus.platform.registry import ask, perform

DAY = timedelta(days=1)


def signed_in(harbour: Harbour, who: str = "hq") -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.parametrize(
    ("day", "finished", "expected"),
    [
        (-10, None, "on_time"),  # before it was due
        (-3, None, "late"),  # its date had gone by
        (-3, -4, "done"),
        (-6, -4, "on_time"),  # finished only later
        (0, None, "at_risk"),  # today's is the one the plan keeps
        (3, None, "late"),  # still open then, as far as is known
    ],
)
def test_status_on_another_day(day: int, finished: int | None, expected: str) -> None:
    midnight = datetime(2026, 8, 17)
    one = Task(
        status="at_risk", planned_start=midnight - 20 * DAY, planned_finish=midnight - 4 * DAY,
        forecast_finish=midnight + 5 * DAY, actual_finish=midnight + finished * DAY if finished is not None else None,
    )  # fmt: skip
    assert status_on(one, midnight + day * DAY, NOW) == expected


def test_expected_lateness_shows_before_the_date_has_gone_by() -> None:
    midnight = datetime(2026, 8, 17)
    one = Task(
        status="on_time", planned_start=midnight, planned_finish=midnight + 8 * DAY, forecast_finish=midnight + 12 * DAY
    )
    assert status_on(one, midnight + 4 * DAY, NOW) == "at_risk"
    assert status_on(one, midnight + 10 * DAY, NOW) == "late"


def test_map_replays_the_plan_and_shows_today_for_a_day_nobody_can_read(planned: Harbour) -> None:
    Task.objects.filter(event=planned.event, key="R2").update(place=Place.objects.get(event=planned.event))
    box = [[120.9, 30.9], [121.1, 30.9], [121.1, 31.1], [120.9, 31.1], [120.9, 30.9]]
    sea = {"type": "Feature", "properties": {"kind": "sea"}, "geometry": {"type": "Polygon", "coordinates": [box]}}
    Basemap.objects.create(event=planned.event, geojson={"type": "FeatureCollection", "features": [sea]})
    paving = task(planned, "R2")
    assert paving.planned_start is not None
    begins = planned.event.t(paving.planned_start)
    found = ask("planning.map", {"t": str(begins)}, event=planned.event, person=planned.hq)
    assert [(one["key"], one["running"]) for one in found["places"][0]["tasks"]] == [("R2", True)]
    assert ask("planning.map", {"t": "T-200"}, event=planned.event, person=planned.hq)["places"] == []
    client = signed_in(planned)
    assert "Paving" in client.get(f"/e/harbour/map/?t=T{begins.n}").content.decode()
    page = client.get("/e/harbour/map/?t=tomorrow").content.decode()
    assert "allowed: T-80" in page and "T−80" in page


def test_posts_stand_on_the_map_with_who_holds_them_that_day(planned: Harbour) -> None:
    event = planned.event
    Post.objects.filter(event=event, code__in=["paving-head", "paving-member"]).update(place="gate-1")
    Post.objects.filter(event=event, code="press").update(place="nowhere-known")
    Appointment.objects.filter(post__code="paving-member").update(until_date=date(2026, 8, 20))
    today = ask("planning.map", {}, event=event, person=planned.hq)["places"]
    assert [(one["code"], one["status"], one["vacant"]) for one in today] == [("gate-1", None, 0)]
    assert [post["holders"] for post in today[0]["posts"]] == [["Paver"], ["Hand"]]
    later = ask("planning.map", {"t": "T-70"}, event=event, person=planned.hq)["places"]
    assert (later[0]["vacant"], [post["vacant"] for post in later[0]["posts"]]) == (1, [False, True])
    Unit.objects.filter(event=event, code="paving").update(from_date=date(2026, 10, 1))
    assert ask("planning.map", {}, event=event, person=planned.hq)["places"] == []


def test_the_browsers_map_gets_each_day_and_the_ground_once(planned: Harbour) -> None:
    event = planned.event
    Post.objects.filter(event=event, code="paving-head").update(place="gate-1")
    client = signed_in(planned)
    answer = client.get("/e/harbour/map/day.json?t=T-70").json()
    assert (answer["t"], answer["label"], answer["day"]) == (-70, "T−70", "2026-08-27")
    [mark] = answer["marks"]["features"]
    assert mark["geometry"]["coordinates"] == [121.0, 31.0]
    assert (mark["properties"]["status"], mark["properties"]["posts"]) == (None, 1)
    assert 'id="place-gate-1"' in answer["list"] and "Paver" in answer["list"]
    assert client.get("/e/harbour/map/day.json?t=someday").status_code == 404
    ground = client.get("/e/harbour/map/ground.json")
    assert ground.json() == {"type": "FeatureCollection", "features": []}
    assert client.get("/e/harbour/map/ground.json", headers={"If-None-Match": ground["ETag"]}).status_code == 304


def test_ground_lies_under_what_stands_on_it() -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    kinds = ["hall", "road", "sea", "land", "kiosk"]
    features = [{"properties": {"kind": kind}, "geometry": square} for kind in kinds]
    drawn = [shape["kind"] for shape in shapes_of({"features": features}, Projection(0, 0, 1, 1))]
    assert drawn == ["sea", "land", "road", "hall", "kiosk"]
    assert len(set(LAYERS)) == len(LAYERS)


def test_what_if_changes_nothing_and_release_moves_the_draft_only(planned: Harbour) -> None:
    perform("planning.publish", event=planned.event, person=planned.hq)
    before = task(planned, "R1")
    assert before.planned_start is not None
    start = f"{before.planned_start.date() - timedelta(days=7):%Y-%m-%d}"
    client = signed_in(planned)
    answer = client.get("/e/harbour/timetable/what-if/", {"task": "R1", "start": start}).json()
    assert [one["key"] for one in answer["moved"]] == ["R1"] or answer["moved"][0]["key"] == "R1"
    assert task(planned, "R1").planned_start == before.planned_start
    client.post("/e/harbour/timetable/move/", {"task": "R1", "start": start, "back": "//elsewhere.example/"})
    after = task(planned, "R1")
    assert after.planned_start is not None and f"{after.planned_start:%Y-%m-%d}" == start
    assert after.published_finish == before.published_finish


def test_release_never_leads_elsewhere_and_odd_offsets_show_the_first_page(planned: Harbour) -> None:
    client = signed_in(planned)
    went = client.post("/e/harbour/timetable/move/", {"task": "R1", "start": "soon", "back": "//elsewhere.example/"})
    assert went["Location"] == "/e/harbour/timetable/"
    for offset in ("abc", "-5", "²", ""):
        assert client.get("/e/harbour/timetable/", {"offset": offset}).status_code == 200


def test_checkpoint_ahead_is_at_risk_only_while_work_is_expected_after_it(planned: Harbour) -> None:
    perform("planning.publish", event=planned.event, person=planned.hq)
    Task.objects.filter(event=planned.event, key="H1").update(
        planned_start=NOW - 30 * DAY, planned_finish=NOW - 12 * DAY, constraint="", actual_start=NOW - 30 * DAY,
        percent=90, remaining_min=480,
    )  # fmt: skip
    Task.objects.filter(event=planned.event, key="H2").update(
        planned_start=NOW - 30 * DAY, planned_finish=NOW - 20 * DAY
    )
    perform("planning.reschedule", {"policy": "as_planned"}, event=planned.event, person=planned.hq)
    found = ask("planning.checkpoints", event=planned.event, person=planned.hq)["checkpoints"]
    past = [one for one in found if one["past"] and one["failed"]]
    assert past and all(one["verdict"] == "failed" for one in past)
    ahead = [one for one in found if not one["past"]]
    assert ahead and all(one["verdict"] != "failed" for one in ahead)
    assert ahead[-1]["failed"] and ahead[-1]["verdict"] == "pass", "overdue, yet expected well before opening"
