"""Out-of-sequence work: which link, since when, and what the two logics make of it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Duration,
    Link,
    LinkKind,
    Plan,
    Progress,
    Schedule,
    Task,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.reforecast import out_of_sequence

MONDAY, TODAY = datetime(2026, 8, 3, 9), datetime(2026, 8, 10)


def scheduled(links: tuple[Link, ...], progress: dict[str, Progress]) -> Schedule:
    tasks = tuple(Task(id, id, duration=days(10)) for id in "ABC")
    plan = Plan("p", tasks, links, {"o": week_calendar("o")}, "o", progress=progress)
    return back_schedule(plan, opening=date(2026, 12, 1), today=TODAY)


def test_begun_before_its_predecessor_is_done() -> None:
    """A has 5 days left from Monday 10 August, B 3: B's wait until A is done, or go on at once."""
    progress = {
        "A": Progress(actual_start=MONDAY, remaining=days(5)),
        "B": Progress(actual_start=datetime(2026, 8, 5, 9), remaining=days(3)),
    }
    (found,) = out_of_sequence(scheduled((Link("A", "B"), Link("B", "C")), progress))
    assert (found.link, found.task, found.since) == (Link("A", "B"), "B", datetime(2026, 8, 5, 9))
    assert found.finish == datetime(2026, 8, 19, 17)
    assert found.override == datetime(2026, 8, 12, 17)
    assert found.as_json()["waits_for"] == "A"


def test_done_before_its_predecessor_keeps_its_date() -> None:
    done = datetime(2026, 8, 7, 17)
    progress = {"B": Progress(actual_start=MONDAY, actual_finish=done)}
    (found,) = out_of_sequence(scheduled((Link("A", "B"),), progress))
    assert (found.since, found.finish, found.override) == (MONDAY, done, done)


@pytest.mark.parametrize(("kind", "lag", "told"), [
    (LinkKind.FS, 0, False), (LinkKind.FS, 480, True), (LinkKind.SS, 0, False), (LinkKind.SS, 3000, True),
    (LinkKind.FF, 0, False), (LinkKind.SF, 0, False),
])  # fmt: skip
def test_each_link_is_held_to_what_it_binds(kind: LinkKind, lag: int, told: bool) -> None:
    """A was done on Friday, B begun on Monday."""
    progress = {
        "A": Progress(actual_start=MONDAY, actual_finish=datetime(2026, 8, 7, 17)),
        "B": Progress(actual_start=datetime(2026, 8, 10, 9), actual_finish=datetime(2026, 8, 12, 17)),
    }
    tasks = tuple(Task(id, id, duration=days(10)) for id in "AB")
    plan = Plan("p", tasks, (Link("A", "B", kind, Duration(lag)),), {"o": week_calendar("o")}, "o", progress=progress)
    schedule = back_schedule(plan, opening=date(2026, 12, 1), today=datetime(2026, 8, 14))
    assert bool(out_of_sequence(schedule)) is told


def test_work_in_order_is_not_told() -> None:
    progress = {"A": Progress(actual_start=MONDAY, remaining=days(5))}
    assert out_of_sequence(scheduled((Link("A", "B"), Link("B", "C")), progress)) == ()
