"""An event folder's day, from its files to a scenario that can be simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from tminus.formats.crowd.scenario_folder import ReadScenario
from tminus.formats.event_folder.day_scenarios import DayScenario, Measure, read_day_scenarios
from tminus.formats.problems import BadFile
from tminus.studies.prepared_day import PreparedDay, checked_sample, prepared_day
from tminus.studies.recommendation import Told, greedy, recommend
from tminus.studies.walked_day import simulated_scenario

MEASURES = ("own", "none", "greedy", "recommended")
"""Whose measures a scenario is walked with."""


def read_event_day(
    folder: Path, day: date | None, *, as_of: date | None = None, sample: int | None = None, seed: int = 0,
    scenario: str = "", measures: str = "own", on_progress: Told | None = None,
) -> ReadScenario:  # fmt: skip
    """The scenario of ``day``: its forecast as known at the end of ``as_of`` (the day before), as people with plans.

    :param sample: which of the forecast's paths; None: the one whose number of visitors is the middle one.
    :param scenario: the ID of one of the folder's ``day_scenarios.json``; without one the day comes as forecast.
    :param measures: one of :data:`MEASURES`. ``on_progress``: told of the days walked for a recommendation.
    :raises BadFile: a folder no day can be forecast from, a network that does not lead to the halls, no such scenario.
    """
    checked_sample(sample)
    chosen = _chosen(folder, day, scenario)
    ready = prepared_day(folder, chosen.day, as_of=as_of, seed=seed)
    chosen = replace(chosen, measures=_measures(ready, chosen, measures, on_progress))
    walked = simulated_scenario(ready, chosen, sample=sample, seed=seed)
    told = [ready.name, *([chosen.name] if scenario else [])]
    name = ", ".join([*(one.get("en") or one.get("zh") or chosen.id for one in told), str(chosen.day)])
    return ReadScenario(name, ready.start, True, walked, ready.warnings, ready.shapes)


def _chosen(folder: Path, day: date | None, scenario: str) -> DayScenario:
    if not scenario:
        if day is None:
            raise BadFile("--day: none; allowed: a day of the event, or --scenario of day_scenarios.json")
        return DayScenario(f"{folder.name}, {day}", {}, day)
    known = {one.id: one for one in read_day_scenarios(folder)}
    if scenario not in known:
        raise BadFile(
            f"--scenario: {scenario!r}; allowed: {', '.join(known) or 'none, there is no day_scenarios.json'}"
        )
    if day is not None and day != known[scenario].day:
        raise BadFile(f"--day: {day}; allowed with --scenario {scenario}: {known[scenario].day}, or none")
    return known[scenario]


def _measures(ready: PreparedDay, chosen: DayScenario, whose: str, on_progress: Told | None) -> tuple[Measure, ...]:
    if whose not in MEASURES:
        raise BadFile(f"--measures: {whose!r}; allowed: {', '.join(MEASURES)}")
    if whose == "recommended":
        return recommend(ready, chosen, on_progress=on_progress).measures
    return {"own": chosen.measures, "none": ()}.get(whose) or (greedy(ready, chosen) if whose == "greedy" else ())
