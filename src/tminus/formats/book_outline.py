"""What each row of an assignment book is called and what it stands under."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tminus.engines.schedule import Task
from tminus.formats.book_row import BookRow, Reading, text_of


def name_rows(rows: list[BookRow], reading: Reading) -> None:
    """Give each row its identity and its parent: a Parent column, an outline level, dotted WBS, or indentation."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        row.id = text_of(row.cells.get("id")) or text_of(row.cells.get("wbs")) or str(number)
        if row.id in seen:
            reading.refuse(row, "ID", row.id, f"each ID once; it stands in row {seen[row.id]} already")
            row.id = f"{row.id}\x00{number}"
        seen[row.id] = row.number
    if any("parent" in row.cells for row in rows):
        _by_parent(rows, reading, seen)
    elif any("level" in row.cells for row in rows):
        _by_depth(rows, [_level(row, reading) for row in rows])
    elif any("wbs" in row.cells for row in rows):
        _by_wbs(rows)
    else:
        _by_depth(rows, [_indent(row) for row in rows])


def _by_parent(rows: list[BookRow], reading: Reading, seen: Mapping[str, int]) -> None:
    for row in rows:
        parent = text_of(row.cells.get("parent"))
        if not parent:
            continue
        if parent == row.id or parent not in seen:
            reading.refuse(row, "Parent", parent, "the ID of another row, or empty")
        else:
            row.parent = parent


def _level(row: BookRow, reading: Reading) -> int:
    try:
        return int(float(text_of(row.cells.get("level")) or 1))
    except ValueError:
        reading.refuse(row, "Outline level", row.cells.get("level"), "1, 2, 3 …")
        return 1


def _indent(row: BookRow) -> int:
    name = row.cells.get("name")
    raw = name if isinstance(name, str) else ""
    return len(raw) - len(raw.lstrip(" \t　")) if raw.strip() else 0


def _by_depth(rows: list[BookRow], depths: list[int]) -> None:
    above: list[tuple[int, str]] = []
    for row, depth in zip(rows, depths, strict=True):
        while above and above[-1][0] >= depth:
            above.pop()
        row.parent = above[-1][1] if above else None
        above.append((depth, row.id))


def _by_wbs(rows: list[BookRow]) -> None:
    ids = {text_of(row.cells.get("wbs")): row.id for row in rows}
    for row in rows:
        parts = text_of(row.cells.get("wbs")).split(".")
        for length in range(len(parts) - 1, 0, -1):
            if (found := ids.get(".".join(parts[:length]))) is not None:
                row.parent = found
                break


def in_outline_order(tasks: list[Task], rows: list[BookRow], reading: Reading) -> list[Task]:
    """Outline order; rows whose parents run in a circle are named and stand at the top."""
    children: dict[str | None, list[Task]] = {}
    for task in tasks:
        children.setdefault(task.parent, []).append(task)
    ordered, stack = [], list(reversed(children.get(None, [])))
    while stack:
        task = stack.pop()
        ordered.append(task)
        stack += reversed(children.get(task.id, []))
    if len(ordered) < len(tasks) and not reading.problems:
        placed = {task.id for task in ordered}
        for row, task in zip(rows, tasks, strict=True):
            if task.id not in placed:
                reading.refuse(row, "Parent", task.parent, "a row that does not itself stand under this one")
        ordered += [replace(task, parent=None) for task in tasks if task.id not in placed]
    return ordered
