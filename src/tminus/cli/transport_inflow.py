"""``tminus transport inflow FOLDER``: how many people each station lets in, slot by slot."""

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
from tminus.engines.transport.inflow import InflowParams, InflowPlan, MetroNetwork, StationDemand, other_policies
from tminus.engines.transport.inflow import plan_inflow as plan_day
from tminus.formats.problems import BadFile
from tminus.formats.transport.inflow_caps import inflow_document, inflow_tables, read_caps
from tminus.formats.transport.metro import metro_of, read_metro
from tminus.formats.transport.station_demand import demand_of, read_demand


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("inflow")(inflow)


def inflow(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="With stations.csv, arcs.csv, od.csv or od.npz.")],
    stations: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    arcs: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    od: Annotated[Path | None, typer.Option(metavar="FILE", help="Instead of the folder's own.")] = None,
    demand_factor: Annotated[float, typer.Option(help="Plan for so many times the people, such as 1.1.")] = 1.0,
    capacity_share: Annotated[float, typer.Option(help="Of each capacity, so much may be used.")] = 1.0,
    strict: Annotated[bool, typer.Option(help="Fail where a capacity must be exceeded; exit code 2.")] = False,
    published: Annotated[Path | None, typer.Option(metavar="FILE", help="inflow_caps.csv people were told.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the tables here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Station inflow control: least waiting with no arc over its capacity."""
    network = metro_of(stations or folder / "stations.csv", arcs or folder / "arcs.csv") if stations or arcs else None
    network = network or read_metro(folder)
    demand = _times(demand_of(od, network) if od else read_demand(folder, network), demand_factor)
    sys.stderr.write(f"planning {len(network.gates)} stations, {demand.persons.sum():,.0f} persons\n")
    plan = _planned(network, demand, capacity_share, strict)
    told = read_caps(published, plan) if published else None
    sys.stderr.write("comparing with greedy and with no control\n")
    document = inflow_document(plan, other_policies(network, demand), told)
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        place_files(inflow_tables(plan) | {"inflow.json": text.encode()}, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _times(demand: StationDemand, factor: float) -> StationDemand:
    if not 0 < factor <= 100:
        raise BadFile(f"--demand-factor: {factor:g}; allowed: above 0, at most 100")
    return StationDemand(demand.persons * factor, demand.slot_min, demand.first_min)


def _planned(network: MetroNetwork, demand: StationDemand, share: float, strict: bool) -> InflowPlan:
    if not 0 < share <= 10:
        raise BadFile(f"--capacity-share: {share:g}; allowed: above 0, at most 10")
    try:
        return plan_day(network, demand, InflowParams(capacity_share=share, may_exceed=not strict))
    except TransportError as error:
        raise BadFile(str(error)) from error


def _show(document: dict[str, Any]) -> None:
    table = Table("Policy", "Minutes exceeded", "Waiting, person-min", "Longest queue", "Left", title="Station inflow")
    for row in document["policies"]:
        table.add_row(
            row["policy"], f"{row['exceeded_arc_minutes']:,}", f"{row['delay_person_min']:,.0f}",
            f"{row['longest_queue']:,.0f}", f"{row['left_persons']:,.0f}",
        )  # fmt: skip
    console, proof = Console(), document["proof"]
    console.print(table)
    console.print(
        f"{len(document['caps'])} caps; no plan waits less than {proof['bound']:,.0f}: gap {proof['gap']:.2%}"
    )
    for one in proof["binding"][:5]:
        console.print(f"  binds: {one['what']}, {one['from']}–{one['to']}", highlight=False, markup=False)
    for one in document["changes"] or []:
        was, now = ("no cap" if cap is None else f"{cap:g} a minute" for cap in (one["was"], one["now"]))
        console.print(f"  {one['what']}, {one['from']}–{one['to']}: {was} → {now}", highlight=False, markup=False)
