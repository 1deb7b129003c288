"""``tminus import DIR``: an event folder into this installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home

app = typer.Typer(add_completion=False)


@app.command("import")
def import_event(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The event folder.")],
    home: Annotated[Path | None, typer.Option(help="The installation; default TMINUS_HOME, else ./event.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Import an event folder, whole or not at all. An event that is there already is not overwritten."""
    import json

    from tminus.formats.event_folder import read_folder

    checked = read_folder(folder)
    open_home(home)
    migrate()
    from tminus.desks.planning.event_folder import EventExists, load_event

    try:
        loaded = load_event(checked)
    except EventExists as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"event": loaded.event.slug, "counts": dict(loaded.counts)}))
    else:
        counts = ", ".join(f"{number} {name}" for name, number in loaded.counts.items())
        typer.echo(f"imported {loaded.event.slug}: {counts}")
