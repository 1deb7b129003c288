"""A scenario of a day walked: what befalls and what is done, carried out on forecast, gates, ways and timetable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from tminus.engines.crowd.agents.simulation import Told
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import simulate
from tminus.formats.event_folder.day_scenarios import (
    DAY_END_MIN,
    DayScenario,
    Does,
    Measure,
    check_elements,
)
from tminus.formats.problems import BadFile
from tminus.studies.day_clock import second_of
from tminus.studies.gate_lanes import lanes_of
from tminus.studies.longer_stays import kept_inside
from tminus.studies.more_visitors import resized, visitors_wanted
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.sent_elsewhere import redirections
from tminus.studies.simulated_day import ADVISED, gate_shifts, scenario_of
from tminus.studies.vehicle_runs import vehicles_of
from tminus.studies.way_changes import way_changes

MORE_DRAW, STAY_DRAW = 2, 3
"""Who comes besides or stays at home, and whom a show keeps, is drawn apart from everything else."""


@dataclass(frozen=True, slots=True)
class WalkedDay:
    """``scenario``: as it was walked (gates two-sided, changes at their seconds)."""

    scenario: Scenario
    result: DayResult


def walk(
    ready: PreparedDay, scenario: DayScenario, *, sample: int | None = None, seed: int = 0,
    on_progress: Told | None = None,
) -> WalkedDay:  # fmt: skip
    """The day of ``scenario``, simulated once: agents of one sample path, drawn by ``seed``.

    :raises BadFile: an element that is not there, or a day that cannot be walked.
    """
    walked = simulated_scenario(ready, scenario, sample=sample, seed=seed)
    try:
        until = second_of(DAY_END_MIN)  # who has no way home then has none
        return WalkedDay(walked, simulate(walked, seed=seed, until_s=until, on_progress=on_progress))
    except CrowdError as error:
        raise BadFile(f"{scenario.id}: {error}") from error


def simulated_scenario(
    ready: PreparedDay, scenario: DayScenario, *, sample: int | None = None, seed: int = 0
) -> Scenario:
    """What the crowd engine walks for ``scenario``.

    :raises BadFile: an element that is not there.
    """
    check_elements(scenario, ready.elements, scenario.id)
    vehicles = vehicles_of(ready, scenario)
    try:
        usual = scenario_of(
            ready.forecast,
            vehicles.network,
            sample=sample,
            seed=seed,
            runs=vehicles.runs,
            gates=lanes_of(gate_shifts(ready.forecast), scenario),
            routing=replace(ADVISED, advised=advised(scenario.measures)),
            sent=redirections(scenario.measures),
        )
        last_s = second_of(DAY_END_MIN)  # what lasts to the end of the day is not undone then
        changes = (*vehicles.changes, *way_changes(ready, usual.network, scenario))
        return replace(
            usual,
            demand=_visitors(ready, scenario, usual.demand, seed),
            changes=tuple(sorted((one for one in changes if one.at_s < last_s), key=lambda change: change.at_s)),
        )
    except CrowdError as error:
        raise BadFile(f"{scenario.id}: {error}") from error


def _visitors(ready: PreparedDay, scenario: DayScenario, forecast: Demand, seed: int) -> Demand:
    wanted = visitors_wanted(len(forecast), scenario.happenings, ready.forecast.attendance.most)
    people = resized(forecast, wanted, np.random.default_rng([seed, MORE_DRAW]))
    return kept_inside(people, scenario.happenings, np.random.default_rng([seed, STAY_DRAW]))


def advised(measures: Iterable[Measure]) -> float:
    """Share of the people who follow screens and stewards."""
    return next((one.value / 100 for one in measures if one.kind is Does.ADVICE), ADVISED.advised)
