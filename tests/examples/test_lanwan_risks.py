"""What endangers the demonstration at T−80: one checkpoint, one cause, one chain, and a change that mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from examples.lanwan.days import on

from tests.examples.lanwan_folder import FOLDER
from tminus.engines.schedule import Plan, Policy, ScheduleParams, back_schedule
from tminus.engines.schedule.risk import Risk, Scenario, simulate
from tminus.formats.event_folder import EventFolder, read_folder

pytestmark = pytest.mark.slow  # the simulation's loops are compiled when they have changed


@pytest.fixture(scope="module")
def folder() -> EventFolder:
    return read_folder(FOLDER)


def _simulated(folder: EventFolder, plan: Plan) -> Risk:
    params = ScheduleParams(Policy.AS_PLANNED, checkpoint_days=10)
    schedule = back_schedule(plan, opening=on(0), today=on(-80), params=params)
    causes = [one.cause for one in folder.causes]
    without = [Scenario(cause.id, off=frozenset([cause.id])) for cause in causes]
    return simulate(schedule, samples=10_000, drivers=causes, scenarios=without, tornado=False)


def _ahead(risk: Risk) -> Mapping[int, float]:
    return {one.t_minus: one.p_ready for one in risk.checkpoints if one.t_minus < 80}


def test_one_checkpoint_is_in_danger_for_one_reason(folder: EventFolder) -> None:
    assert folder.plan is not None
    risk = _simulated(folder, folder.plan)
    likely = _ahead(risk)
    assert 0.35 <= likely[50] <= 0.65
    assert min(p for t, p in likely.items() if t != 50) >= 0.8
    assert sum(p < 0.99 for p in likely.values()) >= 4  # nothing is certain everywhere
    number = next(n for n, one in enumerate(risk.checkpoints) if one.t_minus == 50)
    without = {one.name: one.p_ready[number] for one in risk.scenarios}
    assert without.pop("approvals") >= 0.9
    assert max(without.values()) < likely[50] + 0.02


def test_working_at_weekends_mends_it(folder: EventFolder) -> None:
    assert folder.plan is not None
    tasks = (replace(one, calendar="seven-day") if one.id == "PT0505" else one for one in folder.plan.tasks)
    assert _ahead(_simulated(folder, replace(folder.plan, tasks=tuple(tasks))))[50] >= 0.8


def test_each_cause_is_told_in_both_languages_and_watched_by_a_unit(folder: EventFolder) -> None:
    assert len(folder.causes) == 4
    for one in folder.causes:
        assert one.watched_by and one.active
        assert one.cause.name.isascii()
        assert any(ord(ch) > 0x2E80 for ch in one.cause.name_zh)


def test_readme_gives_the_measured_probability(folder: EventFolder) -> None:
    assert folder.plan is not None
    page = " ".join((FOLDER / "README.md").read_text("utf-8").split())
    likely = {t: round(100 * p) for t, p in _ahead(_simulated(folder, folder.plan)).items()}
    others = [p for t, p in likely.items() if t != 50]
    assert f"T−50 is {likely[50]} % likely, every other checkpoint ahead {min(others)} % or more" in page
