"""``tminus transport supply FILE --round-trip-min N``: vehicles by slot, so that few wait long."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Quantile
from tminus.cli.plan_output import hand_out, show_binding, show_simulated
from tminus.engines.transport import TransportError
from tminus.engines.transport.supply import (
    SupplyDay,
    SupplyParams,
    SupplyPlan,
    called_as_queues_grow,
    parties_of,
    plan_supply,
    same_all_day,
    simulate_supply,
    spaces_needed,
)
from tminus.formats.problems import BadFile
from tminus.formats.transport.supply import read_paths, read_vehicles, supply_document, supply_table


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("supply")(supply)


def supply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Persons by time and path.")],
    round_trip_min: Annotated[float, typer.Option(help="Minutes until a vehicle is back.")],
    party: Annotated[float, typer.Option(help="Persons a vehicle takes at once.")] = 1.5,
    target_min: Annotated[float, typer.Option(help="People shall wait no longer.")] = 10.0,
    level: Annotated[float, typer.Option(help="Share of people for whom that holds.")] = 0.9,
    quantile: Quantile = 0.9,
    fleet: Annotated[int | None, typer.Option(help="Fail where more vehicles are needed; exit code 2.")] = None,
    usual: Annotated[
        int | None, typer.Option(min=0, max=1_000_000, help="Vehicles there are if nothing is done.")
    ] = None,
    stay_min: Annotated[float | None, typer.Option(help="Minutes a car is parked: plan its spaces too.")] = None,
    per_car: Annotated[float, typer.Option(help="Persons a parked car brought.")] = 2.5,
    published: Published = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Taxi and park-and-ride supply from a forecast's paths."""
    paths, slot_min, first_min = read_paths(file)
    sys.stderr.write(f"planning {paths.shape[1]} slots, {paths.shape[0]} paths\n")
    try:
        params = SupplyParams(round_trip_min, party, target_min, level, quantile, fleet)
        plan = plan_supply(paths, slot_min, first_min, params)
        spaces = _spaces(plan, stay_min, per_car, level)
        told = read_vehicles(published, plan) if published else None
        days = _days(paths, plan, params, usual, told)
    except TransportError as error:
        raise BadFile(str(error)) from error
    document = supply_document(plan, days, spaces, told)
    hand_out(document, supply_table(plan, spaces), "supply.json", out, as_json, _show)


def _spaces(plan: SupplyPlan, stay_min: float | None, per_car: float, level: float) -> NDArray[np.int64] | None:
    if stay_min is None:
        return None
    if not 0 < per_car <= 100:
        raise BadFile(f"--per-car: {per_car:g}; allowed: above 0, at most 100")
    return spaces_needed(plan.persons / per_car, plan.slot_min, stay_min, level)


def _days(
    paths: NDArray[np.float64],
    plan: SupplyPlan,
    params: SupplyParams,
    usual: int | None,
    told: NDArray[np.int64] | None,
) -> dict[str, SupplyDay]:
    """Each policy against the same parties."""
    policies = {
        "plan": plan.vehicles,
        "do_nothing": same_all_day(paths, plan.slot_min, params, usual),
        "greedy": called_as_queues_grow(paths, plan.slot_min, params, usual),
    }
    if told is not None:
        policies["published"] = told
    parties = parties_of(paths, plan.slot_min, params.party)
    return {name: simulate_supply(parties, plan.slot_min, one, params) for name, one in policies.items()}


def _show(document: dict[str, Any]) -> None:
    console = Console()
    heads = (
        "From",
        "Persons",
        "Vehicles",
        "Within target",
        *(["Spaces"] if document["most_spaces"] is not None else []),
    )
    table = Table(*heads, title=f"At most {document['most_vehicles']} vehicles")
    for row in document["slots"]:
        figures = [row["from"], f"{row['persons']:,.0f}", f"{row['vehicles']:,}", f"{row['within_target']:.0%}"]
        table.add_row(*figures, *([f"{row['spaces']:,}"] if "spaces" in row else []))
    console.print(table)
    policies = Table(
        "Policy", "Vehicle-hours", "Mean wait, min", "Longest, min", "Within target", "Longest queue", "Left"
    )
    for row in document["policies"]:
        policies.add_row(
            row["policy"], f"{row['vehicle_hours']:,.1f}", f"{row['mean_wait_min']:.1f}",
            f"{row['longest_wait_min']:.0f}", f"{row['within_target']:.1%}", f"{row['longest_queue']:,.0f}",
            f"{row['left_persons']:,.0f}",
        )  # fmt: skip
    console.print(policies)
    show_simulated(console, document["simulated"])
    show_binding(console, document["proof"]["binding"])
    for one in document["changes"] or []:
        console.print(f"  {one['from']}–{one['to']}: {one['was']:.0f} → {one['now']:.0f} vehicles", highlight=False)
