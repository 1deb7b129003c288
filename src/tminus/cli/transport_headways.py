"""``tminus transport headways FOLDER --fleet N``: when vehicles of a shared fleet leave."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.transport import TransportError
from tminus.engines.transport.headways import HeadwayParams, plan_headways
from tminus.formats.problems import BadFile
from tminus.formats.transport.headways import headway_document, headway_tables, read_departures, read_line_demand


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("headways")(headways)


def headways(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With lines.csv and arrivals.csv.")],
    fleet: Annotated[int, typer.Option(help="Vehicles, shared by all lines.")],
    trials: Annotated[int, typer.Option(help="Changed departures tried.")] = 300_000,
    rounds: Annotated[int, typer.Option(help="Of prices sought for the bound.")] = 250,
    seed: Annotated[int, typer.Option(help="The same seed, the same timetable.")] = 0,
    published: Annotated[Path | None, typer.Option(metavar="FILE", help="departures.csv people were told.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the tables here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Departures with the least waiting expected, extra ones included."""
    _check({"--fleet": (fleet, 100_000), "--trials": (trials, 100_000_000), "--rounds": (rounds, 100_000)})
    if not 0 <= seed < 1 << 63:
        raise BadFile(f"--seed: {seed}; allowed: a whole number of at least 0")
    demand = read_line_demand(folder, fleet)
    told = read_departures(published, demand) if published else None
    sys.stderr.write(f"planning {len(demand.lines)} lines, {demand.minutes} minutes, {fleet} vehicles\n")
    try:
        plan = plan_headways(demand, HeadwayParams(trials=trials, rounds=rounds, seed=seed), told)
    except TransportError as error:
        raise BadFile(str(error)) from error
    document = headway_document(plan, told)
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        place_files(headway_tables(plan) | {"headways.json": text.encode()}, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _check(options: dict[str, tuple[int, int]]) -> None:
    for name, (value, most) in options.items():
        if not 1 <= value <= most:
            raise BadFile(f"{name}: {value}; allowed: 1 … {most}")


def _show(document: dict[str, Any]) -> None:
    table = Table("Policy", "Waiting, person-min", "Mean wait, min", "Longest queue", "Departures", title="Headways")
    for row in document["policies"]:
        table.add_row(
            row["policy"], f"{row['waiting_person_min']:,.0f}", f"{row['mean_wait_min']:.1f}",
            f"{row['longest_queue']:,.0f}", f"{row['departures']:,}",
        )  # fmt: skip
    console, proof = Console(), document["proof"]
    console.print(table)
    console.print(f"No timetable waits less than {proof['bound']:,.0f}: gap {proof['gap']:.2%}")
    for one in proof["binding"][:5]:
        console.print(f"  binds: {one['what']}, {one['from']}–{one['to']}", highlight=False, markup=False)
    for line in document["lines"]:
        console.print(f"  {line['line']}: {' '.join(line['departures'])}", highlight=False, markup=False)
    for one in document["changes"] or []:
        what = "new" if one["now"] else "not run"
        console.print(f"  {one['what']} {one['from']}: {what}", highlight=False, markup=False)
