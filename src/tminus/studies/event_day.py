"""An event folder's day, from its files to a scenario that can be simulated."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tminus.engines.crowd.problem import CrowdError
from tminus.formats.crowd.scenario_folder import ReadScenario
from tminus.formats.problems import BadFile
from tminus.studies.prepared_day import checked_sample, prepared_day
from tminus.studies.simulated_day import scenario_of


def read_event_day(
    folder: Path, day: date, *, as_of: date | None = None, sample: int | None = None, seed: int = 0
) -> ReadScenario:
    """The scenario of ``day``: its forecast as known at the end of ``as_of`` (the day before), as people with plans.

    :param sample: which of the forecast's paths; None: the one whose number of visitors is the middle one.
    :raises BadFile: a folder no day can be forecast from, a network that does not lead to the halls.
    """
    checked_sample(sample)
    ready = prepared_day(folder, day, as_of=as_of, seed=seed)
    try:
        scenario = scenario_of(ready.forecast, ready.network, sample=sample, seed=seed)
    except CrowdError as error:
        raise BadFile(f"{folder.name}, {day}: {error}") from error
    name = f"{ready.name.get('en') or ready.name.get('zh')}, {day}"
    return ReadScenario(name, ready.start, True, scenario, ready.warnings, ready.shapes)
