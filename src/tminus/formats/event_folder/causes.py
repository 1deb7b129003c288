"""The causes of risk of an event folder: a drivers file, and beside each cause who watches it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tminus.engines.schedule.risk import Branch, Cause
from tminus.formats.book_row import text_of
from tminus.formats.columns import plain
from tminus.formats.drivers_file import COLUMNS, read_drivers, rows_of
from tminus.formats.problems import Problem, Rejected

FILE = "drivers.csv"
WATCHED_BY, ACTIVE = "Watched by", "Active"
YES_NO = {"": True, "yes": True, "no": False, "是": True, "否": False}
_ID = re.compile(r"[^\s,/?#]{1,60}")


@dataclass(frozen=True, slots=True)
class FolderCause:
    """``watched_by``: ID of a unit, or empty; one that is not ``active`` is kept and not reckoned with."""

    cause: Cause
    watched_by: str = ""
    active: bool = True


def causes_in(
    file: Path, rows: Iterable[tuple[int, Mapping[str, str]]], known: Mapping[str, Collection[str]]
) -> tuple[tuple[FolderCause, ...], list[Problem]]:
    """The causes of ``file``, whose numbered ``rows`` are given too, and what of them cannot be taken.

    :param known: of ``tasks``, ``units``, ``areas``, ``places`` the IDs a cause may name; what is left out is not
        asked.
    """
    try:
        causes = {cause.id: cause for cause in read_drivers(file)}
    except Rejected as error:
        return (), error.problems
    beside: dict[str, FolderCause] = {}
    problems: list[Problem] = []
    for number, row in rows:
        cause = causes.get(_of(row, "id") or _of(row, "name"))
        if cause is None:
            continue
        problems += [Problem(file.name, number, *problem) for problem in _problems(cause, row, known)]
        active = YES_NO.get(row.get(ACTIVE, "").strip().lower(), True)
        beside.setdefault(cause.id, FolderCause(cause, row.get(WATCHED_BY, "").strip(), active))
    return tuple(beside.get(id, FolderCause(cause)) for id, cause in causes.items()), problems


def _of(row: Mapping[str, str], field: str) -> str:
    names = {plain(name) for name in (field, *COLUMNS[field])}
    return next((text_of(cell) for heading, cell in row.items() if plain(heading) in names), "")


def _problems(
    cause: Cause, row: Mapping[str, str], known: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str, str]]:
    """Column, value, and what is allowed."""
    if not _ID.fullmatch(cause.id):
        yield "ID", cause.id, "at most 60 characters, none of them a blank or one of , / ? #"
    if row.get(ACTIVE, "").strip().lower() not in YES_NO:
        yield ACTIVE, row[ACTIVE], "yes, no"
    watched_by = row.get(WATCHED_BY, "").strip()
    if watched_by and watched_by not in known.get("units", (watched_by,)):
        yield WATCHED_BY, watched_by, "an id of units.csv"
    for field, (column, named) in _named(cause).items():
        for id in sorted(named - set(known.get(field, named))):
            yield column, id, f"an id of {TABLE[field]}.csv"


TABLE = {"tasks": "plan", "units": "units", "areas": "areas", "places": "nodes"}


def _named(cause: Cause) -> dict[str, tuple[str, frozenset[str]]]:
    if isinstance(cause, Branch):
        return {"tasks": ("Tasks", frozenset().union(*(ids for _, ids in cause.alternatives)))}
    hits = cause.hits
    return {
        "tasks": ("Tasks", hits.ids), "units": ("Unit", hits.units), "areas": ("Area", hits.areas),
        "places": ("Place", hits.places),
    }  # fmt: skip


def table_of(causes: Iterable[FolderCause]) -> tuple[list[str], list[list[str]]]:
    """Headings and rows that :func:`causes_in` reads back to the same causes."""
    kept = list(causes)
    lines = [(one, line) for one in kept for line in rows_of([one.cause])]
    names = [name for name in COLUMNS if any(name in line for _, line in lines)]
    rows = [
        [*(_text(line.get(name)) for name in names), one.watched_by, "" if one.active else "no"] for one, line in lines
    ]
    return [*(COLUMNS[name][0] for name in names), WATCHED_BY, ACTIVE], rows


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
