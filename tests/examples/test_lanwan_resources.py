"""Crews and equipment of the demonstration: believable in number, asked for by most open work, a few overloaded."""

from datetime import date

import pytest

from tests.examples.lanwan_folder import FOLDER, document, leaves, table
from tminus.engines.schedule import Policy, ScheduleParams, back_schedule
from tminus.engines.schedule.levelling import Budget, Levelled, level
from tminus.formats.event_folder import read_folder
from tminus.formats.resources_file import read_resources

TODAY = date(2026, 8, 17)
BOOK = document("resources.json")


@pytest.fixture(scope="module")
def levelled() -> Levelled:
    folder = read_folder(FOLDER)
    assert folder.plan is not None
    params = ScheduleParams(Policy.AS_PLANNED)
    schedule = back_schedule(folder.plan, opening=folder.opening, today=TODAY, params=params)
    published = {task.id: (task.start, task.finish) for task in folder.plan.leaves() if task.start and task.finish}
    resources = read_resources(FOLDER / "resources.json", folder.plan)
    return level(schedule, resources, budget=Budget(iterations=100), published=published)


def test_every_resource_is_named_in_both_languages_and_needed() -> None:
    needed = {row["resource"] for row in BOOK["needs"]}
    for row in BOOK["resources"]:
        english, chinese = row["name"].split(" / ")
        assert english.isascii() and any("一" <= sign <= "鿿" for sign in chinese)
        assert row["resource"] in needed


def test_about_two_thirds_of_the_work_still_to_do_needs_something() -> None:
    done = {row["ID"] for row in table("progress") if row["Actual finish"]}
    ahead = {row["ID"] for row in leaves() if row["ID"] not in done and row["Start"] != row["Finish"]}
    asked = ahead & {row["task"] for row in BOOK["needs"]}
    assert 0.55 < len(asked) / len(ahead) < 0.75


def test_a_few_are_overloaded_as_planned_and_levelling_clears_them_without_new_lateness(levelled: Levelled) -> None:
    over = {one.resource: [day for day in one.days if day.day >= TODAY] for one in levelled.histograms}
    before = {name for name, days in over.items() if any(day.over_before for day in days)}
    assert 2 <= len(before) <= 6 and "crane" in before
    assert not any(day.over_after for days in over.values() for day in days)
    assert levelled.proved and not levelled.faults
    assert levelled.value.gates_late == levelled.before.gates_late
    assert levelled.value.tardiness == levelled.lower_bound.tardiness, "what progress has cost already, and no more"
