"""Another tool's rules, on plans; its files are in tests/formats/mspdi/test_agreement.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    Plan,
    StoredDates,
    Task,
    agreement_of,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.own_rules import own_dates

START = datetime(2026, 8, 3, 9)
CALENDARS = {"standard": week_calendar("standard")}


def plan(*tasks: Task, links: tuple[Link, ...] = ()) -> Plan:
    return Plan("p", tasks, links, CALENDARS, "standard", start=START, opening=date(2026, 11, 5))


def test_dates_hold_against_logic_there_and_are_conflicts_here() -> None:
    must = Constraint(ConstraintKind.MSO, datetime(2026, 8, 3, 9))
    held = plan(Task("A", "A"), Task("B", "B", constraints=(must,)), links=(Link("A", "B"),))
    assert own_dates(held)["B"].start == must.at
    ours = back_schedule(held, today=START).by_id()["B"]
    assert ours.early_start == datetime(2026, 8, 4, 9)


def test_a_pause_lies_between_start_and_finish_under_every_rule() -> None:
    paused = plan(Task("A", "A", duration=Duration(480), pause_minutes=960), Task("B", "B"), links=(Link("A", "B"),))
    assert own_dates(paused)["A"].finish == datetime(2026, 8, 5, 17)
    assert own_dates(paused)["B"].start == datetime(2026, 8, 6, 9)
    ours = back_schedule(paused, today=START).by_id()
    assert (ours["A"].early_start, ours["A"].early_finish) == (START, datetime(2026, 8, 5, 17))
    assert ours["B"].early_start == datetime(2026, 8, 6, 9)


def test_a_delay_counts_there_from_where_the_task_would_start_and_not_here() -> None:
    delayed = plan(Task("A", "A"), Task("B", "B", delay=Duration(480)), links=(Link("A", "B"),))
    assert own_dates(delayed)["B"].start == datetime(2026, 8, 5, 9)
    assert back_schedule(delayed, today=START).by_id()["B"].early_start == datetime(2026, 8, 4, 9)


def test_no_stored_dates_no_start_or_a_circle_is_no_agreement() -> None:
    stored = {"A": StoredDates(start=START, finish=datetime(2026, 8, 3, 17))}
    whole = replace(plan(Task("A", "A"), Task("B", "B")), stored=stored)
    found = agreement_of(whole)
    assert found is not None
    assert (found.of, found.start, found.finish) == (1, 1, 1)
    assert agreement_of(replace(whole, stored={})) is None
    assert agreement_of(replace(whole, start=None)) is None
    assert agreement_of(replace(whole, links=(Link("A", "B"), Link("B", "A")))) is None
