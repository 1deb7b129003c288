"""Persons who want a taxi or a park-and-ride bus, by time and path, and the supply planned for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.supply import SupplyDay, SupplyPlan, changed_vehicles
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.transport.cells import minute_of_day, number, whole
from tminus.formats.values import Cell

COLUMNS: dict[str, tuple[str, ...]] = {
    "time": ("Time", "时间"), "persons": ("Persons", "人数"), "path": ("Path", "情景"),
}  # fmt: skip
VEHICLES: dict[str, tuple[str, ...]] = {"time": ("Time", "时间"), "vehicles": ("Vehicles", "车辆")}
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


def read_vehicles(path: Path, plan: SupplyPlan) -> NDArray[np.int64]:
    """[slot] published vehicles, from ``supply.csv`` as this module writes it; slots it has not: none.

    :raises BadFile: not such a table, or times that are not the plan's slots.
    """
    table = HeadedTable(path, VEHICLES, tuple(VEHICLES))
    found = np.zeros(len(plan.vehicles), dtype=np.int64)

    def slot(cell: Cell) -> int:
        at, rest = divmod(minute_of_day(cell) - plan.first_min, plan.slot_min)
        if rest or not 0 <= at < len(found):
            raise BadValue(f"the begin of one of the plan's slots of {plan.slot_min} minutes")
        return int(at)

    for row, cells in table.rows():
        at = table.need(row, cells, "time", slot, 0)
        found[at] = table.need(row, cells, "vehicles", whole(), 0)
    table.done()
    return found


def supply_document(
    plan: SupplyPlan, days: dict[str, SupplyDay], spaces: NDArray[np.int64] | None, published: NDArray[np.int64] | None
) -> dict[str, Any]:
    """What ``tminus transport supply --json`` prints; ``days`` by policy, the plan's first."""
    document = plan.as_json()
    if spaces is not None:
        for row, many in zip(document["slots"], spaces, strict=True):
            row["spaces"] = int(many)
    planned, day = float(np.average(plan.within, weights=np.maximum(plan.persons, 1e-9))), days["plan"]
    return document | {
        "most_spaces": None if spaces is None else int(spaces.max(initial=0)),
        "paths": day.paths,
        "policies": [{"policy": name} | one.as_json() for name, one in days.items()],
        "simulated": {
            "by": "parties drawn one by one",
            "measure": "within_target",
            "planned": round(planned, 4),
            "simulated": round(day.within_target, 4),
            "paths": day.paths,
            "paths_kept": day.paths_kept,
        },
        "changes": None if published is None else [one.as_json() for one in changed_vehicles(plan, published)],
        "elapsed_s": round(sum(plan.proof.seconds.values()), 4),
    }


def supply_table(plan: SupplyPlan, spaces: NDArray[np.int64] | None = None) -> dict[str, bytes]:
    """File name → content."""
    rows: list[list[Any]] = [
        [
            clock_text(plan.first_min + slot * plan.slot_min), round(float(plan.persons[slot]), 1), int(vehicles),
            int(plan.by_erlang[slot]), round(float(plan.within[slot]), 4),
            *([] if spaces is None else [int(spaces[slot])]),
        ]
        for slot, vehicles in enumerate(plan.vehicles)
    ]  # fmt: skip
    heads = ["Time", "Persons", "Vehicles", "By Erlang", "Within target"]
    return {FILE: table_csv(heads if spaces is None else [*heads, "Spaces"], rows)}
