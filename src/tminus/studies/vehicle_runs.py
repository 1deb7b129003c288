"""Vehicles of a day of a scenario: of timetabled lines and shuttles, less what is closed, later what is late."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Network, Node
from tminus.engines.crowd.riding import board_id
from tminus.engines.crowd.scenario import Change, Field, Run, StopTime
from tminus.formats.crowd.ground import distance_m
from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Does, Happening, Measure
from tminus.formats.event_folder.services import Period, Service
from tminus.formats.problems import BadFile
from tminus.studies.day_clock import second_of
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.simulated_day import START_MIN

OUT, BACK = "+", "-"
"""After a line's name: along its stops, and back."""
BUS_M_S, WINDING, TURN_S, BUS_DOORS_P_S = 6.5, 1.3, 120.0, 3.0
"""Shuttles, assumed: 23 km/h on roads a third longer than the crow flies, two minutes to turn, three persons a second
through the doors."""
TOLD_AHEAD_S = 600.0
"""A shuttle is announced so long before the first one leaves; nobody waits for it in the morning."""


@dataclass(frozen=True, slots=True)
class Vehicles:
    """``network`` without the rides that vehicles now run; ``changes``: when one may wait for a line."""

    network: Network
    runs: tuple[Run, ...]
    changes: tuple[Change, ...]


def vehicles_of(ready: PreparedDay, scenario: DayScenario) -> Vehicles:
    """Everything that runs on the day of ``scenario``.

    :raises BadFile: another headway for a line that is not in ``services.csv``.
    """
    known = {service.line for service in ready.services}
    headways = [one for one in scenario.measures if one.kind is Does.HEADWAY]
    for one in headways:
        if one.element not in known:
            allowed = f"a line of services.csv ({', '.join(sorted(known)) or 'none there'}); others have no timetable"
            raise BadFile(f"{scenario.id}, headway of line {one.element!r}; allowed: {allowed}")
    runs = [run for service in ready.services for run in _runs(service, headways)]
    changes: list[Change] = []
    for befalls in scenario.happenings:
        lines = (befalls.element + OUT, befalls.element + BACK)
        if befalls.kind is Befalls.SERVICE_LATE:
            runs = [_late(run, befalls) if run.line in lines else run for run in runs]
        if befalls.kind is Befalls.LINE_CLOSED:
            changes += _not_boarded(runs, lines, befalls)
            runs = [part for run in runs for part in (_closed(run, befalls) if run.line in lines else [run])]
    shuttles = [_shuttle(ready.network, one) for one in scenario.measures if one.kind is Does.SHUTTLE]
    changes = _of_lines_that_run(changes, runs)
    changes += [change for two_ways in shuttles for change in _announced(two_ways)]
    return Vehicles(
        _without_rides(ready, known), (*runs, *(run for two_ways in shuttles for run in two_ways)), tuple(changes)
    )


def _without_rides(ready: PreparedDay, known: set[str]) -> Network:
    left = [x for x in ready.network.links if x.kind is not LinkKind.RIDE or ready.line_of.get(x.id) not in known]
    return replace(ready.network, links=tuple(left))


def _runs(service: Service, headways: Sequence[Measure]) -> Iterator[Run]:
    """Both ways, one vehicle after another from the first minute of the first period to the end of the last."""
    own = [one for one in headways if one.element == service.line]
    for sign, stops, ride_s in (
        (OUT, service.stops, service.ride_s),
        (BACK, service.stops[::-1], service.ride_s[::-1]),
    ):
        for number, (minute, period) in enumerate(_departures(service.periods, own)):
            line = service.line + sign
            yield _run(f"{line} {number + 1}", line, stops, ride_s, (minute - START_MIN) * 60.0, period)


def _departures(periods: Sequence[Period], own: Sequence[Measure]) -> Iterator[tuple[float, Period]]:
    for period in sorted(periods, key=lambda one: one.from_min):
        minute = period.from_min
        while minute < period.to_min:
            yield minute, period
            other = next((one for one in own if one.from_min <= minute < one.to_min), None)
            minute += (other.value if other else period.headway_s) / 60.0


