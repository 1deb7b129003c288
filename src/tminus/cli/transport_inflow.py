"""``tminus transport inflow FOLDER``: how many people each station lets in, slot by slot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Quantile, Walked
from tminus.cli.plan_output import hand_out, own_recursion, show_binding, show_simulated
from tminus.engines.transport import TransportError
from tminus.engines.transport.inflow import (
    InflowParams,
    InflowPlan,
    MetroNetwork,
    SampleDays,
    StationDemand,
    plan_for_days,
    policies_on,
)
from tminus.formats.problems import BadFile
from tminus.formats.transport.inflow_caps import inflow_document, inflow_tables, read_caps
from tminus.formats.transport.metro import metro_of, read_metro
from tminus.formats.transport.station_demand import demand_of, read_demand
from tminus.studies.inflow_walked import walk_inflow


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inflow")(inflow)


def inflow(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With stations.csv, arcs.csv, od.csv or od.npz.")],
    stations: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    arcs: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    od: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    quantile: Quantile = 0.9,
    demand_factor: Annotated[float, typer.Option(help="Plan for so many times the people, such as 1.1.")] = 1.0,
    capacity_share: Annotated[float, typer.Option(help="Of each capacity, so much may be used.")] = 1.0,
    strict: Annotated[bool, typer.Option(help="Fail where a capacity must be exceeded; exit code 2.")] = False,
    published: Published = None,
    simulated: Walked = True,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Station inflow control: least waiting with no arc over its capacity."""
    network = metro_of(stations or folder / "stations.csv", arcs or folder / "arcs.csv") if stations or arcs else None
    network = network or read_metro(folder)
    paths = _times(demand_of(od, network) if od else read_demand(folder, network), demand_factor)
    persons = sum(float(one.persons.sum()) for one in paths) / len(paths)
    sys.stderr.write(f"planning {len(network.gates)} stations, {persons:,.0f} persons, {len(paths)} sample days\n")
    if not 0 < capacity_share <= 10:
        raise BadFile(f"--capacity-share: {capacity_share:g}; allowed: above 0, at most 10")
    try:
        plan = plan_for_days(network, paths, quantile, InflowParams(capacity_share, may_exceed=not strict))
    except TransportError as error:
        raise BadFile(str(error)) from error
    told = read_caps(published, plan) if published else None
    sys.stderr.write("comparing with greedy and with no control\n")
    days = _days(network, paths, plan, told)
    document = inflow_document(plan, days, _again(plan, paths, days["plan"], simulated), told)
    hand_out(document, inflow_tables(plan), "inflow.json", out, as_json, _show)


def _again(plan: InflowPlan, paths: tuple[StationDemand, ...], days: SampleDays, wanted: bool) -> dict[str, Any]:
    persons = sum(float(one.persons.sum()) for one in paths) / len(paths)
    walk = walk_inflow(plan, paths) if wanted else None
    own = own_recursion("mean_wait_min", days.delay_person_min / max(persons, 1e-9))
    return (walk.as_json() if walk else own) | {"paths": days.paths, "paths_kept": days.paths_kept}


def _times(paths: tuple[StationDemand, ...], factor: float) -> tuple[StationDemand, ...]:
    if not 0 < factor <= 100:
        raise BadFile(f"--demand-factor: {factor:g}; allowed: above 0, at most 100")
    return tuple(StationDemand(one.persons * factor, one.slot_min, one.first_min) for one in paths)


def _days(
    network: MetroNetwork, paths: tuple[StationDemand, ...], plan: InflowPlan, told: NDArray[Any] | None
) -> dict[str, SampleDays]:
    """The plan first."""
    caps = {"plan": plan.caps} | ({} if told is None else {"published": told})
    return policies_on(network, paths, caps)


def _show(document: dict[str, Any]) -> None:
    heads = ("Policy", "Minutes exceeded", "Waiting, person-min", "Longest queue", "Left", "Days kept")
    table = Table(*heads, title="Station inflow")
    for row in document["policies"]:
        table.add_row(
            row["policy"], f"{row['exceeded_arc_minutes']:,}", f"{row['delay_person_min']:,.0f}",
            f"{row['longest_queue']:,.0f}", f"{row['left_persons']:,.0f}", f"{row['paths_kept']} of {row['paths']}",
        )  # fmt: skip
    console, proof = Console(), document["proof"]
    console.print(table)
    busy = " on the busy day planned for" if document["paths"] > 1 else ""
    bound = f"no plan waits less than {proof['bound']:,.0f}{busy}: gap {proof['gap']:.2%}"
    console.print(f"{len(document['caps'])} caps; {bound}")
    show_simulated(console, document["simulated"])
    show_binding(console, proof["binding"])
    for one in document["changes"] or []:
        was, now = ("no cap" if cap is None else f"{cap:g} a minute" for cap in (one["was"], one["now"]))
        console.print(f"  {one['what']}, {one['from']}–{one['to']}: {was} → {now}", highlight=False, markup=False)
