"""XER files: what is read, and how a wrong one is told."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.primavera.files import activity, key, link, options, project, table, xer
from tminus.engines.schedule import (
    Assignment,
    Constraint,
    ConstraintKind,
    Duration,
    FloatKind,
    LagCalendar,
    Link,
    LinkKind,
    ProgressLogic,
    ScheduleLogic,
    StoredDates,
    TaskKind,
    TaskRole,
    back_schedule,
)
from tminus.formats.plan_file import read_plan
from tminus.formats.primavera import read_xer
from tminus.formats.primavera.clndr_data import week_and_exceptions
from tminus.formats.primavera.tables import read_tables, text_of
from tminus.formats.problems import BadFile

FILE = Path("plan.xer")
NINE = datetime(2026, 6, 1, 9)


def test_a_plan() -> None:
    rows = [
        activity("A", 16, early_start_date="2026-06-01 08:00", early_end_date="2026-06-02 17:00",
                 late_start_date="2026-06-03 08:00", late_end_date="2026-06-04 17:00", total_float_hr_cnt="16"),
        activity("B", 0, task_type="TT_FinMile", cstr_type="CS_MEOB", cstr_date="2026-06-10 17:00",
                 cstr_type2="CS_MSOA", cstr_date2="2026-06-01 09:00", expect_end_date="2026-06-11 17:00"),
    ]  # fmt: skip
    plan = read_xer(FILE, xer(rows, [link("A", "B", "FF", 4)]))
    first, second = plan.tasks
    assert (plan.name, plan.status_date, plan.default_calendar) == ("EXPO", datetime(2026, 6, 1, 8), "days")
    assert (plan.opening, plan.finish, plan.source) == (date(2026, 10, 31), datetime(2026, 10, 30, 17), "xer")
    assert (first.id, first.duration, first.calendar) == ("A", Duration(960), "days")
    assert (second.kind, second.role) == (TaskKind.MILESTONE, TaskRole.FINISH_MILESTONE)
    assert second.constraints == (
        Constraint(ConstraintKind.FNLT, datetime(2026, 6, 10, 17)),
        Constraint(ConstraintKind.SNET, NINE),
        Constraint(ConstraintKind.EXPECTED_FINISH, datetime(2026, 6, 11, 17)),
    )
    assert plan.links == (Link("A", "B", LinkKind.FF, Duration(240)),)
    assert plan.stored["A"] == StoredDates(
        datetime(2026, 6, 1, 8), datetime(2026, 6, 2, 17), datetime(2026, 6, 3, 8), datetime(2026, 6, 4, 17), 960.0,
        datetime(2026, 6, 1, 8), datetime(2026, 6, 2, 17),
    )  # fmt: skip


def test_an_empty_float_is_not_zero() -> None:
    dates = {"early_start_date": "2026-06-01 08:00", "early_end_date": "2026-06-01 17:00"}
    row = activity("A") | dates | {"total_float_hr_cnt": ""}
    assert read_xer(FILE, xer([row])).stored["A"].total_float_minutes is None


def test_progress() -> None:
    rows = [
        activity("A", 8, status_code="TK_Complete", act_start_date="2026-05-04 08:00", act_end_date="2026-05-05 17:00"),
        activity("B", 40, status_code="TK_Active", act_start_date="2026-05-28 08:00", remain_drtn_hr_cnt="30",
                 suspend_date="2026-05-29 17:00", resume_date="2026-06-08 08:00"),
        activity("C", 8, status_code="TK_Active", act_start_date="2026-05-28 08:00", remain_drtn_hr_cnt="0"),
    ]  # fmt: skip
    progress = read_xer(FILE, xer(rows)).progress
    assert (progress["A"].actual_finish, progress["A"].percent) == (datetime(2026, 5, 5, 17), 100.0)
    assert (progress["B"].remaining, progress["B"].percent) == (Duration(1800), 25.0)
    assert (progress["B"].suspended, progress["B"].resumed) == (datetime(2026, 5, 29, 17), datetime(2026, 6, 8, 8))
    assert (progress["C"].remaining, progress["C"].percent) == (Duration(0), 99.0)  # not finished until said so


def test_structure_codes_and_resources() -> None:
    top = {"proj_id": "9", "parent_wbs_id": "1"}
    wbs = [
        {"wbs_id": "1", "proj_id": "9", "proj_node_flag": "Y", "wbs_short_name": "EXPO", "wbs_name": "The Expo"},
        top | {"wbs_id": "3", "wbs_short_name": "S", "wbs_name": "Site", "seq_num": "2"},
        top | {"wbs_id": "2", "wbs_short_name": "H", "wbs_name": "Halls", "seq_num": "1"},
        {"wbs_id": "4", "proj_id": "9", "parent_wbs_id": "2", "wbs_short_name": "1", "wbs_name": "Hall 1"},
        {"wbs_id": "5", "proj_id": "9", "parent_wbs_id": "2", "wbs_short_name": "2", "wbs_name": "Nothing in it"},
    ]  # fmt: skip
    more = [
        table("PROJWBS", *wbs),
        table("RSRC", {"rsrc_id": "7", "rsrc_short_name": "LW", "rsrc_name": "Li Wei", "rsrc_type": "RT_Labor"}),
        table("TASKRSRC", {"task_id": key("B"), "rsrc_id": "7", "target_qty_per_hr": "0.5", "target_qty": "4"}),
        table("ACTVTYPE", {"actv_code_type_id": "1", "actv_code_type": "Area"},
              {"actv_code_type_id": "2", "actv_code_type": "Shift"}),
        table("ACTVCODE", {"actv_code_id": "1", "actv_code_name": "Halls"}, {"actv_code_id": "2", "short_name": "N"}),
        table("TASKACTV", {"task_id": key("B"), "actv_code_type_id": "1", "actv_code_id": "1", "proj_id": "9"},
              {"task_id": key("B"), "actv_code_type_id": "2", "actv_code_id": "2", "proj_id": "9"}),
        table("UDFTYPE", {"udf_type_id": "1", "table_name": "TASK", "udf_type_label": "Contractor"}),
        table("UDFVALUE", {"udf_type_id": "1", "fk_id": key("B"), "proj_id": "9", "udf_text": "Bridges Ltd"}),
        table("SOMETHING_NEW", {"a": "1"}),
    ]  # fmt: skip
    plan = read_xer(FILE, xer([activity("A", wbs_id="3"), activity("B", wbs_id="4", rsrc_id="7")], None, *more))
    assert [(task.id, task.parent, task.kind.value) for task in plan.tasks] == [
        ("H", None, "summary"), ("H.1", "H", "summary"), ("B", "H.1", "task"),
        ("S", None, "summary"), ("A", "S", "task"),
    ]  # fmt: skip
    marked = plan.by_id()["B"]
    assert (plan.name, marked.area, marked.unit, marked.responsible) == ("The Expo", "Halls", "Bridges Ltd", "Li Wei")
    assert marked.extra == {"Area": "Halls", "Shift": "N", "Contractor": "Bridges Ltd"}
    assert plan.assignments == (Assignment("B", "LW", 0.5, 240.0),)


def test_options_of_the_schedule() -> None:
    chosen = options(
        sched_progress_override="Y", sched_float_type="FT_Min", sched_calendar_on_relationship_lag="rcal_24Hour",
        sched_use_expect_end_flag="N", sched_open_critical_flag="Y", sched_outer_depend_type="SD_None",
    )  # fmt: skip
    changed = project(critical_path_type="CT_DrivPath", critical_drtn_hr_cnt="8", plan_end_date="2026-09-30 17:00")
    plan = read_xer(FILE, xer([activity("A")], None, chosen, changed))
    assert plan.lag_calendar is LagCalendar.CLOCK
    assert plan.logic == ScheduleLogic(
        progress=ProgressLogic.OVERRIDE, total_float=FloatKind.LEAST, longest_path=True, critical_minutes=480,
        open_ends_critical=True, expected_finish=False, ignore_external=True, must_finish=datetime(2026, 9, 30, 17),
    )  # fmt: skip
    assert plan.opening == date(2026, 10, 1)


def test_lines_without_a_mark_go_on_from_the_row_before() -> None:
    content = xer([activity("A")]).decode().replace("Task A", "Task\nof two lines")
    assert read_xer(FILE, content.encode()).tasks[0].name == "Task\nof two lines"


def test_short_rows_and_other_line_ends() -> None:
    content = xer([activity("A", status_code="")]).replace(b"\n", b"\r\n").replace(b"\t8\r\n", b"\r\n")
    assert read_xer(FILE, content).tasks[0].duration == Duration(480)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_in_any_encoding(encoding: str) -> None:
    content = xer([activity("A", task_name="主入口广场铺装")]).decode().encode(encoding)
    assert read_xer(FILE, content).tasks[0].name == "主入口广场铺装"


def test_western_letters() -> None:
    content = xer([activity("A", task_name="Café à côté – £1")]).decode().encode("cp1252")
    assert read_xer(FILE, content).tasks[0].name == "Café à côté – £1"
    assert text_of(b"\x81 undefined") == "� undefined"


def test_one_of_several_projects() -> None:
    rows = [activity("A"), activity("B", proj_id="10")]
    both = table(
        "PROJECT",
        {"proj_id": "9", "proj_short_name": "EXPO", "export_flag": "Y", "last_recalc_date": "2026-06-01 08:00"},
        {"proj_id": "10", "proj_short_name": "ROADS", "export_flag": "Y"},
        {"proj_id": "11", "proj_short_name": "OUTSIDE", "export_flag": "N"},
    )
    with pytest.raises(BadFile, match=r"plan.xer: holds 2 projects: EXPO, ROADS; allowed: one"):
        read_xer(FILE, xer(rows, None, both))
    assert [task.id for task in read_xer(FILE, xer(rows, None, both), project="ROADS").tasks] == ["B"]
    assert [task.id for task in read_xer(FILE, xer(rows[:1], None, both)).tasks] == ["A"]  # the other is empty
    with pytest.raises(BadFile, match=r"project 'SEA'; allowed: EXPO, OUTSIDE, ROADS"):
        read_xer(FILE, xer(rows, None, both), project="SEA")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not at all", r"begins with 'not at all'; allowed: a Primavera XER file, which begins with ERMHDR"),
        (b"ERMHDR\t19.12\n%E\n", r"holds no project; allowed: an export of one project"),
        (b"ERMHDR\n%T\tTASK\n%R\t1\n", r"table TASK: rows without a line %F"),
        (xer([activity("A", task_type="TT_Odd")]), r"table TASK, row 1, field task_type: 'TT_Odd' .* allowed: TT_Task"),
        (xer([activity("A", status_code="?")]), r"row 1, field status_code: '\?' cannot be taken; allowed: TK_NotSta"),
        (xer([activity("A"), activity("B", remain_drtn_hr_cnt="8h")]), r"row 2, field remain_drtn_hr_cnt: '8h' .*num"),
        (xer([activity("A", remain_drtn_hr_cnt="1e300")]), r"field remain_drtn_hr_cnt: '1e300' .* a number between"),
        (xer([activity("A", early_end_date="29-JAN-24")]), r"field early_end_date: '29-JAN-24' .* 2026-08-17 08:00"),
        (xer([activity("A", cstr_type="CS_X", cstr_date="2026-06-01 08:00")]), r"field cstr_type: 'CS_X' .*CS_ALAP"),
        (xer([activity("A"), activity("B")], [link("A", "B", "XX")]), r"TASKPRED, row 1, field pred_type: 'PR_XX'"),
        (xer([activity("A"), activity("B")], [link("A", "B") | {"lag_hr_cnt": "2d"}]), r"field lag_hr_cnt: '2d'"),
        (xer([activity("A")], None, project(last_recalc_date="soon")), r"table PROJECT, .* last_recalc_date: 'soon'"),
        (xer([activity("A")], None, options(sched_float_type="FT_X")), r"table SCHEDOPTIONS, .*'FT_X' .* FT_FF, FT_SS"),
        (
            xer([activity("A")], None, table("CALENDAR", {"clndr_id": "1", "clndr_name": "odd", "clndr_data": "(0||"})),
            r"table CALENDAR, row 1 \(odd\), field clndr_data: '\(0\|\|' cannot be taken; allowed: a calendar like",
        ),
        (xer([activity("A"), activity("A")]), r"task 'A' stands twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_told_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "plan.xer"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=message) as told:
        read_plan(path)
    assert "\n" not in str(told.value)


def test_a_structure_that_stands_under_itself() -> None:
    rows = [{"wbs_id": a, "proj_id": "9", "parent_wbs_id": b, "wbs_short_name": a} for a, b in ("12", "21")]
    with pytest.raises(BadFile, match=r"plan.xer: .*not under themselves"):
        read_xer(FILE, xer([activity("A", wbs_id="1")], None, table("PROJWBS", *rows)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(xer([activity("A"), activity("B", cstr_type="CS_MSO", cstr_date="2026-06-03 08:00")],
                            [link("A", "B")], options()))  # fmt: skip
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    try:
        read_xer(FILE, bytes(content))
    except BadFile as error:
        assert str(error).startswith("plan.xer")


# Calendars ----------------------------------------


def test_hours_and_exceptions_of_a_calendar() -> None:
    text = (
        "(0||CalendarData()(\x7f\x7f  (0||DaysOfWeek()(\x7f\x7f (0||1()())\x7f\x7f"
        "(0||2()(\x7f\x7f (0||0(s|08:00|f|12:00)())\x7f\x7f (0||1(f|17:00|s|13:00)())))"
        "(0||7()((0||0(s|22:00|f|00:00)())))))(0||VIEW(ShowTotal|N)())"
        "(0||Exceptions()((0||0(d|46023)())(0||1(d|46024)((0||0(s|09:00|f|10:00)())))))))"
    )
    week, exceptions = week_and_exceptions(text)
    assert week[0] == ((480, 720), (780, 1020))
    assert week[5:] == (((1320, 1440),), ())
    assert exceptions == {date(2026, 1, 1): (), date(2026, 1, 2): ((540, 600),)}


def test_a_calendar_without_hours_is_the_usual_week() -> None:
    week, exceptions = week_and_exceptions("")
    assert (sum(until - start for start, until in week[0]), week[5], exceptions) == (480, (), {})


def test_a_calendar_takes_the_days_off_of_the_one_it_builds_on() -> None:
    base = table("CALENDAR",
        {"clndr_id": "1", "clndr_name": "own", "base_clndr_id": "2", "clndr_data": ""},
        {"clndr_id": "2", "clndr_name": "base", "base_clndr_id": "1",
         "clndr_data": "(0||CalendarData()((0||DaysOfWeek()())(0||Exceptions()((0||0(d|46023)())))))"})  # fmt: skip
    plan = read_xer(FILE, xer([activity("A")], None, base))
    assert plan.calendars["own"].exceptions == {date(2026, 1, 1): ()}


def test_tables_nobody_asks_for_are_passed_over() -> None:
    assert set(read_tables("plan.xer", xer([activity("A")]), {"TASK": ()})) == {"TASK"}


def test_fields_nobody_asks_for_are_cut_off() -> None:
    found = read_tables("plan.xer", xer([activity("A")]), {"TASK": ("task_code", "proj_id")})["TASK"]
    assert found.fields == ("task_id", "proj_id", "clndr_id", "task_code")
    assert found.rows == [[key("A"), "9", "1", "A", ""]]


def test_levels_of_effort_drive_nothing_when_scheduled_back() -> None:
    rows = [activity("A", 40), activity("L", 4000, task_type="TT_LOE"), activity("B", 8)]
    content = xer(rows, [link("A", "B"), link("A", "L", "SS"), link("L", "B", "FF")])
    schedule = back_schedule(read_xer(FILE, content)).by_id()
    assert schedule["L"].start == schedule["A"].start
    assert schedule["L"].finish == schedule["B"].finish == datetime(2026, 10, 30, 17)


def test_the_example_of_the_reference_is_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "plan-files.md").read_text(encoding="utf-8")
    example = page.partition("```\nERMHDR")[2].partition("```")[0]
    plan = read_xer(FILE, f"ERMHDR{example}".encode())
    assert [(task.id, task.kind.value) for task in plan.tasks] == [("A1000", "task"), ("A1010", "milestone")]
    assert plan.links == (Link("A1000", "A1010", lag=Duration(480)),)
    assert plan.opening == date(2026, 10, 31)
