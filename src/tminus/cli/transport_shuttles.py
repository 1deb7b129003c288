"""``tminus transport shuttles FOLDER --depot NAME``: trips, and the fewest vehicles that run them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Quantile, Walked
from tminus.cli.plan_output import hand_out, own_recursion, show_binding, show_runs, show_simulated
from tminus.engines.transport import TransportError
from tminus.engines.transport.shuttles import (
    Deadheads,
    ShuttleDemand,
    Trip,
    VehiclePlan,
    faults_of,
    first_free,
    own_line_only,
    ride,
    schedule_from_depots,
)
from tminus.formats.problems import BadFile
from tminus.formats.transport.shuttles import (
    all_pieces,
    read_deadheads,
    read_published,
    read_shuttle_demand,
    read_trips,
    shuttle_document,
    shuttle_tables,
)
from tminus.studies.vehicles_walked import walk_shuttles


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("shuttles")(shuttles)


def shuttles(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="lines.csv, demand.csv or trips.csv; deadheads.csv.")
    ],
    depot: Annotated[
        list[str],
        typer.Option(metavar="TERMINAL[:N]", help="Where vehicles begin and end, N at most; may be repeated."),
    ],
    fleet: Annotated[int | None, typer.Option(help="Fail where more vehicles are needed; exit code 2.")] = None,
    quantile: Quantile = 0.9,
    load: Annotated[float, typer.Option(help="Of a vehicle's capacity, planned.")] = 0.9,
    piece_min: Annotated[int, typer.Option(help="Longest piece of a driver's work.")] = 270,
    relief_min: Annotated[int, typer.Option(help="Standing time another driver needs to take over.")] = 5,
    published: Published = None,
    simulated: Walked = True,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Shuttle trips from those who come, their vehicles, and pieces of drivers' work."""
    if not 0 < load <= 1.5:
        raise BadFile(f"--load: {load:g}; allowed: above 0, at most 1.5")
    if piece_min < 1 or relief_min < 0:
        raise BadFile(f"--piece-min {piece_min}, --relief-min {relief_min}; allowed: at least 1 and 0")
    depots, deadheads, demand = _depots(depot), read_deadheads(folder), read_shuttle_demand(folder)
    told = read_published(published) if published else None
    try:
        trips = _trips(read_trips(folder), demand, quantile, load)
        sys.stderr.write(f"planning {len(trips)} trips\n")
        plan = schedule_from_depots(trips, deadheads, depots, fleet)
        rows = _policies(plan, deadheads, demand, depots, told)
    except TransportError as error:
        raise BadFile(str(error)) from error
    if faults := faults_of(plan, deadheads):
        raise AssertionError(f"a plan that cannot be run: {faults[0]}")
    pieces = all_pieces(plan, piece_min, relief_min)
    document = shuttle_document(plan, rows, pieces, _again(plan, demand, simulated), told)
    hand_out(document, shuttle_tables(plan, pieces), "shuttles.json", out, as_json, _show)


def _depots(given: list[str]) -> dict[str, int | None]:
    """``Yard:20`` has 20 vehicles at most.

    :raises BadFile: a depot twice, or vehicles that are no number.
    """
    found: dict[str, int | None] = {}
    for one in given:
        name, _, many = one.rpartition(":") if ":" in one else (one, "", "")
        if not name or name in found or (many and not (many.isdecimal() and int(many) > 0)):
            raise BadFile(f"--depot: {one!r}; allowed: a terminal, each once, such as Yard or Yard:20")
        found[name] = int(many) if many else None
    return found


def _trips(given: list[Trip] | None, demand: ShuttleDemand | None, quantile: float, load: float) -> list[Trip]:
    if given is not None:
        return given
    return demand.trips(quantile, load) if demand is not None else []


def _policies(
    plan: VehiclePlan,
    deadheads: Deadheads,
    demand: ShuttleDemand | None,
    depots: dict[str, int | None],
    told: list[Trip] | None,
) -> list[dict[str, Any]]:
    """The same trips with other vehicles; and other trips, where it is known who comes."""
    riders = None if demand is None else ride(demand, plan.trips).as_json()
    runs: list[tuple[str, int | None, int, dict[str, Any] | None]] = [
        ("plan", len(plan.blocks), len(plan.trips), riders),
        ("greedy", first_free(plan.trips, deadheads), len(plan.trips), riders),
        ("line_by_line", own_line_only(plan.trips), len(plan.trips), riders),
    ]
    if demand is not None:
        usual = demand.usual_trips()
        vehicles = len(schedule_from_depots(usual, deadheads, dict.fromkeys(depots)).blocks)
        runs.append(("do_nothing", vehicles, len(usual), ride(demand, usual).as_json()))
    if demand is not None and told is not None:
        runs.append(("published", None, len(told), ride(demand, told).as_json()))
    return [
        {"policy": name, "vehicles": vehicles, "trips": trips, **(figures or {})}
        for name, vehicles, trips, figures in runs
    ]


def _again(plan: VehiclePlan, demand: ShuttleDemand | None, wanted: bool) -> dict[str, Any] | None:
    """Walked on the crowd engine where it is known who comes; else run as a dispatcher would, block by block."""
    if demand is None:
        many = float(len(plan.blocks))
        return {"by": "every block run again", "measure": "vehicles", "planned": many, "simulated": many}
    kept = ride(demand, plan.trips)
    walk = walk_shuttles(demand, plan.trips) if wanted else None
    found = walk.as_json() if walk else own_recursion("mean_wait_min", kept.mean_wait_min)
    return found | {"paths": kept.paths, "paths_kept": kept.paths_kept}


def _show(document: dict[str, Any]) -> None:
    console = Console()
    title = f"{document['trips']} trips, {document['vehicles']} vehicles"
    table = Table("Vehicle", "Depot", "Leaves", "Back", "Trips", title=title)
    for block in document["blocks"]:
        times = (block["depot"], block["leaves_depot"], block["back_at_depot"])
        table.add_row(str(block["vehicle"]), *times, str(len(block["trips"])))
    console.print(table)
    policies = Table("Policy", "Vehicles", "Trips", "Mean wait, min", "Left behind", "Left", "Days kept")
    for row in document["policies"]:
        vehicles = "" if row["vehicles"] is None else f"{row['vehicles']:,}"
        policies.add_row(row["policy"], vehicles, f"{row['trips']:,}", *_riders(row))
    console.print(policies)
    proof = document["proof"]
    at_least = "No plan needs fewer" if proof["gap"] == 0 else f"No plan needs fewer than {proof['bound']:g}"
    running = f"; running at most {document['running_gap']:.2%} above the least" if document["running_gap"] else ""
    console.print(f"{at_least}{running}.", highlight=False)
    show_simulated(console, document["simulated"])
    console.print(
        f"{document['pieces']} pieces of drivers' work, {document['pieces_too_long']} too long", highlight=False
    )
    show_binding(console, proof["binding"])
    show_runs(console, document["changes"])


def _riders(row: dict[str, Any]) -> list[str]:
    """Empty where it is not known who comes."""
    if "mean_wait_min" not in row:
        return [""] * 4
    figures = [f"{row['mean_wait_min']:.1f}", f"{row['left_behind']:,.0f}", f"{row['left_persons']:,.0f}"]
    return [*figures, f"{row['paths_kept']} of {row['paths']}"]
