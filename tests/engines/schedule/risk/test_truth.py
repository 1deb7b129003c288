"""Cases whose answer is known without simulation."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.engines.schedule.risk.plans import DAY, OPENING, TODAY, multiple, plan_of, soon, task, triangle
from tminus.engines.schedule import Estimate, EstimateKind, Plan
from tminus.engines.schedule.risk import Branch, Hits, RiskDriver, RiskParams, WeatherCalendar, simulate
from tminus.engines.schedule.risk.prepare import prepare
from tminus.engines.schedule.risk.simulate import draw

ALONE = RiskParams(correlation=0)
N = 100_000


def ends(plan: Plan, drivers: tuple[object, ...] = (), params: RiskParams = ALONE, samples: int = N) -> np.ndarray:
    """Days of eight hours from today to the end of preparation, by sample."""
    made = prepare(soon(plan), drivers, params)  # type: ignore[arg-type]
    drawn, _ = draw(made, made.model, samples, 1)
    today = 1440  # the window begins a day before
    return (drawn.end - today) / DAY


def triangular_cdf(x: np.ndarray, low: float, mode: float, high: float) -> np.ndarray:
    left = (x - low) ** 2 / ((high - low) * (mode - low)) if mode > low else np.zeros_like(x)
    right = 1 - (high - x) ** 2 / ((high - low) * (high - mode))
    return np.where(x <= low, 0, np.where(x >= high, 1, np.where(x < mode, left, right)))


def agrees(found: np.ndarray, cdf: np.ndarray, grid: np.ndarray) -> None:
    """Within what 100,000 samples can differ by (Kolmogorov: 1.95 / √n leaves one in a thousand)."""
    shares = np.searchsorted(np.sort(found), grid, side="right") / len(found)
    assert np.abs(shares - cdf).max() < 1.95 / np.sqrt(len(found)) + 1e-3


def test_the_longer_of_two_triangles() -> None:
    plan = plan_of(task("A", triangle(10, 12, 20)), task("B", triangle(10, 15, 16)), links=(("A", "END"), ("B", "END")))
    grid = np.linspace(10, 20, 400)
    agrees(ends(plan), triangular_cdf(grid, 10, 12, 20) * triangular_cdf(grid, 10, 15, 16), grid)


def test_the_sum_of_two_triangles() -> None:
    plan = plan_of(task("A", triangle(10, 12, 20)), task("B", triangle(10, 15, 16)), links=(("A", "B"), ("B", "END")))
    fine = np.linspace(10, 20, 4001)
    density = np.gradient(triangular_cdf(fine, 10, 12, 20), fine)
    grid = np.linspace(20, 36, 300)
    cdf = np.array([np.trapezoid(density * triangular_cdf(x - fine, 10, 15, 16), fine) for x in grid])
    agrees(ends(plan), cdf, grid)


def test_a_pert_has_its_mean_and_a_log_normal_its_quantiles() -> None:
    pert = Estimate(EstimateKind.PERT, (10 * DAY, 12 * DAY, 24 * DAY))
    assert ends(plan_of(task("A", pert))).mean() == pytest.approx((10 + 4 * 12 + 24) / 6, abs=0.03)
    heavy = ends(plan_of(task("A", Estimate(EstimateKind.LOGNORMAL, (20 * DAY, 40 * DAY)), 1)))
    assert np.quantile(heavy, [0.5, 0.9]) == pytest.approx([20, 40], rel=0.01)
    sigma = np.log(2) / 1.2815515655
    assert heavy.mean() == pytest.approx(20 * np.exp(sigma**2 / 2), rel=0.01)


def test_past_work_is_drawn_as_it_was() -> None:
    past = Estimate(EstimateKind.EMPIRICAL, tuple(day * DAY for day in (10.0, 11.0, 15.0, 30.0)))
    found = ends(plan_of(task("A", past, 5)))
    assert np.quantile(found, [0, 1 / 3, 2 / 3, 1]) == pytest.approx([10, 11, 15, 30], abs=0.2)


def test_a_cause_that_may_happen_is_a_mixture() -> None:
    plan = plan_of(task("A", triangle(10, 10, 10)))
    found = ends(plan, (RiskDriver("late", multiple(5, 5, 5), 0.3, days=True),))
    assert set(np.round(found, 6)) == {10.0, 25.0}  # without calendars a day is 24 hours
    assert (found > 12).mean() == pytest.approx(0.3, abs=0.006)
    longer = ends(plan, (RiskDriver("a", multiple(1.5, 1.5, 1.5), 0.5), RiskDriver("b", multiple(2, 2, 2), 0.5)))
    values, counts = np.unique(np.round(longer, 6), return_counts=True)
    assert list(values) == [10, 15, 20, 30]
    assert counts / len(longer) == pytest.approx([0.25] * 4, abs=0.006)


def test_one_cause_hits_all_its_tasks_at_once() -> None:
    """Two tasks side by side: a common cause delays the end in 30 of 100 samples, two of their own in 51."""
    tasks = (task("A", triangle(10, 10, 10)), task("B", triangle(10, 10, 10)))
    plan = plan_of(*tasks, links=(("A", "END"), ("B", "END")))
    common = ends(plan, (RiskDriver("c", multiple(2, 2, 2), 0.3),))
    own = [RiskDriver(id, multiple(2, 2, 2), 0.3, hits=Hits(ids=frozenset([id]))) for id in "AB"]
    assert (common > 12).mean() == pytest.approx(0.3, abs=0.006)
    assert (ends(plan, tuple(own)) > 12).mean() == pytest.approx(0.51, abs=0.006)


@pytest.mark.parametrize("wanted", [0.0, 0.3, 0.7, 0.95])
def test_a_unit_has_the_rank_correlation_asked_for_and_nobodys_estimate_changes(wanted: float) -> None:
    tasks = tuple(task(id, triangle(10, 12, 20), unit="U") for id in ("A", "B"))
    made = prepare(soon(plan_of(*tasks, links=(("A", "END"), ("B", "END")))), (), RiskParams(correlation=wanted))
    durations = two_durations(made)
    ranks = durations.argsort(axis=1).argsort(axis=1)
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(wanted, abs=0.03)
    grid = np.linspace(10, 20, 300)
    shares = np.searchsorted(np.sort(durations[0]), grid, side="right") / durations.shape[1]
    assert np.abs(shares - triangular_cdf(grid, 10, 12, 20)).max() < 1.95 / np.sqrt(durations.shape[1]) + 1e-3


def two_durations(made: object) -> np.ndarray:
    from tests.engines.schedule.risk.lanes_replayed import Batch

    rows = [Batch(made, seed).drawn for seed in range(200)]  # type: ignore[arg-type]
    return np.concatenate([one[~made.model.net.instant] for one in rows], axis=1) / 2 / DAY  # type: ignore[attr-defined]


def test_a_branch_is_taken_as_often_as_it_says() -> None:
    tasks = (task("A", triangle(10, 10, 10)), task("B", triangle(10, 10, 10)), task("C", triangle(4, 4, 4), 4))
    plan = plan_of(*tasks, links=(("A", "B"), ("A", "C")))
    branch = Branch("test", ((0.2, frozenset("B")), (0.5, frozenset("C"))))
    values, counts = np.unique(np.round(ends(plan, (branch,)), 6), return_counts=True)
    assert counts[list(values).index(20)] / N == pytest.approx(0.2, abs=0.005)
    assert set(values) == {10, 14, 20}


def test_lost_days_are_made_up_for_at_the_end() -> None:
    """Ten working days where each day is lost with probability 0.25: the end waits for the tenth good day."""
    plan = plan_of(task("A", triangle(10, 10, 10)), links=(("A", "END"),), calendars=True)
    made = prepare(soon(plan), (WeatherCalendar("rain", (0.25,) * 12),), ALONE)
    drawn, _ = draw(made, made.model, N, 1)
    days = (drawn.work - drawn.work.min()) / DAY + 10
    assert days.min() == 10
    assert days.mean() == pytest.approx(10 / 0.75, abs=0.02)  # negative binomial
    assert days.var() == pytest.approx(10 * 0.25 / 0.75**2, abs=0.1)
    assert set(np.unique(days % 1)) == {0}


def test_weather_of_past_years_comes_as_whole_years() -> None:
    plan = plan_of(task("A", triangle(5, 5, 5), 5), links=(("A", "END"),), calendars=True)
    years = (frozenset(), frozenset((8, day) for day in (18, 19, 20)))
    made = prepare(soon(plan), (WeatherCalendar("storm", history=years),), ALONE)
    drawn, _ = draw(made, made.model, 10_000, 3)
    days, counts = np.unique((drawn.work - drawn.work.min()) / DAY, return_counts=True)
    assert list(days) == [0, 3]
    assert counts[1] / 10_000 == pytest.approx(0.5, abs=0.02)


def test_certain_and_impossible() -> None:
    plan = plan_of(task("A", triangle(10, 12, 20)), links=(("A", "END"),))
    assert simulate(soon(plan), samples=500).checkpoints[-1].p_ready == 1
    assert simulate(soon(plan, TODAY + timedelta(days=3)), samples=500).checkpoints[-1].p_ready == 0


def test_a_quantile_agrees_with_a_hundred_times_as_many_samples() -> None:
    """P80 within 0.3 % of the way to the end, of a million samples."""
    tasks = tuple(task(f"T{i}", triangle(10, 12, 20), unit=f"U{i % 8}") for i in range(64))
    links = tuple((f"T{i}", f"T{j}") for i in range(64) for j in (i + 2, i + 3) if j < 64)
    plan = plan_of(*tasks, links=(*links, ("T62", "END"), ("T63", "END")))
    cause = (RiskDriver("c", multiple(1, 1.2, 1.6), 0.4, hits=Hits(units=frozenset(["U0"]))),)
    few, many = (np.quantile(ends(plan, cause, RiskParams(), samples), 0.8) for samples in (10_000, 1_000_000))
    assert few == pytest.approx(many, rel=0.003)


def test_what_opening_means() -> None:
    """Preparation that ends within opening day is not ready, its checkpoint's evening notwithstanding."""
    plan = plan_of(task("A", triangle(10, 10, 10), 10), links=(("A", "END"),), calendars=True)
    late = soon(plan, TODAY + timedelta(days=11))  # ten working days end on the eleventh day after
    risk = simulate(late, samples=64)
    assert late.by_id()["END"].finish.date() == OPENING.replace(year=2026, month=8, day=28)
    assert risk.checkpoints[-1].date.isoformat() == "2026-08-28"
    assert risk.checkpoints[-1].p_ready == 0
