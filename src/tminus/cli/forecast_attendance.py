"""``tminus forecast attendance EVENT_DIR``: visits of each day of an event, as far ahead as it is."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.forecast import DayContext, ForecastError
from tminus.engines.forecast.attendance import AttendanceForecast, AttendanceModel
from tminus.formats.book_writer import table_csv
from tminus.formats.day_figures import read_day_figures
from tminus.formats.event_folder.attendance import FolderAttendance, read_folder_attendance
from tminus.formats.event_folder.folder import read_event
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.values import moment

FILES = ("attendance.csv", "attendance.json", "attendance_samples.csv")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("attendance")(attendance)


def attendance(
    folder: Annotated[Path, typer.Argument(metavar="EVENT_DIR", help="The event folder.")],
    as_of: Annotated[str, typer.Option(metavar="DATE", help="What was known at its end; default: see docs.")] = "",
    registrations: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    weather: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Day, rain_mm and other figures of days.")
    ] = None,
    samples: Annotated[int, typer.Option(metavar="N", help="Write so many whole paths with --out.")] = 0,
    seed: Annotated[int, typer.Option(help="Of all that is drawn; the same seed, the same answer.")] = 0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the forecast's files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Visits a day with intervals, from registrations, calendar, like events and the days counted so far."""
    event = read_event(folder)
    known = read_folder_attendance(folder, event, registrations)
    told = _days(known, read_day_figures(weather) if weather else {})
    day = _as_of(as_of, event)
    if not 0 <= seed < 1 << 63 or samples < 0:
        raise BadFile(f"--seed {seed}, --samples {samples}; allowed: whole numbers of at least 0")
    begun = time.perf_counter()
    try:
        found = AttendanceModel(known.outlook, known.analogues).forecast(
            told,
            as_of=day,
            counted=known.counted,
            registrations=known.registrations.registrations if known.registrations else None,
            seed=seed,
            keep_samples=True,
        )
    except ForecastError as error:
        raise BadFile(f"{folder.name}: {error}") from error
    document = _document(found, known, str(event["id"]), day, seed) | {
        "elapsed_s": round(time.perf_counter() - begun, 3)
    }
    if out is not None:
        place_files(_files(found, document, samples), out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(found, document)


def _days(known: FolderAttendance, figures: Mapping[date, Mapping[str, float]]) -> list[DayContext]:
    days = [known.outlook.opening + timedelta(days=n) for n in range(known.outlook.length)]
    if figures and not any(day in figures for day in days):
        raise BadFile(f"--weather: no row for a day of the event; allowed: {days[0]} … {days[-1]}")
    return [DayContext(day=day, weather=figures.get(day, {})) for day in days]


_T_DAY = re.compile(r"T\s*([+\-−])\s*(\d{1,4})")


def _as_of(text: str, event: Mapping[str, Any]) -> date:
    """The day asked for, T−n too; else the folder's own; else today in the event's zone."""
    text = text or str(event.get("as_of", ""))
    if matched := _T_DAY.fullmatch(text.strip()):
        days = int(matched[2]) * (1 if matched[1] == "+" else -1)
        return date.fromisoformat(event["opening"]) + timedelta(days=days)
    if not text:
        return datetime.now(ZoneInfo(event["timezone"])).date()
    try:
        return moment(text)[0].date()
    except BadValue as error:
        raise BadFile(f"--as-of: {text!r}; allowed: {error}, or T-30") from None


def _document(found: AttendanceForecast, known: FolderAttendance, event: str, as_of: date, seed: int) -> dict[str, Any]:
    assert found.samples is not None  # noqa: S101 - asked for
    return {
        "event": event,
        "as_of": as_of.isoformat(),
        "days": [_day(found, n, known, as_of) for n in range(len(found.days))],
        "total": {"mean": round(float(found.mean.sum()))} | _quantiles(found.levels, found.samples.sum(axis=1)),
        "turned_away": round(found.turned_away),
        "rests_on": list(found.rests_on),
        "seed": seed,
    }


def _quantiles(levels: tuple[float, ...], values: Any) -> dict[str, Any]:
    import numpy as np

    return {"quantiles": {f"{level:g}": round(float(np.quantile(values, level))) for level in levels}}


def _day(found: AttendanceForecast, n: int, known: FolderAttendance, as_of: date) -> dict[str, Any]:
    day = found.days[n]
    counted = known.counted.get(day) if day <= as_of else None
    shares = zip(found.audiences, found.audience_shares[:, n], strict=True)
    return {
        "date": day.isoformat(),
        "t": (day - known.outlook.opening).days,
        "mean": round(float(found.mean[n])),
        "demand": round(float(found.demand[n])),
        "quantiles": {f"{level:g}": round(float(found.quantile(level)[n])) for level in found.levels},
        "counted": counted,
        "audiences": {name: round(float(share), 4) for name, share in shares},
    }


def _files(found: AttendanceForecast, document: dict[str, Any], samples: int) -> dict[str, bytes]:
    heads = ["Day", "Mean", "Demand", *(f"P{round(100 * level)}" for level in found.levels)]
    rows = [[row["date"], row["mean"], row["demand"], *row["quantiles"].values()] for row in document["days"]]
    files = {FILES[0]: table_csv(heads, rows), FILES[1]: json.dumps(document, ensure_ascii=False, indent=1).encode()}
    if samples:
        assert found.samples is not None  # noqa: S101 - asked for
        if samples > len(found.samples):
            raise BadFile(f"--samples: {samples}; allowed: at most {len(found.samples)}")
        paths = [[n, *(round(float(value)) for value in path)] for n, path in enumerate(found.samples[:samples])]
        files[FILES[2]] = table_csv(["Path", *(day.isoformat() for day in found.days)], paths)
    return files


def _show(found: AttendanceForecast, document: dict[str, Any]) -> None:
    table = Table("Day", "T", "Expected", "80 % between", "", "Counted", title=f"Visits, as of {document['as_of']}")
    for row in document["days"]:
        low, high = (f"{row['quantiles'][level]:,}" for level in ("0.1", "0.9"))
        counted = "" if row["counted"] is None else f"{row['counted']:,.0f}"
        table.add_row(row["date"], f"T+{row['t']}", f"{row['mean']:,}", low, high, counted)
    total = document["total"]
    low, high = (f"{total['quantiles'][level]:,}" for level in ("0.1", "0.9"))
    table.add_row("all days", "", f"{total['mean']:,}", low, high, "")
    console = Console()
    console.print(table)
    for line in found.rests_on:
        console.print(f"· {line}", highlight=False, markup=False)
