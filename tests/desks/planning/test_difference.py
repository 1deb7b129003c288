"""The draft against the last publication."""

from __future__ import annotations

from typing import Any

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.platform.models import Duty, Person
from tminus.platform.registry import ask, perform


def difference(harbour: Harbour, person: Person) -> dict[str, Any]:
    found: dict[str, Any] = ask("planning.difference", {}, event=harbour.event, person=person)
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
