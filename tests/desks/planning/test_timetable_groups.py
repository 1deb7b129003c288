"""The timetable by area, unit and person; folding; the links among the rows shown; a month of it as a calendar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from tests.desks.planning.small_plan import task
from tests.desks.planning.test_map_and_timetable import signed_in
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.platform.registry import BadInput, ask


def timetable(harbour: Harbour, who: str = "hq", **args: Any) -> dict[str, Any]:
    found: dict[str, Any] = ask("planning.timetable", args, event=harbour.event, person=harbour.people[who])
    return found


def keys(found: dict[str, Any]) -> list[str]:
    return [row["key"] for row in found["rows"]]


def heads(found: dict[str, Any]) -> list[tuple[int, str, int]]:
    return [(head["before"], head["name"], head["tasks"]) for head in found["heads"]]


def test_leaves_stand_under_their_area_unit_or_person_and_those_of_none_last(planned: Harbour) -> None:
    found = timetable(planned, group="area")
    assert keys(found) == ["R1", "R2", "R3", "H1", "H2"]
    assert heads(found) == [(0, "Roads", 3), (3, "", 2)]
    found = timetable(planned, group="unit")
    assert heads(found) == [(0, "Health Commission", 2), (2, "City Works", 2), (4, "Paving team", 1)]
    found = timetable(planned, group="person")
    assert heads(found)[-1] == (4, "", 1) and keys(found)[-1] == "H2"


def test_head_spans_its_tasks_and_tells_the_worst_of_them(planned: Harbour) -> None:
    Task.objects.filter(event=planned.event, key="R2").update(status="late")
    roads = timetable(planned, group="area")["heads"][0]
    assert roads["start"] == task(planned, "R1").planned_start and roads["finish"] == task(planned, "R3").planned_finish
    assert (roads["late"], roads["status"]) == (1, "late")


def test_folded_groups_keep_their_head_only(planned: Harbour) -> None:
    found = timetable(planned, group="area", fold="RD")
    assert keys(found) == ["H1", "H2"] and found["total"] == 2
    assert heads(found) == [(0, "Roads", 3), (0, "", 2)]
    found = timetable(planned, group="area", fold="RD,-")
    assert keys(found) == [] and heads(found) == [(0, "Roads", 3), (0, "", 2)]


def test_folded_summaries_hide_what_stands_under_them(planned: Harbour) -> None:
    found = timetable(planned, fold="R")
    assert keys(found) == ["R", "H", "H1", "H2"] and found["foldable"] == ["R", "H"]
    assert keys(timetable(planned, fold="R,H")) == ["R", "H"]


@pytest.mark.parametrize("offset", [0, 2, 4])
def test_a_group_that_goes_on_has_its_head_on_each_page(planned: Harbour, offset: int) -> None:
    found = timetable(planned, group="area", offset=offset, limit=2)
    expected = {0: [(0, "Roads", 3)], 2: [(0, "Roads", 3), (1, "", 2)], 4: [(0, "", 2)]}
    assert heads(found) == expected[offset]


def test_an_offset_behind_the_last_row_gives_the_last_page(planned: Harbour) -> None:
    found = timetable(planned, offset=400, limit=3)
    assert (found["offset"], keys(found), found["total"]) == (6, ["H2"], 7)


def test_links_among_the_rows_shown(planned: Harbour) -> None:
    both = {(one["pred"], one["succ"], one["kind"]) for one in timetable(planned)["links"]}
    assert both == {("R1", "R2", "FS"), ("R2", "R3", "FS"), ("H1", "H2", "SS")}
    assert [(one["pred"], one["succ"]) for one in timetable(planned, limit=3)["links"]] == [("R1", "R2")]


def test_nobody_sees_heads_or_links_of_what_is_out_of_reach(planned: Harbour) -> None:
    found = timetable(planned, "paver", group="unit")
    assert heads(found) == [(0, "Paving team", 1)] and found["links"] == []


@pytest.mark.parametrize(
    "query", ["", "?group=area", "?group=unit&fold=roads,-", "?group=nonsense&view=odd", "?fold=R"]
)
def test_the_page_draws_each_row_and_arrow(planned: Harbour, query: str) -> None:
    page = signed_in(planned).get(f"/e/harbour/timetable/{query}").content.decode()
    if query in ("", "?group=area"):
        assert page.count('marker-end="url(#arrow)"/>') == 4  # three links and the legend
        assert page.count('class="gantt-name') == 8  # their column and seven rows
    assert "Health" in page


def test_calendar_tells_each_leaf_on_the_day_it_begins_and_is_finished(planned: Harbour) -> None:
    paving = task(planned, "R2")
    assert paving.planned_start is not None and paving.planned_finish is not None
    month = f"{paving.planned_start:%Y-%m}"
    found = ask("planning.calendar", {"month": month}, event=planned.event, person=planned.hq)
    days = {one["day"]: one for one in found["days"]}
    assert len(days) % 7 == 0 and min(days).weekday() == 0
    assert "R2" in [one["key"] for one in days[paving.planned_start.date()]["begins"]]
    assert days[paving.planned_start.date()]["t"] == planned.event.t(paving.planned_start.date())
    month = f"{paving.planned_finish:%Y-%m}"
    found = ask("planning.calendar", {"month": month}, event=planned.event, person=planned.hq)
    days = {one["day"]: one for one in found["days"]}
    finished = [one["key"] for one in days[paving.planned_finish.date()]["finishes"]]
    assert "R2" in finished and {one["checkpoint"] for one in found["days"]} == {True, False}


def test_calendar_lists_a_few_and_counts_all(planned: Harbour) -> None:
    finish = task(planned, "R2").planned_finish
    Task.objects.filter(event=planned.event, kind="task").update(planned_finish=finish)
    args = {"month": f"{finish:%Y-%m}", "most": 2}
    found = ask("planning.calendar", args, event=planned.event, person=planned.hq)
    [day] = [one for one in found["days"] if one["finishes_total"] >= 4]
    assert len(day["finishes"]) == 2
    page = signed_in(planned).get("/e/harbour/timetable/calendar/", {"month": args["month"]}).content.decode()
    assert "Paving" in page and "Sun" in page


@pytest.mark.parametrize("month", ["2026-13", "soon", "0001-01", "9999-12", "2026-8-1"])
def test_what_is_no_month_is_refused(planned: Harbour, month: str) -> None:
    with pytest.raises(BadInput, match="allowed: a month like"):
        ask("planning.calendar", {"month": month}, event=planned.event, person=planned.hq)
    assert signed_in(planned).get("/e/harbour/timetable/calendar/", {"month": month}).status_code == 404


def test_what_if_says_what_would_avoid_the_harm_in_words(planned: Harbour) -> None:
    survey = task(planned, "R1")
    assert survey.planned_start is not None
    asked = {"task": "R1", "start": f"{survey.planned_start.date() + timedelta(days=14):%Y-%m-%d}"}
    found = ask("planning.what_if", asked, event=planned.event, person=planned.hq)
    assert found["misses_opening"] or found["slips"]
    said = [one["text"] for one in found["remedies"]]
    assert any(text.startswith("shorten Paving by ") and text.endswith(" working days") for text in said)
    with override("zh-hans"):
        found = ask("planning.what_if", asked, event=planned.event, person=planned.hq)
    assert any("压缩" in one["text"] for one in found["remedies"])
