"""XER and P6 XML hold the same plan, and what we write of either reads back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.formats.plans import whole_plans
from tests.formats.primavera.files import activity, link, options, project, table, xer
from tminus.engines.schedule import (
    Duration,
    LagCalendar,
    Link,
    Plan,
    Progress,
    Task,
    TaskKind,
    agreement_of,
    back_schedule,
)
from tminus.formats.plan_file import read_plan
from tminus.formats.plan_json import plan_json_bytes, read_plan_json
from tminus.formats.primavera import pmxml_bytes, read_pmxml, read_xer, xer_bytes
from tminus.formats.primavera.export import ALWAYS
from tminus.formats.problems import BadFile

XER, XML = Path("plan.xer"), Path("plan.xml")
PAIR = Path(__file__).parent / "pair"


def rich() -> bytes:
    """An XER file with something of everything."""
    rows = [
        activity("A", 40, status_code="TK_Active", act_start_date="2026-05-28 08:00", remain_drtn_hr_cnt="24",
                 expect_end_date="2026-06-05 17:00", suspend_date="2026-05-29 08:00", resume_date="2026-06-02 08:00"),
        activity("B", 16, task_type="TT_Rsrc", cstr_type="CS_MANDSTART", cstr_date="2026-06-15 08:00", rsrc_id="7"),
        activity("C", 0, task_type="TT_Mile", cstr_type="CS_ALAP", clndr_id="2"),
        activity("D", 8, task_type="TT_LOE", external_late_end_date="2026-07-01 17:00", wbs_id="2"),
        activity("E", 8, status_code="TK_Complete", act_start_date="2026-05-04 08:00", act_end_date="2026-05-04 17:00"),
    ]  # fmt: skip
    wbs = [
        {"wbs_id": "1", "proj_id": "9", "proj_node_flag": "Y", "wbs_short_name": "EXPO", "wbs_name": "The Expo"},
        {"wbs_id": "2", "proj_id": "9", "parent_wbs_id": "1", "wbs_short_name": "S", "wbs_name": "Site"},
    ]
    more = [
        options(sched_float_type="FT_SS", sched_retained_logic="N"), project(plan_end_date="2026-09-30 17:00"),
        table("PROJWBS", *wbs),
        table("RSRC", {"rsrc_id": "7", "rsrc_short_name": "C1", "rsrc_name": "Crane", "rsrc_type": "RT_Equip"}),
        table("TASKRSRC", {"task_id": rows[1]["task_id"], "rsrc_id": "7", "target_qty_per_hr": "1", "target_qty": "9"}),
        table("UDFTYPE", {"udf_type_id": "1", "table_name": "TASK", "udf_type_label": "Colour"}),
        table("UDFVALUE", {"udf_type_id": "1", "fk_id": rows[0]["task_id"], "proj_id": "9", "udf_text": "red"}),
    ]  # fmt: skip
    return xer(rows, [link("A", "B", "SS", 4), link("B", "C"), link("C", "D", "FF", -8)], *more)


def test_what_we_write_of_a_file_reads_back_the_same() -> None:
    plan = read_xer(XER, rich())
    assert read_xer(XER, xer_bytes(plan)) == plan
    assert replace(read_pmxml(XML, pmxml_bytes(plan)), source="xer") == plan
    again = read_plan_json(Path("plan.json"), plan_json_bytes(plan))
    assert replace(again, source="xer") == plan


def test_a_pair_made_by_hand() -> None:
    """The same project in both formats, as Primavera writes them."""
    one, other = read_plan(PAIR / "hall.xer"), read_plan(PAIR / "hall.xml")
    assert replace(other, source="xer") == one
    agreement = agreement_of(one)
    assert agreement is not None and agreement.of == agreement.early_start == agreement.late_finish == 4


def comparable(plan: Plan) -> Plan:
    """Without what these formats have no place for: the order among brothers, three kinds of dates, when reported."""
    tasks = {}
    for task in plan.tasks:
        summary = task.kind is TaskKind.SUMMARY
        changed = replace(
            task,
            start=None,
            finish=None,
            duration=Duration(0) if summary else task.duration,
            constraints=() if summary else task.constraints,
            calendar=None if summary else task.calendar,
            pause_minutes=0 if summary else task.pause_minutes,
            delay=Duration(0),
            role=task.role.PLAIN,
        )
        tasks[task.id] = changed
    progress = {id: _comparable(one) for id, one in plan.progress.items() if one.actual_start or one.percent}
    calendars = {id: one for id, one in plan.calendars.items() if id != ALWAYS.id}
    return replace(
        plan,
        tasks=tuple(tasks[id] for id in sorted(tasks)),
        progress=progress,
        links=tuple(sorted((_working(tasks, one) for one in plan.links), key=str)),
        calendars=calendars,
        baselines=(),
        logic=None,
        stored={},
        status_date=None,
        start=None,
        finish=None,
        source="",
    )


def _working(tasks: dict[str, Task], link: Link) -> Link:
    lag = link.lag.minutes
    if link.lag_percent is not None:
        lag = round(tasks[link.pred].duration.minutes * link.lag_percent / 100)
    return replace(link, lag=Duration(lag), lag_percent=None)


def _comparable(progress: Progress) -> Progress:
    return Progress(progress.actual_start, progress.actual_finish, percent=round(progress.percent or 0, 2))


@settings(deadline=None, max_examples=80)
@given(whole_plans())
def test_our_own_plans_read_back(plan: Plan) -> None:
    links = tuple(replace(one, lag=Duration(one.lag.minutes)) for one in plan.links)
    plan = replace(plan, lag_calendar=LagCalendar.SUCCESSOR, links=links)
    expected = comparable(_as_one_line(plan))
    assert comparable(read_xer(XER, xer_bytes(_as_one_line(plan)))) == expected
    assert comparable(read_pmxml(XML, pmxml_bytes(_as_one_line(plan)))) == expected


def test_an_elapsed_lag_becomes_working_time() -> None:
    plan = read_xer(XER, xer([activity("A"), activity("B")], [link("A", "B")]))
    plan = replace(plan, links=(Link("A", "B", lag=Duration(7 * 1440, elapsed=True)),))
    assert read_xer(XER, xer_bytes(plan)).links == (Link("A", "B", lag=Duration(5 * 480)),)


def _as_one_line(plan: Plan) -> Plan:
    tasks = [
        replace(
            task,
            name=re.sub(r"\s+", " ", task.name).strip() or "x",
            extra={name: " ".join(text.split()) for name, text in task.extra.items()},
        )
        for task in plan.tasks
    ]
    return replace(plan, tasks=tuple(tasks))


def test_dates_of_a_schedule_are_written() -> None:
    plan = read_xer(XER, xer([activity("A", 16), activity("B", 8)], [link("A", "B")]))
    rows = back_schedule(plan).by_id()
    for found in (read_xer(XER, xer_bytes(plan, rows)), read_pmxml(XML, pmxml_bytes(plan, rows))):
        stored = found.stored["A"]
        assert (stored.early_start, stored.late_finish) == (rows["A"].early_start, rows["A"].late_finish)
        assert stored.total_float_minutes == pytest.approx(rows["A"].total_float_days * 480)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<APIBusinessObjects><Project>", r"plan.xml, line 1: not well-formed XML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><APIBusinessObjects/>", r"plan.xml: declares a document type"),
        (b"<Odd/>", r"plan.xml: root element 'Odd'; allowed: APIBusinessObjects"),
        (b"<APIBusinessObjects/>", r"plan.xml: holds no project"),
        (
            b"<APIBusinessObjects><Project><ObjectId>1</ObjectId><Activity><Id>A</Id><Status>Odd</Status></Activity>"
            b"</Project></APIBusinessObjects>",
            r"plan.xml, table TASK, row 1, field status_code: 'Odd' cannot be taken",
        ),
        (
            b"<APIBusinessObjects><Calendar><Name>c</Name><StandardWorkWeek><StandardWorkHours>"
            b"<DayOfWeek>Monday</DayOfWeek><WorkTime><Start>noon</Start></WorkTime></StandardWorkHours>"
            b"</StandardWorkWeek></Calendar></APIBusinessObjects>",
            r"calendar 'c', WorkTime: 'noon'; allowed: a time like 08:00:00",
        ),
    ],
)
def test_what_cannot_be_taken_is_told(content: bytes, message: str) -> None:
    with pytest.raises(BadFile, match=message):
        read_pmxml(XML, content)
