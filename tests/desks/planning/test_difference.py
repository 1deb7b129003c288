"""The draft against the last publication."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.platform.models import Duty, Person
from tminus.platform.registry import Missing, ask, perform


def difference(harbour: Harbour, person: Person, **args: int) -> dict[str, Any]:
    found: dict[str, Any] = ask("planning.difference", args, event=harbour.event, person=person)
    return found


def test_before_any_publication_everything_is_new(planned: Harbour) -> None:
    found = difference(planned, planned.hq)
    assert (found["publication"], found["added_total"], found["moved_total"]) == (None, 5, 0)


def test_a_moved_draft_shows_and_moves_no_due_until_published(planned: Harbour) -> None:
    event, hq = planned.event, planned.hq
    perform("planning.publish", {}, event=event, person=hq)
    assert difference(planned, hq)["unchanged"] == 5
    due, finish = Duty.objects.get(task__key="R1").due_at, task(planned, "R1").planned_finish
    perform("planning.task.change", {"task": "R1", "field": "start", "value": "2026-08-24"}, event=event, person=hq)
    perform("planning.task.change", {"task": "R1", "field": "finish", "value": "2026-08-28"}, event=event, person=hq)
    found = difference(planned, hq)
    assert [(one["key"], one["before"]) for one in found["moved"]] == [("R1", finish)]
    assert found["moved"][0]["days"] < 0
    assert Duty.objects.get(task__key="R1").due_at == due
    perform("planning.publish", {}, event=event, person=hq)
    assert difference(planned, hq)["moved_total"] == 0
    moved = Duty.objects.get(task__key="R1").due_at
    assert moved is not None
    assert f"{moved.astimezone(event.zone):%Y-%m-%d %H:%M}" == "2026-08-28 17:00"


def test_only_what_one_may_read(planned: Harbour) -> None:
    found = difference(planned, planned.health_head)
    assert {one["key"] for one in found["added"]} == {"H1", "H2"}


def test_baselines_are_kept_and_compared_also_of_tasks_long_removed(planned: Harbour) -> None:
    event, hq = planned.event, planned.hq
    perform("planning.publish", {"title": "First"}, event=event, person=hq)
    finish = task(planned, "R1").planned_finish
    perform("planning.task.change", {"task": "R1", "field": "start", "value": "2026-08-24"}, event=event, person=hq)
    perform("planning.task.change", {"task": "R1", "field": "finish", "value": "2026-08-28"}, event=event, person=hq)
    perform("planning.task.remove", {"task": "H2"}, event=event, person=hq)
    perform("planning.task.create", {"name": "Signs", "duration": "2d"}, event=event, person=hq)
    perform("planning.publish", {"title": "Second"}, event=event, person=hq)
    kept = ask("planning.publications", {}, event=event, person=hq)["publications"]
    assert [(one["number"], one["title"], one["tasks"]) for one in kept] == [(2, "Second", 5), (1, "First", 5)]
    found = difference(planned, hq, before=1, after=2)
    assert [(one["key"], one["before"]) for one in found["moved"]] == [("R1", finish)]
    assert [one["name"] for one in found["added"]] == ["Signs"]
    assert [one["key"] for one in found["removed"]] == ["H2"]
    assert found["unchanged"] == 3
    assert difference(planned, planned.roads_head, before=1, after=2)["removed"] == []
    assert [one["key"] for one in difference(planned, planned.health_head, before=1, after=2)["removed"]] == ["H2"]
    back = difference(planned, hq, before=2, after=1)
    assert [one["days"] for one in back["moved"]] == [-one["days"] for one in found["moved"]]


def test_a_publication_that_never_was_is_named(planned: Harbour) -> None:
    with pytest.raises(Missing, match="number 7"):
        difference(planned, planned.hq, before=7)


def test_the_page_compares_and_its_workbook_holds_the_same(planned: Harbour, client: Client) -> None:
    event, hq = planned.event, planned.hq
    client.force_login(hq)
    assert "Nothing has been published yet" in client.get("/e/harbour/baselines/").content.decode()
    perform("planning.publish", {}, event=event, person=hq)
    perform("planning.task.change", {"task": "R1", "field": "start", "value": "2026-08-24"}, event=event, person=hq)
    perform("planning.task.change", {"task": "R1", "field": "finish", "value": "2026-08-28"}, event=event, person=hq)
    shown = client.get("/e/harbour/baselines/?before=1&after=").content.decode()
    assert "1 finish has moved" in shown
    book = load_workbook(BytesIO(client.get("/e/harbour/baselines/export.xlsx?before=1").content))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [(row[0], row[1], row[7] < 0) for row in rows] == [("moved", "R1", True)]
    assert client.get("/e/harbour/baselines/?before=9").status_code == 404


def test_publishing_shows_first_whose_dates_move_and_which_checkpoint_changes(planned: Harbour, client: Client) -> None:
    event, hq = planned.event, planned.hq
    client.force_login(hq)
    first = client.get("/e/harbour/timetable/publish/").content.decode()
    assert "this is the first time duties get their dates" in first and "1 task has no holder" in first
    assert client.post("/e/harbour/timetable/publish/", {"title": "First"}).status_code == 303
    perform("planning.task.change", {"task": "R1", "field": "start", "value": "2026-08-24"}, event=event, person=hq)
    perform("planning.task.change", {"task": "R1", "field": "finish", "value": "2026-08-28"}, event=event, person=hq)
    found = difference(planned, hq)
    assert found["holders"] == ["Roads Head"]
    before, after = found["moved"][0]["before"], found["moved"][0]["finish"]
    crossed = [day for day in event.checkpoint_dates(-100) if after.date() <= day < before.date()]
    assert crossed and [(one["date"], one["earlier"], one["later"]) for one in found["checkpoints"]] == [
        (day, 1, 0) for day in crossed
    ]
    shown = client.get("/e/harbour/timetable/publish/").content.decode()
    assert "1 task gets another date" in shown and "Roads Head" in shown
    client.force_login(planned.leader)
    assert "Headquarters publishes." in client.get("/e/harbour/timetable/publish/").content.decode()
    assert client.post("/e/harbour/timetable/publish/", {}).status_code == 403
