"""Stations nobody can use and lines without trains: what of an event folder's passengers goes where then.

Passengers of a station without trains go to the nearest one still served, within twenty minutes on foot; where there
is none they travel otherwise. A station that keeps other lines loses the closed line's share of its passengers, all its
lines counted alike. Visitors who do so take the other modes of their audience, in proportion. Everyday journeys from
other stations are left as they were. All of this is assumed, and said in ``rests_on``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from math import cos, hypot, inf, radians

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast import FlowPanel
from tminus.engines.forecast.arrivals import ArrivalParams, Site
from tminus.formats.event_folder.folder import EventFolder, Row, Rows
from tminus.formats.event_folder.network import RAILS, Network, Station, network_of
from tminus.formats.event_folder.site import MODES, NEAR_MIN, WALK_M_S, WINDING
from tminus.formats.problems import BadFile

NEAR_M = NEAR_MIN * 60 * WALK_M_S / WINDING
"""As the crow flies: twenty minutes on foot."""
METRO = MODES["station"]
SHARED = "where other lines stop, the closed line's share of passengers is lost: all lines alike, assumed"
LEAST_SAID = 0.0005
"""A smaller share of the visitors is not worth a word."""


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Codes of stations that trains pass through, and lines no train runs on."""

    stations: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.stations or self.lines)


@dataclass(frozen=True, slots=True)
class Rerouted:
    """``kept``: share of its passengers a station keeps where that is not all; ``goes_to``: where those of a station
    without trains go, who find one near."""

    gone: frozenset[str]
    kept: Mapping[str, float]
    goes_to: Mapping[str, str]


def rerouted(network: Network, closed: OutOfService) -> Rerouted:
    """What the stations lose.

    :raises BadFile: a line or a station that is not there, with what is allowed.
    """
    _named("lines", closed.lines, network.lines)
    _named("stations", closed.stations, [one.id for one in network.stations])
    left = {one.id: _left(one, closed) for one in network.stations}
    gone = frozenset(code for code, share in left.items() if share == 0)
    served = [one for one in network.stations if one.id not in gone]
    near = {one.id: _nearest(one, served) for one in network.stations if one.id in gone}
    return Rerouted(
        gone, {code: share for code, share in left.items() if share < 1},
        {code: there for code, there in near.items() if there is not None},
    )  # fmt: skip


def _named(what: str, given: Collection[str], known: Collection[str]) -> None:
    if wrong := [one for one in given if one not in known]:
        some = ", ".join([*known][:20]) + (", …" if len(known) > 20 else "")
        raise BadFile(f"closed {what}: {wrong[0]!r}; allowed: {some or 'none: nodes.csv and links.csv name none'}")


def _left(station: Station, closed: OutOfService) -> float:
    if station.id in closed.stations:
        return 0.0
    if not station.lines:
        return 1.0
    return sum(line not in closed.lines for line in station.lines) / len(station.lines)


def _nearest(station: Station, served: Collection[Station]) -> str | None:
    found = min(served, key=lambda one: _metres(station, one), default=None)
    return found.id if found is not None and _metres(station, found) <= NEAR_M else None


def _metres(one: Station, other: Station) -> float:
    if not (one.placed and other.placed):
        return inf
    shrunk = cos(radians((one.lat + other.lat) / 2))
    return 111_195 * hypot((one.lon - other.lon) * shrunk, one.lat - other.lat)


def closed_folder(folder: EventFolder, closed: OutOfService, found: Rerouted, before: Site) -> EventFolder:
    """The folder as it would be: no trains on the lines, no passengers at the stations, visitors as they would travel.

    :param before: the site of the day with all in service.
    :raises BadFile: an audience that has no way left.
    """
    links, nodes = folder.table("links"), folder.table("nodes")
    running = tuple(row for row in links if not (row.get("kind") in RAILS and row.get("line") in closed.lines))
    passed = tuple({**row, "kind": "passed"} if row["id"] in found.gone else row for row in nodes)
    lost = visitors_lost(before, found)
    tables = {
        **folder.tables, "links": Rows(links.headings, running), "nodes": Rows(nodes.headings, passed, nodes.numbers),
        "audiences": _by_other_modes(folder.table("audiences"), lost),
    }  # fmt: skip
    if before.origins:
        tables["origins"] = Rows(("node", "weight"), tuple(_origins(before, found)))
    return replace(folder, tables=tables)


