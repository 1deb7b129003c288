"""``tminus forecast live EVENT_DIR --day DATE < counts.jsonl``: the day re-forecast as it is counted, and alarms."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from tminus.cli.forecast_day import attendance_of, day_of
from tminus.engines.forecast.arrivals import SITE
from tminus.engines.forecast.live import Alarm, LiveParams, Tally, Watch, Watched, counts_of
from tminus.formats.counts_lines import reading_of
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import forecast_day
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.site_forecast import times


def register(app: typer.Typer) -> None:
    app.command("live")(live_command)


def live_command(
    event: Annotated[Path, typer.Argument(metavar="EVENT_DIR", help="The event folder.")],
    day: Annotated[str, typer.Option(metavar="DATE", help="The day, YYYY-MM-DD.")],
    attendance: Annotated[
        float | None, typer.Option(metavar="PERSONS", help="Visits expected; default: forecast from the folder.")
    ] = None,
    attendance_cv: Annotated[float | None, typer.Option(help="Their standard deviation ÷ mean.")] = None,
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Known at its end; default: the day before.")] = "",
    samples: Annotated[int, typer.Option(metavar="N", help="Sample paths.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed, the same forecast.")] = 0,
    every: Annotated[int, typer.Option(metavar="MINUTES", help="Between updates.")] = 60,
) -> None:
    """Read counts from standard input, one JSON object a line; print updates, alarms and the end as JSON lines."""
    when, folder = day_of(day), read_folder(event)
    if not 2 <= samples <= 5000:
        raise BadFile(f"--samples: {samples}; allowed: 2 … 5000")
    if not 5 <= every <= 1440:
        raise BadFile(f"--every: {every}; allowed: 5 … 1440 minutes")
    expected = attendance_of(event, when, attendance, attendance_cv, as_of, samples, seed)
    known = day_of(as_of, "--as-of") if as_of else None
    found = forecast_day(event, folder, when, expected, paths=samples, seed=seed, as_of=known).site
    following = Following(when, str(folder.event["timezone"]), Watch(found, seed, LiveParams(every_minutes=every)))
    for line in following.read(sys.stdin):
        typer.echo(json.dumps(line, ensure_ascii=False))


@dataclass(slots=True)
class Following:
    """What was read so far and what of it was told."""

    day: date
    zone: str
    watch: Watch
    tally: Tally = field(default_factory=Tally)
    latest: float = float("-inf")
    told: set[tuple[str, str, str, int]] = field(default_factory=set)
    refused: int = 0

    def read(self, lines: Iterator[str]) -> Iterator[dict[str, Any]]:
        """An update whenever the newest reading is of a new interval, alarms when they arise, and the end."""
        step = self.watch.params.every_minutes
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                reading = reading_of(line, self.day, self.zone)
            except BadValue as error:
                self.refused += 1
                yield {"type": "refused", "line": number, "why": str(error)}
                continue
            self.tally.add(reading)
            if reading.minute // step > self.latest // step and self.latest > float("-inf"):
                yield from self._tell(reading.minute // step * step)
            self.latest = max(self.latest, reading.minute)
        yield self._end()

    def _watched(self, minute: float) -> Watched:
        day = self.watch.day
        counts = counts_of(self.tally, tuple(gate.id for gate in day.site.gates), day.grid)
        return self.watch.until(counts, minute)

    def _tell(self, minute: float) -> Iterator[dict[str, Any]]:
        now = self._watched(minute)
        yield {"type": "reforecast", **self._reforecast(now)}
        for alarm in now.alarms:
            key = (alarm.kind, alarm.node, alarm.channel, alarm.minute)
            if key not in self.told:
                self.told.add(key)
                yield {"type": "alarm", **self._alarm(alarm)}

    def _end(self) -> dict[str, Any]:
        """The same whatever the order of the lines."""
        grid = self.watch.day.grid
        minute = self.latest + grid.slot_minutes if self.latest > float("-inf") else grid.first_minute
        now = self._watched(minute)
        alarms = [self._alarm(one) for one in now.alarms]
        return {"type": "end", **self._reforecast(now), "alarms": alarms, "refused": self.refused}

    def _alarm(self, alarm: Alarm) -> dict[str, Any]:
        begin, until = times(self.day, (alarm.minute, alarm.until))
        return {"from": begin, "until": until, **alarm.as_json()}

    def _reforecast(self, now: Watched) -> dict[str, Any]:
        found, grid = now.now, self.watch.day.grid
        day, slot = found.day, found.slot
        entered, inside = day.entries_by(SITE)[1][:, 0], day.on_site_by(SITE)[1][:, 0]
        return {
            "at": times(self.day, (int(grid.edges[slot]),))[0],
            "scale": {"mean": round(found.scale.mean, 3), "sd": round(found.scale.sd, 3)},
            "gate_scales": {
                gate.id: round(one.mean, 3) for gate, one in zip(day.site.gates, found.gates, strict=True)
            },
            "entered_so_far": _of(entered[:, :slot].sum(axis=1)),
            "visits": _of(entered.sum(axis=1)),
            "on_site_now": _of(inside[:, slot - 1] if slot else inside[:, 0] * 0),
            "on_site_peak": _of(inside.max(axis=1)),
            "times": times(self.day, grid.minutes[slot:]),
            "gates": [
                {"node": node, **{name: _series(flows[:, at, slot:]) for name, flows in _flows(now).items()}}
                for at, node in enumerate(day.entries_by("gate")[0])
            ],
            "degraded": list(now.degraded),
        }  # fmt: skip


def _flows(now: Watched) -> dict[str, Any]:
    day = now.now.day
    return {"in": day.entries_by("gate")[1], "out": day.departures_by("gate")[1], "waiting": day.queue}


def _of(paths: Any) -> dict[str, float]:
    low, high = np.quantile(paths, [0.1, 0.9])
    return {"mean": round(float(paths.mean()), 1), "p10": round(float(low), 1), "p90": round(float(high), 1)}


def _series(paths: Any) -> dict[str, list[float]]:
    low, high = np.quantile(paths, [0.1, 0.9], axis=0)
    named = (("mean", paths.mean(axis=0)), ("p10", low), ("p90", high))
    return {name: [round(float(value), 1) for value in values] for name, values in named}
