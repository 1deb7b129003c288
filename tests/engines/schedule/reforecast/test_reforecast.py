"""The forecast, on projects with a known truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.engines.schedule.reforecast.projects import BEGIN, make_project, scheduled
from tminus.engines.schedule import PlanError, back_schedule
from tminus.engines.schedule.reforecast import Distribution, Reforecast, calibrated_plan, learn, reforecast
from tminus.engines.schedule.reforecast.factors import observations_of


@pytest.fixture(scope="module")
def told() -> list[tuple[int, Reforecast, date]]:
    """Two updates each of a few projects, with the day each really ended."""
    found = []
    for seed in range(6):
        project = make_project(seed, 60)
        for number in (1, 3):
            now = project.updates()[number]
            found.append((number, reforecast(project.at(now), samples=300, seed=2), project.ends.date()))
    return found


def test_the_forecast_is_nearer_than_the_plans_own_date(told: list[tuple[int, Reforecast, date]]) -> None:
    ours = [abs((one.ends.quantile(0.5) - ends).days) for _, one, ends in told if one.ends]
    own = [abs((one.deterministic.date() - ends).days) for _, one, ends in told]
    assert len(ours) == len(told)
    assert np.mean(ours) < 0.7 * np.mean(own)


def test_the_band_holds_most_of_what_happened(told: list[tuple[int, Reforecast, date]]) -> None:
    held = [one.ends.quantile(0.1) <= ends <= one.ends.quantile(0.9) for _, one, ends in told if one.ends]
    assert 0.6 <= np.mean(held) <= 1.0
    assert all(one.ends and one.ends.p[-1] > 0.99 for _, one, _ in told)


def test_the_nearer_the_end_the_narrower(told: list[tuple[int, Reforecast, date]]) -> None:
    def width(number: int) -> float:
        return float(np.mean([(one.ends.quantile(0.9) - one.ends.quantile(0.1)).days
                              for n, one, _ in told if n == number and one.ends]))  # fmt: skip

    assert width(3) < width(1)


def test_the_same_seed_gives_the_same_forecast() -> None:
    project = make_project(9, 30)
    schedule = project.at(project.updates()[2])
    assert reforecast(schedule, samples=200).as_json() == reforecast(schedule, samples=200).as_json()


def test_what_others_took_is_learned_from_as_well() -> None:
    """Before anything is reported the forecast is as late as the units have been elsewhere."""
    project, other = make_project(11, 40), make_project(12, 40)
    start = scheduled(project.plan, BEGIN)
    history = [replace(one, taken=one.planned * 1.5) for one in observations_of(other.at(other.ends))]
    alone, taught = (reforecast(start, given, samples=300) for given in ((), history))
    assert alone.ends is not None and taught.ends is not None
    whole = (alone.ends.quantile(0.5) - BEGIN.date()).days
    assert (taught.ends.quantile(0.5) - BEGIN.date()).days == pytest.approx(1.45 * whole, rel=0.1)


def test_running_work_is_left_with_more_than_nothing() -> None:
    project = make_project(3, 40)
    schedule = project.at(project.updates()[2])
    plan = calibrated_plan(schedule, learn(observations_of(schedule)))
    running = [one for one in plan.progress.values() if one.actual_finish is None]
    assert running and all(one.remaining is not None and one.remaining.minutes > 0 for one in running)
    assert all(task.estimate is not None for task in plan.tasks if task.id not in plan.progress and task.id != "END")


def test_a_circle_has_no_forecast() -> None:
    plan = make_project(0, 10).plan
    circular = replace(plan, links=(*plan.links, *(replace(one, pred=one.succ, succ=one.pred) for one in plan.links)))
    with pytest.raises(PlanError, match="no network"):
        reforecast(back_schedule(circular, today=BEGIN))


def test_a_distribution_by_hand() -> None:
    days = tuple(date(2026, 1, day) for day in (1, 2, 3, 4))
    found = Distribution(days, (0.0, 0.25, 0.75, 1.0))
    assert [found.quantile(share) for share in (0.25, 0.5, 0.75, 1.0)] == [days[1], days[2], days[2], days[3]]
    assert found.crps(date(2026, 1, 3)) == pytest.approx(0.25**2 + 0.25**2)
    sure = Distribution(days, (0.0, 1.0, 1.0, 1.0))
    assert sure.crps(date(2026, 1, 2)) == 0.0
    assert sure.crps(date(2026, 1, 6)) == 4.0
