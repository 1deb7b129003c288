"""Persons who want a taxi or a park-and-ride bus, by time and path, and the supply planned for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.supply import SupplyPlan
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadFile
from tminus.formats.transport.cells import minute_of_day, number

COLUMNS: dict[str, tuple[str, ...]] = {
    "time": ("Time", "时间"), "persons": ("Persons", "人数"), "path": ("Path", "情景"),
}  # fmt: skip
FILE = "supply.csv"


def read_paths(path: Path) -> tuple[NDArray[Any], int, int]:
    """Persons [path, slot], minutes of a slot and the first minute.

    :raises BadFile: not such a table; every value that cannot be taken is named.
    """
    table = HeadedTable(path, COLUMNS, ("time", "persons"))
    rows = [
        (
            table.need(row, cells, "time", minute_of_day, 0.0),
            table.need(row, cells, "persons", number(), 0.0),
            table.take(row, cells, "path", text_of, ""),
        )
        for row, cells in table.rows()
    ]
    table.done()
    if not rows:
        raise BadFile(f"{path.name}: no rows; allowed: at least one time")
    times = np.unique([row[0] for row in rows])
    slot = int(np.diff(times).min()) if len(times) > 1 else 15
    if slot < 1 or ((times - times[0]) % slot).any():
        raise BadFile(f"{path.name}, column Time: times not on one grid; allowed: slots of equal length, whole minutes")
    paths = {name: at for at, name in enumerate(dict.fromkeys(row[2] for row in rows))}
    persons = np.zeros((len(paths), int((times[-1] - times[0]) // slot) + 1))
    for time, people, name in rows:
        persons[paths[name], int((time - times[0]) // slot)] += people
    return persons, slot, int(times[0])


def supply_table(plan: SupplyPlan) -> dict[str, bytes]:
    """File name → content."""
    rows: list[list[Any]] = [
        [
            clock_text(plan.first_min + slot * plan.slot_min), round(float(plan.persons[slot]), 1), int(vehicles),
            int(plan.by_erlang[slot]), round(float(plan.within[slot]), 4),
        ]
        for slot, vehicles in enumerate(plan.vehicles)
    ]  # fmt: skip
    return {FILE: table_csv(["Time", "Persons", "Vehicles", "By Erlang", "Within target"], rows)}
