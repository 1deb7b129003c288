"""What ``tminus show`` and ``tminus act`` have in common: whose hand, which event, which arguments, how answered."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table

from tminus.cli.failing import fail

if TYPE_CHECKING:
    from tminus.platform.models import Event, Person
    from tminus.platform.registry import Entry


def person_named(username: str) -> Person:
    from tminus.platform.models import Person

    found = Person.objects.filter(username=username).first()
    if found is None:
        fail(f"--as: no person {username!r}; allowed: an account of this installation")
    return found


def event_of(entry: Entry, slug: str) -> Event | None:
    """The event named, or the only one there is."""
    from tminus.platform.models import Event

    if not entry.event_wide:
        return None
    events = {event.slug: event for event in Event.objects.all()}
    if not slug and len(events) == 1:
        return next(iter(events.values()))
    if slug not in events:
        known = ", ".join(events) or "none yet"
        fail(f"--event: {slug!r}; allowed: {known}" if slug else f"--event is needed; allowed: {known}")
    return events[slug]


def arguments(text: str, file: Path | None, option: str = "--file") -> dict[str, Any]:
    """The arguments as a JSON object, from the command line, a file, or standard input (``-``)."""
    source, where = text, "--args"
    if file is not None:
        where = f"{option} {file}"
        try:
            source = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            fail(f"{where}: cannot be read ({error})")
    try:
        given = json.loads(source or "{}")
    except (ValueError, RecursionError) as error:  # also numbers of too many digits, and nesting without end
        fail(f"{where}: not valid JSON: {error}")
    if not isinstance(given, dict):
        fail(f"{where}: {type(given).__name__}; allowed: a JSON object")
    return given


def entry_named(table: dict[str, Entry], kind: str, code: str) -> Entry:
    if code not in table:
        desk = code.split(".")[0]
        near = [name for name in sorted(table) if name.split(".")[0] == desk] or sorted(table)
        fail(f"no {kind} {code!r}; allowed: {', '.join(near)}")
    return table[code]


def answer(result: Any, *, as_json: bool) -> None:
    """On standard output: JSON, or a table where the answer is rows."""
    from django.core.serializers.json import DjangoJSONEncoder

    if as_json or not _rows(result):
        typer.echo(json.dumps(result, cls=DjangoJSONEncoder, ensure_ascii=False, indent=None if as_json else 2))
        return
    names = [name for name, value in result[0].items() if not isinstance(value, (dict, list))]
    table = Table(*names, box=None)
    for row in result:
        table.add_row(*("" if row.get(name) is None else str(row.get(name)) for name in names))
    Console(soft_wrap=True).print(table)


def _rows(result: Any) -> bool:
    return isinstance(result, list) and bool(result) and all(isinstance(row, dict) for row in result)


def catalogue(table: dict[str, Entry]) -> None:
    """Every code with what it does in one line."""
    rows = Table("code", "needs", "what it does", box=None)
    for code in sorted(table):
        rows.add_row(code, table[code].grants.value, table[code].summary)
    Console(soft_wrap=True).print(rows)
