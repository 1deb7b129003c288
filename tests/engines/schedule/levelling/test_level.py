"""Levelled dates: what is best, what is allowed, what stays the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings

from tests.engines.schedule.levelling.crews import START, crewed, least, scheduled, tiny
from tests.engines.schedule.plans import OPENING, plans
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    Plan,
    PlanError,
    Policy,
    Progress,
    Task,
    TaskKind,
    week_calendar,
)
from tminus.engines.schedule.levelling import (
    Budget,
    Dated,
    Levelled,
    Mark,
    Mask,
    Mode,
    Need,
    Resources,
    Site,
    Step,
    Supply,
    SupplyKind,
    faults_of,
    level,
)

FEW = Budget(iterations=12)


@settings(max_examples=20, deadline=None)
@given(tiny())
def test_tiny_plans_come_out_as_good_as_the_best_of_all_timetables(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    opening = date(2026, 8, 25)
    found = level(scheduled(plan, opening=opening), resources, budget=Budget(iterations=150))
    gates, tardiness = least(plan, resources, opening)
    assert not found.faults
    assert (found.value.gates_late, found.value.tardiness / 1440) == (gates, tardiness)
    bound = found.lower_bound
    assert (bound.gates_late, bound.tardiness / 1440) <= (gates, tardiness)
    assert bound.tardiness / 1440 <= tardiness


@settings(max_examples=20, deadline=None)
@given(crewed())
def test_every_timetable_passes_the_validator(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    for policy in (Policy.ALAP_TOTAL, Policy.ASAP):
        try:
            found = level(scheduled(plan, policy), resources, budget=FEW)
        except PlanError as error:
            assert "allowed" in str(error)
            continue
        assert found.faults == ()
        assert not any(
            day.over_after for one in found.histograms for day in one.days if "overload" not in " ".join(found.warnings)
        )


@settings(max_examples=30, deadline=None)
@given(plans())
def test_with_no_scarce_resource_the_dates_are_those_of_the_schedule(plan: Plan) -> None:
    for policy in (Policy.ASAP, Policy.ALAP_TOTAL):
        schedule = scheduled(plan, policy)
        leaves = [row for row in schedule.tasks if not row.summary]
        plenty = Resources((Supply("crew", units=1000),), tuple(Need(row.id, "crew", 1) for row in leaves))
        found = level(schedule, plenty, budget=Budget(iterations=1))
        possible = all(row.total_float_days >= 0 for row in leaves)
        for row, task in zip(leaves, found.tasks, strict=True):
            assert row.id == task.id
            if policy is Policy.ASAP or possible:
                assert (task.start, task.finish) == (row.start, row.finish)


@settings(max_examples=20, deadline=None)
@given(crewed())
def test_the_same_seed_gives_the_same_answer(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    try:
        one, two = (level(scheduled(plan), resources, budget=FEW, seed=7) for _ in range(2))
    except PlanError:
        return
    assert one.tasks == two.tasks
    assert one.value == two.value


@settings(max_examples=20, deadline=None)
@given(crewed())
def test_levelling_what_it_published_itself_changes_nothing(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    for policy in (Policy.ALAP_TOTAL, Policy.ASAP):
        try:
            first = level(scheduled(plan, policy), resources, budget=FEW)
        except PlanError:
            continue
        published = {task.id: (task.start, task.finish) for task in first.tasks}
        again = level(scheduled(plan, policy), resources, budget=FEW, published=published)
        assert again.value.changes == 0
        assert [(task.start, task.finish) for task in again.tasks] == [(t.start, t.finish) for t in first.tasks]


def _plan(*tasks: Task, links: tuple[Link, ...] = ()) -> Plan:
    return Plan("p", tasks, links, {"standard": week_calendar()}, "standard")


def _days(id: str, days: float, **more: object) -> Task:
    return Task(id, id, duration=Duration(int(480 * days)), **more)  # type: ignore[arg-type]


def _level(plan: Plan, resources: Resources, policy: Policy = Policy.ASAP, **more: object) -> Levelled:
    found = level(scheduled(plan, policy), resources, budget=Budget(iterations=40), **more)  # type: ignore[arg-type]
    assert found.faults == ()
    return found


def test_backwards_is_forwards_in_the_mirror() -> None:
    """Mirrored plan, mirrored week: each late date is the mirror image of a soon one."""
    hours = week_calendar("days", working_weekdays=range(7), hours=((0, 1440),))
    lengths = {"A": 2, "B": 3, "C": 1, "D": 2}
    tasks = tuple(Task(id, id, duration=Duration(1440 * n)) for id, n in lengths.items())
    links = (Link("A", "C"), Link("B", "D"))
    resources = Resources((Supply("crew", units=1),), tuple(Need(id, "crew") for id in lengths))
    there = Plan("there", tasks, links, {"days": hours}, "days")
    back = Plan("back", tasks, tuple(Link(one.succ, one.pred) for one in links), {"days": hours}, "days")
    opening = START + timedelta(days=20)
    soon = level(scheduled(there, Policy.ASAP, opening), resources, budget=Budget(iterations=200))
    late = level(scheduled(back, Policy.ALAP_TOTAL, opening), resources, budget=Budget(iterations=200))
    assert soon.value.earliness == late.value.earliness
    first, last = datetime(2026, 8, 17), datetime.combine(opening, datetime.min.time())
    assert min(task.start for task in soon.tasks) - first == last - max(task.finish for task in late.tasks)
    assert max(task.finish for task in soon.tasks) - first == last - min(task.start for task in late.tasks)


def test_a_crew_works_in_its_shifts_and_the_task_is_interrupted_only_then() -> None:
    early = week_calendar("early", hours=((540, 720),))
    resources = Resources((Supply("crew", calendar="early"),), (Need("A", "crew"),), calendars={"early": early})
    task = _level(_plan(_days("A", 1)), resources).tasks[0]
    assert task.start == datetime(2026, 8, 17, 9)
    assert task.finish == datetime(2026, 8, 19, 11)  # 3 h + 3 h + 2 h


def test_from_until_and_steps_say_when_there_are_how_many() -> None:
    one = Supply("crew", units=1, steps=(Step(datetime(2026, 8, 18), datetime(2026, 8, 20), 0),))
    found = _level(_plan(_days("A", 1), _days("B", 1)), Resources((one,), (Need("A", "crew"), Need("B", "crew"))))
    assert sorted(task.start for task in found.tasks) == [datetime(2026, 8, 17, 9), datetime(2026, 8, 20, 9)]
    hired = Supply("crew", start=datetime(2026, 8, 24), until=datetime(2026, 9, 1))
    found = _level(_plan(_days("A", 1)), Resources((hired,), (Need("A", "crew"),)))
    assert found.tasks[0].start == datetime(2026, 8, 24, 9)


def test_somebody_with_two_skills_serves_only_one_at_a_time() -> None:
    people = (Supply("Ann", kind=SupplyKind.PERSON, skills=("weld", "sign")),)
    both = Resources(people, (Need("A", "weld"), Need("B", "sign")))
    found = _level(_plan(_days("A", 1), _days("B", 1)), both)
    assert len({task.start for task in found.tasks}) == 2
    assert {turn.person for turn in found.turns} == {"Ann"}
    more = (*people, Supply("Bo", kind=SupplyKind.PERSON, skills=("weld",)))
    found = _level(_plan(_days("A", 1), _days("B", 1)), replace(both, supplies=more))
    assert len({task.start for task in found.tasks}) == 1
    assert {(turn.task, turn.person) for turn in found.turns} == {("A", "Bo"), ("B", "Ann")}


def test_marked_work_rests_in_forbidden_hours() -> None:
    noise = Mask("noise", (((0, 600), (960, 1440)),) * 7)  # type: ignore[arg-type]
    found = _level(_plan(_days("A", 1), _days("B", 1)), Resources(masks=(noise,), marks=(Mark("A", "noise"),)))
    assert found.tasks[0].start == datetime(2026, 8, 17, 10)
    assert found.tasks[0].finish == datetime(2026, 8, 18, 12)
    assert found.tasks[1].finish == datetime(2026, 8, 17, 17)


def test_a_place_takes_so_many_tasks_and_people() -> None:
    tasks = [_days(id, 1, place="Hall") for id in "ABC"]
    found = _level(_plan(*tasks), Resources(sites=(Site("Hall", most_tasks=2),)))
    assert sorted(task.start.day for task in found.tasks) == [17, 17, 18]
    crews = Resources((Supply("crew", units=9),), (Need("*", "crew", 3),), sites=(Site("Hall", most_people=5),))
    found = _level(_plan(*tasks), crews)
    assert sorted(task.start.day for task in found.tasks) == [17, 18, 19]


def test_what_is_held_stays_held_over_night() -> None:
    night = week_calendar("night", hours=((1080, 1440),))
    plan = Plan(
        "p",
        (_days("A", 2), replace(_days("B", 0.5), calendar="night")),
        (),
        {"standard": week_calendar(), "night": night},
        "standard",
    )
    needs = (Need("A", "crane"), Need("B", "crane"))
    shared = _level(plan, Resources((Supply("crane"),), needs))
    assert [task.start.day for task in shared.tasks] == [17, 17]
    held = _level(plan, Resources((Supply("crane", held=True),), needs))
    assert held.tasks[0].finish <= held.tasks[1].start or held.tasks[1].finish <= held.tasks[0].start


def test_overtime_is_used_only_where_work_would_be_late() -> None:
    tasks = [replace(_days(id, 1), deadline=datetime(2026, 8, 18), gate=True) for id in "AB"]
    crew = Supply("crew", units=1, overtime_units=1)
    needs = tuple(Need(id, "crew") for id in "AB")
    found = _level(_plan(*tasks), Resources((crew,), needs))
    assert (found.value.gates_late, found.value.overtime) == (0, 480.0)
    relaxed = [replace(task, deadline=None) for task in tasks]
    assert _level(_plan(*relaxed), Resources((crew,), needs)).value.overtime == 0


def test_the_way_is_chosen_that_keeps_the_date_and_the_budget() -> None:
    task = replace(_days("A", 4), deadline=datetime(2026, 8, 19), gate=True)
    modes = (Mode("A", "slow"), Mode("A", "quick", Duration(960), cost=100))
    needs = (Need("A", "crew", 1, "slow"), Need("A", "crew", 2, "quick"), Need("A", "money", 50, "quick"))
    crew, money = Supply("crew", units=2), Supply("money", kind=SupplyKind.BUDGET, units=60)
    found = _level(_plan(task), Resources((crew, money), needs, modes))
    assert (found.tasks[0].mode, found.value.gates_late) == ("quick", 0)
    poor = _level(_plan(task), Resources((crew, replace(money, units=40)), needs, modes))
    assert (poor.tasks[0].mode, poor.value.overspent) == ("slow", 0.0)


def test_a_gate_goes_before_heavier_work() -> None:
    due = datetime(2026, 8, 18)
    tasks = (replace(_days("A", 1), deadline=due, weight=9), replace(_days("B", 1), deadline=due, gate=True))
    found = _level(_plan(*tasks), Resources((Supply("crew"),), (Need("*", "crew"),)))
    assert [task.late_days for task in found.tasks] == [pytest.approx(17 / 24, abs=1e-3), 0]
    assert found.value.gates_late == 0


def test_what_moves_from_a_published_timetable_moves_no_more_than_it_must() -> None:
    plan = _plan(*(_days(id, 1) for id in "ABCD"))
    needs = tuple(Need(id, "crew") for id in "ABCD")
    day = {id: datetime(2026, 8, n, 9) for id, n in zip("ABCD", (20, 19, 18, 17), strict=True)}
    published = {id: (at, at.replace(hour=17)) for id, at in day.items()}
    away = Supply("crew", steps=(Step(datetime(2026, 8, 19), datetime(2026, 8, 20), 0),))
    found = _level(plan, Resources((away,), needs), published=published)
    assert {task.id: task.start.day for task in found.tasks} == {"A": 20, "B": 21, "C": 18, "D": 17}
    assert (found.value.changes, found.value.moved) == (1, 2 * 1440)


def test_what_binds_is_named_with_its_days() -> None:
    found = _level(_plan(_days("A", 1), _days("B", 1)), Resources((Supply("crew"),), (Need("*", "crew"),)))
    assert [(one.resource, one.days) for one in found.binding] == [("crew", (date(2026, 8, 17),))]
    histogram = found.histograms[0]
    assert [(day.before, day.after, day.capacity) for day in histogram.days] == [(2, 1, 1), (0, 1, 1)]
    assert histogram.overload_hours == (8.0, 0.0)


def test_begun_work_holds_its_crew_for_what_remains_and_is_not_pushed_back() -> None:
    began = Progress(actual_start=datetime(2026, 8, 10, 9), remaining=Duration(960))
    plan = replace(_plan(_days("A", 6), _days("B", 1)), progress={"A": began})
    found = _level(plan, Resources((Supply("crew"),), (Need("*", "crew"),)))
    assert [task.finish.day for task in found.tasks] == [18, 19]
    assert found.tasks[0].start == datetime(2026, 8, 10, 9)
    assert found.histograms[0].overload_hours == (8.0, 0.0)
    assert [day.day.day for day in found.histograms[0].days] == [17, 18, 19]


def test_what_must_be_at_an_instant_stands_there() -> None:
    must = Constraint(ConstraintKind.MANDATORY_START, datetime(2026, 8, 17, 9))
    plan = _plan(_days("A", 2), replace(_days("B", 1), constraints=(must,)))
    found = _level(plan, Resources((Supply("crew"),), (Need("*", "crew"),)))
    assert {task.id: task.start.day for task in found.tasks} == {"A": 18, "B": 17}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (Resources((Supply("crew", units=1),), (Need("A", "crew", 2),)), "2 needed at once"),
        (Resources((Supply("crew"),), (Need("X", "crew"),)), "'X'"),
        (Resources((Supply("crew"),), (Need("A", "cranes"),)), "'cranes'; allowed: 'crew'"),
        (Resources((Supply("crew", calendar="nights"),)), "'nights'"),
        (Resources((Supply("crew"), Supply("crew"))), "twice"),
        (
            Resources(masks=(Mask("never", (((0, 1440),),) * 7),), marks=(Mark("A", "never"),)),  # type: ignore[arg-type]
            "may never work",
        ),
    ],
)
def test_what_cannot_be_is_said(resources: Resources, said: str) -> None:
    with pytest.raises(PlanError, match=r"allowed|twice") as error:
        level(scheduled(_plan(_days("A", 1))), resources)
    assert said in str(error.value)


def test_the_validator_sees_what_is_wrong() -> None:
    plan = _plan(_days("A", 1), _days("B", 1), Task("M", "M", kind=TaskKind.MILESTONE), links=(Link("A", "B"),))
    resources = Resources((Supply("crew"),), (Need("A", "crew"), Need("B", "crew")))
    nine, five = datetime(2026, 8, 17, 9), datetime(2026, 8, 17, 17)
    good = {
        "A": Dated(nine, five),
        "B": Dated(nine + timedelta(1), five + timedelta(1)),
        "M": Dated(nine, nine),
    }
    today = datetime(2026, 8, 17)
    assert faults_of(plan, resources, good, today) == []
    same = faults_of(plan, resources, {**good, "B": good["A"]}, today)
    assert any("too early" in one for one in same)
    assert any("2 in use" in one for one in same)
    short = {**good, "A": Dated(nine, five - timedelta(hours=1))}
    assert any("420 working minutes" in one for one in faults_of(plan, resources, short, today))
    assert any("today" in one for one in faults_of(plan, resources, good, datetime(2026, 8, 18)))
    assert date(2026, 8, 18) < OPENING
