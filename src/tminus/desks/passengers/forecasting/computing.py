"""The coming days computed from the files as they are kept: nothing is written here."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext_noop

from tminus.desks.passengers.forecasting.kept_folder import COUNTED, current, inputs_of, laid_out
from tminus.desks.passengers.forecasting.levers import AHEAD, SAMPLES, Levers
from tminus.desks.passengers.forecasting.levers_applied import scaled
from tminus.desks.passengers.forecasting.packing import packed
from tminus.desks.passengers.models import ForecastFile
from tminus.engines.forecast.attendance import AttendanceForecast
from tminus.formats.event_folder import EventFolder, read_folder
from tminus.formats.event_folder.attendance import FolderAttendance, read_folder_attendance
from tminus.formats.event_folder.forecast_day import attendance_on, event_attendance, forecast_day
from tminus.formats.event_folder.out_of_service import OutOfService
from tminus.formats.problems import BadFile
from tminus.platform.models import Event

MODEL = "attendance+site day 1"
"""What computed an issue; another number when the figures of the same files would differ."""

Told = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """``now``: by the event's clock; what was known at the end of the day before is looked at."""

    now: datetime
    days: Sequence[date]
    levers: Levers = field(default_factory=lambda: Levers())
    seed: int = 0
    samples: int = SAMPLES

    @property
    def as_of(self) -> date:
        return self.now.date() - timedelta(days=1)


def coming_days(event: Event, today: date) -> list[date]:
    """The event's days from today on, at most :data:`AHEAD`."""
    first = max(event.opening, today)
    days = (first + timedelta(days=n) for n in range(AHEAD))
    return [day for day in days if day <= event.closing]


def computed(event: Event, asked: Asked, told: Told) -> dict[str, Any]:
    """Visits of every day of the event and the curves of those asked for, as ``passengers.forecast.keep`` takes them.

    :raises BadFile: files no forecast can be made from; those of a day alone are said in ``degraded``.
    """
    begun = time.perf_counter()
    rows = current(event)
    total = len(asked.days) + 1
    told(0, total, gettext_noop("visits by day"))
    with laid_out(event, rows) as path:
        folder = read_folder(path)
        weather = {day: {"rain_mm": asked.levers.rain_mm} for day in asked.days} if asked.levers.rain_mm else None
        found = event_attendance(path, asked.as_of, asked.seed, weather)
        known = read_folder_attendance(path, folder.event)
        room = known.outlook.capacity
        days: list[dict[str, Any]] = []
        degraded: list[str] = []
        for number, day in enumerate(asked.days, start=1):
            told(number, total, gettext_noop("curves of a day"))
            try:
                days.append(_day(path, folder, found, day, asked, room.get(day)))
            except BadFile as error:
                degraded.append(str(error))
                break  # the site is described wrongly or not at all: other days would say the same
    return {
        "as_of": asked.as_of,
        "model": MODEL,
        "inputs": inputs_of(event, rows),
        "levers": asked.levers.model_dump() if asked.levers.any else {},
        "seed": asked.seed,
        "samples": asked.samples,
        "elapsed_s": round(time.perf_counter() - begun, 3),
        "result": {**_visits(found, known, asked), "degraded": degraded, "counters": _counters(rows)},
        "days": days,
    }


def _counters(rows: Mapping[str, ForecastFile]) -> dict[str, Any] | None:
    """What was taken from the console's own counters, and what of it was left out."""
    return next((dict(rows[name].found) for name in COUNTED if name in rows), None)


def _day(
    path: Path, folder: EventFolder, found: AttendanceForecast, day: date, asked: Asked, most: float | None
) -> dict[str, Any]:
    attendance = scaled(attendance_on(found, day, asked.samples), asked.levers, most)
    forecast = forecast_day(
        path, folder, day, attendance, paths=asked.samples, seed=asked.seed,
        policy=asked.levers.traffic_percent / 100, as_of=asked.as_of,
        out_of_service=OutOfService(tuple(asked.levers.closed), tuple(asked.levers.lines)),
    )  # fmt: skip
    content, figures = packed(forecast, day)
    content["names"] = {row["id"]: [row.get("name_en", ""), row.get("name_zh", "")] for row in folder.table("nodes")}
    return {"day": day, "content": content, "figures": b64encode(figures).decode()}


def _visits(found: AttendanceForecast, told: FolderAttendance, asked: Asked) -> dict[str, Any]:
    by = 1 + asked.levers.attendance_percent / 100
    assert found.samples is not None  # noqa: S101 - asked for
    room = np.array([told.outlook.capacity.get(day, np.inf) for day in found.days])
    samples = np.minimum(by * found.samples, room) if by != 1 else found.samples
    total, means = samples.sum(axis=1), samples.mean(axis=0) if by != 1 else found.mean
    low, middle, high = (np.minimum(by * found.quantile(level), room) for level in (0.1, 0.5, 0.9))
    known = {day: round(value) for day, value in told.counted.items() if day <= asked.as_of}
    return {
        "days": [
            {"day": day.isoformat(), "mean": round(float(means[n])), "p10": round(float(low[n])),
             "p50": round(float(middle[n])), "p90": round(float(high[n])), "counted": known.get(day)}
            for n, day in enumerate(found.days)
        ],
        "total": {"mean": round(float(total.mean())), **{
            name: round(float(np.quantile(total, level))) for name, level in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9))
        }},
        "turned_away": round(found.turned_away),
        "rests_on": list(found.rests_on),
    }  # fmt: skip
