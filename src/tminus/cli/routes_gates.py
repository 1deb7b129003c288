"""``tminus routes gates GATES --arrivals FILE``: how many lanes of which gate are open when, and who staffs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.plan_options import AsJson, Out, Published, Walked
from tminus.cli.plan_output import SHOWN, hand_out, own_recursion, show_simulated
from tminus.engines.crowd.gate_plan import GateDay, GatePlan, ShiftRules, plan_gates
from tminus.engines.crowd.problem import CrowdError
from tminus.formats.book_writer import Value, table_csv
from tminus.formats.crowd.gate_files import read_banks, read_coming, read_detours, read_lanes
from tminus.formats.problems import BadFile
from tminus.studies.gates_walked import walk_gates

FILES = ("gates.csv", "shifts.csv", "sent.csv")
STEP_S, SLOT_STEPS = 300.0, 3


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("gates")(gates)


def gates(
    banks: Annotated[Path, typer.Argument(metavar="GATES", help="gate,max_lanes,mean_s[,min_lanes,staff_per_lane].")],
    arrivals: Annotated[Path, typer.Option(metavar="FILE", help="[path,]gate,from_s,persons by five minutes.")],
    target_wait: Annotated[float, typer.Option(metavar="SECONDS", help="Nobody should wait longer.")] = 600.0,
    detours: Annotated[Path | None, typer.Option(metavar="FILE", help="from,to[,walk_s]: who may be sent.")] = None,
    redirectable: Annotated[float, typer.Option(help="Share of people who go where they are sent.")] = 0.0,
    shifts: Annotated[str, typer.Option(metavar="MIN:MAX", help="Hours of a shift, such as 4:8; default: none.")] = "",
    staff: Annotated[int, typer.Option(help="People there at most; 0: as many as it takes.")] = 0,
    published: Published = None,
    budget: Annotated[float, typer.Option(metavar="SECONDS", help="For whole numbers of lanes.")] = 10.0,
    strict: Annotated[bool, typer.Option(help="Fail where somebody is late whatever is done; exit code 2.")] = False,
    simulated: Walked = True,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Lanes by quarter-hour with the staff they take, so that nobody waits too long."""
    known = read_banks(banks)
    coming = read_coming(arrivals, known, STEP_S, SLOT_STEPS)
    if not budget > 0:
        raise BadFile(f"--budget: {budget:g}; allowed: seconds above 0")
    try:
        day = GateDay(
            known,
            coming,
            STEP_S,
            SLOT_STEPS,
            target_wait,
            read_detours(detours, known) if detours else (),
            redirectable,
            _rules(shifts, staff),
        )
        sys.stderr.write(
            f"planning {len(known)} gates on {len(coming)} paths, {coming.mean(axis=0).sum():,.0f} persons\n"
        )
        told = read_lanes(published, known, day.slot_s, day.slots) if published else None
        plan = plan_gates(day, published=told, budget_s=budget, strict=strict)
    except CrowdError as error:
        raise BadFile(str(error)) from error
    document = plan.as_json() | {"simulated": _again(plan, simulated)}
    hand_out(document, _files(plan), "gate_plan.json", out, as_json, _show)


def _again(plan: GatePlan, wanted: bool) -> dict[str, Any]:
    walk = walk_gates(plan) if wanted else None
    return walk.as_json() if walk else own_recursion("mean_wait_s", plan.checks[0].mean_wait_s)


def _rules(hours: str, staff: int) -> ShiftRules | None:
    """Of ``4:8``; from five hours on with half an hour's break.

    :raises BadFile: not two numbers of hours.
    """
    if not hours:
        if staff:
            raise BadFile("--staff without --shifts; allowed: both, or none")
        return None
    try:
        least, most = (round(float(part) * 4) for part in hours.split(":"))
    except ValueError:
        raise BadFile(f"--shifts: {hours!r}; allowed: two numbers of hours, such as 4:8") from None
    return ShiftRules(least, most, staff=staff or None)


def _files(plan: GatePlan) -> dict[str, bytes]:
    slot, document = plan.day.slot_s, plan.as_json()
    lanes: list[list[Value]] = [
        [gate.id, n * slot, (n + 1) * slot, int(count), gate.mean_s, 0.0]
        for gate, row in zip(plan.day.gates, plan.lanes, strict=True)
        for n, count in enumerate(row)
    ]
    people: list[list[Value]] = [
        [one["from_s"], one["to_s"], one["break_s"], one["persons"]] for one in document["shifts"]
    ]
    sent: list[list[Value]] = [
        [one["from"], one["to"], one["from_s"], one["to_s"], one["share"]] for one in document["sent"]
    ]
    return {
        FILES[0]: table_csv(["node", "from_s", "to_s", "lanes", "mean_s", "cv"], lanes),
        FILES[1]: table_csv(["from_s", "to_s", "break_s", "persons"], people),
        FILES[2]: table_csv(["from", "to", "from_s", "to_s", "share"], sent),
    }


def _show(document: dict[str, Any]) -> None:
    table = Table("Policy", "Lane hours", "Mean wait", "Nine of ten", "Longest", "Late", title="Gates")
    for row in document["policies"]:
        waits = (f"{row[name] / 60:.1f} min" for name in ("mean_wait_s", "p90_wait_s", "longest_wait_s"))
        table.add_row(row["policy"], f"{row['lane_hours']:,.1f}", *waits, f"{row['late_share']:.1%}")
    console, proof = Console(), document["proof"]
    console.print(table)
    for gate, row in document["lanes"].items():
        console.print(f"  {gate}: {' '.join(map(str, row))}", highlight=False, markup=False)
    console.print(f"{proof['value']:,.1f} {proof['unit']}, at least {proof['bound']:,.1f}: gap {proof['gap']:.1%}")
    show_simulated(console, document["simulated"])
    for one in document["binding"][:SHOWN]:
        console.print(f"  binds: {one['what']}, from {one['from_s'] / 3600:.2f} h", highlight=False, markup=False)
    for one in document["changed"]:
        times = f"{one['from_s'] / 3600:.2f}–{one['to_s'] / 3600:.2f} h"
        console.print(f"  {one['gate']}, {times}: {one['was']} → {one['now']} lanes", highlight=False, markup=False)
