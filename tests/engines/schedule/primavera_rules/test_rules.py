"""Each rule of Primavera on a plan of a few activities; the dates are worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Cycle,
    Duration,
    FloatKind,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    ProgressLogic,
    ScheduleLogic,
    StoredDates,
    Task,
    TaskKind,
    TaskRole,
    agreement_of,
    week_calendar,
)
from tminus.engines.schedule.primavera_rules import compile_plan, own_dates, schedule_compiled
from tminus.engines.schedule.primavera_rules.own_dates import total_float

DAYS = week_calendar("days", hours=((8 * 60, 12 * 60), (13 * 60, 17 * 60)))
SEVEN = week_calendar("seven", working_weekdays=range(7), hours=((8 * 60, 16 * 60),))
MONDAY = datetime(2026, 6, 1, 8)
START, FINISH = TaskRole.START_MILESTONE, TaskRole.FINISH_MILESTONE
DAY = 480


def at(day: int, hour: int = 8) -> datetime:
    """June 2026; the 1st is a Monday."""
    return datetime(2026, 6, day, hour)


def work(id: str, days: float = 1, *constraints: Constraint, calendar: str = "days") -> Task:
    return Task(id, id, duration=Duration(round(days * DAY)), calendar=calendar, constraints=constraints)


def milestone(id: str, role: TaskRole, *constraints: Constraint, calendar: str = "days") -> Task:
    made = Task(id, id, kind=TaskKind.MILESTONE, duration=Duration(0), calendar=calendar, constraints=constraints)
    return replace(made, role=role)


def plan(tasks: Sequence[Task], links: Sequence[Link] = (), **changes: object) -> Plan:
    made = Plan(
        "plan", tuple(tasks), tuple(links), {"days": DAYS, "seven": SEVEN}, "days", status_date=MONDAY, start=MONDAY,
        lag_calendar=LagCalendar.PREDECESSOR, logic=ScheduleLogic(),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def by(kind: ConstraintKind, when: datetime | None = None) -> Constraint:
    return Constraint(kind, when)


def early(made: Plan, id: str) -> tuple[datetime | None, datetime | None]:
    dates = own_dates(made)[id]
    return dates.early_start, dates.early_finish


def late(made: Plan, id: str) -> tuple[datetime | None, datetime | None]:
    dates = own_dates(made)[id]
    return dates.late_start, dates.late_finish


# Links, lags, calendars ----------------------------------------


@pytest.mark.parametrize(
    ("kind", "lag", "start", "finish"),
    [
        (LinkKind.FS, 0, at(3), at(4, 17)),
        (LinkKind.FS, DAY, at(4), at(5, 17)),
        (LinkKind.FS, -DAY, at(2), at(3, 17)),
        (LinkKind.SS, 240, at(1, 13), at(3, 12)),
        (LinkKind.FF, DAY, at(2), at(3, 17)),
        (LinkKind.SF, 3 * DAY, at(2), at(3, 17)),
    ],
)
def test_links(kind: LinkKind, lag: int, start: datetime, finish: datetime) -> None:
    made = plan([work("A", 2), work("B", 2)], [Link("A", "B", kind, Duration(lag))])
    assert early(made, "B") == (start, finish)


@pytest.mark.parametrize(
    ("chosen", "start"),
    [
        (LagCalendar.PREDECESSOR, at(10)),  # two days of five-day weeks from Friday the 5th, 17:00
        (LagCalendar.SUCCESSOR, at(8)),  # the two days of the weekend
        (LagCalendar.PLAN, at(10)),
        (LagCalendar.CLOCK, at(6, 9)),
    ],
)
def test_whose_hours_a_lag_is_counted_in(chosen: LagCalendar, start: datetime) -> None:
    tasks = [work("A", 5), work("B", 1, calendar="seven")]
    made = plan(tasks, [Link("A", "B", lag=Duration(2 * DAY))], lag_calendar=chosen)
    assert early(made, "B")[0] == start


def test_late_dates_and_floats_count_from_the_last_finish() -> None:
    made = plan([work("A", 2), work("B", 5), work("C")], [Link("A", "C"), Link("B", "C")])
    found = own_dates(made)
    assert (found["A"].late_start, found["A"].late_finish) == (at(4), at(5, 17))
    assert [found[id].total_float_minutes for id in "ABC"] == [3 * DAY, 0, 0]


def test_a_must_finish_of_the_project_is_what_late_dates_count_from() -> None:
    made = plan([work("A", 5)], logic=ScheduleLogic(must_finish=at(4, 17)))
    assert late(made, "A")[1] == at(4, 17)
    assert own_dates(made)["A"].total_float_minutes == -DAY


@pytest.mark.parametrize(("kind", "expected"), [("start", 60), ("finish", 120), ("min", 60)])
def test_which_end_float_is_measured_at(kind: str, expected: int) -> None:
    compiled = compile_plan(plan([work("A")], logic=ScheduleLogic(total_float=FloatKind(kind))))
    dates = schedule_compiled(compiled).dates
    dates.late_start = dates.early_start + 60
    dates.late_finish = dates.early_finish + 15 * 60 + 120  # after the night
    assert total_float(compiled, dates).tolist() == [expected]


# What links ask for in time off ----------------------------------------


def test_a_finish_asked_for_in_time_off_is_shown_where_work_goes_on() -> None:
    tasks = [work("A", 7, calendar="seven"), work("B", 1)]  # A ends on Sunday the 7th, 16:00
    assert early(plan(tasks, [Link("A", "B", LinkKind.FF)]), "B") == (at(5), at(8))
    assert early(plan(tasks, [Link("A", "B", LinkKind.FF, Duration(DAY))]), "B")[1] == at(8, 16)


def test_a_late_start_asked_for_in_time_off_is_shown_where_work_ended() -> None:
    tasks = [
        work("A", 10),
        work("B", 6, calendar="seven"),
    ]  # B starts late on Sunday the 7th
    tasks += [work("C", 1)]
    made = plan(tasks, [Link("C", "B", LinkKind.SS)])
    assert late(made, "B") == (at(7, 8), at(12, 16))
    assert late(made, "C")[0] == at(5, 17)


def test_a_finish_an_earlier_start_asks_for_is_kept_to_the_minute() -> None:
    made = plan([work("A", 1, by(ConstraintKind.SNET, at(8))), work("B", 2)], [Link("A", "B", LinkKind.SF)])
    assert early(made, "B") == (at(4), at(8))


# Milestones ----------------------------------------


def test_milestones_stand_at_starts_and_at_finishes() -> None:
    tasks = [work("A", 2), milestone("S", START), milestone("F", FINISH)]
    made = plan(tasks, [Link("A", "S"), Link("A", "F")])
    assert early(made, "S") == (at(3), at(3))
    assert early(made, "F") == (at(2, 17), at(2, 17))
    assert late(made, "S") == (at(3), at(3))  # the last finish of all
    assert late(made, "F") == (at(2, 17), at(2, 17))


# Constraints ----------------------------------------


@pytest.mark.parametrize(
    ("constraint", "dates", "late_dates"),
    [
        (by(ConstraintKind.SNET, at(8)), (at(8), at(9, 17)), None),
        (by(ConstraintKind.FNET, at(9, 17)), (at(8), at(9, 17)), None),
        (by(ConstraintKind.SNLT, at(2)), (at(4), at(5, 17)), (at(2), at(3, 17))),
        (by(ConstraintKind.FNLT, at(3, 17)), (at(4), at(5, 17)), (at(2), at(3, 17))),
        (by(ConstraintKind.MSO, at(8)), (at(8), at(9, 17)), (at(8), at(9, 17))),
        (by(ConstraintKind.MFO, at(9, 17)), (at(8), at(9, 17)), (at(8), at(9, 17))),
        (by(ConstraintKind.MSO, at(2)), (at(4), at(5, 17)), (at(2), at(3, 17))),  # logic holds
        (by(ConstraintKind.MANDATORY_START, at(2)), (at(2), at(3, 17)), (at(2), at(3, 17))),  # logic is cut
        (by(ConstraintKind.MANDATORY_FINISH, at(3, 17)), (at(2), at(3, 17)), (at(2), at(3, 17))),
        (by(ConstraintKind.EXTERNAL_START, at(8)), (at(8), at(9, 17)), None),
        (by(ConstraintKind.EXTERNAL_FINISH, at(3, 17)), (at(4), at(5, 17)), (at(2), at(3, 17))),
    ],
)
def test_constraints(
    constraint: Constraint, dates: tuple[datetime, datetime], late_dates: tuple[datetime, datetime] | None
) -> None:
    made = plan([work("A", 3), work("B", 2, constraint), work("C", 12)], [Link("A", "B")])
    assert early(made, "B") == dates
    if late_dates is not None:
        assert late(made, "B") == late_dates


def test_a_mandatory_start_binds_what_comes_before_it() -> None:
    made = plan([work("A", 3), work("B", 2, by(ConstraintKind.MANDATORY_START, at(2)))], [Link("A", "B")])
    assert own_dates(made)["A"].total_float_minutes == -2 * DAY
    assert own_dates(made)["B"].total_float_minutes == 0


def test_dates_from_other_projects_can_be_ignored() -> None:
    made = plan([work("A", 1, by(ConstraintKind.EXTERNAL_START, at(8)))], logic=ScheduleLogic(ignore_external=True))
    assert early(made, "A")[0] == at(1)


def test_as_late_as_possible_takes_the_free_float_and_no_more() -> None:
    alap = by(ConstraintKind.ALAP)
    tasks = [work("A", 5), work("B", 1, alap), work("C", 1, alap), work("D"), work("Z", 15)]
    made = plan(tasks, [Link("B", "C"), Link("C", "D"), Link("A", "D")])
    assert early(made, "C") == (at(5), at(5, 17))
    assert early(made, "B") == (at(4), at(4, 17))
    assert early(made, "D")[0] == at(8)
    assert own_dates(made)["C"].total_float_minutes == own_dates(made)["D"].total_float_minutes == 9 * DAY
    assert early(plan([work("A", 5), work("B", 1, alap)]), "B")[1] == at(5, 17)  # nothing follows: the last finish


def test_expected_finishes_say_what_remains() -> None:
    expected = by(ConstraintKind.EXPECTED_FINISH, at(4, 12))
    made = plan([work("A", 1, expected), work("B")], [Link("A", "B")])
    assert early(made, "A") == (at(1), at(4, 12))
    assert early(made, "B")[0] == at(4, 13)
    assert late(made, "A") == (at(1), at(4, 12))
    without = replace(made, logic=ScheduleLogic(expected_finish=False))
    assert early(without, "A")[1] == at(1, 17)
    past = plan([work("A", 1, by(ConstraintKind.EXPECTED_FINISH, datetime(2026, 5, 29, 17)))])
    assert early(past, "A")[1] == at(1, 17)  # before it can start, it says nothing


def test_float_of_what_is_late_already_counts_before_expected_finishes() -> None:
    """As late as possible without free float: with the original duration less what has been worked."""
    expected, alap = by(ConstraintKind.EXPECTED_FINISH, at(5, 17)), by(ConstraintKind.ALAP)
    tasks = [work("A", 4, expected), work("B", 1, alap), work("C"), work("Z", 15)]
    progress = {"A": Progress(datetime(2026, 5, 28, 8), remaining=Duration(5 * DAY))}  # two of four days worked
    made = plan(tasks, [Link("A", "B"), Link("B", "C")], progress=progress)
    found = own_dates(made)
    assert (found["B"].early_start, found["B"].late_finish) == (at(8), at(18, 17))
    assert found["C"].total_float_minutes == 8 * DAY
    assert found["B"].total_float_minutes == 11 * DAY


# Progress ----------------------------------------


def test_retained_logic_progress_override() -> None:
    """B began before A was done."""
    tasks, links = [work("A", 3), work("B", 4), work("C")], [Link("A", "B"), Link("B", "C")]
    progress = {"B": Progress(datetime(2026, 5, 28, 8), remaining=Duration(2 * DAY))}
    retained = plan(tasks, links, progress=progress)
    assert early(retained, "B") == (at(4), at(5, 17))
    override = replace(retained, logic=ScheduleLogic(progress=ProgressLogic.OVERRIDE))
    assert early(override, "B") == (at(1), at(2, 17))
    assert early(override, "C")[0] == at(3)
    assert own_dates(override)["B"].start == datetime(2026, 5, 28, 8)
    assert own_dates(override)["A"].total_float_minutes == 0  # B holds it back no more


def test_what_is_done_shows_the_data_date() -> None:
    done = Progress(datetime(2026, 5, 25, 8), datetime(2026, 5, 26, 17))
    made = plan([work("A", 2), work("B")], [Link("A", "B")], progress={"A": done})
    assert early(made, "A") == (MONDAY, MONDAY)
    assert early(made, "B")[0] == at(1)


def test_logic_goes_on_through_what_is_done() -> None:
    done = Progress(datetime(2026, 5, 25, 8), datetime(2026, 5, 26, 17))
    made = plan([work("A", 2), work("B", 2), work("C")], [Link("A", "B"), Link("B", "C")], progress={"B": done})
    assert early(made, "C")[0] == at(3)


def test_lags_after_what_is_done_or_begun_are_used_up() -> None:
    progress = {
        "A": Progress(datetime(2026, 5, 25, 8), datetime(2026, 5, 28, 17)),  # a day before the data date
        "B": Progress(datetime(2026, 5, 28, 8), remaining=Duration(5 * DAY)),  # two days worked
    }
    tasks = [work("A", 4), work("B", 7), work("C"), work("D"), work("E")]
    links = [
        Link("A", "C", lag=Duration(3 * DAY)), Link("B", "D", LinkKind.SS, Duration(3 * DAY)),
        Link("A", "E", lag=Duration(-3 * DAY)),
    ]  # fmt: skip
    made = plan(tasks, links, progress=progress)
    assert early(made, "C")[0] == at(3)
    assert early(made, "D")[0] == at(2)
    assert early(made, "E")[0] == at(1)


def test_suspended_work_goes_on_when_it_is_resumed() -> None:
    said = Progress(datetime(2026, 5, 28, 8), remaining=Duration(DAY), resumed=at(10))
    assert early(plan([work("A", 3)], progress={"A": said}), "A") == (at(10), at(10, 17))


def test_nothing_remains_and_yet_it_is_not_done() -> None:
    said = Progress(datetime(2026, 5, 28, 8), remaining=Duration(0), percent=99.0)
    made = plan([work("A", 3), work("B")], [Link("A", "B")], progress={"A": said}, status_date=datetime(2026, 5, 30))
    assert early(made, "A") == (at(1), at(1))
    assert early(made, "B")[0] == at(1)


# What is critical ----------------------------------------


def critical(made: Plan) -> set[str]:
    found = schedule_compiled(compile_plan(made))
    return {task.id for task, yes in zip(found.compiled.tasks, found.critical, strict=True) if yes}


def test_critical_by_float_or_by_the_longest_path() -> None:
    held = by(ConstraintKind.FNLT, at(1, 17))
    tasks, links = [work("A", 2, held), work("B", 5), work("C")], [Link("B", "C")]
    assert critical(plan(tasks, links)) == {"A", "B", "C"}
    assert critical(plan(tasks, links, logic=ScheduleLogic(longest_path=True))) == {"B", "C"}
    assert critical(plan(tasks[1:], links, logic=ScheduleLogic(critical_minutes=-1))) == set()


def test_open_ends_may_be_critical() -> None:
    tasks = [work("A", 1), work("B", 5)]
    assert critical(plan(tasks)) == {"B"}
    assert critical(plan(tasks, logic=ScheduleLogic(open_ends_critical=True))) == {"A", "B"}


# What is refused and what is counted ----------------------------------------


def test_levels_of_effort_and_summaries_drive_nothing() -> None:
    loe = replace(work("L", 50), role=TaskRole.LEVEL_OF_EFFORT)
    made = plan([work("A"), loe, work("B")], [Link("A", "L", LinkKind.SS), Link("L", "B", LinkKind.FF), Link("A", "B")])
    assert early(made, "B") == (at(2), at(2, 17))
    assert "L" not in own_dates(made)


def test_circles_and_plans_without_a_date_are_refused() -> None:
    with pytest.raises(Cycle):
        own_dates(plan([work("A"), work("B")], [Link("A", "B"), Link("B", "A")]))
    with pytest.raises(PlanError, match="neither a data date nor a start"):
        own_dates(plan([work("A")], status_date=None, start=None))
    assert own_dates(plan([])) == {}


def test_agreement_counts_open_activities_with_dates() -> None:
    done = Progress(datetime(2026, 5, 25, 8), datetime(2026, 5, 26, 17))
    loe = replace(work("L"), role=TaskRole.LEVEL_OF_EFFORT)
    stored = StoredDates(at(1), at(1, 17), at(1), at(1, 17), 0.0, at(1), at(1, 17))
    wrong = replace(stored, late_finish=at(2, 17), total_float_minutes=None)
    made = plan(
        [work("A"), work("B"), work("C"), loe],
        stored={"A": stored, "B": wrong, "C": stored, "L": stored},
        progress={"C": done},
    )
    agreement = agreement_of(made)
    assert agreement is not None
    assert agreement.as_json() == {
        "start": 2, "finish": 2, "early_start": 2, "early_finish": 2, "late_start": 2, "late_finish": 1,
        "total_float": 1, "of": 2, "late_of": 2, "float_of": 1,
    }  # fmt: skip
