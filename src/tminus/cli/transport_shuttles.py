"""``tminus transport shuttles FOLDER --depot NAME``: trips, and the fewest vehicles that run them."""

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
from tminus.engines.transport.shuttles import faults_of, schedule_vehicles
from tminus.formats.problems import BadFile
from tminus.formats.transport.shuttles import (
    all_pieces,
    read_deadheads,
    read_published,
    read_trips,
    shuttle_document,
    shuttle_tables,
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("shuttles")(shuttles)


def shuttles(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="lines.csv, demand.csv or trips.csv; deadheads.csv.")
    ],
    depot: Annotated[str, typer.Option(metavar="TERMINAL", help="Where vehicles begin and end.")],
    fleet: Annotated[int | None, typer.Option(help="Fail where more vehicles are needed; exit code 2.")] = None,
    load: Annotated[float, typer.Option(help="Of a vehicle's capacity, planned.")] = 0.9,
    piece_min: Annotated[int, typer.Option(help="Longest piece of a driver's work.")] = 270,
    relief_min: Annotated[int, typer.Option(help="Standing time another driver needs to take over.")] = 5,
    published: Annotated[Path | None, typer.Option(metavar="FILE", help="trips.csv people were told.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the tables here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Shuttle trips from those who come, their vehicles, and pieces of drivers' work."""
    if not 0 < load <= 1.5:
        raise BadFile(f"--load: {load:g}; allowed: above 0, at most 1.5")
    if piece_min < 1 or relief_min < 0:
        raise BadFile(f"--piece-min {piece_min}, --relief-min {relief_min}; allowed: at least 1 and 0")
    deadheads, trips = read_deadheads(folder), read_trips(folder, load)
    told = read_published(published) if published else None
    sys.stderr.write(f"planning {len(trips)} trips\n")
    try:
        plan = schedule_vehicles(trips, deadheads, depot, fleet)
    except TransportError as error:
        raise BadFile(str(error)) from error
    if faults := faults_of(plan, deadheads):
        raise AssertionError(f"a plan that cannot be run: {faults[0]}")
    pieces = all_pieces(plan, piece_min, relief_min)
    document = shuttle_document(plan, deadheads, pieces, told)
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        place_files(shuttle_tables(plan, pieces) | {"shuttles.json": text.encode()}, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    console = Console()
    table = Table(
        "Vehicle", "Leaves", "Back", "Trips", title=f"{document['trips']} trips, {document['vehicles']} vehicles"
    )
    for block in document["blocks"]:
        row = [str(block["vehicle"]), block["leaves_depot"], block["back_at_depot"], str(len(block["trips"]))]
        table.add_row(*row)
    console.print(table)
    others = ", ".join(f"{one['policy']} {one['vehicles']}" for one in document["policies"])
    console.print(f"Vehicles: {others}. No plan needs fewer.", highlight=False)
    console.print(
        f"{document['pieces']} pieces of drivers' work, {document['pieces_too_long']} too long", highlight=False
    )
    for one in document["proof"]["binding"]:
        console.print(f"  binds: {one['what']}, {one['from']}", highlight=False, markup=False)
    for one in document["changes"] or []:
        what = "new" if one["now"] else "not run"
        console.print(f"  {one['what']} {one['from']}: {what}", highlight=False, markup=False)
