"""What ``tminus routes gates`` reads: gate banks, who comes when on which sample path, who may be sent where."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tminus.engines.crowd.gate_plan import Detour, GateBank
from tminus.engines.crowd.gate_plan.problem import Floats, Ints
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.problems import BadFile

BANKS = ("gate", "max_lanes", "mean_s", "min_lanes", "staff_per_lane")
COMING = ("path", "gate", "from_s", "persons")
SENT = ("from", "to", "walk_s")
LANES = ("gate", "from_s", "to_s", "lanes")
MOST_STEPS = 2000


def read_banks(path: Path) -> tuple[GateBank, ...]:
    """``gate,max_lanes,mean_s[,min_lanes,staff_per_lane]``.

    :raises BadFile: no gate, a column is not there; :class:`Rejected`: a value that cannot be taken.
    """
    table = ColumnTable(path, BANKS, BANKS[:3])
    names = table.texts("gate")
    twice = np.array([not name or name in names[:n] for n, name in enumerate(names)], bool)
    table.refuse_where("gate", twice, "every gate once, not empty")
    most = _whole(table, "max_lanes", 1, 4096)
    mean = table.within("mean_s", 0.01, 3600, "seconds a person, 0.01 … 3600")
    least = _whole(table, "min_lanes", 0, 4096, otherwise=0)
    table.refuse_where("min_lanes", least > most, "at most max_lanes")
    staff = _whole(table, "staff_per_lane", 0, 100, otherwise=1)
    if not names:
        raise BadFile(f"{path.name}: has no gate; allowed: one or more rows")
    rows = zip(names, most.tolist(), mean.tolist(), least.tolist(), staff.tolist(), strict=True)
    return tuple(GateBank(*row) for row in rows)


def _whole(table: ColumnTable, column: str, low: int, high: int, otherwise: float | None = None) -> Ints:
    allowed = f"a whole number, {low} … {high}"
    values = table.within(column, low, high, allowed, otherwise=otherwise)
    table.refuse_where(column, values != np.floor(values), allowed)
    return values.astype(np.int64)


def read_coming(path: Path, gates: tuple[GateBank, ...], step_s: float, slot_steps: int) -> Floats:
    """[path, gate, step] from ``[path,]gate,from_s,persons``: so many come in the step that begins at ``from_s``.

    Whole slots, and a step nobody comes in last for those who wait.

    :raises BadFile: nothing in it, a column is not there; :class:`Rejected`: an unknown gate, no beginning of a step.
    """
    table = ColumnTable(path, COMING, COMING[1:])
    place = {gate.id: n for n, gate in enumerate(gates)}
    names = table.texts("gate")
    table.refuse_where("gate", np.array([name not in place for name in names], bool), f"one of {', '.join(place)}")
    allowed = f"a multiple of {step_s:g} from 0 to {step_s * MOST_STEPS:g}"
    begin = table.within("from_s", 0, step_s * MOST_STEPS, allowed)
    table.refuse_where("from_s", begin % step_s != 0, allowed)
    persons = table.within("persons", 0, 1e7, "persons, 0 or more")
    paths, which = table.coded("path") if "path" in table else ([""], np.zeros(len(names), np.int32))
    if not names:
        raise BadFile(f"{path.name}: nobody comes; allowed: one or more rows")
    step = (begin / step_s).astype(np.int64)
    steps = -(-(int(step.max()) + 2) // slot_steps) * slot_steps
    found = np.zeros((len(paths), len(gates), steps))
    np.add.at(found, (which, np.array([place[name] for name in names]), step), persons)
    return found


def read_detours(path: Path, gates: tuple[GateBank, ...]) -> tuple[Detour, ...]:
    """``from,to[,walk_s]``: people bound for one gate may be sent to the other.

    :raises BadFile: a column is not there; :class:`Rejected`: an unknown gate, a walk that is none.
    """
    table = ColumnTable(path, SENT, SENT[:2])
    known = {gate.id for gate in gates}
    starts, ends = table.texts("from"), table.texts("to")
    for column, names in (("from", starts), ("to", ends)):
        table.refuse_where(column, np.array([name not in known for name in names], bool), f"one of {', '.join(known)}")
    table.refuse_where("to", np.array([a == b for a, b in zip(starts, ends, strict=True)], bool), "another gate")
    walks = table.within("walk_s", 0, 86_400, "seconds, 0 or more", otherwise=0.0)
    return tuple(Detour(*row) for row in zip(starts, ends, walks.tolist(), strict=True))


def read_lanes(path: Path, gates: tuple[GateBank, ...], slot_s: float, slots: int) -> Ints:
    """[gate, slot] lanes of ``gate,from_s,to_s,lanes``; else 0. ``gates.csv`` of a scenario says ``node`` for gate.

    :raises BadFile: a column is not there; :class:`Rejected`: an unknown gate, no whole number of lanes.
    """
    table = ColumnTable(path, (*LANES, "node"), LANES[1:], others=("mean_s", "cv"))
    heading = "gate" if "gate" in table else "node"
    if heading not in table:
        raise BadFile(f"{path.name}: has no column gate; allowed: {', '.join(LANES)}")
    place = {gate.id: n for n, gate in enumerate(gates)}
    names = table.texts(heading)
    table.refuse_where(heading, np.array([name not in place for name in names], bool), f"one of {', '.join(place)}")
    begin, end = (table.within(name, 0, 1e7, "seconds, 0 or more") for name in ("from_s", "to_s"))
    lanes = _whole(table, "lanes", 0, 4096)
    found = np.zeros((len(gates), slots), np.int64)
    for name, first, last, count in zip(names, begin, end, lanes, strict=True):
        found[place[name], round(first / slot_s) : round(last / slot_s)] = count
    return found
