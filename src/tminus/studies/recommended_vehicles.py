"""Trains and buses for a day of a scenario: more trains where people are left behind, shuttles for a closed line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from time import perf_counter

import numpy as np

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.shuttles import Deadheads, ShuttleLine, Trip, schedule_vehicles, trips_of
from tminus.formats.event_folder.day_scenarios import DAY_END_MIN, Befalls, DayScenario, Does, Happening, Measure
from tminus.studies.plan_part import Draft
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.relief import (
    BUS_P,
    LEAST_BUS_HEADWAY_S,
    RELIEF_MIN,
    denser_headways,
    relief_stops,
    site_lines,
)
from tminus.studies.simulated_day import START_MIN
from tminus.studies.vehicle_runs import BACK, OUT, TURN_S, ride_s
from tminus.studies.walked_day import WalkedDay

LEFT_BEHIND_P = 200
"""Fewer left behind on a line on a whole day are no reason for more trains."""
WHOLE_MIN = 30.0
FLEET = 120
"""Assumed: buses that can be had for a day's event at once."""
TOWARDS = 2
"""Stations buses go to from a stop at most: so many stands there are."""
SLOT_MIN = 30


def headway_draft(ready: PreparedDay, scenario: DayScenario, asis: WalkedDay, unit: str = "") -> Draft | None:
    """Every train of a line while people are left behind on it; of the site's lines also while another is closed."""
    begun = perf_counter()
    wanted = {**_left_behind(ready, asis), **_instead_of_closed(ready, scenario)}
    shut = {one.element for one in scenario.happenings if one.kind is Befalls.LINE_CLOSED}
    measures = [
        measure
        for line, (begin, end) in sorted(wanted.items())
        if line not in shut
        for measure in denser_headways(ready, line, begin, end, unit)
    ]
    if not measures:
        return None
    left = float(asis.result.rides.left_behind.sum())
    return Draft(
        "headways", measures[0].element, "left_behind", 0.0, 0.0, None, perf_counter() - begun,
        "trains there are: a quarter more than run at the densest", tuple(measures),
    ) if left else None  # fmt: skip


def _left_behind(ready: PreparedDay, asis: WalkedDay) -> dict[str, tuple[float, float]]:
    """Lines people are left behind on → from when to when, in half hours."""
    rides = asis.result.rides
    some = np.flatnonzero(rides.left_behind > 0)
    many: Counter[str] = Counter()
    minutes: dict[str, list[float]] = {}
    for n in some.tolist():
        line = rides.line[n].removesuffix(OUT).removesuffix(BACK)
        many[line] += int(rides.left_behind[n])
        minutes.setdefault(line, []).append(START_MIN + rides.depart_s[n] / 60)
    known = {one.line for one in ready.services}
    return {
        line: (max(np.floor(min(at) / WHOLE_MIN) * WHOLE_MIN - WHOLE_MIN, START_MIN), _half_hour_after(max(at)))
        for line, at in minutes.items()
        if many[line] >= LEFT_BEHIND_P and line in known
    }


def _half_hour_after(minute: float) -> float:
    return min(float(np.ceil(minute / WHOLE_MIN) * WHOLE_MIN), DAY_END_MIN)


def _instead_of_closed(ready: PreparedDay, scenario: DayScenario) -> dict[str, tuple[float, float]]:
    lines = site_lines(ready)
    return {
        line: (one.from_min, min(one.to_min, one.from_min + RELIEF_MIN))
        for one in scenario.happenings
        if one.kind is Befalls.LINE_CLOSED and one.element in lines
        for line in lines
    }


def shuttle_drafts(ready: PreparedDay, scenario: DayScenario, unit: str = "") -> Iterator[Draft]:
    """For each closed line of the site: buses to the nearest stations of lines that do not call at the site."""
    lines = site_lines(ready)
    for one in scenario.happenings:
        if one.kind is Befalls.LINE_CLOSED and one.element in lines:
            draft = _shuttles(ready, one, unit)
            if draft is not None:
                yield draft


def _shuttles(ready: PreparedDay, closed: Happening, unit: str) -> Draft | None:
    begun = perf_counter()
    chosen = _towards(ready, closed.element)
    if not chosen:
        return None
    begin, end = closed.from_min, min(closed.to_min, closed.from_min + RELIEF_MIN)
    headway = _headway_s(ready, chosen)
    trips, free = _trips(ready, chosen, headway, begin, end)
    try:
        plan = schedule_vehicles(trips, free, chosen[0][0])
    except TransportError:
        return None
    carried = float(len(trips) // 2 * BUS_P)
    measures = [Measure(Does.SHUTTLE, a, headway, begin, end, b, BUS_P, unit) for a, b in chosen]
    binds = f"{len(plan.blocks)} buses of {FLEET}, a bus every {headway:g} s at a stand"
    return Draft(
        "shuttles", closed.element, "persons", carried, carried, 0.0, perf_counter() - begun, binds, tuple(measures)
    )


def _towards(ready: PreparedDay, closed: str) -> list[tuple[str, str]]:
    """Stop and station: from each stop the nearest stations, each of a line none of the others has, off the site's."""
    own, found = set(site_lines(ready)), list[tuple[str, str]]()
    stops = relief_stops(ready, closed)
    for stop in dict.fromkeys(stop for stop, _, _ in stops):
        had: set[str] = set(own)
        for here, station, lines in stops:
            if here == stop and lines - had and len([1 for a, _ in found if a == stop]) < TOWARDS:
                found.append((stop, station))
                had |= lines
    return found


def _headway_s(ready: PreparedDay, chosen: list[tuple[str, str]]) -> float:
    """As often as the fleet allows with one bus in twenty to spare, ten seconds rounded up."""
    place = {node.id: node for node in ready.network.nodes}
    round_s = sum(2 * (ride_s(ready.network, place[a], place[b]) + TURN_S) for a, b in chosen)
    return float(max(np.ceil(round_s / (0.95 * FLEET) / 10) * 10, LEAST_BUS_HEADWAY_S))


def _trips(
    ready: PreparedDay, chosen: list[tuple[str, str]], headway_s: float, begin: float, end: float
) -> tuple[list[Trip], Deadheads]:
    """Trips both ways at that headway, and the ways between their ends a bus could run empty."""
    place = {node.id: node for node in ready.network.nodes}
    slots = int((end - begin) // SLOT_MIN)
    persons = [BUS_P * SLOT_MIN * 60 / headway_s] * slots
    trips: list[Trip] = []
    empty: dict[tuple[str, str], int] = {}
    ends = sorted({end for pair in chosen for end in pair})
    for a in ends:
        for b in ends:
            if a != b:
                empty[a, b] = int(np.ceil(ride_s(ready.network, place[a], place[b]) / 60))
    for a, b in chosen:
        for here, there in ((a, b), (b, a)):
            line = ShuttleLine(f"{here} > {there}", here, there, max(empty[here, there], 1), BUS_P, int(TURN_S // 60))
            later = 0 if here == a else empty[a, b] + int(TURN_S // 60)
            trips += trips_of(line, persons, SLOT_MIN, int(begin) + later)
    return trips, Deadheads(empty)
