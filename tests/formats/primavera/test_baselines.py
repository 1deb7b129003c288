"""Baseline projects beside the project in a file: read, written, read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.formats.primavera.files import activity, table, xer
from tminus.engines.schedule import Baseline, Duration, Plan, Task, TaskKind
from tminus.formats.plan_json import plan_json_bytes, read_plan_json
from tminus.formats.primavera import pmxml_bytes, read_pmxml, read_xer, xer_bytes
from tminus.formats.problems import BadFile

XER, XML = Path("plan.xer"), Path("plan.xml")
NOW = {"proj_id": "9", "proj_short_name": "EXPO", "clndr_id": "1", "sum_base_proj_id": "11", "export_flag": "Y"}
CONTRACT = {"proj_id": "11", "proj_short_name": "EXPO-B1", "orig_proj_id": "9", "export_flag": "Y"}
EARLIER = {"proj_id": "10", "proj_short_name": "EXPO-B0", "orig_proj_id": "9", "export_flag": "Y"}


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour)


def of(project: str, code: str, start: str, finish: str, **more: str) -> dict[str, str]:
    row = activity(code, 8, proj_id=project, target_start_date=start, target_end_date=finish, **more)
    return row | {"task_id": f"{project}{row['task_id']}"}


ROWS = [
    of("9", "A", "2026-06-03 08:00", "2026-06-04 17:00"),
    of("9", "B", "2026-06-05 08:00", "2026-06-05 17:00"),
    of("10", "A", "2026-06-01 08:00", "2026-06-01 17:00"),
    of("11", "A", "2026-06-01 08:00", "2026-06-02 17:00"),
    of("11", "GONE", "", "", act_start_date="2026-06-02 08:00", early_end_date="2026-06-03 17:00"),
]
TOPS = [
    {"wbs_id": "1", "proj_id": "9", "proj_node_flag": "Y", "wbs_name": "The Expo"},
    {"wbs_id": "2", "proj_id": "11", "proj_node_flag": "Y", "wbs_name": "As contracted"},
]


def file(*projects: dict[str, str]) -> bytes:
    return xer(ROWS, None, table("PROJECT", *projects), table("PROJWBS", *TOPS))


def test_the_current_baseline_stands_first_and_is_no_project_to_choose() -> None:
    plan = read_xer(XER, file(EARLIER, NOW, CONTRACT))
    assert plan.name == "The Expo"
    assert [task.id for task in plan.tasks] == ["A", "B"]
    planned, contract, earlier = plan.baselines
    assert planned == Baseline(0, {"A": (at(3, 8), at(4, 17)), "B": (at(5, 8), at(5, 17))})
    assert contract == Baseline(1, {"A": (at(1, 8), at(2, 17)), "GONE": (at(2, 8), at(3, 17))}, "As contracted")
    assert earlier == Baseline(2, {"A": (at(1, 8), at(1, 17))}, "EXPO-B0")


def test_a_baseline_that_is_not_in_the_file_is_passed_over() -> None:
    plan = read_xer(XER, xer(ROWS[:2], None, table("PROJECT", NOW)))
    assert [one.number for one in plan.baselines] == [0]


def test_a_baseline_may_be_asked_for_as_a_plan_of_its_own() -> None:
    plan = read_xer(XER, file(EARLIER, NOW, CONTRACT), project="EXPO-B1")
    assert [task.id for task in plan.tasks] == ["A", "GONE"]
    assert [one.number for one in plan.baselines] == [0]


def test_projects_that_are_each_other_s_baselines_are_still_a_choice() -> None:
    with pytest.raises(BadFile, match="2 projects: EXPO, EXPO-B1; allowed: one"):
        read_xer(XER, file({**NOW, "orig_proj_id": "11"}, CONTRACT))


def test_a_wrong_date_of_a_baseline_is_told_with_its_place() -> None:
    rows = [*ROWS[:2], of("11", "A", "soon", "")]
    with pytest.raises(BadFile, match="table TASK, row 3, field target_start_date: 'soon' cannot be taken"):
        read_xer(XER, xer(rows, None, table("PROJECT", NOW, CONTRACT)))


def test_a_baseline_project_of_p6_xml() -> None:
    content = b"""<APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V19.12/API/BusinessObjects">
    <Project><ObjectId>9</ObjectId><Id>EXPO</Id><Name>The Expo</Name>
     <CurrentBaselineProjectObjectId>11</CurrentBaselineProjectObjectId>
     <Activity><ObjectId>1</ObjectId><Id>A</Id><Name>Task A</Name><PlannedDuration>8</PlannedDuration></Activity>
    </Project>
    <BaselineProject><ObjectId>11</ObjectId><Id>B1</Id><Name>As contracted</Name>
     <OriginalProjectObjectId>9</OriginalProjectObjectId>
     <Calendar><ObjectId>5</ObjectId><Name>of the baseline</Name></Calendar>
     <Activity><ObjectId>7</ObjectId><Id>A</Id><PlannedStartDate>2026-06-01T08:00:00</PlannedStartDate>
      <PlannedFinishDate>2026-06-02T17:00:00</PlannedFinishDate></Activity></BaselineProject></APIBusinessObjects>"""
    plan = read_pmxml(XML, content)
    assert plan.baselines == (Baseline(1, {"A": (at(1, 8), at(2, 17))}, "As contracted"),)
    assert "of the baseline" not in plan.calendars


@pytest.mark.parametrize(("write", "read", "path"), [(xer_bytes, read_xer, XER), (pmxml_bytes, read_pmxml, XML)])
def test_what_is_written_reads_back(write, read, path) -> None:  # type: ignore[no-untyped-def]
    plan = read_xer(XER, file(EARLIER, NOW, CONTRACT))
    again = read(path, write(plan))
    known = [replace(one, dates={id: pair for id, pair in one.dates.items() if id != "GONE"}) for one in plan.baselines]
    assert list(again.baselines) == known
    assert [task.id for task in again.tasks] == ["A", "B"]
    assert write(again) == write(plan)


def test_baselines_of_other_tools_get_a_name_and_summaries_have_none() -> None:
    tasks = (Task("S", "Site", kind=TaskKind.SUMMARY, duration=Duration(0)), Task("A", "Task A", parent="S"))
    pair = (at(1, 8), None)
    plan = Plan("Expo", tasks, baselines=(Baseline(3, {"S": pair, "A": pair}),))
    assert read_xer(XER, xer_bytes(plan)).baselines == (Baseline(1, {"A": pair}, "Baseline 3"),)


def test_our_own_json_keeps_the_name() -> None:
    plan = read_xer(XER, file(NOW, CONTRACT))
    assert read_plan_json(Path("plan.json"), plan_json_bytes(plan)).baselines == plan.baselines