def visitors_lost(before: Site, found: Rerouted) -> float:
    """Share of the visitors who came by metro and do so no more; 1 where none of its stations at the site is left."""
    metro = [number for number, one in enumerate(before.terminals) if one.mode == METRO]
    if metro and all(before.terminals[number].id in found.gone for number in metro):
        return 1.0
    if not before.origins or before.travel_min is None or before.origin_weight is None:
        return 0.0
    nearest = before.travel_min[:, metro].min(axis=1)
    trips = before.origin_weight * np.exp(-ArrivalParams().origin_decay_per_min * nearest)
    staying = np.array([_stays(code, found, {*before.origins}) for code in before.origins])
    return float(1 - (trips * staying).sum() / trips.sum())


def _stays(code: str, found: Rerouted, origins: set[str]) -> float:
    return 1.0 if found.goes_to.get(code) in origins else found.kept.get(code, 1.0)


def _origins(before: Site, found: Rerouted) -> list[Row]:
    weight = dict(zip(before.origins, before.origin_weight if before.origin_weight is not None else (), strict=True))
    left = {code: value * found.kept.get(code, 1.0) for code, value in weight.items()}
    for code, there in found.goes_to.items():
        if there in left and code in weight:
            left[there] += weight[code]
    return [{"node": code, "weight": f"{value:.6g}"} for code, value in left.items() if code not in found.gone]


def _by_other_modes(audiences: Rows, lost: float) -> Rows:
    if not lost:
        return audiences
    return replace(audiences, rows=tuple({**row, "modes": _modes(row, lost)} for row in audiences))


def _modes(row: Row, lost: float) -> str:
    shares = {name.strip(): float(share) for name, _, share in (one.partition(":") for one in row["modes"].split(";"))}
    metro, others = shares.get(METRO, 0.0), sum(share for name, share in shares.items() if name != METRO)
    if metro and not others:
        if lost == 1:
            allowed = "a station at the site in service"
            raise BadFile(f"audiences.csv, {row['id']}: comes by {METRO} alone; allowed: {allowed}, or other modes")
        return row["modes"]
    by = 1 + metro * lost / others if others else 1.0
    left = {name: share * (1 - lost if name == METRO else by) for name, share in shares.items()}
    return ";".join(f"{name}:{share:.6g}" for name, share in left.items() if share)


def closed_panel(panel: FlowPanel | None, found: Rerouted) -> FlowPanel | None:
    """Everyday passengers as they would travel; a gap at the station they come from adds nothing where they go."""
    if panel is None:
        return None
    at = {name: number for number, name in enumerate(panel.nodes)}
    values: NDArray[np.float32] = panel.values.copy()
    for code, share in found.kept.items():
        if code in at:
            values[:, :, at[code]] *= share
    for code, there in found.goes_to.items():
        if code in at and there in at:
            values[:, :, at[there]] += np.nan_to_num(panel.values[:, :, at[code]])
    return replace(panel, values=values)


def said_of(network: Network, closed: OutOfService, found: Rerouted, lost: float) -> tuple[str, ...]:
    """In words: what was assumed."""
    words = []
    if closed.lines:
        fewer = len(found.kept) - len(found.gone)
        alone = len(found.gone - {*closed.stations})
        words.append(
            f"no trains on line {', '.join(closed.lines)}: stations left without any {alone}, with other lines {fewer}"
        )
        if fewer:
            words.append(SHARED)
    if found.gone:
        words.append(
            f"stations out of service: {len(found.gone)}; the passengers of {len(found.goes_to)} of them walk to the "
            f"nearest one served, at most {NEAR_MIN:g} min, the others travel otherwise: assumed"
        )
    if lost >= LEAST_SAID:
        words.append(f"visitors by metro: {100 * lost:.1f} % of them come by the other modes instead: assumed")
    return tuple(words)


def taken_out(
    folder: EventFolder, everyday: FlowPanel | None, before: Site, closed: OutOfService
) -> tuple[EventFolder, FlowPanel | None, frozenset[str], tuple[str, ...]]:
    """Folder and everyday passengers with ``closed`` out of service, the stations without trains, and what is assumed.

    :raises BadFile: a line or station that is not there, or an audience that has no way left.
    """
    network = network_of(folder)
    found = rerouted(network, closed)
    words = said_of(network, closed, found, visitors_lost(before, found))
    kept = tuple(line for line in before.rests_on if line not in words)
    return closed_folder(folder, closed, found, before), closed_panel(everyday, found), found.gone, (*words, *kept)
