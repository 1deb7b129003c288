"""A file of MS Project imported and exported again has lost nothing a task has a place for."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.event_folder import folder_of
from tminus.desks.planning.models import Task as Row
from tminus.desks.planning.models import TaskLink
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    Plan,
    Task,
    TaskKind,
    week_calendar,
)
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.mspdi import mspdi_bytes, read_mspdi
from tminus.formats.plan_json import plan_json_bytes
from tminus.platform import clock
from tminus.platform.registry import ask, perform

AT = datetime(2026, 9, 1, 9)
CALENDARS = {"standard": week_calendar("standard"), "night": week_calendar("night", hours=((0, 360),))}
TASKS = (
    Task("S", "All", kind=TaskKind.SUMMARY, wbs="展-1"),
    Task("A", "Placed", parent="S", manual=True, start=AT, finish=datetime(2026, 9, 2, 17), wbs="展-1.a"),
    Task("B", "Split", parent="S", duration=Duration(960), pause_minutes=480, calendar="night"),
    Task("C", "Levelled", delay=Duration(2880, elapsed=True), constraints=(Constraint(ConstraintKind.ALAP),)),
    Task("D", "Not now", active=False),
    Task(
        "E",
        "Held twice",
        constraints=(Constraint(ConstraintKind.SNET, AT), Constraint(ConstraintKind.FNLT, datetime(2026, 9, 30, 17))),
    ),
)
LINKS = (Link("A", "B", lag_percent=50.0), Link("B", "C", lag=Duration(-1440, elapsed=True)))
PLAN = Plan("book", TASKS, LINKS, CALENDARS, "standard", opening=date(2026, 11, 5))


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def imported(harbour: Harbour, content: bytes, name: str) -> dict[str, int]:
    file = {"name": name, "content": base64.b64encode(content).decode()}
    read = perform("planning.import.read", {"file": file}, event=harbour.event, person=harbour.hq)
    perform("planning.import.apply", {"id": read["id"]}, event=harbour.event, person=harbour.hq)
    counts: dict[str, int] = read["difference"]["counts"]
    return counts


def kept(task: Task) -> Task:
    """Without the dates, which are computed here unless a task is placed by hand."""
    computed = {} if task.manual else {"start": None, "finish": None}
    shape = {"duration": Duration(0)} if task.kind is TaskKind.SUMMARY else {}
    return replace(task, **computed, **shape)  # type: ignore[arg-type]


def test_what_the_tool_knows_of_a_task_comes_out_again(harbour: Harbour) -> None:
    given = read_mspdi(Path("book.xml"), mspdi_bytes(PLAN))  # what the file can hold: one constraint a task
    imported(harbour, mspdi_bytes(PLAN), "book.xml")
    out = read_mspdi(Path("book.xml"), mspdi_bytes(adapter.plan_of(harbour.event)))
    assert [kept(task) for task in out.tasks] == [kept(task) for task in given.tasks]
    assert out.links == given.links == LINKS


def test_several_constraints_come_in_by_our_own_json_and_out_again(harbour: Harbour) -> None:
    imported(harbour, plan_json_bytes(PLAN), "book.json")
    assert adapter.plan_of(harbour.event).by_id()["E"].constraints == TASKS[-1].constraints
    counts = imported(harbour, plan_json_bytes(adapter.plan_of(harbour.event)), "book.json")
    assert {name: n for name, n in counts.items() if n} == {"unchanged": len(TASKS)}
    other = replace(TASKS[-1], constraints=TASKS[-1].constraints[::-1], wbs="9", active=False)
    counts = imported(harbour, plan_json_bytes(replace(PLAN, tasks=(*TASKS[:-1], other))), "book.json")
    assert counts["changed"] == 1
    found = adapter.plan_of(harbour.event).by_id()["E"]
    assert (found.constraints, found.wbs, found.active) == (other.constraints, "9", False)


def test_a_placed_task_is_where_it_was_placed_and_a_pause_makes_a_task_longer(harbour: Harbour) -> None:
    imported(harbour, mspdi_bytes(PLAN), "book.xml")
    rows = {row.key: row for row in Row.objects.filter(event=harbour.event)}
    assert (rows["A"].planned_start, rows["A"].planned_finish) == (TASKS[1].start, TASKS[1].finish)
    now = clock.now(harbour.event)
    paused = adapter.scheduled(harbour.event, now).by_id()
    assert "D" not in paused
    Row.objects.filter(event=harbour.event, key="B").update(pause_min=0)
    straight = adapter.scheduled(harbour.event, now).by_id()
    assert straight["B"].early_start == paused["B"].early_start
    assert straight["B"].early_finish < paused["B"].early_finish


def test_a_constraint_typed_here_replaces_all_the_file_had(harbour: Harbour) -> None:
    imported(harbour, plan_json_bytes(PLAN), "book.json")
    args = {"task": "E", "field": "constraint", "value": "SNET 2026-09-07"}
    perform("planning.task.change", args, event=harbour.event, person=harbour.hq)
    constraints = adapter.plan_of(harbour.event).by_id()["E"].constraints
    assert [one.kind for one in constraints] == [ConstraintKind.SNET]
    perform("planning.undo", {}, event=harbour.event, person=harbour.hq)
    assert adapter.plan_of(harbour.event).by_id()["E"].constraints == TASKS[-1].constraints


def test_a_percentage_is_shown_and_a_lag_typed_here_replaces_it(harbour: Harbour) -> None:
    imported(harbour, mspdi_bytes(PLAN), "book.xml")
    found = ask("planning.task", {"task": "B"}, event=harbour.event, person=harbour.hq)
    assert [link["lag"] for link in found["predecessors"]] == ["50%"]
    args = {"predecessor": "A", "successor": "B", "lag": "2d"}
    perform("planning.link", args, event=harbour.event, person=harbour.hq)
    link = TaskLink.objects.get(event=harbour.event, successor__key="B")
    assert (link.lag_min, link.lag_percent) == (960, None)


def test_it_stays_in_the_events_own_folder(harbour: Harbour, tmp_path: Path) -> None:
    imported(harbour, plan_json_bytes(PLAN), "book.json")
    perform("planning.publish", {}, event=harbour.event, person=harbour.hq)
    write_folder(folder_of(harbour.event), tmp_path / "out")
    found = read_folder(tmp_path / "out").plan
    standing = adapter.plan_of(harbour.event)
    assert {task.id: kept(task) for task in found.tasks} == {task.id: kept(task) for task in standing.tasks}
    assert set(found.links) == set(LINKS)
