"""A forecast day packed: mean and quantiles of every measure, node and slot."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.forecasting.figures import STOCKS, TENTHS
from tminus.engines.forecast.arrivals import StationDay
from tminus.formats.event_folder.forecast_day import DayForecast
from tminus.formats.site_forecast import Measure, measures_of, times

BUSY_MIN = 60
"""The busiest stretch of a day that is told."""


def packed(found: DayForecast, day: date) -> tuple[dict[str, Any], bytes]:
    """What is where, with sums, peaks and busiest hours; and the figures ``[stat, node, slot]`` of each measure."""
    site = found.site
    none = {
        *found.closed,
        *(gate.id for gate in site.site.gates),
    }  # gates are counted too, but no passenger boards there
    all_measures = [*measures_of(site, found.stations), *_passing(found.stations)]
    measures = [_without(one, none) if one.level == "station" else one for one in all_measures]
    arrays = {f"m{number}": _stats(one.paths) for number, one in enumerate(measures)}
    target = io.BytesIO()
    whole: dict[str, Any] = {name: np.rint(TENTHS * values).astype(np.int32) for name, values in arrays.items()}
    np.savez_compressed(target, **whole)
    length = site.grid.slot_minutes
    return {
        "times": times(day, site.grid.minutes),
        "first_minute": site.grid.first_minute,
        "slot_minutes": length,
        "measures": [
            {"level": one.level, "measure": one.measure, "nodes": _nodes(one, arrays[f"m{number}"], length)}
            for number, one in enumerate(measures)
        ],
        "rests_on": list(found.stations.rests_on if found.stations is not None else site.rests_on),
    }, target.getvalue()  # fmt: skip


def _passing(stations: StationDay | None) -> list[Measure]:
    """Boarding and alighting together: the interval of a sum is not the sum of intervals."""
    if stations is None:
        return []
    return [Measure("arrivals", "station", "passing", stations.stations, stations.entering + stations.leaving)]


def _without(one: Measure, nodes: set[str]) -> Measure:
    kept = [number for number, name in enumerate(one.nodes) if name not in nodes]
    return Measure(one.file, one.level, one.measure, tuple(one.nodes[n] for n in kept), one.paths[:, kept])


def _stats(paths: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.asarray(paths, dtype=np.float32)
    return np.concatenate([found.mean(axis=0)[None], np.quantile(found, [0.1, 0.5, 0.9], axis=0)])


def _nodes(one: Measure, stats: NDArray[np.float64], length: int) -> list[list[Any]]:
    """Each node: its code, the day's figure (sum, or the most at once) as :data:`STATS`, first slot of its busiest
    hour and how many slots that is."""
    per_path = one.paths.max(axis=2) if one.measure in STOCKS else one.paths.sum(axis=2)
    figures = _stats(per_path)
    wide = 1 if one.measure in STOCKS else min(max(1, BUSY_MIN // length), stats.shape[2])
    running = np.lib.stride_tricks.sliding_window_view(stats[0], wide, axis=1).sum(axis=2)
    return [
        [name, *(round(float(value), 1) for value in figures[:, at]), int(running[at].argmax()), wide]
        for at, name in enumerate(one.nodes)
    ]
