"""``tminus forecast day EVENT_DIR --day DATE``: arrivals, people on site and departures by node and slot."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.arrivals import SITE, DailyAttendance
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import DayForecast, attendance_forecast, forecast_day
from tminus.formats.problems import BadFile
from tminus.formats.site_forecast import as_json as document_of
from tminus.formats.site_forecast import forecast_tables, paths_parquet, times


def register(app: typer.Typer) -> None:
    app.command("day")(day_command)


def day_command(
    event: Annotated[Path, typer.Argument(metavar="EVENT_DIR", help="The event folder.")],
    day: Annotated[str, typer.Option(metavar="DATE", help="The day, YYYY-MM-DD.")],
    attendance: Annotated[
        float | None, typer.Option(metavar="PERSONS", help="Visits expected; default: forecast from the folder.")
    ] = None,
    attendance_cv: Annotated[float | None, typer.Option(help="Their standard deviation ÷ mean.")] = None,
    as_of: Annotated[str, typer.Option(metavar="DATE", help="Known at its end; default: the day before.")] = "",
    samples: Annotated[int, typer.Option(metavar="N", help="Sample paths.")] = 200,
    seed: Annotated[int, typer.Option(help="The same seed, the same day.")] = 0,
    policy: Annotated[float, typer.Option(help="Change of everyday traffic, such as -0.1.")] = 0.0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the tables here.")] = None,
    sample_paths: Annotated[bool, typer.Option(help="With --out: also sample_paths.parquet.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Forecast a day on the site and at the stations."""
    when = day_of(day)
    folder = read_folder(event)
    if not 2 <= samples <= 5000:
        raise BadFile(f"--samples: {samples}; allowed: 2 … 5000")
    if sample_paths and out is None:
        raise BadFile("--sample-paths: allowed: together with --out DIR")
    expected = attendance_of(event, when, attendance, attendance_cv, as_of, samples, seed)
    known = day_of(as_of, "--as-of") if as_of else None
    found = forecast_day(event, folder, when, expected, paths=samples, seed=seed, policy=policy, as_of=known)
    if out is not None:
        files = forecast_tables(when, found.site, found.stations)
        if sample_paths:
            files["sample_paths.parquet"] = paths_parquet(when, found.site, found.stations)
        place_files(files, out)
    if as_json:
        typer.echo(json.dumps(document_of(when, found.site, found.stations), ensure_ascii=False))
    else:
        _show(when, found)


def day_of(text: str, option: str = "--day") -> date:
    """:raises BadFile: no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadFile(f"{option}: {text!r}; allowed: YYYY-MM-DD") from None


def attendance_of(
    path: Path, day: date, given: float | None, cv: float | None, as_of: str, samples: int, seed: int
) -> DailyAttendance:
    """As told on the command line, else forecast from the folder as known at the end of ``as_of``.

    :raises BadFile: a figure, or a folder, no attendance can be had from.
    """
    if given is None:
        return attendance_forecast(path, day, day_of(as_of, "--as-of") if as_of else day - timedelta(1), samples, seed)
    try:
        return DailyAttendance(day, mean=given, cv=cv, rests_on=("attendance: as given",))
    except ForecastError as error:
        raise BadFile(f"--attendance: {error}") from error


LEVELS_SHOWN = ((0.1, "P10"), (0.5, "P50"), (0.9, "P90"))


def _show(when: date, found: DayForecast) -> None:
    day, console = found.site, Console()
    table = Table("", "Mean", *(name for _, name in LEVELS_SHOWN), "Peak", title=f"{when}", title_justify="left")
    at = times(when, day.grid.minutes)
    rows = [("visits", day.arrivals_by(SITE)[1][:, 0], True), ("on site", day.on_site_by(SITE)[1][:, 0], False)]
    for level, measure, flows in (
        ("gate", "arrivals", day.arrivals_by("gate")), ("gate", "waiting", day.waiting_by("gate")),
        ("mode", "departures", day.departures_by("mode")), ("hall", "on site", day.on_site_by("hall")),
    ):  # fmt: skip
        rows += [
            (f"{level} {name}: {measure}", flows[1][:, number], measure in ("arrivals", "departures"))
            for number, name in enumerate(flows[0])
        ]
    for name, paths, summed in rows:
        per_path = paths.sum(axis=1) if summed else paths.max(axis=1)
        peak = int(paths.mean(axis=0).argmax())
        figures = [per_path.mean(), *np.quantile(per_path, [level for level, _ in LEVELS_SHOWN])]
        table.add_row(name, *(f"{value:,.0f}" for value in figures), at[peak][-5:])
    console.print(table)
    console.print("Sums of flows over the day; the highest number where people stay or wait. It rests on:")
    for words in found.stations.rests_on if found.stations else day.rests_on:
        console.print(f"  {words}", highlight=False, markup=False)
