"""A forecast day as files: ``arrivals.csv``, ``accumulation.csv``, ``departures.csv``, and its sample paths."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast import LEVELS, Forecast
from tminus.engines.forecast.arrivals import SITE, SiteDay, StationDay
from tminus.engines.forecast.arrivals.site_day import forecast_of

HEADINGS = ("time", "level", "node", "measure", "mean", *(f"p{round(100 * level):02d}" for level in LEVELS))
FILES = ("arrivals", "accumulation", "departures")


@dataclass(frozen=True, slots=True)
class Measure:
    """[path, node, slot] of one measure at the nodes of one level; ``file`` it belongs to."""

    file: str
    level: str
    measure: str
    nodes: tuple[str, ...]
    paths: NDArray[np.float64]


def measures_of(day: SiteDay, stations: StationDay | None = None) -> Iterator[Measure]:
    """Everything that is forecast of a day, one level after the other.

    ``arrivals`` before the gates and ``entries`` through them; ``on_site`` and ``waiting`` at the slot's end;
    ``departures`` from the site; at stations passengers ``entering`` and ``leaving`` them.
    """
    for level in (SITE, "audience", "gate", "mode", "terminal"):
        yield Measure("arrivals", level, "arrivals", *day.arrivals_by(level))
    for level in (SITE, "audience", "gate"):
        yield Measure("arrivals", level, "entries", *day.entries_by(level))
    for level in (SITE, "audience", "hall"):
        yield Measure("accumulation", level, "on_site", *day.on_site_by(level))
    for level in (SITE, "gate"):
        yield Measure("accumulation", level, "waiting", *day.waiting_by(level))
    for level in (SITE, "audience", "gate", "mode", "terminal"):
        yield Measure("departures", level, "departures", *day.departures_by(level))
    if stations is not None:
        yield Measure("arrivals", "station", "entering", stations.stations, stations.entering)
        yield Measure("departures", "station", "leaving", stations.stations, stations.leaving)


def times(day: date, minutes: tuple[int, ...]) -> list[str]:
    """Event-local beginnings of slots; after midnight the next date."""
    begin = datetime.combine(day, datetime.min.time())
    return [f"{begin + timedelta(minutes=minute):%Y-%m-%d %H:%M}" for minute in minutes]


def summed_up(one: Measure, day: SiteDay) -> Forecast:
    return forecast_of(day.grid, one.nodes, {one.measure: one.paths}, "site day", day.rests_on)


def forecast_tables(when: date, day: SiteDay, stations: StationDay | None = None) -> dict[str, bytes]:
    """The three tables by file name; columns :data:`HEADINGS`, persons."""
    targets = {name: io.StringIO() for name in FILES}
    writers = {name: csv.writer(target, lineterminator="\n") for name, target in targets.items()}
    for writer in writers.values():
        writer.writerow(HEADINGS)
    at = times(when, day.grid.minutes)
    for one in measures_of(day, stations):
        writers[one.file].writerows(_rows(one, summed_up(one, day), at))
    return {f"{name}.csv": target.getvalue().encode() for name, target in targets.items()}


def _rows(one: Measure, found: Forecast, at: list[str]) -> Iterator[list[str]]:
    figures = np.concatenate([found.mean[None], found.quantiles])[..., 0]
    for number, node in enumerate(one.nodes):
        for slot, time in enumerate(at):
            yield [time, one.level, node, one.measure, *(f"{value:.1f}" for value in figures[:, slot, number])]


def paths_parquet(when: date, day: SiteDay, stations: StationDay | None = None) -> bytes:
    """Sample paths as Parquet: ``path,time,level,node,measure,value``, joint over time, nodes and measures.

    Of stations only where passengers are: rows of 0 are left out.
    """
    import pyarrow as pa
    from pyarrow import parquet

    target = io.BytesIO()
    at = np.array([datetime.fromisoformat(text) for text in times(when, day.grid.minutes)], dtype="datetime64[ms]")
    names = ("path", "time", "level", "node", "measure", "value")
    writer: Any = None
    for one in measures_of(day, stations):
        path, node, slot = np.nonzero(one.paths)
        many = len(path)
        columns = [
            pa.array(path.astype(np.int32)), pa.array(at[slot]),
            pa.DictionaryArray.from_arrays(np.zeros(many, np.int32), [one.level]),
            pa.DictionaryArray.from_arrays(node.astype(np.int32), list(one.nodes)),
            pa.DictionaryArray.from_arrays(np.zeros(many, np.int32), [one.measure]),
            pa.array(one.paths[path, node, slot].astype(np.float32)),
        ]  # fmt: skip
        table = pa.table(dict(zip(names, columns, strict=True)))
        writer = writer or parquet.ParquetWriter(target, table.schema, compression="zstd")
        writer.write_table(table)
    writer.close()
    return target.getvalue()


def as_json(when: date, day: SiteDay, stations: StationDay | None = None) -> dict[str, Any]:
    """One document: by measure and node mean and P10, P50, P90, a figure a slot."""
    totals = day.arrivals_by(SITE)[1].sum(axis=(1, 2))
    low, middle, high = np.quantile(totals, [0.1, 0.5, 0.9])
    return {
        "day": when.isoformat(),
        "slot_minutes": day.grid.slot_minutes,
        "times": times(when, day.grid.minutes),
        "paths": day.paths,
        "visits": {"mean": _round(totals.mean()), "p10": _round(low), "p50": _round(middle), "p90": _round(high)},
        "turned_away": _round(day.turned_away.sum(axis=(1, 2)).mean()),
        "forecasts": [row for one in measures_of(day, stations) for row in _json_rows(one, day)],
        "rests_on": list(stations.rests_on if stations is not None else day.rests_on),
    }


def _json_rows(one: Measure, day: SiteDay) -> Iterator[dict[str, Any]]:
    found = summed_up(one, day)
    figures = {"mean": found.mean, **{f"p{round(level * 100)}": found.quantile(level) for level in (0.1, 0.5, 0.9)}}
    for number, node in enumerate(one.nodes):
        yield {
            "level": one.level, "node": node, "measure": one.measure,
            **{name: [_round(value) for value in values[:, number, 0]] for name, values in figures.items()},
        }  # fmt: skip


def _round(value: float) -> float:
    return round(float(value), 1)
