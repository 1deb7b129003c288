"""Rules and roles of an event folder's plan: out and in again, and what cannot be taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tminus.engines.schedule import (
    Duration,
    FloatKind,
    LagCalendar,
    Plan,
    Progress,
    ProgressLogic,
    ScheduleLogic,
    Task,
    TaskRole,
)
from tminus.formats.event_folder.scheduling import scheduling_of, with_scheduling
from tminus.formats.problems import BadFile

PLAN = Plan("p", (Task("A", "a", duration=Duration(480)), Task("B", "b", duration=Duration(480))), (), {}, None)
RULED = replace(
    PLAN,
    tasks=(PLAN.tasks[0], replace(PLAN.tasks[1], role=TaskRole.LEVEL_OF_EFFORT)),
    lag_calendar=LagCalendar.CLOCK,
    start=datetime(2026, 3, 2, 8),
    logic=ScheduleLogic(ProgressLogic.OVERRIDE, FloatKind.START, must_finish=datetime(2026, 9, 1, 17)),
    progress={"A": Progress(datetime(2026, 3, 2, 8), suspended=datetime(2026, 3, 4), resumed=None)},
)


def test_out_and_in_again() -> None:
    assert with_scheduling(replace(PLAN, progress=dict(RULED.progress)), scheduling_of(RULED)) == RULED


def test_a_plan_of_our_own_rules_says_nothing() -> None:
    assert scheduling_of(PLAN) == {}
    assert with_scheduling(PLAN, {}) == PLAN


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"rules": {}}, "rules: no such key; allowed: lag_calendar, start, logic"),
        ({"roles": []}, r"roles: \[\]; allowed"),
        ({"roles": {"C": "plain"}}, "roles: C; allowed: IDs of tasks in plan.csv"),
        ({"roles": {"A": "hammock"}}, "'hammock' is not a valid TaskRole"),
        ({"lag_calendar": "moon"}, "'moon' is not a valid LagCalendar"),
        ({"start": 5}, "fromisoformat"),
        ({"logic": {"critical_minutes": "ten"}}, "critical_minutes"),
        ({"logic": []}, "scheduling.json"),
        ({"suspended": {"A": ["2026-03-04"]}}, "not enough values"),
    ],
)
def test_what_cannot_be_taken(document: dict[str, Any], said: str) -> None:
    with pytest.raises(BadFile, match=said):
        with_scheduling(PLAN, document)
