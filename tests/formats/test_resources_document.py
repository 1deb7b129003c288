"""Resources as a document and a workbook: both read back as the same resources, rows about gone tasks are left out."""

from __future__ import annotations

from typing import Any

import pytest

from tminus.engines.schedule import Duration, Plan, Task, week_calendar
from tminus.formats.problems import BadFile
from tminus.formats.resources_document import (
    document_of,
    read_content,
    read_document,
    resources_workbook,
    without_gone,
)

TASKS = tuple(Task(id, id, duration=Duration(960), area="RD", place="gate") for id in ("T1", "T2", "U1"))
PLAN = Plan("plan", TASKS, calendars={"standard": week_calendar("standard")}, default_calendar="standard")
DOCUMENT: dict[str, Any] = {
    "resources": [
        {"resource": "gang", "name": "Gang / 班", "kind": "crew", "capacity": 2.5, "calendar": "late", "overtime": 1.0},
        {"resource": "mast", "kind": "equipment", "capacity": 1.0, "from": "2026-08-01", "until": "2026-10-30T12:00"},
        {"resource": "Ann", "kind": "person", "capacity": 1.0, "skills": ["weld", "sign"], "cost_per_hour": 40.0},
        {"resource": "scaffold", "kind": "equipment", "capacity": 3.0, "held": True},
    ],
    "capacity": [{"resource": "gang", "from": "2026-09-01", "until": "2026-09-03", "capacity": 0.0}],
    "needs": [
        {"task": "T1", "resource": "gang", "units": 2.0},
        {"task": "T*", "resource": "weld", "units": 1.0},
        {"task": "T1", "resource": "gang", "units": 2.5, "mode": "fast"},
    ],
    "modes": [{"task": "T1", "mode": "usual"}, {"task": "T1", "mode": "fast", "duration": "10h", "cost": 700.0}],
    "places": [{"place": "gate", "most_tasks": 2}, {"place": "yard", "most_people": 30.0}],
    "masks": [
        {"mark": "noise", "days": "Saturday, Sunday", "from": "2026-09-01", "until": "2026-09-30"},
        {"mark": "trucks", "hours": "07:00-09:30, 16:30-19:00"},
    ],
    "marks": [{"task": "area=RD", "mark": "noise"}, {"task": "U1", "mark": "trucks"}],
    "calendars": {"late": {"working_weekdays": [0, 1, 2, 3, 4, 5], "hours": [["12:00", "20:00"]]}},
}  # fmt: skip


def test_a_document_read_and_written_says_the_same() -> None:
    written = document_of(read_document(DOCUMENT, PLAN))
    assert {**written, "calendars": None} == {**DOCUMENT, "calendars": None}
    assert read_document(written, PLAN) == read_document(DOCUMENT, PLAN)


@pytest.mark.parametrize("chinese", [False, True])
def test_the_workbook_reads_back(chinese: bool) -> None:
    resources = read_document(DOCUMENT, PLAN)
    content = resources_workbook(document_of(resources), resources, chinese=chinese)
    assert read_content("r.xlsx", content, PLAN) == resources


def test_rows_about_tasks_the_plan_no_longer_has_are_left_out_and_named() -> None:
    smaller = Plan("plan", TASKS[2:], calendars=PLAN.calendars, default_calendar="standard")
    kept, gone = without_gone(DOCUMENT, smaller)
    assert gone == ["T*", "T1"]
    assert kept["needs"] == kept["modes"] == [] and len(kept["marks"]) == 2
    assert without_gone(DOCUMENT, PLAN) == (DOCUMENT, [])


def test_a_file_is_named_as_it_was_handed_in_wherever_it_lay() -> None:
    with pytest.raises(BadFile, match=r"^crews\.json"):
        read_content("../../crews.json", b"[]", PLAN)
