"""An export of the timetable has its groups and folds; a calendar file the month that is shown, or all of them."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from icalendar import Calendar

from tests.desks.planning.small_plan import task
from tests.desks.planning.test_map_and_timetable import signed_in
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.engines.schedule import TaskKind
from tminus.formats.assignment_book import read_book

EXPORT = "/e/harbour/export/plan."


def rows(harbour: Harbour, **query: str) -> list[dict[str, Any]]:
    answer = signed_in(harbour).get(f"{EXPORT}csv", query)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def tree(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["ID"], row["Parent"]) for row in found]


def test_rows_stand_under_the_heads_of_their_groups(planned: Harbour) -> None:
    found = rows(planned, group="unit")
    heads = [row["ID"] for row in found if row["ID"].startswith("unit:")]
    assert set(heads) == {"unit:roads", "unit:paving", "unit:health"}
    assert {("R1", "unit:roads"), ("R2", "unit:paving"), ("H1", "unit:health")} <= set(tree(found))
    roads = next(row for row in found if row["ID"] == "unit:roads")
    assert roads["Notes"] == "2 tasks" and roads["Start"] == f"{task(planned, 'R1').planned_start:%Y-%m-%d %H:%M}"


def test_a_folded_group_is_its_head_alone(planned: Harbour) -> None:
    Task.objects.filter(event=planned.event, key="H2").update(status="late")
    found = rows(planned, group="unit", fold="health,roads")
    assert [row["Notes"] for row in found if row["ID"] == "unit:health"] == ["2 tasks · 1 late"]
    assert [row["ID"] for row in found if not row["ID"].startswith("unit:")] == ["R2"]


def test_a_folded_summary_keeps_what_is_under_it(planned: Harbour) -> None:
    assert [row["ID"] for row in rows(planned, fold="R")] == ["R", "H", "H1", "H2"]
    assert len(rows(planned)) == 7


@pytest.mark.parametrize(("group", "nobody"), [("area", "no area"), ("person", "no holder")])
def test_those_of_none_have_a_head_too(planned: Harbour, group: str, nobody: str) -> None:
    found = rows(planned, group=group)
    assert [row["Task"] for row in found if row["ID"] == f"{group}:-"] == [nobody]


@pytest.mark.parametrize("form", ["xlsx", "csv", "xml", "json"])
def test_every_form_is_grouped(planned: Harbour, form: str) -> None:
    answer = signed_in(planned).get(f"{EXPORT}{form}", {"group": "unit", "fold": "roads"})
    assert answer.status_code == 200
    if form == "json":
        assert {one.get("parent") for one in json.loads(answer.content)["tasks"]} == {
            None,
            "unit:paving",
            "unit:health",
        }
    elif form != "xlsx":
        assert b"Paving" in answer.content and b"Survey" not in answer.content


def test_a_grouped_workbook_reads_back_as_it_looks(planned: Harbour, tmp_path: Any) -> None:
    file = tmp_path / "grouped.xlsx"
    file.write_bytes(signed_in(planned).get(f"{EXPORT}xlsx", {"group": "unit"}).content)
    plan = read_book(file).checked()
    heads = [one.id for one in plan.tasks if one.kind is TaskKind.SUMMARY]
    assert set(heads) == {"unit:roads", "unit:paving", "unit:health"}


def summaries(content: bytes) -> set[str]:
    return {str(one["summary"]) for one in Calendar.from_ical(content).walk("VEVENT")}


def test_the_calendar_file_is_the_month_shown_and_the_filter(planned: Harbour) -> None:
    client = signed_in(planned)
    first = task(planned, "R1")
    assert first.planned_start is not None
    month = f"{first.planned_start:%Y-%m}"
    page = client.get("/e/harbour/timetable/calendar/", {"month": month}).content.decode()
    assert f"plan.ics?month={month}" in page and 'plan.ics"' in page
    assert "Survey" in summaries(client.get(f"{EXPORT}ics", {"month": month}).content)
    found = summaries(client.get(f"{EXPORT}ics", {"month": month, "unit": "health"}).content)
    assert "Survey" not in found
    assert summaries(client.get(f"{EXPORT}ics", {"month": "2026-07"}).content) == set()
    assert len(summaries(client.get(f"{EXPORT}ics").content)) == 5


def test_the_page_offers_all_months_of_its_filter(planned: Harbour) -> None:
    page = signed_in(planned).get("/e/harbour/timetable/calendar/", {"unit": "health"}).content.decode()
    assert "plan.ics?unit=health" in page and "All months, as filtered" in page


def test_a_month_that_is_none_is_refused(planned: Harbour) -> None:
    assert signed_in(planned).get(f"{EXPORT}ics", {"month": "soon"}).status_code == 404
