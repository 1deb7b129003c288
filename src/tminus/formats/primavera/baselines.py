"""Baseline projects that stand in the file beside the project: what each activity's dates were in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tminus.engines.schedule import Baseline
from tminus.formats.primavera.cells import Instants, instant, wrong
from tminus.formats.primavera.projects import Project, baselines_among, name_of, projects_of
from tminus.formats.primavera.tables import Tables

STARTS = ("target_start_date", "act_start_date", "early_start_date")
FINISHES = ("target_end_date", "act_end_date", "early_end_date")
"""Where the dates of an activity of a baseline stand: planned, as Primavera measures by unless told otherwise; else as
they had come."""
Dates = tuple[datetime | None, datetime | None]


def baselines_of(file: str, tables: Tables, key: str) -> Iterator[Baseline]:
    """The baselines of project ``key``, numbered from 1 (0 are its own planned dates), its current one first.

    :raises BadFile: a date that cannot be taken; table, row and field are named.
    """
    for number, project in enumerate(baselines_among([one for _, one in projects_of(tables)], key), start=1):
        yield Baseline(number, dict(_dates(file, tables, project.key)), _name(tables, project))


def _dates(file: str, tables: Tables, key: str) -> Iterator[tuple[str, Dates]]:
    table = tables.get("TASK")
    if table is None:
        return
    instants = Instants()
    pick = table.cells("proj_id", "task_code", *STARTS, *FINISHES)
    for row in table.rows:
        of, code, *texts = pick(row)
        if of != key or not code:
            continue
        start, finish = (next(filter(None, group), "") for group in (texts[:3], texts[3:]))
        try:
            pair = instants[start], instants[finish]
        except ValueError as error:
            raise wrong(file, table, row, dict.fromkeys((*STARTS, *FINISHES), instant)) or error from error
        if pair != (None, None):
            yield code, pair


def _name(tables: Tables, project: Project) -> str:
    said = {"proj_id": project.key, "proj_name": project.long_name, "proj_short_name": project.short_name}
    return name_of(tables, said)
