"""An event folder's day, from its files to a scenario that can be simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tminus.engines.crowd.problem import CrowdError
from tminus.formats.crowd.read_network import read_tables
from tminus.formats.crowd.scenario_folder import ReadScenario
from tminus.formats.crowd.settings import read_settings
from tminus.formats.event_folder.folder import read_folder
from tminus.formats.event_folder.forecast_day import attendance_forecast, forecast_day
from tminus.formats.problems import BadFile
from tminus.studies.simulated_day import START_MIN, scenario_of

SAMPLES = 200
"""Paths drawn of the day; the middling one is walked unless another is asked for."""


def read_event_day(
    folder: Path, day: date, *, as_of: date | None = None, sample: int | None = None, seed: int = 0
) -> ReadScenario:
    """The scenario of ``day``: its forecast as known at the end of ``as_of`` (the day before), as people with plans.

    :param sample: which of the forecast's paths; None: the one whose number of visitors is the middle one.
    :raises BadFile: a folder no day can be forecast from, a network that does not lead to the halls.
    """
    if sample is not None and not 0 <= sample < SAMPLES:
        raise BadFile(f"--sample: {sample}; allowed: 0 … {SAMPLES - 1}")
    known = read_folder(folder)
    attendance = attendance_forecast(folder, day, as_of or day - timedelta(days=1), SAMPLES, seed)
    forecast = forecast_day(folder, known, day, attendance, paths=SAMPLES, seed=seed, as_of=as_of)
    read = read_tables(folder, read_settings(folder))
    try:
        scenario = scenario_of(forecast.site, read.network, sample=sample, seed=seed)
    except CrowdError as error:
        raise BadFile(f"{folder.name}, {day}: {error}") from error
    name = known.event["name"]
    start = datetime.combine(day, time()) + timedelta(minutes=START_MIN)
    words = replace(read, warnings=(*read.warnings, *forecast.site.rests_on)).warnings
    return ReadScenario(f"{name.get('en') or name.get('zh')}, {day}", start, True, scenario, words, read.shapes)
