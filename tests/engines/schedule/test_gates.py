"""Links of summaries: what counts from their start, their finish, and what binds them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    LinkKind,
    Plan,
    Policy,
    Reason,
    Schedule,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.model import Progress

DAY = 480
MONDAY, OPENING = date(2026, 8, 17), date(2026, 9, 14)


def summary(id: str, parent: str | None = None) -> Task:
    return Task(id, id, kind=TaskKind.SUMMARY, parent=parent)


def task(id: str, days: int, parent: str | None = None, not_before: datetime | None = None) -> Task:
    held = (Constraint(ConstraintKind.SNET, not_before),) if not_before else ()
    return Task(id, id, duration=Duration(days * DAY), parent=parent, constraints=held)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 8, day, hour)


def scheduled(tasks: list[Task], links: list[Link], policy: Policy = Policy.ASAP, **more: object) -> Schedule:
    calendars = {"office": week_calendar("office")}
    plan = Plan("gates", tuple(tasks), tuple(links), calendars, "office", **more)  # type: ignore[arg-type]
    return back_schedule(plan, opening=OPENING, today=MONDAY, params=ScheduleParams(policy=policy))


BUILD = [summary("S"), task("a", 5, "S", at(20)), task("b", 2, "S", at(19)), task("x", 1)]


@pytest.mark.parametrize(
    ("kind", "lag", "start", "finish"),
    [
        (LinkKind.SS, 0, at(19), at(19, 17)),  # from the first of the two, not from the morning of today
        (LinkKind.SS, DAY, at(20), at(20, 17)),
        (LinkKind.SF, 3 * DAY, at(21), at(21, 17)),
        (LinkKind.FS, 0, at(27), at(27, 17)),  # from the last of the two
        (LinkKind.FF, 0, at(26), at(26, 17)),
    ],
)
def test_links_from_a_summary_count_from_its_first_start_and_its_last_finish(
    kind: LinkKind, lag: int, start: datetime, finish: datetime
) -> None:
    made = scheduled(BUILD, [Link("S", "x", kind, Duration(lag))]).by_id()
    assert (made["x"].start, made["x"].finish) == (start, finish)


def test_a_start_that_happened_is_the_start_of_the_summary() -> None:
    begun = {"a": Progress(actual_start=datetime(2026, 8, 13, 9), percent=50)}
    made = scheduled(BUILD, [Link("S", "x", LinkKind.SS, Duration(3 * DAY))], progress=begun).by_id()
    assert made["x"].start == at(18)


def test_late_only_the_task_that_begins_the_summary_is_held_by_what_counts_from_its_start() -> None:
    held = [summary("S"), task("a", 1, "S", at(20)), task("b", 1, "S", at(19)), task("x", 10)]
    made = scheduled(held, [Link("S", "x", LinkKind.SS)], Policy.ALAP_TOTAL).by_id()
    assert made["x"].late_start == made["b"].late_start == datetime(2026, 8, 31, 9)
    assert made["a"].late_start == datetime(2026, 9, 11, 9)
    assert made["x"].start >= min(made["a"].start, made["b"].start)


def test_what_waits_for_the_first_of_a_summary_does_not_begin_it() -> None:
    """x starts with the summary and b waits for x: not a circle, a begins."""
    tasks = [summary("S"), task("a", 5, "S", at(19)), task("b", 2, "S"), task("x", 1)]
    made = scheduled(tasks, [Link("S", "x", LinkKind.SS), Link("x", "b")]).by_id()
    assert made["x"].start == at(19)
    assert made["b"].start == at(20)


def test_a_summary_whose_every_task_waits_for_its_own_start_is_a_circle() -> None:
    tasks = [summary("S"), task("b", 2, "S"), task("x", 1)]
    found = scheduled(tasks, [Link("S", "x", LinkKind.SS), Link("x", "b")]).conflicts
    assert [conflict.reason for conflict in found] == [Reason.CYCLE]
    assert set(found[0].chain) == {"S", "x", "b"}


def test_two_summaries_may_count_from_one_anothers_start() -> None:
    tasks = [
        summary("S"),
        task("a", 1, "S", at(19)),
        task("s", 1, "S"),
        summary("R"),
        task("r", 1, "R", at(18)),
        task("q", 1, "R"),
    ]
    made = scheduled(tasks, [Link("S", "q", LinkKind.SS), Link("R", "s", LinkKind.SS)]).by_id()
    assert made["s"].start == at(18)
    assert made["q"].start == at(18)


def test_starts_far_below_count() -> None:
    tasks = [summary("S"), summary("T", "S"), task("a", 1, "T", at(19)), task("b", 1, "S", at(20)), task("x", 1)]
    assert scheduled(tasks, [Link("S", "x", LinkKind.SS)]).by_id()["x"].start == at(19)


def test_nothing_under_a_summary_begins_before_a_link_to_its_start_allows() -> None:
    for kind in (LinkKind.FS, LinkKind.SS):
        made = scheduled([task("x", 3), *BUILD[:2], task("c", 1, "S")], [Link("x", "S", kind, Duration(DAY))]).by_id()
        assert made["c"].start == (at(21) if kind is LinkKind.FS else at(18))
        assert made["a"].start == (at(21) if kind is LinkKind.FS else at(20))


def test_a_link_to_the_finish_of_a_summary_moves_what_follows_it_and_nothing_under_it() -> None:
    tasks = [task("x", 5), summary("S"), task("a", 1, "S"), task("y", 1)]
    made = scheduled(tasks, [Link("x", "S", LinkKind.FF, Duration(DAY)), Link("S", "y")]).by_id()
    assert made["a"].start == at(17)
    assert made["y"].start == at(25)
    assert made["x"].late_finish == datetime(2026, 9, 9, 17)  # a day before what follows the summary must begin
