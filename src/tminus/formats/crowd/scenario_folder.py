"""A folder that tells a day to simulate; each file on its own page of ``docs/reference/simulate.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Run, Scenario
from tminus.formats.crowd.ground import Point
from tminus.formats.crowd.read_demand import read_demand
from tminus.formats.crowd.read_geojson import FILE as GEOJSON
from tminus.formats.crowd.read_geojson import read_geojson
from tminus.formats.crowd.read_metro import read_metro
from tminus.formats.crowd.read_network import ReadNetwork, read_tables
from tminus.formats.crowd.read_services import read_changes, read_gates, read_timetable
from tminus.formats.crowd.settings import Settings, read_settings
from tminus.formats.problems import BadFile

FEEDS = ("gtfs.zip", "gtfs")


@dataclass(frozen=True, slots=True)
class ReadScenario:
    """``start``: second 0; ``dated``: whether the folder says when. ``shapes``: drawn lines of links that have one."""

    name: str
    start: datetime
    dated: bool
    scenario: Scenario
    warnings: tuple[str, ...] = ()
    shapes: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)


def read_scenario(folder: Path) -> ReadScenario:
    """The scenario of a folder.

    :raises BadFile: no such folder, a file or column that must be there is missing, or values that make no scenario;
        :class:`Rejected`: a value that cannot be taken, with file, row, column and what is allowed.
    """
    if not folder.is_dir():
        raise BadFile(f"{folder}: is not a folder; allowed: a folder with {GEOJSON}, or nodes.csv and links.csv")
    try:
        return _read(folder)
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error


def _read(folder: Path) -> ReadScenario:
    settings = read_settings(folder)
    known, runs, warnings = _network_and_runs(folder, settings)
    network = known.network
    demand, about_demand = read_demand(folder, [node.id for node in network.nodes], settings)
    gates, about_gates = read_gates(folder / "gates.csv", network, settings) if _has(folder, "gates.csv") else ((), ())
    changes, about_changes = (
        read_changes(folder / "controls.csv", network, settings) if _has(folder, "controls.csv") else ((), ())
    )
    scenario = Scenario(
        network, demand, gates, runs, changes, settings.routing,
        step_s=settings.step_s, stuck_s=settings.stuck_s, slot_s=settings.slot_s, patience_s=settings.patience_s,
    )  # fmt: skip
    said = (*settings.warnings, *warnings, *about_demand, *about_gates, *about_changes)
    return ReadScenario(settings.name or folder.name, settings.start, settings.dated, scenario, said, known.shapes)


def _has(folder: Path, name: str) -> bool:
    return (folder / name).exists()


def _network_and_runs(folder: Path, settings: Settings) -> tuple[ReadNetwork, tuple[Run, ...], tuple[str, ...]]:
    known = _network(folder, settings)
    feed = next((folder / name for name in FEEDS if _has(folder, name)), None)
    if _has(folder, "timetable.csv"):
        if feed is not None:
            raise BadFile(f"{folder.name}: has timetable.csv and {feed.name}; allowed: one of them")
        if known is None:
            raise _no_network(folder)
        runs, warned = read_timetable(folder / "timetable.csv", known.network, settings)
        return known, runs, (*known.warnings, *warned)
    if feed is not None:
        from tminus.formats.crowd.read_transit import read_transit  # seconds to import, and rarely needed

        transit = read_transit(feed, known, settings)
        return transit.network, transit.runs, (*transit.network.warnings, *transit.warnings)
    if known is None:
        raise _no_network(folder)
    return known, (), known.warnings


def _no_network(folder: Path) -> BadFile:
    return BadFile(
        f"{folder.name}: has no network; allowed: {GEOJSON}, nodes.csv with links.csv, stations.csv with arcs.csv,"
        " or gtfs.zip"
    )


def _network(folder: Path, settings: Settings) -> ReadNetwork | None:
    if _has(folder, GEOJSON):
        return read_geojson(folder, settings)
    for nodes, links in (("nodes.csv", "links.csv"), ("stations.csv", "arcs.csv")):
        if _has(folder, nodes) or _has(folder, links):
            for name in (nodes, links):
                if not _has(folder, name):
                    raise BadFile(f"{folder.name}: has no {name}; allowed: {nodes} together with {links}")
            if nodes == "nodes.csv":
                return read_tables(folder, settings)
            return read_metro(folder / nodes, folder / links, settings)
    return None
