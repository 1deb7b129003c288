"""``tminus transport supply FILE --round-trip-min N``: vehicles by slot, so that few wait long."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.transport import TransportError
from tminus.engines.transport.supply import SupplyParams, plan_supply
from tminus.formats.problems import BadFile
from tminus.formats.transport.supply import read_paths, supply_table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("supply")(supply)


def supply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Persons by time and path.")],
    round_trip_min: Annotated[float, typer.Option(help="Minutes until a vehicle is back.")],
    party: Annotated[float, typer.Option(help="Persons a vehicle takes at once.")] = 1.5,
    target_min: Annotated[float, typer.Option(help="People shall wait no longer.")] = 10.0,
    level: Annotated[float, typer.Option(help="Share of people for whom that holds.")] = 0.9,
    quantile: Annotated[float, typer.Option(help="As busy a day as this share of the paths.")] = 0.9,
    fleet: Annotated[int | None, typer.Option(help="Fail where more vehicles are needed; exit code 2.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the table here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Taxi and park-and-ride supply from a forecast's paths."""
    paths, slot_min, first_min = read_paths(file)
    sys.stderr.write(f"planning {paths.shape[1]} slots, {paths.shape[0]} paths\n")
    try:
        plan = plan_supply(
            paths, slot_min, first_min, SupplyParams(round_trip_min, party, target_min, level, quantile, fleet)
        )
    except TransportError as error:
        raise BadFile(str(error)) from error
    document = plan.as_json() | {"elapsed_s": round(sum(plan.proof.seconds.values()), 4)}
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        place_files(supply_table(plan) | {"supply.json": text.encode()}, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    table = Table("From", "Persons", "Vehicles", "Within target", title=f"At most {document['most_vehicles']} vehicles")
    for row in document["slots"]:
        table.add_row(row["from"], f"{row['persons']:,.0f}", f"{row['vehicles']:,}", f"{row['within_target']:.0%}")
    Console().print(table)
