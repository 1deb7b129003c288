"""``tminus import``: an event folder as a new event, or a plan file into an event that stands."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tminus.cli.calling import answer, arguments, entry_named, event_of, person_named
from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home

if TYPE_CHECKING:
    from tminus.platform.models import Event, Person

app = typer.Typer(add_completion=False)

LINES = 200
"""Lines of a difference a terminal is shown."""


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(metavar="DIR|FILE", help="An event folder, or a plan file.")],
    home: Annotated[Path | None, typer.Option(help="The installation; default TMINUS_HOME, else ./event.")] = None,
    event: Annotated[str, typer.Option(metavar="SLUG", help="For a plan: default the only event there is.")] = "",
    as_user: Annotated[str, typer.Option("--as", metavar="USER", help="For a plan: who imports it.")] = "",
    mapping: Annotated[Path | None, typer.Option(help="For a plan: which column is which, as JSON.")] = None,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="For a plan: do it; without, only say what would change.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="For a plan: take out tasks the file does not have.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Import an event folder, whole, as a new event; or a plan (xlsx, CSV, MS Project XML, JSON) into an event.

    A plan is compared first: without --apply nothing of the event changes.
    """
    if source.is_dir():
        plans_only = (("--event", event), ("--as", as_user), ("--mapping", mapping), ("--apply", apply))
        for name, given in (*plans_only, ("--remove", remove)):
            if given:
                fail(f"{name}: is for a plan file; {source} is an event folder")
        _folder(source, home, as_json)
    else:
        if not source.is_file():
            fail(f"{source}: no such file; allowed: an event folder or a plan file")
        _plan(source, home, event, as_user, mapping, apply=apply, remove=remove, as_json=as_json)


def _folder(folder: Path, home: Path | None, as_json: bool) -> None:
    from tminus.formats.event_folder import read_folder

    checked = read_folder(folder)
    open_home(home)
    migrate()
    from django.db import transaction

    from tminus.desks.passengers.days.kept_scenarios import load_day_scenarios
    from tminus.desks.passengers.event_folder import load_counters
    from tminus.desks.passengers.forecasting.kept_folder import keep_folder
    from tminus.desks.planning.event_folder import EventExists, load_event
    from tminus.platform import clock

    try:
        with transaction.atomic():
            loaded = load_event(checked)
            keep_folder(loaded.event, checked, clock.now(loaded.event))
            all_counts = {**loaded.counts, **load_counters(loaded.event, checked)}
            all_counts |= load_day_scenarios(loaded.event, checked)
    except EventExists as error:
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"event": loaded.event.slug, "counts": all_counts}))
    else:
        counts = ", ".join(f"{number} {name}" for name, number in all_counts.items())
        typer.echo(f"imported {loaded.event.slug}: {counts}")


def _plan(
    file: Path,
    home: Path | None,
    slug: str,
    as_user: str,
    mapping: Path | None,
    *,
    apply: bool,
    remove: bool,
    as_json: bool,
) -> None:
    open_home(home)
    migrate()
    from tminus.desks.planning.importing.size import check_size
    from tminus.platform.access import NotAllowed
    from tminus.platform.registry import ACTS, BadInput, perform

    if not as_user:
        fail("--as is needed; allowed: an account of this installation (an import has an author)")
    person, event = person_named(as_user), event_of(entry_named(ACTS, "act", "planning.import.read"), slug)

    def act(code: str, args: dict[str, Any]) -> dict[str, Any]:
        done: dict[str, Any] = perform(code, args, event=event, person=person, channel="cli")
        return done

    try:
        check_size(file.name, file.stat().st_size)
        content = base64.b64encode(file.read_bytes()).decode()
        columns = arguments("", mapping, "--mapping") if mapping is not None else {}
        found = act("planning.import.read", {**columns, "file": {"name": file.name, "content": content}})
        done = _applied(event, person, found, remove) if apply and not found["problems"] else None
    except (BadInput, NotAllowed) as error:
        fail(f"{file}: {error}")
    except OSError as error:
        fail(f"{file}: cannot be read ({error.strerror})")
    if found["problems"]:
        rejected = found["problems"]
        for one in rejected[:20]:
            typer.echo(f"row {one['row']}, {one['column']}: {one['value']!r}; allowed: {one['allowed']}", err=True)
        fail(f"{file.name}: {len(rejected)} values cannot be taken; nothing was imported")
    counts = found["difference"]["counts"]
    if as_json:
        whole = {name: found["difference"][name] for name in ("added", "changed", "removed", "unknown", "notes")}
        slug = event.slug if event else ""
        answer({"event": slug, "applied": done is not None, **counts, "difference": whole}, as_json=True)
        return
    _difference(found["difference"], remove=remove)
    typer.echo(", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if name != "rejected"))
    typer.echo("imported" if done is not None else "nothing changed yet; --apply imports it")


def _difference(difference: dict[str, Any], *, remove: bool) -> None:
    """One line a task: ``+`` added, ``~`` a field changed, ``-`` not in the file."""
    lines = [f"+ {one['key']} {one['name']}" for one in difference["added"]]
    for one in difference["changed"]:
        lines += [f"~ {one['key']} {field['field']}: {field['before']} → {field['after']}" for field in one["fields"]]
    kept = "" if remove else " (stays; --remove takes it out)"
    lines += [f"- {one['key']} {one['name']}{kept}" for one in difference["removed"]]
    for kind, texts in difference["unknown"].items():
        lines += [f"? {kind}: {text!r} is not known; kept as text" for text in texts]
    for line in lines[:LINES]:
        typer.echo(line)
    if len(lines) > LINES:
        typer.echo(f"… and {len(lines) - LINES} more; --json has them all")


def _applied(event: Event | None, person: Person, found: dict[str, Any], remove: bool) -> dict[str, Any]:
    from tminus.desks.planning.acts.imports import listening
    from tminus.platform.registry import perform

    args = {"id": found["id"], "remove": remove, "wait": True}
    with listening(Telling()):
        done: dict[str, Any] = perform("planning.import.apply", args, event=event, person=person, channel="cli")
    return done


class Telling:
    """Says on standard error how far an import is."""

    def progress(self, done: int, total: int, doing: str = "", **values: str) -> None:
        typer.echo(f"{done}/{total} {doing % values if values else doing}", err=True)
