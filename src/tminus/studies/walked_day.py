"""A scenario of a day walked: what befalls and what is done, carried out on forecast, gates, ways and timetable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tminus.engines.crowd.agents.simulation import Told
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Change, Field, GateShift, Scenario
from tminus.engines.crowd.simulate import simulate
from tminus.formats.event_folder.day_scenarios import (
    Befalls,
    DayScenario,
    Does,
    Happening,
    Measure,
    check_elements,
)
from tminus.formats.problems import BadFile
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.simulated_day import ADVISED, START_MIN, gate_shifts, scenario_of


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
        return WalkedDay(walked, simulate(walked, seed=seed, on_progress=on_progress))
    except CrowdError as error:
        raise BadFile(f"{scenario.id}: {error}") from error


def simulated_scenario(
    ready: PreparedDay, scenario: DayScenario, *, sample: int | None = None, seed: int = 0
) -> Scenario:
    """What the crowd engine walks for ``scenario``.

    :raises BadFile: an element that is not there.
    """
    check_elements(scenario, ready.elements, scenario.id)
    try:
        return scenario_of(
            ready.forecast,
            ready.network,
            sample=sample,
            seed=seed,
            gates=lanes_of(gate_shifts(ready.forecast), scenario),
            changes=changes_of(ready, scenario.measures),
            routing=replace(ADVISED, advised=advised(scenario.measures)),
        )
    except CrowdError as error:
        raise BadFile(f"{scenario.id}: {error}") from error


def lanes_of(planned: Iterable[GateShift], scenario: DayScenario) -> tuple[GateShift, ...]:
    """Lanes as planned, as the measures have them, less what is out of service."""
    shifts = [*planned]
    for measure in (one for one in scenario.measures if one.kind is Does.LANES):
        shifts = [part for shift in shifts for part in _without(shift, measure)]
        like = next((one for one in planned if one.node == measure.element), None)
        if measure.value and like is not None:
            begin, end = _second(measure.from_min), _second(measure.to_min)
            shifts.append(replace(like, from_s=begin, to_s=end, lanes=round(measure.value)))
    for lost in (one for one in scenario.happenings if one.kind is Befalls.GATE_LOST):
        shifts = [part for shift in shifts for part in _fewer(shift, lost)]
    return tuple(shifts)


def _without(shift: GateShift, measure: Measure | Happening) -> list[GateShift]:
    """What of ``shift`` lies outside the time of ``measure``; the whole of other gates'."""
    begin, end = _second(measure.from_min), _second(measure.to_min)
    if shift.node != measure.element or end <= shift.from_s or begin >= shift.to_s:
        return [shift]
    before = [replace(shift, to_s=begin)] if begin > shift.from_s else []
    return before + ([replace(shift, from_s=end)] if end < shift.to_s else [])


def _fewer(shift: GateShift, lost: Happening) -> list[GateShift]:
    begin, end = max(shift.from_s, _second(lost.from_min)), min(shift.to_s, _second(lost.to_min))
    if shift.node != lost.element or begin >= end:
        return [shift]
    left = replace(shift, from_s=begin, to_s=end, lanes=round(shift.lanes * (1 - lost.value / 100)))
    return [*_without(shift, lost), left]


def changes_of(ready: PreparedDay, measures: Iterable[Measure]) -> tuple[Change, ...]:
    """Ways closed or walked one way, opened again at the end."""
    start_of = {link.id: link.start for link in ready.network.links}
    found: list[Change] = []
    for one in measures:
        begin, end = _second(one.from_min), _second(one.to_min)
        if one.kind is Does.WAY_CLOSED:
            found += [Change(begin, one.element, Field.OPEN, 0.0), Change(end, one.element, Field.OPEN, 1.0)]
        if one.kind is Does.ONE_WAY:
            towards = -1.0 if start_of[one.element] == one.other else 1.0
            found += [Change(begin, one.element, Field.DIRECTION, towards)]
            found += [Change(end, one.element, Field.DIRECTION, 0.0)]
    return tuple(sorted(found, key=lambda change: change.at_s))


def advised(measures: Iterable[Measure]) -> float:
    """Share of the people who follow screens and stewards."""
    return next((one.value / 100 for one in measures if one.kind is Does.ADVICE), ADVISED.advised)


def _second(minute: float) -> float:
    return max(minute - START_MIN, 0.0) * 60.0
