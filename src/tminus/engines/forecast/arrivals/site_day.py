"""A day on the site, in sample paths that all add up: arrivals, queues, entries, people on site, departures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.attendance import DailyAttendance
from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.site import Site
from tminus.engines.forecast.arrivals.ways import Ways
from tminus.engines.forecast.prediction import LEVELS, Forecast

SITE = "site"
"""The node that stands for all of it."""

Paths = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SiteDay:
    """Everything by path; audiences, gates, ways as :class:`Site` and :class:`Ways` order them.

    ``arrivals[path, audience, way, slot]`` persons (whole ones, until a day is re-forecast), ``entries[path, gate,
    audience, slot]``, ``queue[path, gate, slot]`` at the slot's end, ``turned_away[path, gate, audience]``,
    ``leaving[path, audience, slot]`` persons leaving the site, ``way_out[path, audience, way]`` how they divide on ways
    (sums to 1). Persons turned away are not on any way out.
    """

    site: Site
    grid: DayGrid
    ways: Ways
    attendance: DailyAttendance
    arrivals: NDArray[np.int32] | Paths
    entries: Paths
    queue: Paths
    turned_away: Paths
    leaving: Paths
    way_out: Paths
    hall_share: NDArray[np.float64]
    """[audience, hall, slot] of those on site; what is missing to 1 is elsewhere on the site."""
    stay: NDArray[np.float64]
    """[path] by what stays are longer than the site's."""
    rests_on: tuple[str, ...] = ()

    @property
    def paths(self) -> int:
        return int(self.arrivals.shape[0])

    # By node, [path, node, slot] ---------------

    def arrivals_by(self, level: str) -> tuple[tuple[str, ...], Paths]:
        """Persons arriving before the gates by ``site``, ``audience``, ``gate``, ``mode`` or ``terminal``."""
        if level == "audience":
            return self._audiences(), self.arrivals.sum(axis=2, dtype=np.float64)
        return self._ways_to(level, self.arrivals.sum(axis=1, dtype=np.float64))

    def departures_by(self, level: str) -> tuple[tuple[str, ...], Paths]:
        """Persons leaving the site, by the same levels."""
        if level == "audience":
            return self._audiences(), self.leaving
        return self._ways_to(level, self.departures_by_way())

    def departures_by_way(self) -> Paths:
        """[path, way, slot]"""
        found: Paths = np.einsum("pkt,pkw->pwt", self.leaving, self.way_out, optimize=True)
        return found

    def entries_by(self, level: str) -> tuple[tuple[str, ...], Paths]:
        """Persons going in, by ``site``, ``audience`` or ``gate``."""
        if level == "audience":
            return self._audiences(), self.entries.sum(axis=1)
        by_gate = self.entries.sum(axis=2)
        return ((SITE,), by_gate.sum(axis=1, keepdims=True)) if level == SITE else (self._gates(), by_gate)

    def on_site_by(self, level: str) -> tuple[tuple[str, ...], Paths]:
        """Persons on site at the slot's end, by ``site``, ``audience`` or ``hall`` (and ``elsewhere``)."""
        inside = np.cumsum(self.entries.sum(axis=1) - self.leaving, axis=2)
        inside = np.where(inside < 1e-9 * (1 + inside.max(axis=2, keepdims=True)), 0.0, inside)  # rounding alone
        if level == "audience":
            return self._audiences(), inside
        if level == SITE:
            return (SITE,), inside.sum(axis=1, keepdims=True)
        in_halls = np.einsum("pkt,kht->pht", inside, self.hall_share, optimize=True)
        elsewhere = np.clip(inside.sum(axis=1) - in_halls.sum(axis=1), 0, None)
        return (*(one.id for one in self.site.halls), "elsewhere"), np.concatenate([in_halls, elsewhere[:, None]], 1)

    def waiting_by(self, level: str) -> tuple[tuple[str, ...], Paths]:
        """Persons waiting at the slot's end, by ``site`` or ``gate``."""
        return ((SITE,), self.queue.sum(axis=1, keepdims=True)) if level == SITE else (self._gates(), self.queue)

    def forecast(self, nodes: tuple[str, ...], paths: Paths, channel: str) -> Forecast:
        """Mean and quantiles of [path, node, slot]."""
        return forecast_of(self.grid, nodes, {channel: paths}, "site day", self.rests_on)

    def gate_forecast(self) -> Forecast:
        """Entries (``in``) and exits (``out``) by gate: what counters at the gates count."""
        flows = {"in": self.entries_by("gate")[1], "out": self.departures_by("gate")[1]}
        return forecast_of(self.grid, self._gates(), flows, "site day", self.rests_on)

    def _ways_to(self, level: str, by_way: Paths) -> tuple[tuple[str, ...], Paths]:
        site = self.site
        of_way: list[str]
        if level == SITE:
            return (SITE,), by_way.sum(axis=1, keepdims=True)
        if level == "gate":
            names, of_way = self._gates(), [site.gates[gate].id for gate in self.ways.gate]
        elif level == "terminal":
            names = tuple(one.id for one in site.terminals)
            of_way = [site.terminals[at].id for at in self.ways.terminal]
        else:
            names = tuple(dict.fromkeys(one.mode for one in site.terminals))
            of_way = [site.terminals[at].mode for at in self.ways.terminal]
        belongs = np.array([[name == one for one in of_way] for name in names], dtype=np.float64)
        found: Paths = np.einsum("nw,pwt->pnt", belongs, by_way, optimize=True)
        return names, found

    def _audiences(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.site.audiences)

    def _gates(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.site.gates)


def forecast_of(
    grid: DayGrid, nodes: tuple[str, ...], by_channel: dict[str, Paths], model: str, degraded: tuple[str, ...]
) -> Forecast:
    """Mean and quantiles over paths; ``by_channel``: channel → [path, node, slot]."""
    stacked = np.stack([np.moveaxis(paths, 2, 1) for paths in by_channel.values()], axis=3)
    mean = stacked.mean(axis=0)
    quantiles = np.quantile(stacked, LEVELS, axis=0)
    return Forecast(
        mean.astype(np.float32), quantiles.astype(np.float32), grid.minutes, nodes, tuple(by_channel), model,
        degraded=degraded,
    )  # fmt: skip