def _run(id: str, line: str, stops: Sequence[str], ride_s: Sequence[float], leaves_s: float, period: Period) -> Run:
    calls, at = [StopTime(stops[0], max(leaves_s - period.dwell_s, 0.0), leaves_s)], leaves_s
    for stop, seconds in zip(stops[1:], ride_s, strict=True):
        calls.append(StopTime(stop, at + seconds, at + seconds + period.dwell_s))
        at += seconds + period.dwell_s
    return Run(id, line, tuple(calls), period.free_p, period.door_p_s)


def _late(run: Run, late: Happening) -> Run:
    """From the first stop it would leave in that time on, so many minutes later."""
    begin, end = second_of(late.from_min), second_of(late.to_min)
    at = next((n for n, stop in enumerate(run.stops) if begin <= stop.depart_s < end), len(run.stops))
    shift = late.value * 60.0
    moved = (StopTime(stop.node, stop.arrive_s + shift, stop.depart_s + shift) for stop in run.stops[at:])
    return replace(run, stops=(*run.stops[:at], *moved))


def _closed(run: Run, closed: Happening) -> list[Run]:
    """It ends at the first stop it would leave when the line is closed, and goes on from where it is open again."""
    begin, end = second_of(closed.from_min), second_of(closed.to_min)
    before = [stop for stop in run.stops if stop.depart_s < begin]
    after = [stop for stop in run.stops if stop.depart_s >= end]
    if len(before) + len(after) == len(run.stops) and not (before and after):
        return [run]
    cut = [run.stops[len(before)]] if before else []
    parts = ((run.id, (*before, *cut)), (f"{run.id} again", tuple(after)))
    return [replace(run, id=id, stops=tuple(stops)) for id, stops in parts if len(stops) > 1]


def _not_boarded(runs: Iterable[Run], lines: Sequence[str], closed: Happening) -> list[Change]:
    stops = dict.fromkeys((run.line, stop.node) for run in runs if run.line in lines for stop in run.stops[:-1])
    ids = [board_id(line, stop) for line, stop in stops]
    begin, end = second_of(closed.from_min), second_of(closed.to_min)
    shut = [Change(begin, id, Field.OPEN, 0.0) for id in ids]
    return shut + [Change(end, id, Field.OPEN, 1.0) for id in ids]


def _of_lines_that_run(changes: Iterable[Change], runs: Iterable[Run]) -> list[Change]:
    """A line that never leaves a stop has no way to board there."""
    there = {board_id(run.line, stop.node) for run in runs for stop in run.stops[:-1]}
    return [change for change in changes if change.element in there]


def _shuttle(network: Network, one: Measure) -> list[Run]:
    """Buses from ``element`` to ``other`` and back, each there again after a round trip."""
    place = {node.id: node for node in network.nodes}
    ride = ride_s(network, place[one.element], place[one.other])
    runs: list[Run] = []
    for here, there, first in ((one.element, one.other, 0.0), (one.other, one.element, ride + TURN_S)):
        line = f"shuttle {here} > {there}"
        at, end = second_of(one.from_min) + first, second_of(one.to_min) + first
        stands = min(max(one.capacity_p / BUS_DOORS_P_S, 20.0), max(one.value - 5.0, 20.0), TURN_S)
        while at < end:
            stops = (StopTime(here, max(at - stands, 0.0), at), StopTime(there, at + ride, at + ride + 20.0))
            runs.append(Run(f"{line} {len(runs) + 1}", line, stops, one.capacity_p, BUS_DOORS_P_S))
            at += one.value
    return runs


def ride_s(network: Network, here: Node, there: Node) -> float:
    """Seconds of a bus from one place to the other."""
    far = distance_m((here.x, here.y), (there.x, there.y), degrees=network.geographic)
    return max(far * WINDING / BUS_M_S, 60.0)


def buses_of(network: Network, one: Measure) -> int:
    """How many buses a shuttle takes: its round trip over its headway."""
    place = {node.id: node for node in network.nodes}
    return math.ceil(2 * (ride_s(network, place[one.element], place[one.other]) + TURN_S) / one.value)


def _announced(runs: Sequence[Run]) -> Iterator[Change]:
    first: dict[str, float] = {}
    for run in runs:
        first.setdefault(board_id(run.line, run.stops[0].node), run.stops[0].depart_s)
    for id, at in first.items():
        if at > TOLD_AHEAD_S:
            yield Change(0.0, id, Field.OPEN, 0.0)
            yield Change(at - TOLD_AHEAD_S, id, Field.OPEN, 1.0)
