"""``tminus validate DIR``: check an event folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import EXIT_BAD_INPUT
from tminus.formats.event_folder import SCHEMA_VERSION, EventFolder, read_folder
from tminus.formats.problems import BadFile, Rejected

app = typer.Typer(add_completion=False)


@app.command()
def validate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The event folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Check an event folder against its schema; every value that cannot be taken is named."""
    try:
        found = read_folder(folder)
        of_days = _of_days(folder, found)
    except Rejected as error:
        _report(
            as_json, [problem.as_json() for problem in error.problems], [str(problem) for problem in error.problems]
        )
        raise SystemExit(EXIT_BAD_INPUT) from None
    except BadFile as error:
        _report(as_json, [{"message": str(error)}], [str(error)])
        raise SystemExit(EXIT_BAD_INPUT) from None
    counts = {name: len(rows) for name, rows in found.tables.items()}
    if found.plan is not None:
        counts |= {"tasks": len(found.plan.tasks), "task_links": len(found.plan.links)}
    counts |= {name: number for name, number in of_days.items() if number}
    if as_json:
        typer.echo(json.dumps({"valid": True, "schema": SCHEMA_VERSION, "counts": counts, "problems": []}))
    else:
        typer.echo(f"{folder}: valid ({SCHEMA_VERSION}): " + ", ".join(f"{n} {name}" for name, n in counts.items()))


def _of_days(folder: Path, found: EventFolder) -> dict[str, int]:
    if not any((folder / name).exists() for name in ("services.csv", "day_scenarios.json")):
        return {}
    from tminus.studies.prepared_day import check_days  # a second

    return check_days(folder, found)


def _report(as_json: bool, problems: list[dict[str, object]], lines: list[str]) -> None:
    if as_json:
        typer.echo(json.dumps({"valid": False, "schema": SCHEMA_VERSION, "problems": problems}, ensure_ascii=False))
    for line in lines:
        typer.echo(f"tminus: {line}", err=True)
