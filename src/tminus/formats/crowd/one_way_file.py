"""Uses of corridors as ``tminus routes one-way`` writes them, in the form a scenario's ``controls.csv`` has."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np

from tminus.engines.crowd.one_way import Way
from tminus.formats.crowd.column_table import ColumnTable

COLUMNS = ("at_s", "element", "field", "value")
DIRECTION = {Way.BOTH: 0, Way.FORWARD: 1, Way.BACK: -1}
FIELDS = ("direction", "open")


def uses_table(changed: Mapping[str, Way]) -> bytes:
    """``controls.csv`` of corridors that are not used both ways."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")  # what a scenario reads again: numbers stay numbers
    writer.writerow(COLUMNS)
    for id, way in changed.items():
        writer.writerow([0, id, "open", 0] if way is Way.CLOSED else [0, id, "direction", DIRECTION[way]])
    return table.getvalue().encode("utf-8-sig")


def read_uses(path: Path, corridors: Collection[str]) -> dict[str, Way]:
    """By corridor; those it does not name are used both ways.

    :raises BadFile: a column is not there; :class:`Rejected`: no corridor decided about, or no use of one.
    """
    table = ColumnTable(path, COLUMNS, COLUMNS)
    names, fields = table.texts("element"), table.texts("field")
    strange = np.array([name not in corridors for name in names], bool)
    table.refuse_where("element", strange, "a corridor that is decided about")
    table.refuse_where("field", np.array([one not in FIELDS for one in fields], bool), " or ".join(FIELDS))
    values = table.within("value", -1, 1, "-1, 0 or 1")
    shut = np.array([field == "open" for field in fields], bool)
    table.refuse_where("value", (values != np.round(values)) | (shut & (values < 0)), "-1, 0 or 1; 0 or 1 of open")
    way_of = {value: way for way, value in DIRECTION.items()}
    found = dict.fromkeys(corridors, Way.BOTH)
    for name, closed, value in zip(names, shut, values, strict=True):
        found[name] = (Way.BOTH if value else Way.CLOSED) if closed else way_of[int(value)]
    return found
