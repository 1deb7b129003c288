"""``tminus evacuate NETWORK --people FILE``: how everybody gets out earliest, proved and walked again."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.evacuate_assigned import FILE as COMPARED
from tminus.cli.evacuate_assigned import compared, curves_csv
from tminus.cli.place_files import place_files
from tminus.engines.crowd.evacuation import AssignedPlan, EvacuationPlan, plan_assigned, plan_evacuation
from tminus.engines.crowd.evacuation.resimulation import walk_again
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.book_writer import Value, table_csv
from tminus.formats.crowd.exits_file import parties_of, read_exits
from tminus.formats.crowd.people_file import People, read_people, read_walking_network
from tminus.formats.problems import BadFile

FILES = ("evacuation.json", "origins.csv", "routes.csv", "directions.csv", "arrivals.csv")

TABLES = (".csv", ".tsv", ".txt")

app = typer.Typer(add_completion=False, no_args_is_help=False)


@app.command()
def evacuate(
    folder: Annotated[Path, typer.Argument(metavar="NETWORK", help="Folder with nodes.csv and links.csv.")],
    people: Annotated[Path, typer.Option(metavar="FILE", help="Who is where: node,persons,group.")],
    exits: Annotated[
        str,
        typer.Option(
            metavar="NODE,…|FILE", help="Default: the nodes of kind exit. FILE: node,group,exit, who by which."
        ),
    ] = "",
    closed: Annotated[str, typer.Option(metavar="LINK,…", help="Links nobody may walk.")] = "",
    within: Annotated[float, typer.Option(metavar="SECONDS", help="Fail if no plan is as quick; exit code 2.")] = 0.0,
    step: Annotated[float, typer.Option(metavar="SECONDS", help="Of the plan; default: by its size.")] = 0.0,
    simulated: Annotated[bool, typer.Option("--simulate/--no-simulate", help="Walk the plan again.")] = True,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the plan's files here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """The earliest-arrival plan: routes and shares, when all are out, what holds it back."""
    known = read_walking_network(folder)
    for warning in known.warnings:
        sys.stderr.write(f"{warning}\n")
    nodes = [node.id for node in known.network.nodes]
    there = read_people(people, nodes)
    shut = tuple(_names(closed))
    given: dict[str, Any] = {"closed": shut, "step_s": _given("--step", step), "within_s": _given("--within", within)}
    begun = time.perf_counter()
    try:
        assigned = _assigned(known.network, there, nodes, exits, given)
        plan = assigned.plan if assigned else _free(known.network, there, exits, given)
        elapsed = time.perf_counter() - begun
        told, again = None, None
        if simulated:
            sys.stderr.write(f"planned {plan.planned_s:g} s for {plan.persons:,} persons; walking it again\n")
        if assigned:
            told, again = compared(known.network, assigned, shut, simulated=simulated)
        elif simulated:
            again = walk_again(known.network, plan, shut)
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error
    document = plan.as_json() | {
        "simulated": again.as_json() if again else None,
        "assigned": told,
        "elapsed_s": round(elapsed, 4),
    }
    if out is not None:
        more = {COMPARED: curves_csv(assigned)} if assigned else {}
        place_files(_files(plan, document) | more, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _free(network: Network, there: Sequence[People], exits: str, given: dict[str, Any]) -> EvacuationPlan:
    """Everybody by any of the exits."""
    people: dict[str, int] = {}
    for one in there:
        people[one.node] = people.get(one.node, 0) + one.persons
    return plan_evacuation(network, people, _names(exits) or None, **given)


def _assigned(
    network: Network, there: Sequence[People], nodes: Sequence[str], exits: str, given: dict[str, Any]
) -> AssignedPlan | None:
    """The plan by exits assigned; None: there are none, and nobody has to stay together.

    :raises BadFile: no such file, or nothing that can be read.
    """
    file = _file(exits)
    if file is None and not any(one.group for one in there):
        return None
    parties = parties_of(there, read_exits(file, nodes, there) if file else {})
    return plan_assigned(network, parties, None if file else _names(exits) or None, **given)


def _file(exits: str) -> Path | None:
    """Where ``--exits`` names a file rather than nodes.

    :raises BadFile: it names neither.
    """
    if exits and not _names(exits):
        raise BadFile(f"--exits: {exits!r}; allowed: nodes, or a file")
    path = Path(exits)
    return path if exits and (path.suffix.lower() in TABLES or "/" in exits) else None


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _given(option: str, seconds: float) -> float | None:
    """Zero is how an option says nothing.

    :raises BadFile: below it, or no number.
    """
    if not 0 <= seconds < math.inf:
        raise BadFile(f"{option}: {seconds:g}; allowed: seconds above 0")
    return seconds or None


def _files(plan: EvacuationPlan, document: dict[str, Any]) -> dict[str, bytes]:
    origins: list[list[Value]] = [
        [one.origin, one.persons, name, round(share, 4), one.left_s, one.out_s]
        for one in plan.origins
        for name, share in one.shares.items()
    ]
    routes: list[list[Value]] = [
        [one.origin, one.exit, one.persons, one.first_leaves_s, one.last_arrives_s, " ".join(one.links)]
        for one in plan.routes
    ]
    directions: list[list[Value]] = [
        [one.node, one.link, one.to, one.persons, round(one.share, 4)] for one in plan.directions
    ]
    arrivals: list[list[Value]] = [
        [float(at), int(count)] for at, count in zip(plan.times_s, plan.arrived, strict=True)
    ]
    return {
        FILES[0]: json.dumps(document, ensure_ascii=False, indent=1).encode(),
        FILES[1]: table_csv(["origin", "persons", "exit", "share", "left_s", "out_s"], origins),
        FILES[2]: table_csv(["origin", "exit", "persons", "first_leaves_s", "last_arrives_s", "links"], routes),
        FILES[3]: table_csv(["node", "link", "to", "persons", "share"], directions),
        FILES[4]: table_csv(["by_s", "out"], arrivals),
    }


def _show(document: dict[str, Any]) -> None:
    table = Table("From", "Persons", "By", "All have left", "All are out", title=_title(document))
    for row in document["origins"]:
        shares = ", ".join(f"{share:.0%} {name}" for name, share in row["exits"].items())
        table.add_row(row["origin"], f"{row['persons']:,}", shares, _clock(row["left_s"]), _clock(row["out_s"]))
    console = Console()
    console.print(table)
    console.print(f"No plan is quicker than {_clock(document['bound_s'])}; gap {document['gap']:.1%}.")
    if document["assigned"]:
        _show_assigned(console, document)
    for one in document["bottleneck"]["elements"][:5]:
        line = f"  binds: {one['kind']} {one['element']}, {_clock(one['from_s'])}–{_clock(one['to_s'])}"
        console.print(f"{line}, {one['persons']:,} persons", highlight=False, markup=False)


def _show_assigned(console: Console, document: dict[str, Any]) -> None:
    told = document["assigned"]
    free = told["free"]
    line = f"By free choice {_clock(free['planned_s'])}: {_clock(told['later_s'])} quicker"
    if free["simulated"]:
        line += f"; simulated {_clock(free['simulated']['simulated_s'])}"
    console.print(f"{line}.", highlight=False, markup=False)
    for one in told["by_exits"][:5]:
        exits = " or ".join(one["exits"])
        console.print(f"  {one['persons']:,} persons by {exits}: {_clock(one['out_s'])}", highlight=False, markup=False)
    if told["groups"]:
        apart = told["apart"]
        words = f"  groups: {told['groups']:,}, of {told['in_groups']:,} persons"
        words += f"; out within {apart['mean_s']:g} s of one another, {apart['most_s']:g} s at most" if apart else ""
        console.print(words, highlight=False, markup=False)


def _title(document: dict[str, Any]) -> str:
    planned = f"{document['persons']:,} persons out in {_clock(document['planned_s'])}"
    again = document["simulated"]
    if again is None:
        return f"{planned}, not simulated"
    stuck = f", {again['stuck']:,} stuck" if again["stuck"] else ""
    return f"{planned}, simulated {_clock(again['simulated_s'])}{stuck}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
