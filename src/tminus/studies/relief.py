"""What relieves a site that has lost a line: lines that are left, stations of other lines buses can reach."""

from __future__ import annotations

from collections.abc import Iterator

from tminus.engines.crowd.kinds import LinkKind
from tminus.formats.event_folder.day_scenarios import Does, Measure
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.vehicle_runs import ride_s

BUS_P = 90
LEAST_BUS_HEADWAY_S = 60.0
"""A stand sends off a bus a minute."""
RELIEF_MIN = 180.0
"""Buses run for three hours: by then those who were inside are gone, or the line runs again."""
RESERVE = 1.25
"""Assumed: a line has a quarter more trains than run at its densest."""
LEAST_HEADWAY_S = 90.0
"""Trains follow one another no closer."""
MOST_RIDE_S = 1800.0


def platforms_of(ready: PreparedDay) -> dict[str, set[str]]:
    """Stop of rides → the lines that call there."""
    found: dict[str, set[str]] = {}
    for link in ready.network.links:
        if link.kind is LinkKind.RIDE and (line := ready.line_of.get(link.id, "")):
            for end in (link.start, link.end):
                found.setdefault(end, set()).add(line)
    return found


def stations_of(ready: PreparedDay) -> dict[str, set[str]]:
    """Station → the lines of the platforms one walks to from it; where a station is no node of its own, the stop."""
    platforms, beside = platforms_of(ready), dict[str, set[str]]()
    for link in ready.network.links:
        if link.kind is not LinkKind.RIDE:
            beside.setdefault(link.start, set()).add(link.end)
            beside.setdefault(link.end, set()).add(link.start)
    site = ready.forecast.site
    found: dict[str, set[str]] = {}
    for station in dict.fromkeys((*site.origins, *(one.id for one in site.terminals))):
        lines = {line for stop in {station} | beside.get(station, set()) for line in platforms.get(stop, ())}
        if lines:
            found[station] = lines
    return found


def site_stations(ready: PreparedDay) -> tuple[str, ...]:
    """Those people walk from to the gates."""
    stations = stations_of(ready)
    return tuple(one.id for one in ready.forecast.site.terminals if one.id in stations)


def site_lines(ready: PreparedDay) -> tuple[str, ...]:
    """Lines that call at the site's stations."""
    stations = stations_of(ready)
    return tuple(sorted({line for station in site_stations(ready) for line in stations[station]}))


def relief_stops(ready: PreparedDay, closed: str) -> list[tuple[str, str, frozenset[str]]]:
    """(stop at the site, station, its lines that run), the nearest station first: where buses may go.

    Buses stand before the stations of the closed line.
    """
    place = {node.id: node for node in ready.network.nodes}
    stations, site = stations_of(ready), site_stations(ready)
    here = [station for station in site if closed in stations[station]]
    found = []
    for stop in here:
        for station, lines in stations.items():
            running = frozenset(lines - {closed})
            seconds = ride_s(ready.network, place[stop], place[station])
            if running and station not in site and seconds <= MOST_RIDE_S:
                found.append((seconds, stop, station, running))
    return [(stop, station, lines) for _, stop, station, lines in sorted(found, key=lambda one: one[:3])]


def densest_s(ready: PreparedDay, line: str) -> float | None:
    """Seconds between trains with every train there is; None: no timetable."""
    headways = [period.headway_s for one in ready.services if one.line == line for period in one.periods]
    return max(min(headways) / RESERVE, LEAST_HEADWAY_S) if headways else None


def denser_headways(ready: PreparedDay, line: str, begin: float, end: float, unit: str = "") -> Iterator[Measure]:
    """Every train of ``line`` runs, where that is more than planned."""
    value = densest_s(ready, line)
    planned = [
        p for one in ready.services if one.line == line for p in one.periods if p.from_min < end > begin < p.to_min
    ]
    if value is not None and any(period.headway_s > value for period in planned):
        yield Measure(Does.HEADWAY, line, float(round(value)), begin, end, unit=unit)
