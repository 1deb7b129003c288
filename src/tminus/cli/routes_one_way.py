"""``tminus routes one-way NETWORK --od FILE``: which corridors become one-way or are closed."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.one_way import OneWayPlan, OneWayTask, Way, plan_one_way
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.crowd.people_file import read_flows, read_walking_network
from tminus.formats.problems import BadFile

FILES = ("one_way.json", "controls.csv")
DIRECTION = {Way.BOTH: 0, Way.FORWARD: 1, Way.BACK: -1}


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
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the plan's files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
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
        plan = plan_one_way(task, budget)
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error
    document = plan.as_json()
    if out is not None:
        place_files(_files(plan, document), out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _decided(network: Network, corridors: str) -> list[str]:
    named = [name.strip() for name in corridors.split(",") if name.strip()]
    return named or [link.id for link in network.links if link.twoway]


def _files(plan: OneWayPlan, document: dict[str, Any]) -> dict[str, bytes]:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # what a scenario reads again: numbers stay numbers
    writer.writerow(["at_s", "element", "field", "value"])
    for id, way in plan.changed.items():
        writer.writerow([0, id, "open", 0] if way is Way.CLOSED else [0, id, "direction", DIRECTION[way]])
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return {FILES[0]: text.encode(), FILES[1]: table.getvalue().encode("utf-8-sig")}


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
