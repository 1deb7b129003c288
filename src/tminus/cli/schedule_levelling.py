"""``tminus schedule --resources``: levelled dates, what binds, and how loaded every crew is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tminus.engines.schedule import Plan, Schedule
from tminus.engines.schedule.levelling import Budget, Levelled, Published, level, resources_of
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import book_xlsx, table_csv
from tminus.formats.mspdi import mspdi_bytes
from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile
from tminus.formats.resources_file import read_resources
from tminus.formats.tables import TEXT_FILES

MOST_SECONDS = 3600
WORST = 12


def levelled_of(
    found: Schedule, plan: Plan, resources: Path | None, seconds: float | None, seed: int, baseline: Path | None
) -> Levelled:
    """Level ``found`` by a resources file, else by the plan's own resources.

    :raises BadFile: the file cannot be taken, or there is nothing to level by.
    """
    if seconds is not None and not 0 < seconds <= MOST_SECONDS:
        raise BadFile(f"--optimise: {seconds}; allowed: seconds, more than 0 and at most {MOST_SECONDS}")
    given = read_resources(resources, plan) if resources is not None else resources_of(plan)
    if resources is None and not given.needs:
        raise BadFile("--optimise: the plan assigns no resources; allowed: with --resources FILE")
    budget = Budget() if seconds is None else Budget(iterations=None, seconds=seconds)
    return level(found, given, budget=budget, seed=seed, published=_published(baseline))


def _published(baseline: Path | None) -> Published:
    """The dates of the timetable people go by."""
    if baseline is None:
        return {}
    table = baseline.suffix.lower() in {*TEXT_FILES, ".xlsx"}
    before = read_book(baseline).checked() if table else read_plan(baseline)
    return {t.id: (t.start, t.finish) for t in before.leaves() if t.start is not None and t.finish is not None}


def with_levelling(document: dict[str, Any], levelled: Levelled) -> dict[str, Any]:
    """The schedule's document with the section, and levelled dates beside each task's own."""
    dates = {row.id: row for row in levelled.schedule.tasks}
    tasks = [
        {**task, "levelled_start": dates[task["id"]].start.isoformat(),
         "levelled_finish": dates[task["id"]].finish.isoformat()}
        for task in document["tasks"]
    ]  # fmt: skip
    return {**document, "tasks": tasks, "levelling": levelled.as_json()}


TASK_HEADS = ["ID", "Task", "Start", "Finish", "Before start", "Before finish", "Moved (d)", "Late (d)", "Waits for"]
LOAD_HEADS = ["Resource", "Name", "Date", "Capacity", "Before", "After", "Overload before (h)", "Overload after (h)"]


def levelling_files(levelled: Levelled, plan: Plan) -> dict[str, bytes]:
    """Dates and loads as tables, and the levelled plan as a workbook and for MS Project."""
    names = {task.id: task.name for task in plan.tasks}
    rows = levelled.schedule.by_id()
    tasks: list[list[str | float]] = [
        [t.id, names[t.id], *(at.isoformat(" ") for at in (t.start, t.finish, t.before_start, t.before_finish)),
         t.moved_days, t.late_days, t.waits_for]
        for t in levelled.tasks
    ]  # fmt: skip
    loads: list[list[str | float]] = [
        [one.resource, one.name, d.day.isoformat(), d.capacity, d.before, d.after, d.over_before, d.over_after]
        for one in levelled.histograms
        for d in one.days
    ]
    return {
        "levelling.csv": table_csv(TASK_HEADS, tasks),
        "histogram.csv": table_csv(LOAD_HEADS, loads),
        "levelled.xlsx": book_xlsx(plan, rows),
        "levelled.xml": mspdi_bytes(plan, rows),
    }


def write_levelling(levelled: Levelled, plan: Plan, out: Path) -> None:
    """:raises BadFile: the folder cannot be written."""
    files = levelling_files(levelled, plan)
    try:
        for name, content in files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise BadFile(f"{out}: cannot be written ({error.strerror})") from error
    sys.stderr.write(f"wrote {', '.join(files)} to {out}\n")


def show_levelling(levelled: Levelled, plan: Plan) -> None:
    """What changed, what binds, and whether it could be better."""
    console = Console()
    value, (gates_late, tardiness) = levelled.value, levelled.lower_bound.best
    proof = "proved: none does better in these two"
    if not levelled.proved:
        least = f"{gates_late} and {tardiness / 1440:.1f}"
        proof = f"none has fewer than {least}; gap {levelled.gap:.1%}"
    console.print(
        f"[bold]Levelled[/bold]  {value.gates_late} gates late, {value.tardiness / 1440:.1f} weighted days late"
        f" ({proof}); {levelled.tried} timetables tried, {levelled.elapsed_s:.2f} s"
    )
    table = Table("Resource", "Overload before (h)", "after (h)", "Tasks waiting", "Full on", title="Resources",
                  title_justify="left")  # fmt: skip
    waiting = {one.resource: one for one in levelled.binding}
    for one in sorted(levelled.histograms, key=lambda one: -one.overload_hours[0]):
        before, after = one.overload_hours
        binds = waiting.get(one.resource)
        full = f"{len(binds.days)} {'day' if len(binds.days) == 1 else 'days'}, first {binds.days[0]}" if binds else "–"
        table.add_row(one.name, f"{before:.1f}", f"{after:.1f}", str(len(binds.tasks) if binds else 0), full)
    console.print(table)
    console.print(_moved(levelled, plan))
    for warning in (*levelled.warnings, *levelled.faults):
        console.print(f"note: {warning}", highlight=False)


def _moved(levelled: Levelled, plan: Plan) -> Table:
    names = {task.id: task.name for task in plan.tasks}
    table = Table("Task", "Start", "Finish", "Moved (d)", "Late (d)", "Waits for", title="Moved most",
                  title_justify="left")  # fmt: skip
    moved = [task for task in levelled.tasks if task.moved_days or task.late_days]
    for task in sorted(moved, key=lambda task: (-task.late_days, -abs(task.moved_days)))[:WORST]:
        dates = (f"{at:%Y-%m-%d %H:%M}" for at in (task.start, task.finish))
        numbers = (f"{task.moved_days:+g}", f"{task.late_days:g}")
        table.add_row(f"{task.id} {names[task.id]}", *dates, *numbers, task.waits_for)
    return table
