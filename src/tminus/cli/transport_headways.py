"""``tminus transport headways FOLDER --fleet N``: when vehicles of a shared fleet leave."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Walked
from tminus.cli.plan_output import hand_out, own_recursion, show_binding, show_runs, show_simulated
from tminus.engines.transport import TransportError
from tminus.engines.transport.headways import HeadwayParams, HeadwayPlan, plan_headways
from tminus.formats.problems import BadFile
from tminus.formats.transport.headways import headway_document, headway_tables, read_departures, read_line_demand
from tminus.studies.vehicles_walked import walk_headways


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("headways")(headways)


def headways(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With lines.csv and arrivals.csv.")],
    fleet: Annotated[int, typer.Option(help="Vehicles, shared by all lines.")],
    trials: Annotated[int, typer.Option(help="Changed departures tried.")] = 300_000,
    rounds: Annotated[int, typer.Option(help="Of prices sought for the bound.")] = 250,
    seed: Annotated[int, typer.Option(help="The same seed, the same timetable.")] = 0,
    published: Published = None,
    simulated: Walked = True,
    out: Out = None,
    as_json: AsJson = False,
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
    document = headway_document(plan, _again(plan, simulated), told)
    hand_out(document, headway_tables(plan), "headways.json", out, as_json, _show)


def _again(plan: HeadwayPlan, wanted: bool) -> dict[str, Any]:
    walk = walk_headways(plan) if wanted else None
    return walk.as_json() if walk else own_recursion("mean_wait_min", plan.day.mean_wait_min)


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
    show_simulated(console, document["simulated"])
    show_binding(console, proof["binding"])
    for line in document["lines"]:
        console.print(f"  {line['line']}: {' '.join(line['departures'])}", highlight=False, markup=False)
    show_runs(console, document["changes"])
