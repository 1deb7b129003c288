"""``tminus show CODE``: ask any query of the platform and of every desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.calling import answer, arguments, catalogue, entry_named, event_of, person_named
from tminus.cli.failing import fail
from tminus.cli.installation import open_home

app = typer.Typer(add_completion=False)


@app.command()
def show(
    code: Annotated[str, typer.Argument(help="A query's dotted code; without one, all are listed.")] = "",
    event: Annotated[str, typer.Option(metavar="SLUG", help="Default: the only event there is.")] = "",
    args: Annotated[str, typer.Option(metavar="JSON", help="Arguments as a JSON object.")] = "",
    file: Annotated[Path | None, typer.Option(help="Arguments from a JSON file; - reads standard input.")] = None,
    as_user: Annotated[str, typer.Option("--as", metavar="USER", help="Whose eyes; default: the owner's.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    home: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: TMINUS_HOME, else ./event.")] = None,
) -> None:
    """Ask a query; without --as it is answered with the reach of the installation's owner."""
    open_home(home, must_exist=bool(code))
    from tminus.platform.access import NotAllowed
    from tminus.platform.registry import QUERIES, BadInput, ask

    if not code:
        catalogue(QUERIES)
        return
    entry = entry_named(QUERIES, "query", code)
    person = person_named(as_user) if as_user else None
    try:
        found = ask(
            code,
            arguments(args, file),
            event=event_of(entry, event),
            person=person,
            channel="cli",
            system=person is None,
        )
    except (BadInput, NotAllowed) as error:
        fail(str(error))
    answer(found, as_json=as_json)
