"""Published examples, dates after opening, conflicts, progress and checkpoints, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Policy,
    Progress,
    Reason,
    Schedule,
    ScheduleParams,
    Status,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)

OPENING, TODAY = date(2026, 11, 5), date(2026, 10, 5)  # a Thursday, a Monday
OFFICE = {"office": week_calendar("office")}


def make_plan(*tasks: Task, links: tuple[Link, ...] = ()) -> Plan:
    return Plan("p", tasks, links, OFFICE, "office", opening=OPENING)


def task(id: str, length: float, **more: object) -> Task:
    return Task(id, id.lower(), duration=days(length), **more)  # type: ignore[arg-type]  # fields of a task


def schedule(plan: Plan, **more: object) -> Schedule:
    return back_schedule(plan, today=TODAY, params=ScheduleParams(**more))  # type: ignore[arg-type]


def test_one_day_task_ends_on_the_last_working_instant_before_opening() -> None:
    row = schedule(make_plan(task("A", 1))).by_id()["A"]
    assert (row.start, row.finish) == (datetime(2026, 11, 4, 9), datetime(2026, 11, 4, 17))
    assert (row.early_start, row.early_finish) == (datetime(2026, 10, 5, 9), datetime(2026, 10, 5, 17))
    assert row.total_float_days == row.free_float_days == 22


def test_textbook_network() -> None:
    """A 3, B 4, C 2, D 5 days with A→B, A→C, B→D, C→D: C alone has float against the others, two days."""
    links = (Link("A", "B"), Link("A", "C"), Link("B", "D"), Link("C", "D"))
    rows = schedule(make_plan(task("A", 3), task("B", 4), task("C", 2), task("D", 5), links=links)).by_id()
    floats = {id: row.total_float_days for id, row in rows.items()}
    assert floats == {"A": 11, "B": 11, "C": 13, "D": 11}
    assert [id for id, row in rows.items() if row.critical] == ["A", "B", "D"]
    assert rows["C"].free_float_days == 2
    assert rows["D"].early_finish == datetime(2026, 10, 20, 17)


@pytest.mark.parametrize(
    ("kind", "start"),
    [(LinkKind.FS, 8), (LinkKind.SS, 5), (LinkKind.FF, 6), (LinkKind.SF, 5)],
)
def test_each_link_type_forwards(kind: LinkKind, start: int) -> None:
    """A takes Monday 5 to Wednesday 7, B two days."""
    rows = schedule(make_plan(task("A", 3), task("B", 2), links=(Link("A", "B", kind),))).by_id()
    assert rows["B"].early_start == datetime(2026, 10, start, 9)


def test_finish_asked_for_in_the_morning_is_met_the_evening_before() -> None:
    """SF to a start on Monday 12 at 09:00; MS Project would store that morning as the finish."""
    tasks = task("A", 5), task("P", 1), task("B", 1)
    rows = schedule(make_plan(*tasks, links=(Link("A", "P"), Link("P", "B", LinkKind.SF)))).by_id()
    assert rows["P"].early_start == datetime(2026, 10, 12, 9)
    assert rows["B"].early_finish == datetime(2026, 10, 9, 17)


def test_lags_in_working_and_elapsed_time() -> None:
    """A ends Friday 9 at 17:00; two working days are Tuesday evening, two elapsed ones Sunday evening."""
    for lag, start in ((days(2), 14), (Duration(2 * 1440, elapsed=True), 12), (days(-1), 9)):
        rows = schedule(make_plan(task("A", 5), task("B", 1), links=(Link("A", "B", lag=lag),))).by_id()
        assert rows["B"].early_start == datetime(2026, 10, start, 9)


def test_buffer_keeps_working_days_free_before_opening() -> None:
    row = schedule(make_plan(task("A", 1)), buffer_days=3).by_id()["A"]
    assert row.finish == datetime(2026, 10, 30, 17)
    assert row.late_finish == datetime(2026, 11, 4, 17)


def test_as_planned_keeps_the_plan_s_own_dates() -> None:
    own = (datetime(2026, 10, 12, 9), datetime(2026, 10, 13, 17))
    rows = schedule(
        make_plan(task("A", 2, start=own[0], finish=own[1]), task("B", 1)), policy=Policy.AS_PLANNED
    ).by_id()
    assert (rows["A"].start, rows["A"].finish) == own
    assert rows["A"].late_finish == rows["B"].finish == datetime(2026, 11, 4, 17)


def test_what_descends_from_opening_is_bounded_by_the_last_deadline() -> None:
    opens = Task("O", "opening", kind=TaskKind.MILESTONE, constraints=(
        Constraint(ConstraintKind.MSO, datetime(2026, 11, 5)),))  # fmt: skip
    plan = make_plan(
        task("A", 2), opens, task("L", 2, deadline=datetime(2026, 11, 20, 17)),
        links=(Link("A", "O"), Link("O", "L")),
    )  # fmt: skip
    made = schedule(plan)
    rows = made.by_id()
    assert not made.conflicts
    assert rows["A"].late_finish == datetime(2026, 11, 4, 17)
    assert rows["O"].start == rows["O"].late_finish == datetime(2026, 11, 5)
    assert rows["L"].early_start == datetime(2026, 11, 5, 9)
    assert rows["L"].late_finish == datetime(2026, 11, 20, 17)


def test_phase_after_opening_is_inherited() -> None:
    top = Task("S", "live", kind=TaskKind.SUMMARY, phase="live")
    plan = make_plan(top, task("L", 2, parent="S", deadline=datetime(2026, 11, 10, 17)))
    assert schedule(plan).by_id()["L"].late_finish == datetime(2026, 11, 10, 17)


# Conflicts ----------------------------------


def test_chain_too_long_says_by_how_much() -> None:
    """25 working days are not in the 23 from 5 October to 4 November."""
    plan = make_plan(task("A", 20), task("B", 5), task("C", 1), links=(Link("A", "B"),))
    (conflict,) = schedule(plan).conflicts
    assert conflict.chain == ("A", "B")
    assert conflict.short_by_days == 2
    assert conflict.reason is Reason.NEGATIVE_FLOAT
    assert schedule(plan).by_id()["A"].status is Status.IMPOSSIBLE
    shorter = replace(plan, tasks=(task("A", 18), *plan.tasks[1:]))
    assert schedule(shorter).conflicts == ()


def test_impossible_constraint_is_called_one() -> None:
    held = Constraint(ConstraintKind.SNET, datetime(2026, 11, 2, 9))
    plan = make_plan(task("A", 1, constraints=(held,)), task("B", 5), links=(Link("A", "B"),))
    (conflict,) = schedule(plan).conflicts
    assert (conflict.chain, conflict.short_by_days) == (("A", "B"), 3)
    assert conflict.reason is Reason.CONSTRAINT


def test_cycle_names_every_task_once_round() -> None:
    links = (Link("A", "B"), Link("B", "C"), Link("C", "A"), Link("C", "D"))
    made = schedule(make_plan(*(task(id, 1) for id in "ABCD"), links=links))
    assert made.cyclic and made.tasks == ()
    (conflict,) = made.conflicts
    assert conflict.reason is Reason.CYCLE
    assert conflict.chain[0] == conflict.chain[-1]
    ring = list(zip(conflict.chain, conflict.chain[1:], strict=False))
    assert sorted(ring) == [("A", "B"), ("B", "C"), ("C", "A")]


def test_buffered_keeps_the_chosen_days_free_and_says_so_when_none_were_chosen() -> None:
    plan = make_plan(task("A", 1))
    late = schedule(plan, policy=Policy.ALAP_TOTAL, buffer_days=3)
    kept = schedule(plan, policy=Policy.BUFFERED, buffer_days=3)
    assert kept.tasks[0].finish == late.tasks[0].finish < schedule(plan, policy=Policy.ALAP_TOTAL).tasks[0].finish
    assert kept.warnings == ()
    assert "buffer days" in schedule(plan, policy=Policy.BUFFERED).warnings[0]


def test_errors_name_what_is_allowed() -> None:
    with pytest.raises(PlanError, match="no opening"):
        back_schedule(replace(make_plan(task("A", 1)), opening=None), today=TODAY)
    with pytest.raises(PlanError, match="'A' stands twice"):
        schedule(make_plan(task("A", 1), task("A", 2)))
    with pytest.raises(PlanError, match="no task 'X'"):
        schedule(make_plan(task("A", 1), links=(Link("A", "X"),)))


# Progress and checkpoints ----------------------------------


def test_progress_moves_the_forecast_and_not_the_plan() -> None:
    """A began late with four days left: B, planned right behind it, is forecast four days from today on."""
    plan = make_plan(task("A", 5), task("B", 18), links=(Link("A", "B"),))
    progress = {"A": Progress(actual_start=datetime(2026, 10, 2, 9), remaining=days(4), percent=20)}
    made = schedule(replace(plan, progress=progress)).by_id()
    assert made["A"].status is Status.IN_PROGRESS
    assert made["A"].start == datetime(2026, 10, 2, 9)
    assert made["A"].forecast_finish == datetime(2026, 10, 8, 17)
    assert made["B"].early_start == datetime(2026, 10, 9, 9)


def test_done_is_its_actual_finish() -> None:
    progress = {"A": Progress(datetime(2026, 9, 28, 9), datetime(2026, 10, 1, 17), percent=100)}
    row = schedule(replace(make_plan(task("A", 5)), progress=progress)).by_id()["A"]
    assert row.status is Status.DONE and row.total_float_days == 0
    assert row.finish == row.forecast_finish == datetime(2026, 10, 1, 17)


def test_checkpoints_count_back_from_opening() -> None:
    plan = make_plan(
        task("A", 1, deadline=datetime(2026, 10, 2, 17)), task("B", 2, deadline=datetime(2026, 10, 16, 17)),
        task("C", 1),
    )  # fmt: skip
    made = schedule(plan)
    assert [point.t_minus for point in made.checkpoints][-4:] == [30, 20, 10, 0]
    last = made.checkpoints[-1]
    assert last.date == OPENING and last.due == ("A", "B", "C")
    first = next(point for point in made.checkpoints if point.t_minus == 30)
    assert first.failed == ("A",)
    assert made.by_id()["A"].status is Status.LATE


def test_document_has_the_fields_of_the_reference() -> None:
    document = schedule(make_plan(task("A", 1))).as_json()
    assert list(document) == [
        "opening",
        "today",
        "policy",
        "tasks",
        "checkpoints",
        "conflicts",
        "elapsed_s",
        "tables_s",
    ]
    assert list(document["tasks"][0]) == [
        "id", "name", "start", "finish", "early_start", "early_finish", "late_start", "late_finish",
        "forecast_finish", "total_float_days", "free_float_days", "critical", "status",
    ]  # fmt: skip
    assert list(document["checkpoints"][0]) == ["date", "t_minus", "due", "done", "at_risk", "failed", "tasks"]
