"""Who leaves by which exit: ``node,group,exit``, as ``tminus evacuate --exits FILE`` reads it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from tminus.engines.crowd.evacuation.parties import Party
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.people_file import People
from tminus.formats.problems import BadFile

COLUMNS = ("node", "group", "exit")

Assigned = dict[tuple[str, str], tuple[str, ...]]
"""Exits by node and group; one of both may be empty: wherever it is, whoever is there."""


def read_exits(path: Path, nodes: Collection[str], people: Sequence[People]) -> Assigned:
    """Several rows of one node or group name the exits it may choose from.

    :raises BadFile: no rows, a column is not there; :class:`Rejected`: a node that is not in the network, a group
        nobody belongs to, a row of neither.
    """
    table = ColumnTable(path, COLUMNS, ("exit",))
    if "node" not in table and "group" not in table:
        raise BadFile(f"{path.name}: has neither column node nor group; allowed: {', '.join(COLUMNS)}")
    if not len(table):
        raise BadFile(f"{path.name}: has no rows; allowed: one a node or group and exit")
    places, groups, exits = table.texts("node"), table.texts("group"), table.texts("exit")
    known, named = set(nodes), {one.group for one in people}
    _refuse(table, "exit", [one not in known for one in exits], "a node of the network")
    _refuse(table, "node", [bool(one) and one not in known for one in places], "a node of the network, or empty")
    _refuse(table, "group", [bool(one) and one not in named for one in groups], "a group of the people, or empty")
    neither = [not place and not group for place, group in zip(places, groups, strict=True)]
    _refuse(table, "node", neither, "a node, or a group in its column")
    found: Assigned = {}
    for place, group, exit in zip(places, groups, exits, strict=True):
        before = found.get((place, group), ())
        found[place, group] = before if exit in before else (*before, exit)
    return found


def _refuse(table: ColumnTable, column: str, wrong: list[bool], allowed: str) -> None:
    table.refuse_where(column, np.array(wrong, bool), allowed)


def parties_of(people: Sequence[People], assigned: Assigned) -> tuple[Party, ...]:
    """Everybody with his exits: of a group at a node before a group before a node; nothing said: any exit."""
    return tuple(Party(one.node, one.persons, _exits(one, assigned), one.group) for one in people)


def _exits(one: People, assigned: Assigned) -> tuple[str, ...]:
    keys = [(one.node, one.group), ("", one.group)] if one.group else []
    return next((assigned[key] for key in [*keys, (one.node, "")] if key in assigned), ())
