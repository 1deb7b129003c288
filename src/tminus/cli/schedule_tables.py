"""A schedule as people read it in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tminus.engines.schedule import Plan, Schedule, Status

WORST = 15
MARKS = {"pass": "● on time", "at_risk": "▲ at risk", "failed": "■ failed"}


def show(found: Schedule, plan: Plan) -> None:
    """Checkpoints, conflicts and the tasks with the least float."""
    console = Console()
    t = (found.today.date() - found.opening).days
    leaves = [row for row in found.tasks if not row.summary]
    done = sum(row.status is Status.DONE for row in leaves)
    console.print(
        f"[bold]{plan.name}[/bold]  opens {found.opening}  today {found.today:%Y-%m-%d} (T{t:+d})  "
        f"{len(leaves)} tasks, {done} done, policy {found.policy.value}, {found.elapsed_s * 1000:.1f} ms"
    )
    console.print(_checkpoints(found))
    if found.conflicts:
        console.print(f"[bold]{len(found.conflicts)} dates cannot be met[/bold]")
        for conflict in found.conflicts[:WORST]:
            chain = " → ".join(
                conflict.chain if len(conflict.chain) < 9 else (*conflict.chain[:4], "…", *conflict.chain[-4:])
            )
            console.print(f"  short by {conflict.short_by_days:g} d: {chain}", highlight=False)
            console.print(f"    {conflict.detail}", highlight=False)
    console.print(_least_float(found))
    if found.agreement is not None:
        a = found.agreement
        console.print(
            f"agreement with the dates stored in the file, of {a.of} automatic, unlevelled tasks not begun: start "
            f"{a.start}, finish {a.finish}, early start {a.early_start}, early finish {a.early_finish}; of {a.late_of} "
            f"with late dates: late start {a.late_start}, late finish {a.late_finish}; of {a.float_of} with total "
            f"float: {a.total_float}"
        )
    for warning in found.warnings:
        console.print(f"note: {warning}", highlight=False)


def _checkpoints(found: Schedule) -> Table:
    table = Table("Checkpoint", "T", "", "Due", "Done", "At risk", "Failed", title="Checkpoints", title_justify="left")
    for checkpoint in found.checkpoints:
        counts = (len(part) for part in (checkpoint.due, checkpoint.done, checkpoint.at_risk, checkpoint.failed))
        mark = MARKS[checkpoint.verdict.value]
        table.add_row(str(checkpoint.date), f"T−{checkpoint.t_minus}", mark, *(str(count) for count in counts))
    return table


def _least_float(found: Schedule) -> Table:
    table = Table(
        "Task", "Start", "Finish", "Forecast", "Float (d)", "Status", title="Least float", title_justify="left"
    )
    rows = [row for row in found.tasks if not row.summary and row.status is not Status.DONE]
    for row in sorted(rows, key=lambda row: row.total_float_days)[:WORST]:
        dates = (f"{at:%Y-%m-%d}" for at in (row.start, row.finish, row.forecast_finish))
        table.add_row(f"{row.id} {row.name}", *dates, f"{row.total_float_days:g}", row.status.value.replace("_", " "))
    return table
