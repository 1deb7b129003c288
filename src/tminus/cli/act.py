"""``tminus act CODE``: carry out any act of the platform and of every desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.calling import answer, arguments, catalogue, entry_named, event_of, person_named
from tminus.cli.failing import fail
from tminus.cli.installation import open_home

app = typer.Typer(add_completion=False)


@app.command()
def act(
    code: Annotated[str, typer.Argument(help="An act's dotted code; without one, all are listed.")] = "",
    event: Annotated[str, typer.Option(metavar="SLUG", help="Default: the only event there is.")] = "",
    args: Annotated[str, typer.Option(metavar="JSON", help="Arguments as a JSON object.")] = "",
    file: Annotated[Path | None, typer.Option(help="Arguments from a JSON file; - reads standard input.")] = None,
    as_user: Annotated[str, typer.Option("--as", metavar="USER", help="Who acts; their posts decide.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
    home: Annotated[Path | None, typer.Option(metavar="DIR", help="Default: TMINUS_HOME, else ./event.")] = None,
) -> None:
    """Carry out an act as a person; it is checked and recorded as if they had done it in the console."""
    open_home(home, must_exist=bool(code))
    from tminus.platform.access import NotAllowed
    from tminus.platform.registry import ACTS, BadInput, perform

    if not code:
        catalogue(ACTS)
        return
    entry = entry_named(ACTS, "act", code)
    if not as_user:
        fail("--as is needed; allowed: an account of this installation (an act has an author)")
    person = person_named(as_user)
    try:
        result = perform(code, arguments(args, file), event=event_of(entry, event), person=person, channel="cli")
    except (BadInput, NotAllowed) as error:
        fail(str(error))
    answer(result, as_json=as_json)
