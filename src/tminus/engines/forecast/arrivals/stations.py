"""What the event adds at stations, over what goes on there anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.baseline import Baseline
from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.site_day import Paths, SiteDay, forecast_of
from tminus.engines.forecast.panel import ForecastError
from tminus.engines.forecast.prediction import Forecast


@dataclass(frozen=True, slots=True)
class StationDay:
    """``entering[path, station, slot]`` and ``leaving``: persons entering and leaving the stations.

    ``of_event``: True where these are the event's visitors alone, because nothing is known of other days.
    """

    grid: DayGrid
    stations: tuple[str, ...]
    entering: Paths
    leaving: Paths
    of_event: bool
    rests_on: tuple[str, ...]

    def forecast(self) -> Forecast:
        return forecast_of(
            self.grid, self.stations, {"in": self.entering, "out": self.leaving}, "station day", self.rests_on
        )


def event_at_stations(day: SiteDay) -> StationDay:
    """The event's visitors alone: y_i(t) = Σ_j T_ij f_j(t + τ_ij), and back with the departures.

    Origins and the terminals of the origins' mode; in every path all who arrive by it enter somewhere once and leave
    at a terminal once, and all who depart by it the other way round.
    """
    site, ways = day.site, day.ways
    if not site.origins or site.travel_min is None:
        raise ForecastError("stations: the site has no origins")
    ours = [number for number, one in enumerate(site.terminals) if one.mode == site.origin_mode]
    stations = tuple(dict.fromkeys((*site.origins, *(site.terminals[number].id for number in ours))))
    place = {name: number for number, name in enumerate(stations)}
    at_origin = np.array([place[name] for name in site.origins], dtype=np.intp)
    shape = (day.paths, len(stations), day.grid.slots)
    entering, leaving = np.zeros(shape), np.zeros(shape)
    arrivals, departures = day.arrivals.sum(axis=1, dtype=np.float64), day.departures_by_way()
    for number in ours:
        terminal, share = place[site.terminals[number].id], ways.origin_share[number]
        here = np.nonzero(ways.terminal == number)[0]
        walk = [site.walk_min[number, ways.gate[way]] for way in here]
        zero = np.zeros(shape[::2])
        came = sum((moved(arrivals[:, way], -m, day.grid) for way, m in zip(here, walk, strict=True)), zero)
        went = sum((moved(departures[:, way], m, day.grid) for way, m in zip(here, walk, strict=True)), zero)
        leaving[:, terminal] += came
        entering[:, terminal] += went
        for origin in np.nonzero(share > 0)[0]:
            tau = float(site.travel_min[origin, number])
            entering[:, at_origin[origin]] += share[origin] * moved(came, -tau, day.grid)
            leaving[:, at_origin[origin]] += share[origin] * moved(went, tau, day.grid)
    return StationDay(day.grid, stations, entering, leaving, True, day.rests_on)


def over_baseline(event: StationDay, baseline: Baseline, *, policy: float = 0.0, seed: int = 0) -> StationDay:
    """y_j(t) = baseline_j(t) · (1 + policy) + what the event adds; stations of either.

    :param policy: what is done to everyday demand, such as −0.15 where offices work from home.
    """
    if not policy >= -1:
        raise ForecastError(f"policy {policy}; allowed: −1 (nobody travels otherwise) and above")
    stations = tuple(dict.fromkeys((*baseline.nodes, *event.stations)))
    everyday = baseline.paths(event.grid, event.entering.shape[0], seed) * (1 + policy)
    place = {name: number for number, name in enumerate(stations)}
    found = np.zeros((2, event.entering.shape[0], len(stations), event.grid.slots))
    for channel, added in enumerate((event.entering, event.leaving)):
        found[channel][:, [place[name] for name in baseline.nodes]] += everyday[channel]
        found[channel][:, [place[name] for name in event.stations]] += added
    missing = [name for name in event.stations if name not in set(baseline.nodes)]
    words = (f"{len(missing)} stations have no counts of other days: the event's visitors alone",) if missing else ()
    return StationDay(event.grid, stations, found[0], found[1], False, (*event.rests_on, *baseline.rests_on, *words))


def moved(flow: NDArray[np.float64], minutes: float, grid: DayGrid) -> NDArray[np.float64]:
    """[path, slot] later by ``minutes`` (earlier where negative), spread over two slots where it does not fit; what
    would leave the day stays in its first or last slot.
    """
    slots = minutes / grid.slot_minutes
    whole = int(np.floor(slots))
    rest = slots - whole
    near, far = _whole(flow, whole), _whole(flow, whole + 1)
    return (1 - rest) * near + rest * far


def _whole(flow: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    if by == 0:
        return flow
    slots = flow.shape[1]
    kept = min(abs(by), slots)
    found = np.zeros_like(flow)
    if by > 0:
        found[:, by:] = flow[:, : slots - kept]
        found[:, -1] += flow[:, slots - kept :].sum(axis=1)
    else:
        found[:, : slots - kept] = flow[:, kept:]
        found[:, 0] += flow[:, :kept].sum(axis=1)
    return found
