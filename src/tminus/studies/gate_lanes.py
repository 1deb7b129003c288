"""Lanes of the gates on a day of a scenario: as planned, as the measures have them, less what is out of service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tminus.engines.crowd.scenario import GateShift
from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Does, Happening, Measure
from tminus.studies.day_clock import second_of


def lanes_of(planned: Iterable[GateShift], scenario: DayScenario) -> tuple[GateShift, ...]:
    """Lanes as planned, as the measures have them, less what is out of service."""
    planned = tuple(planned)
    shifts = [*planned]
    for measure in (one for one in scenario.measures if one.kind is Does.LANES):
        shifts = [part for shift in shifts for part in _without(shift, measure)]
        like = next((one for one in planned if one.node == measure.element), None)
        if measure.value and like is not None:
            begin, end = second_of(measure.from_min), second_of(measure.to_min)
            shifts.append(replace(like, from_s=begin, to_s=end, lanes=round(measure.value)))
    for lost in (one for one in scenario.happenings if one.kind is Befalls.GATE_LOST):
        most = max((one.lanes for one in planned if one.node == lost.element), default=0)
        there = round(most * (1 - lost.value / 100))
        shifts = [part for shift in shifts for part in _at_most(shift, lost, there)]
    return tuple(shifts)


def _without(shift: GateShift, row: Measure | Happening) -> list[GateShift]:
    """What of ``shift`` lies outside the time of ``row``; the whole of other gates'."""
    begin, end = second_of(row.from_min), second_of(row.to_min)
    if shift.node != row.element or end <= shift.from_s or begin >= shift.to_s:
        return [shift]
    before = [replace(shift, to_s=begin)] if begin > shift.from_s else []
    return before + ([replace(shift, from_s=end)] if end < shift.to_s else [])


def _at_most(shift: GateShift, lost: Happening, there: int) -> list[GateShift]:
    begin, end = max(shift.from_s, second_of(lost.from_min)), min(shift.to_s, second_of(lost.to_min))
    if shift.node != lost.element or begin >= end:
        return [shift]
    return [*_without(shift, lost), replace(shift, from_s=begin, to_s=end, lanes=min(shift.lanes, there))]
