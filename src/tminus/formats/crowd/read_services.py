"""``gates.csv``, ``timetable.csv`` and ``controls.csv``: what serves people, and what changes in the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Change, Field, GateShift, Run, StopTime
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.settings import Settings
from tminus.formats.crowd.times import seconds_of, time_columns
from tminus.formats.problems import BadFile

GATE_COLUMNS = ("node", "day", *time_columns("from", "to"), "lanes", "mean_s", "service_s", "cv")
RUN_COLUMNS = ("run", "line", "node", *time_columns("arrive", "depart"), "capacity_p", "door_p_s")
CHANGE_COLUMNS = (*time_columns("at"), "element", "field", "value")
Warned = tuple[str, ...]
ALLOWED_VALUES = {
    Field.OPEN: "0 closed, 1 open",
    Field.CAPACITY: "persons a second, above 0, or empty: as it was",
    Field.SPEED: "metres a second, above 0",
    Field.DIRECTION: "0 both ways, 1 from start to end, -1 back",
    Field.LANES: "a whole number, 0 … 4096",
    Field.MEAN: "seconds, above 0",
}


def read_gates(path: Path, network: Network, settings: Settings) -> tuple[tuple[GateShift, ...], Warned]:
    """Lanes of gates by time; as an event folder has them too: ``day``, HH:MM, ``service_s``.

    Rows of a ``day`` hold on it alone; those without on every day that has no rows of its own for that gate.

    :raises BadFile: a column is not there; :class:`Rejected`: a value.
    """
    table = ColumnTable(path, GATE_COLUMNS, ("node", "lanes"))
    mean = next((name for name in ("mean_s", "service_s") if name in table), None)
    if mean is None:
        raise BadFile(f"{table.name}: has no column mean_s; allowed: {', '.join(GATE_COLUMNS)}")
    nodes = _known(table, "node", {node.id for node in network.nodes}, "an id of the network's nodes")
    begin, end = seconds_of(table, "from", settings), seconds_of(table, "to", settings)
    table.refuse_where("to_s" if "to_s" in table else "to", end <= begin, "after its beginning")
    lanes = table.within("lanes", 0, 4096, "a whole number, 0 … 4096")
    table.refuse_where("lanes", lanes != np.round(lanes), "a whole number, 0 … 4096")
    seconds = table.within(mean, 1e-3, 1e5, "seconds above 0")
    cv = table.within("cv", 0, 10, "a number, 0 … 10, or empty: 0", otherwise=0.0)
    holds = _on_day(nodes, table.texts("day"), settings)
    shifts = (
        GateShift(nodes[n], float(begin[n]), float(end[n]), int(lanes[n]), float(seconds[n]), float(cv[n]))
        for n in range(len(table))
        if holds[n]
    )
    return tuple(shifts), tuple(table.warnings)


def _on_day(nodes: list[str], days: list[str], settings: Settings) -> list[bool]:
    today = f"{settings.start:%Y-%m-%d}" if settings.dated else ""
    own = {node for node, day in zip(nodes, days, strict=True) if day and day == today}
    return [day == today if node in own else not day for node, day in zip(nodes, days, strict=True)]


def _known(table: ColumnTable, column: str, known: Iterable[str], allowed: str) -> list[str]:
    names, there = table.texts(column), set(known)
    table.refuse_where(column, np.array([name not in there for name in names], bool), allowed)
    return names


def read_changes(path: Path, network: Network, settings: Settings) -> tuple[tuple[Change, ...], Warned]:
    """What changes at which second.

    :raises BadFile: a column is not there; :class:`Rejected`: a value, or a field the element does not have.
    """
    table = ColumnTable(path, CHANGE_COLUMNS, ("element", "field", "value"))
    at = seconds_of(table, "at", settings)
    nodes, links = {node.id for node in network.nodes}, {link.id: link for link in network.links}
    elements = _known(table, "element", nodes | set(links), "an id of the network's links or nodes")
    names = _known(table, "field", [field.value for field in Field], ", ".join(field.value for field in Field))
    values = table.numbers("value", "a number", otherwise=np.nan)
    found = []
    for n, name in enumerate(names):
        field = Field(name)
        _refuse_field(table, n, field, elements[n] in links, elements[n] in nodes)
        if not _fits(field, float(values[n])):
            raise table.refuse(n, "value", ALLOWED_VALUES[field])
        found.append(Change(float(at[n]), elements[n], field, float(values[n])))
    return tuple(sorted(found, key=lambda change: change.at_s)), tuple(table.warnings)


def _refuse_field(table: ColumnTable, number: int, field: Field, link: bool, node: bool) -> None:
    of_gates = field in (Field.LANES, Field.MEAN)
    if field is not Field.OPEN and not (node if of_gates else link):
        raise table.refuse(number, "element", f"a {'gate' if of_gates else 'link'}, whose {field.value} may change")


def _fits(field: Field, value: float) -> bool:
    if np.isnan(value):
        return field is Field.CAPACITY
    if field is Field.OPEN:
        return value in (0, 1)
    if field is Field.DIRECTION:
        return value in (-1, 0, 1)
    if field is Field.LANES:
        return 0 <= value <= 4096 and value == round(value)
    return 0 < value < 1e6


def read_timetable(path: Path, network: Network, settings: Settings) -> tuple[tuple[Run, ...], Warned]:
    """Vehicles: a row a stop of a run, in any order.

    :raises BadFile: a column is not there; :class:`Rejected`: a value.
    """
    table = ColumnTable(path, RUN_COLUMNS, ("run", "node"))
    nodes = _known(table, "node", {node.id for node in network.nodes}, "an id of the network's nodes")
    runs = table.texts("run")
    table.refuse_where("run", np.array([not run for run in runs], bool), "a name of the vehicle's journey")
    arrive, depart = _calls(table, settings)
    capacity = table.within("capacity_p", 0, 1e5, "persons, 0 … 100000", otherwise=float(settings.vehicle_p or -1))
    table.refuse_where("capacity_p", capacity < 0, "persons, 0 … 100000 (or vehicles.capacity_p of scenario.json)")
    door = table.within("door_p_s", 0.01, 1e4, "persons a second, above 0", otherwise=settings.door_p_s or -1.0)
    rows: dict[str, list[int]] = {}
    for number, run in enumerate(runs):
        rows.setdefault(run, []).append(number)
    lines = table.texts("line")
    try:
        found = [_run(run, of, lines, nodes, arrive, depart, capacity, door) for run, of in rows.items()]
    except CrowdError as error:
        raise BadFile(f"{table.name}: {error}") from error
    return tuple(found), tuple(table.warnings)


def _calls(table: ColumnTable, settings: Settings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """When a vehicle comes and goes; the one stands for the other where it is not there."""
    there = [name for name in ("arrive", "depart") if f"{name}_s" in table or name in table]
    if not there:
        raise BadFile(f"{table.name}: has no column depart_s; allowed: {', '.join(RUN_COLUMNS)}")
    arrive, depart = (seconds_of(table, name if name in there else there[0], settings) for name in ("arrive", "depart"))
    last = f"{there[-1]}_s" if f"{there[-1]}_s" in table else there[-1]
    table.refuse_where(last, depart < arrive, "not before the vehicle arrives")
    return arrive, depart


def _run(
    run: str, rows: list[int], lines: Sequence[str], nodes: Sequence[str],
    arrive: NDArray[np.float64], depart: NDArray[np.float64], capacity: NDArray[np.float64], door: NDArray[np.float64],
) -> Run:  # fmt: skip
    calls = sorted(rows, key=lambda n: (arrive[n], depart[n]))
    stops = tuple(StopTime(nodes[n], float(arrive[n]), float(depart[n])) for n in calls)
    doors = float(door[calls[0]])
    return Run(run, lines[calls[0]] or run, stops, int(capacity[calls[0]]), doors if doors > 0 else float("inf"))
