"""``tminus routes one-way NETWORK --od FILE``: which corridors become one-way or are closed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Walked
from tminus.cli.plan_output import SHOWN, hand_out, show_simulated
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.one_way import OneWayPlan, OneWayTask, Way, plan_one_way
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.crowd.one_way_file import read_uses, uses_table
from tminus.formats.crowd.people_file import read_flows, read_walking_network
from tminus.formats.problems import BadFile
from tminus.studies.one_way_walked import walk_one_way

FILE = "controls.csv"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("one-way")(one_way)


def one_way(
    folder: Annotated[Path, typer.Argument(metavar="NETWORK", help="Folder with nodes.csv and links.csv.")],
    od: Annotated[Path, typer.Option(metavar="FILE", help="origin,destination,persons who set out in the slot.")],
    corridors: Annotated[str, typer.Option(metavar="LINK,…", help="To decide about; default: all two-way.")] = "",
    may_close: Annotated[bool, typer.Option(help="Corridors may be closed too.")] = False,
    slot: Annotated[float, typer.Option(metavar="SECONDS", help="In which they set out.")] = 900.0,
    budget: Annotated[float, typer.Option(metavar="SECONDS", help="To look for the best.")] = 10.0,
    published: Published = None,
    simulated: Walked = True,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """One-way corridors and closures: most get through, and they walk least."""
    network = read_walking_network(folder).network
    demand = read_flows(od, [node.id for node in network.nodes])
    if not budget > 0:
        raise BadFile(f"--budget: {budget:g}; allowed: seconds above 0")
    ways = (Way.BOTH, Way.FORWARD, Way.BACK, *((Way.CLOSED,) if may_close else ()))
    try:
        task = OneWayTask(network, demand, dict.fromkeys(_decided(network, corridors), ways), slot)
        sys.stderr.write(f"deciding about {len(task.choices)} corridors for {sum(demand.values()):,.0f} persons\n")
        told = read_uses(published, task.choices) if published else None
        plan = plan_one_way(task, budget)
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error
    walk = walk_one_way(task, plan) if simulated else None
    document = plan.as_json() | {
        "simulated": walk.as_json() if walk else None,
        "changes": None if told is None else _changes(plan, told),
    }
    hand_out(document, {FILE: uses_table(plan.changed)}, "one_way.json", out, as_json, _show)


def _changes(plan: OneWayPlan, told: dict[str, Way]) -> list[dict[str, str]]:
    return [{"what": id, "was": str(told[id]), "now": str(way)} for id, way in plan.uses.items() if told[id] is not way]


def _decided(network: Network, corridors: str) -> list[str]:
    named = [name.strip() for name in corridors.split(",") if name.strip()]
    return named or [link.id for link in network.links if link.twoway]


def _show(document: dict[str, Any]) -> None:
    table = Table("Corridor", "Use", title="One-way plan")
    for id, way in document["changed"].items():
        table.add_row(id, way)
    console = Console()
    console.print(table)
    left = f"{document['left']:,.0f} left over, {document['left_before']:,.0f} as it is"
    console.print(
        f"{left}; cost {document['value']:,.0f}, as it is {document['before']:,.0f}; gap {document['gap']:.1%}"
    )
    for row in document["policies"]:
        console.print(f"  {row['policy']}: cost {row['cost']:,.0f}, {row['left']:,.0f} left over", highlight=False)
    show_simulated(console, document["simulated"])
    for one in document["binding"][:SHOWN]:
        console.print(f"  binds: {one['what']}", highlight=False, markup=False)
    for one in document["changes"] or []:
        console.print(f"  {one['what']}: {one['was']} → {one['now']}", highlight=False, markup=False)
