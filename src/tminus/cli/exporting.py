"""``tminus export EVENT DIR``: an event of this installation as an event folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import open_home
from tminus.formats.problems import BadFile

app = typer.Typer(add_completion=False)


@app.command("export")
def export_event(
    event: Annotated[str, typer.Argument(help="The event's short name.")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made where missing, must be empty.")],
    home: Annotated[Path | None, typer.Option(help="The installation; default TMINUS_HOME, else ./event.")] = None,
) -> None:
    """Write an event as plain files that ``tminus import`` reads again."""
    open_home(home)
    from tminus.desks.passengers.days.kept_scenarios import write_day_scenarios
    from tminus.desks.passengers.event_folder import write_counters
    from tminus.desks.passengers.forecasting.kept_folder import write_kept
    from tminus.desks.planning.event_folder import folder_of
    from tminus.formats.event_folder import write_folder
    from tminus.platform.models import Event

    found = Event.objects.filter(slug=event).first()
    if found is None:
        known = ", ".join(Event.objects.values_list("slug", flat=True)) or "none yet"
        fail(f"no event {event!r} in this installation; allowed: {known}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadFile(f"{folder}: is not an empty folder; nothing was written")
    write_folder(folder_of(found), folder)
    write_counters(found, folder)
    write_kept(found, folder)
    write_day_scenarios(found, folder)
    typer.echo(f"wrote {event} to {folder}", err=True)
