"""Primavera's files through the same dry run as any other plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.desks.planning.test_import import apply, hand_in
from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.event_folder import folder_of, load_event
from tminus.desks.planning.models import Task, TaskKind, TaskLink
from tminus.engines.schedule import (
    ConstraintKind,
    Duration,
    FloatKind,
    LagCalendar,
    Plan,
    Policy,
    Progress,
    ProgressLogic,
    Schedule,
    ScheduleLogic,
    ScheduleParams,
    TaskRole,
    back_schedule,
)
from tminus.engines.schedule.primavera_rules import own_dates
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.plan_file import read_plan
from tminus.formats.primavera import pmxml_bytes, read_pmxml, read_xer, xer_bytes
from tminus.platform import clock
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import ask, perform

PAIR = Path(__file__).parents[2] / "formats" / "primavera" / "pair"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("name", ["hall.xer", "hall.xml"])
def test_a_file_becomes_the_plan(harbour: Harbour, name: str) -> None:
    read = hand_in(harbour, (PAIR / name).read_bytes(), name)
    assert read["difference"]["counts"]["added"] == 6
    assert read["difference"]["notes"] == []
    brought = {one["name"]: (one["before"], one["after"]) for one in read["difference"]["options"]}
    assert brought["lag_calendar"] == ("successor", "predecessor")
    assert brought["total_float"] == ("min", "finish")
    assert not Task.objects.filter(event=harbour.event).exists()
    apply(harbour, read["id"])
    plan = adapter.plan_of(harbour.event)
    assert {task.id: task.parent for task in plan.tasks}["A1010"] == "B"
    assert plan.by_id()["A1020"].constraints[0].kind is ConstraintKind.SNET
    assert plan.by_id()["A1040"].role is TaskRole.LEVEL_OF_EFFORT
    assert TaskLink.objects.filter(event=harbour.event).count() == len(read_plan(PAIR / name).links)
    assert plan.calendars["Five days"].day_minutes == 480


@pytest.mark.parametrize(("name", "write"), [("plan.xer", xer_bytes), ("plan.xml", pmxml_bytes)])
def test_our_own_export_finds_the_same_tasks(planned: Harbour, name: str, write: type) -> None:
    counts = hand_in(planned, write(adapter.plan_of(planned.event)), name)["difference"]["counts"]
    assert (counts["added"], counts["removed"]) == (0, 0)


def test_a_file_of_several_projects_is_told(harbour: Harbour) -> None:
    content = (PAIR / "hall.xer").read_text().replace("%T\tCALENDAR", "%R\t501\tROADS\n%T\tCALENDAR")
    rows = content.replace("%T\tTASKPRED", "%R\t9\t501\n%T\tTASKPRED")
    with pytest.raises(Exception, match=r"holds 2 projects: HALL, ROADS; allowed: one"):
        hand_in(harbour, rows, "both.xer")


# The console schedules as `tminus schedule FILE` does ----------------------------------------

TODAY = datetime(2026, 6, 3)


def elaborate(plan: Plan) -> Plan:
    """The hall with work begun out of sequence, suspended and resumed, lags, and options none of which is a default."""
    logic = ScheduleLogic(
        ProgressLogic.OVERRIDE, FloatKind.START, longest_path=True, critical_minutes=960, open_ends_critical=True,
        expected_finish=False, lag_from_early_start=False, ignore_external=True, must_finish=datetime(2026, 10, 30, 17),
    )  # fmt: skip
    begun = Progress(
        datetime(2026, 6, 1, 8), None, Duration(480), 50.0, None, datetime(2026, 6, 2), datetime(2026, 6, 4)
    )
    links = tuple(replace(link, lag=Duration(480)) for link in plan.links)
    return replace(plan, logic=logic, lag_calendar=LagCalendar.PLAN, links=links, progress={"A1020": begun})


def dates_of(schedule: Schedule) -> dict[str, tuple[object, ...]]:
    names = (
        "start",
        "finish",
        "early_start",
        "early_finish",
        "late_start",
        "late_finish",
        "total_float_days",
        "critical",
    )
    return {row.id: tuple(getattr(row, name) for name in names) for row in schedule.tasks}


@pytest.mark.parametrize("change", [lambda plan: plan, elaborate])
@pytest.mark.parametrize(
    ("name", "write", "read"), [("plan.xer", xer_bytes, read_xer), ("p6.xml", pmxml_bytes, read_pmxml)]
)
def test_same_dates_in_the_console_in_its_export_and_of_the_file(
    harbour: Harbour, name: str, write: Any, read: Any, change: Any
) -> None:
    given = read(Path(name), write(change(read_plan(PAIR / "hall.xer"))))
    apply(harbour, hand_in(harbour, write(given), name)["id"])
    for policy in (Policy.ASAP, Policy.ALAP_TOTAL, Policy.ALAP_FREE):
        of_file = back_schedule(given, opening=harbour.event.opening, today=TODAY, params=ScheduleParams(policy))
        assert dates_of(adapter.scheduled(harbour.event, TODAY, policy)) == dates_of(of_file)
    plan = replace(adapter.plan_of(harbour.event), status_date=given.status_date)
    again = read(Path(name), write(plan))
    assert (again.logic, again.lag_calendar, again.start) == (given.logic, given.lag_calendar, given.start)
    assert {task.id: task.role for task in again.tasks} == {task.id: task.role for task in given.tasks}
    assert again.progress == given.progress
    assert own_dates(again) == own_dates(given)


def test_an_event_folder_keeps_the_rules_and_roles(harbour: Harbour, tmp_path: Path) -> None:
    given = elaborate(read_plan(PAIR / "hall.xer"))
    apply(harbour, hand_in(harbour, xer_bytes(given), "plan.xer")["id"])
    one = adapter.plan_of(harbour.event)
    write_folder(folder_of(harbour.event), tmp_path / "out")
    folder = read_folder(tmp_path / "out")
    two = adapter.plan_of(load_event(replace(folder, event=dict(folder.event) | {"id": "second"})).event)
    assert (two.logic, two.lag_calendar, two.start) == (one.logic, one.lag_calendar, one.start)
    assert two.logic == given.logic
    assert two.calendars == one.calendars
    assert {task.id: task.role for task in two.tasks} == {task.id: task.role for task in one.tasks}
    assert one.by_id()["A1040"].role is TaskRole.LEVEL_OF_EFFORT
    paused = two.progress["A1020"]
    assert (paused.suspended, paused.resumed) == (datetime(2026, 6, 2), datetime(2026, 6, 4))


def test_what_only_spans_others_follows_them_in_the_book(harbour: Harbour) -> None:
    apply(harbour, hand_in(harbour, (PAIR / "hall.xer").read_bytes(), "hall.xer")["id"])
    schedule = adapter.scheduled(harbour.event, TODAY).by_id()["A1040"]
    spanning = Task.objects.get(event=harbour.event, key="A1040")
    assert (spanning.planned_start, spanning.planned_finish) == (schedule.start, schedule.finish)


def test_a_role_is_lost_with_the_kind_it_is_of(harbour: Harbour) -> None:
    apply(harbour, hand_in(harbour, (PAIR / "hall.xer").read_bytes(), "hall.xer")["id"])
    milestones = Task.objects.filter(event=harbour.event, role=TaskRole.FINISH_MILESTONE)
    assert milestones.update(kind=TaskKind.TASK) > 0
    assert all(task.role is not TaskRole.FINISH_MILESTONE for task in adapter.plan_of(harbour.event).tasks)


def test_files_that_know_no_roles_leave_them(harbour: Harbour) -> None:
    apply(harbour, hand_in(harbour, (PAIR / "hall.xer").read_bytes(), "hall.xer")["id"])
    book = "ID,Task,Duration\nA1040,Supervision,3d\n"
    apply(harbour, hand_in(harbour, book)["id"])
    assert adapter.plan_of(harbour.event).by_id()["A1040"].role is TaskRole.LEVEL_OF_EFFORT
    assert adapter.plan_of(harbour.event).logic is not None


def test_headquarters_chooses_options(planned: Harbour) -> None:
    event = planned.event
    assert ask("planning.scheduling", {}, event=event, person=planned.roads_head)["chosen"] is False
    with pytest.raises(NotAllowed):
        perform("planning.scheduling.set", {"progress": "override"}, event=event, person=planned.roads_head)
    perform("planning.scheduling.set", {"lag_calendar": "clock"}, event=event, person=planned.hq)
    assert adapter.plan_of(event).lag_calendar is LagCalendar.CLOCK
    assert adapter.plan_of(event).logic is None  # nobody has chosen what an export would then carry
    perform("planning.scheduling.set", {"progress": "override", "longest_path": True}, event=event, person=planned.hq)
    logic = adapter.plan_of(event).logic
    assert logic == ScheduleLogic(ProgressLogic.OVERRIDE, FloatKind.LEAST, longest_path=True)
    line = RecordLine.objects.filter(code="planning.scheduling.set").order_by("-seq").first()
    assert line is not None


def test_the_page_shows_and_changes_them(client: Client, planned: Harbour) -> None:
    address = f"/e/{planned.event.slug}/settings/scheduling/"
    client.force_login(planned.hq)
    assert "Nobody has chosen any" in client.get(address).content.decode()
    sent = {"progress": "override", "lag_calendar": "predecessor", "total_float": "finish"}
    assert client.post(address, sent).status_code == 303
    shown = client.get(address).content.decode()
    assert '<option value="override" selected' in shown
    assert "Kept for Primavera" in shown
    client.force_login(planned.roads_head)
    assert "progress override" in client.get(address).content.decode()
    assert client.post(address, sent).status_code == 403


def test_the_dry_run_shows_options_in_words(client: Client, harbour: Harbour) -> None:
    pk = hand_in(harbour, (PAIR / "hall.xer").read_bytes(), "hall.xer")["id"]
    client.force_login(harbour.hq)
    shown = client.get(f"/e/{harbour.event.slug}/import/{pk}/").content.decode()
    assert "of the task waited for" in shown


@pytest.mark.parametrize(("form", "read"), [("xer", read_xer), ("p6.xml", read_pmxml)])
def test_an_exported_file_names_its_data_date(client: Client, planned: Harbour, form: str, read: Any) -> None:
    client.force_login(planned.hq)
    content = client.get(f"/e/{planned.event.slug}/export/plan.{form}").content
    today = clock.now(planned.event).date()
    assert read(Path(f"plan.{form}"), content).status_date == datetime.combine(today, datetime.min.time())


@pytest.mark.slow
def test_a_large_real_file_has_the_same_dates_in_the_console(harbour: Harbour, real_data: Path) -> None:
    found = next(real_data.rglob("SP10_cost_loaded.xer"), None)
    if found is None:
        pytest.skip("TMINUS_DATA holds no SP10_cost_loaded.xer")
    given = read_plan(found)
    apply(harbour, hand_in(harbour, found.read_bytes(), "large.xer")["id"], wait=True)
    today = datetime(2017, 9, 16)
    for policy in (Policy.ASAP, Policy.ALAP_FREE):
        of_file = back_schedule(given, opening=harbour.event.opening, today=today, params=ScheduleParams(policy))
        assert dates_of(adapter.scheduled(harbour.event, today, policy)) == dates_of(of_file)
    plan = replace(adapter.plan_of(harbour.event), status_date=given.status_date)
    assert own_dates(read_xer(Path("plan.xer"), xer_bytes(plan))) == own_dates(given)
