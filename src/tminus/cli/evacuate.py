"""``tminus evacuate NETWORK --people FILE``: how everybody gets out earliest, proved and walked again."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.place_files import place_files
from tminus.engines.crowd.evacuation import EvacuationPlan, plan_evacuation
from tminus.engines.crowd.evacuation.resimulation import Resimulation, walk_again
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.book_writer import Value, table_csv
from tminus.formats.crowd.people_file import read_people, read_walking_network
from tminus.formats.problems import BadFile

FILES = ("evacuation.json", "origins.csv", "routes.csv", "directions.csv", "arrivals.csv")

app = typer.Typer(add_completion=False, no_args_is_help=False)


@app.command()
def evacuate(
    folder: Annotated[Path, typer.Argument(metavar="NETWORK", help="Folder with nodes.csv and links.csv.")],
    people: Annotated[Path, typer.Option(metavar="FILE", help="Who is where: node,persons.")],
    exits: Annotated[str, typer.Option(metavar="NODE,…", help="Default: the nodes of kind exit.")] = "",
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
    there = read_people(people, [node.id for node in known.network.nodes])
    shut = tuple(_names(closed))
    begun = time.perf_counter()
    try:
        plan = plan_evacuation(
            known.network, there, _names(exits) or None, closed=shut, step_s=_given(step), within_s=_given(within)
        )
        elapsed = time.perf_counter() - begun
        again = _again(known.network, plan, shut) if simulated else None
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error
    document = plan.as_json() | {"simulated": again.as_json() if again else None, "elapsed_s": round(elapsed, 4)}
    if out is not None:
        place_files(_files(plan, document), out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(document)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _given(seconds: float) -> float | None:
    """Zero is how an option says nothing.

    :raises BadFile: below it.
    """
    if not seconds >= 0:
        raise BadFile(f"{seconds:g} seconds; allowed: above 0")
    return seconds or None


def _again(network: Network, plan: EvacuationPlan, closed: tuple[str, ...]) -> Resimulation:
    sys.stderr.write(f"planned {plan.planned_s:g} s for {plan.persons:,} persons; walking it again\n")
    return walk_again(network, plan, closed)


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
    for one in document["bottleneck"]["elements"][:5]:
        line = f"  binds: {one['kind']} {one['element']}, {_clock(one['from_s'])}–{_clock(one['to_s'])}"
        console.print(f"{line}, {one['persons']:,} persons", highlight=False, markup=False)


def _title(document: dict[str, Any]) -> str:
    planned = f"{document['persons']:,} persons out in {_clock(document['planned_s'])}"
    again = document["simulated"]
    if again is None:
        return f"{planned}, not simulated"
    stuck = f", {again['stuck']:,} stuck" if again["stuck"] else ""
    return f"{planned}, simulated {_clock(again['simulated_s'])}{stuck}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
