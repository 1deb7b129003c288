"""The projects of a file: which one is asked for, and which are only kept as baselines of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tminus.formats.primavera.tables import Row, Tables
from tminus.formats.problems import BadFile


class Project(NamedTuple):
    """One row of the table PROJECT: its key, short and long name, and what says whose baseline it is."""

    key: str
    short_name: str
    long_name: str
    export_flag: str
    of: str
    baseline: str


FIELDS = ("proj_id", "proj_short_name", "proj_name", "export_flag", "orig_proj_id", "sum_base_proj_id")


def projects_of(tables: Tables) -> list[tuple[Row, Project]]:
    """Each project with its row, by key once: the last row of a key counts."""
    table = tables["PROJECT"]
    pick = table.cells(*FIELDS)
    found = {(project := Project(*pick(row))).key: (row, project) for row in table.rows}
    return list(found.values())


def baselines_among(projects: list[Project], key: str) -> list[Project]:
    """Baselines of the project ``key``, the one it is measured by first; one it names that is not there is passed
    over."""
    by_key = {one.key: one for one in projects}
    current = by_key[key].baseline if key in by_key else ""
    found = [one for one in projects if one.key != key and (one.of == key or one.key == current)]
    return sorted(found, key=lambda one: one.key != current)


def chosen(file: str, tables: Tables, asked: str) -> Row:
    """The row of the project ``asked`` for by key or short name; of nothing, of the one there is.

    :raises BadFile: there is none, or there are several.
    """
    table = tables.get("PROJECT")
    if table is None or not table.rows:
        raise BadFile(f"{file}: holds no project; allowed: an export of one project")
    rows = projects_of(tables)
    if asked:
        named = [row for row, one in rows if asked in (one.key, one.short_name)]
        if len(named) != 1:
            raise BadFile(f"{file}: project {asked!r}; allowed: {_listed(one.short_name for _, one in rows)}")
        return named[0]
    found = _exported(tables, rows)
    if len(found) > 1:
        names = _listed(one.short_name for _, one in found)
        raise BadFile(f"{file}: holds {len(found)} projects: {names}; allowed: one (name it with --project)")
    return found[0][0]


def _exported(tables: Tables, rows: list[tuple[Row, Project]]) -> list[tuple[Row, Project]]:
    """Those meant by whoever wrote the file: no baselines, marked for export, with activities."""
    projects = [one for _, one in rows]
    kept = {base.key for one in projects for base in baselines_among(projects, one.key)}
    found = [pair for pair in rows if pair[1].key not in kept] or rows
    found = [pair for pair in found if pair[1].export_flag != "N"] or found
    if len(found) > 1:
        busy = {key for key, _ in tables["TASK"].picked("proj_id", "task_id")} if "TASK" in tables else set()
        found = [pair for pair in found if pair[1].key in busy] or found
    return found


def _listed(names: Iterator[str]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:12]) + (" …" if len(listed) > 12 else "")


def name_of(tables: Tables, said: Mapping[str, str]) -> str:
    """The project's name stands with the top of its structure."""
    if "PROJWBS" in tables:
        for of, top, name in tables["PROJWBS"].picked("proj_id", "proj_node_flag", "wbs_name"):
            if of == said["proj_id"] and top == "Y" and name:
                return name
    return said["proj_name"] or said["proj_short_name"] or said["proj_id"]
