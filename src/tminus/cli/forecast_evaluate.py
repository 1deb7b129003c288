"""``tminus forecast evaluate DATA``: score a model on days it has not seen."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from threadpoolctl import threadpool_limits

from tminus.engines.forecast import FlowPanel, ForecastError
from tminus.engines.forecast.evaluation import Protocol, evaluate
from tminus.engines.forecast.nowcast import MODELS, MODES, NowcastParams
from tminus.formats.flows import read_flows
from tminus.formats.problems import BadFile


def register(app: typer.Typer) -> None:
    app.command("evaluate")(evaluate_command)


def evaluate_command(
    data: Annotated[Path, typer.Argument(metavar="DATA", help=".npz with flow, or CSV/Parquet time,node,in,out.")],
    train_days: Annotated[str, typer.Option(metavar="A:B", help="Days taught: numbers from 0 or ISO dates, end out.")],
    test_days: Annotated[str, typer.Option(metavar="C:D", help="Days tested, likewise.")],
    history: Annotated[int, typer.Option(metavar="H", help="Slots seen before each origin.")] = 4,
    horizon: Annotated[int, typer.Option(metavar="K", help="Slots predicted.")] = 4,
    mode: Annotated[str, typer.Option(help=" or ".join(MODES))] = "operational",
    channel: Annotated[str, typer.Option(help="in, out or both: what is scored.")] = "both",
    last_slots: Annotated[int | None, typer.Option(metavar="N", help="Score only the last N slots.")] = None,
    mask_zeros: Annotated[bool, typer.Option(help="Counts of zero are not scored.")] = False,
    model: Annotated[str, typer.Option(help=", ".join(MODELS))] = "lightgbm",
    country: Annotated[
        str, typer.Option(metavar="CC", help="Holidays and make-up days of this country, CN or GB-SCT; needs dates.")
    ] = "",
    seed: Annotated[int, typer.Option(help="Of all that is drawn; the same seed, the same answer.")] = 0,
    threads: Annotated[int, typer.Option(help="Of the boosted trees; 0: as many as there are, 4 at most.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Score a model on days it has not seen."""
    _among("--mode", mode, MODES)
    _among("--model", model, MODELS)
    _among("--channel", channel, ("in", "out", "both"))
    panel = read_flows(data)
    train, test = _days(train_days, "--train-days", panel), _days(test_days, "--test-days", panel)
    protocol = Protocol(
        train, test, history, horizon, mode, _channels(channel, panel), last_slots, mask_zeros  # type: ignore[arg-type]
    )  # fmt: skip
    params = NowcastParams(
        history=history, horizon=horizon, mode=mode, model=model, seed=seed,  # type: ignore[arg-type]
        lead_days=test[0] - train[1] + (test[1] - test[0]) // 2, threads=threads or _cores(),
    )  # fmt: skip
    try:
        panel = _told_kinds(panel, country, protocol) if country else panel
        with threadpool_limits(1, user_api="blas"):  # threads that wait for one another cost more than they save
            found = evaluate(panel, protocol, params, clock=time.perf_counter, tell=_tell)
    except ForecastError as error:
        raise BadFile(str(error)) from error
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(found.as_json())


def _told_kinds(panel: FlowPanel, country: str, protocol: Protocol) -> FlowPanel:
    from tminus.engines.forecast.day_kinds import with_kinds  # a second to import

    if all(one.day is None for one in panel.days):
        raise BadFile(f"--country: {country!r}, but the data have no dates; allowed: data with dates, or no country")
    nightly = protocol.mode == "operational"
    return replace(panel, days=with_kinds(panel.days, country, taught=protocol.train[1], nightly=nightly))


def _cores() -> int:
    import os

    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, 4)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _among(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise BadFile(f"{option}: {value!r}; allowed: {', '.join(allowed)}")


def _channels(channel: str, panel: FlowPanel) -> tuple[str, ...]:
    if channel == "both":
        return ()
    if channel not in panel.channels:
        raise BadFile(f"--channel: {channel!r} is not in the data; allowed: {', '.join(panel.channels)}, both")
    return (channel,)


def _days(text: str, option: str, panel: FlowPanel) -> tuple[int, int]:
    """Half-open range of day numbers from ``A:B``, numbers or dates."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) != 2 or not all(parts):
        raise BadFile(f"{option}: {text!r}; allowed: A:B, day numbers from 0 or ISO dates, the end not included")
    if all(part.isdigit() and len(part) < 8 for part in parts):
        return int(parts[0]), int(parts[1])
    first, end = (_place(part, option, panel) for part in parts)
    return first, end


def _place(text: str, option: str, panel: FlowPanel) -> int:
    try:
        wanted = date.fromisoformat(text)
    except ValueError as error:
        raise BadFile(f"{option}: {text!r}; allowed: a day number or an ISO date, 2026-10-18") from error
    dated = [one.day for one in panel.days if one.day is not None]
    if not dated:
        raise BadFile(f"{option}: {text}: the data have no dates; allowed: day numbers 0 … {len(panel.days)}")
    return sum(one < wanted for one in dated)


def _show(document: dict[str, Any]) -> None:
    console = Console()
    console.print(_table(f"{document['model']}, {document['mode']}", document["horizons"], "minutes", "ahead, min"))
    console.print(_table("By day", document["per_day"], "day", "day"))
    console.print(_table("By size of series", document["by_size"], "size", "size"))
    for line in document["degraded"]:
        console.print(f"! {line}", highlight=False)
    console.print(f"fit {document['fit_s']:.1f} s, predict {document['predict_s']:.1f} s", highlight=False)


def _table(title: str, rows: list[dict[str, Any]], key: str, heading: str) -> Table:
    table = Table(title=title)
    table.add_column(heading)
    for name in ("MAE", "RMSE", "MAPE %", "WMAPE %", "80 % cover", "WQL", "scored"):
        table.add_column(name, justify="right")
    for row in rows:
        cells = [_cell(row["mae"], 1, 2), _cell(row["rmse"], 1, 2), _cell(row["mape"], 100, 2)]
        cells += [_cell(row["wmape"], 100, 2), _cell(row["coverage80"], 1, 3), _cell(row["wql"], 1, 4), f"{row['n']:,}"]
        table.add_row(str(row[key]), *cells)
    return table


def _cell(value: float | None, times: float, digits: int) -> str:
    return "–" if value is None else f"{value * times:.{digits}f}"
