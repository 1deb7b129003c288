"""Resources of a file and who is assigned to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tminus.engines.schedule import Assignment, Resource
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.cells import Check, number, one_of, wrong
from tminus.formats.primavera.tables import Table, Tables

ASSIGNED: Mapping[str, Check] = {"target_qty": number, "remain_qty": number, "target_qty_per_hr": number}
KINDS: Mapping[str, Check] = {"rsrc_type": one_of(words.RESOURCES)}
EQUIPMENT = "equipment"
"""The group of what Primavera calls nonlabor."""


def resources_of(file: str, tables: Tables, calendars: Mapping[str, str]) -> dict[str, Resource]:
    """Resources by their key in the file.

    :raises BadFile: a cell that cannot be taken.
    """
    table = tables.get("RSRC")
    if table is None:
        return {}
    names = ("rsrc_id", "rsrc_short_name", "rsrc_name", "rsrc_type", "clndr_id", "email_addr")
    made: dict[str, Resource] = {}
    taken: set[str] = set()
    for row, (key, short, name, kind, calendar, mail) in zip(table.rows, table.picked(*names), strict=True):
        if kind and kind not in words.RESOURCES:
            raise wrong(file, table, row, KINDS) or ValueError(kind)
        id = short or name or key
        id = f"{id} ({key})" if id in taken else id
        taken.add(id)
        made[key] = Resource(
            id,
            name.strip() or short,
            kind=words.RESOURCES.get(kind, "work"),
            calendar=calendars.get(calendar),
            email=mail,
            group=EQUIPMENT if kind == "RT_Equip" else "",
        )
    return made


def assignments_of(
    file: str, table: Table | None, resources: Mapping[str, Resource], tasks: Mapping[str, str]
) -> Iterator[Assignment]:
    """Assignments of the activities ``tasks`` (identities by key); roles without a resource are left out.

    :raises BadFile: a cell that cannot be taken.
    """
    if table is None:
        return
    names = ("task_id", "rsrc_id", "target_qty_per_hr", "target_qty")
    for row, (task, resource, rate, work) in zip(table.rows, table.picked(*names), strict=True):
        if task in tasks and resource in resources:
            try:
                units = number(rate) if rate else 1.0
                yield Assignment(
                    tasks[task], resources[resource].id, units, round(number(work) * 60, 3) if work else None
                )
            except ValueError as error:
                raise wrong(file, table, row, ASSIGNED) or error from error
