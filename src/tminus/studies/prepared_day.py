"""An event's day, forecast once: what scenarios of the day are made from, however many are walked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Network
from tminus.engines.forecast.arrivals import SiteDay
from tminus.formats.crowd.ground import Point
from tminus.formats.crowd.read_network import read_tables
from tminus.formats.crowd.settings import read_settings
from tminus.formats.event_folder.day_scenarios import FILE as SCENARIOS
from tminus.formats.event_folder.day_scenarios import Elements, check_elements, read_day_scenarios
from tminus.formats.event_folder.folder import EventFolder, read_folder
from tminus.formats.event_folder.forecast_day import attendance_forecast, forecast_day
from tminus.formats.event_folder.network import network_of
from tminus.formats.event_folder.services import Service, read_services
from tminus.formats.problems import BadFile
from tminus.studies.simulated_day import START_MIN

OPEN_AIR = frozenset({"walk", "walkway", "crossing", "road", "gate"})
"""Kinds of ways of ``links.csv`` on which it rains; a corridor, a stair, a door has a roof."""
SAMPLES = 200
"""Paths drawn of the day; the middling one is walked unless another is asked for."""


@dataclass(frozen=True, slots=True)
class PreparedDay:
    """``forecast``: sample paths of who comes when; ``network``: as the folder has it, gates not yet two-sided.

    ``elements``: what happenings and measures of a scenario may name. ``shapes``: drawn lines of ways that have one.
    ``line_of``: the line of a ride, by the way's id; ``open_air``: ways without a roof; ``services``: lines whose
    vehicles are run one by one, the rides of all others leave at any time.
    """

    name: Mapping[str, str]
    day: date
    forecast: SiteDay
    network: Network
    elements: Elements
    warnings: tuple[str, ...] = ()
    shapes: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    line_of: Mapping[str, str] = field(default_factory=dict)
    open_air: frozenset[str] = frozenset()
    services: tuple[Service, ...] = ()

    @property
    def start(self) -> datetime:
        """Second 0 of the simulated day, event-local."""
        return datetime.combine(self.day, time()) + timedelta(minutes=START_MIN)


def prepared_day(folder: Path, day: date, *, as_of: date | None = None, seed: int = 0) -> PreparedDay:
    """The day as known at the end of ``as_of`` (default: the day before).

    :raises BadFile: a folder no day can be forecast from.
    """
    known = read_folder(folder)
    attendance = attendance_forecast(folder, day, as_of or day - timedelta(days=1), SAMPLES, seed)
    forecast = forecast_day(folder, known, day, attendance, paths=SAMPLES, seed=seed, as_of=as_of)
    read = read_tables(folder, read_settings(folder))
    line_of, open_air = _told_of_ways(known)
    return PreparedDay(
        known.event["name"], day, forecast.site, read.network, _elements(read.network, network_of(known).lines),
        (*read.warnings, *forecast.site.rests_on), read.shapes, line_of, open_air,
        read_services(folder, read.network.links, line_of),
    )  # fmt: skip


def check_days(folder: Path, known: EventFolder) -> dict[str, int]:
    """How many timetabled lines and scenarios of days the folder has; looked at without forecasting any day.

    :raises BadFile: a value that cannot be taken, or an element that is not there.
    """
    scenarios = read_day_scenarios(folder)
    if not known.table("nodes").headings or not known.table("links").headings:
        return {"day_scenarios": len(scenarios)}
    network = read_tables(folder, read_settings(folder)).network
    services = read_services(folder, network.links, _told_of_ways(known)[0])
    elements = _elements(network, network_of(known).lines)
    for one in scenarios:
        check_elements(one, elements, f"{SCENARIOS}, {one.id}")
    return {"timetabled_lines": len(services), "day_scenarios": len(scenarios)}


def _told_of_ways(known: EventFolder) -> tuple[dict[str, str], frozenset[str]]:
    """Lines of rides, and the ways one walks in the open."""
    rows = known.table("links")
    lines = {row["id"]: line for row in rows if (line := row.get("line", "").strip())}
    return lines, frozenset(row["id"] for row in rows if row.get("kind", "") in OPEN_AIR)


def _elements(network: Network, lines: tuple[str, ...]) -> Elements:
    return Elements(
        lines=lines,
        gates=tuple(node.id for node in network.nodes if node.kind is NodeKind.GATE),
        ways=tuple(link.id for link in network.links),
        nodes=tuple(node.id for node in network.nodes),
    )


def checked_sample(sample: int | None) -> int | None:
    """:raises BadFile: a path that was not drawn."""
    if sample is not None and not 0 <= sample < SAMPLES:
        raise BadFile(f"--sample: {sample}; allowed: 0 … {SAMPLES - 1}")
    return sample
