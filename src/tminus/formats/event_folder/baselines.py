"""``baselines.csv``: what the dates of the tasks were when they were agreed, as files of other tools brought them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tminus.engines.schedule import Baseline
from tminus.formats.problems import Problem

if TYPE_CHECKING:
    from tminus.formats.event_folder.folder import Row, Rows

FILE = "baselines.csv"
HEADINGS = ("Baseline", "Name", "ID", "Start", "Finish")
MOST_NAME, MOST_NUMBER = 200, 1_000
Pair = tuple[datetime | None, datetime | None]


@dataclass(slots=True)
class _Read:
    """``names``, ``dates``: by the number of the baseline, as far as the rows before have told."""

    names: dict[int, str] = field(default_factory=dict)
    dates: dict[int, dict[str, Pair]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def baselines_in(rows: Rows) -> tuple[tuple[Baseline, ...], list[Problem]]:
    """The baselines of a table, by number, and what of it cannot be taken. They may name tasks the plan has no more."""
    if missing := [name for name in HEADINGS if name not in rows.headings]:
        return (), [Problem(FILE, 1, missing[0], "", "a column of this name")]
    read = _Read()
    for number, row in zip(rows.numbers, rows, strict=True):
        read.problems += [Problem(FILE, number, *problem) for problem in _take(row, read)]
    found = (Baseline(number, read.dates[number], read.names[number]) for number in sorted(read.dates))
    return tuple(found), read.problems


def _take(row: Row, read: _Read) -> Iterator[tuple[str, str, str]]:
    """Take one row; what of it cannot be: column, value, and what is allowed."""
    text, name, id = (row[column].strip() for column in HEADINGS[:3])
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_NUMBER):
        yield "Baseline", text, f"a whole number, 0 to {MOST_NUMBER}"
        return
    number = int(text)
    if read.names.setdefault(number, name) != name or len(name) > MOST_NAME:
        yield "Name", name, f"at most {MOST_NAME} characters, the same in all rows of a baseline"
    dates = read.dates.setdefault(number, {})
    if not id or id in dates:
        yield "ID", id, "the ID of a task, once in each baseline"
    start, finish, problems = _pair(row)
    yield from problems
    dates[id] = start, finish


def _pair(row: Row) -> tuple[datetime | None, datetime | None, list[tuple[str, str, str]]]:
    found: dict[str, datetime | None] = {}
    problems = []
    for column in ("Start", "Finish"):
        text = row[column].strip()
        try:
            found[column] = datetime.fromisoformat(text) if text else None
        except ValueError:
            problems.append((column, text, "a date like 2026-08-17 08:00, or nothing"))
    start, finish = found.get("Start"), found.get("Finish")
    if not problems and start is None and finish is None:
        problems.append(("Start", "", "a start, a finish, or both"))
    if start and finish and finish < start:
        problems.append(("Finish", row["Finish"], "not before Start"))
    return start, finish, problems


def table_of(baselines: Iterable[Baseline]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Headings and rows that :func:`baselines_in` reads back to the same baselines."""
    rows = [
        [str(one.number), one.name, id, _text(start), _text(finish)]
        for one in baselines
        for id, (start, finish) in one.dates.items()
    ]
    return HEADINGS, rows


def _text(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
