"""The gate plan as a linear programme with whole numbers, over cumulative arrivals and departures.

Per path and gate, with A the people come and D those served by the end of each step: D ≤ A, a step serves at most what
its open lanes do, and who came by t is served by t + W (first come, first served: then nobody waits longer than W).
Who is not counts as late. Lanes, staff and shares sent elsewhere are the same on every path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints
from tminus.engines.crowd.gate_plan.shifts import Shift, on_duty, shifts_of

LATE_PRICE = 0.05
"""Of one late person, in slots of one person's work: twenty late people are worth a quarter-hour of somebody."""
SENT_PRICE = 1e-4
"""Of sending one person elsewhere: only where it saves something."""

LANE_TRIFLE = 1e-3
"""Of a staffed lane where shifts are paid: no more are open than serve somebody."""


@dataclass(frozen=True)
class Program:
    """min cost · x, low ≤ matrix · x ≤ high, lower ≤ x ≤ upper; the first ``whole`` columns are whole numbers.

    Columns: lanes [gate, slot], persons on each of ``shifts``, shares sent [detour, slot], served [path, gate, step],
    late [path, gate, step].
    """

    cost: Floats
    matrix: csr_array
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats
    whole: int
    shifts: list[Shift]
    columns: dict[str, tuple[int, tuple[int, ...]]]
    staff_rows: tuple[int, int]
    paths: Floats

    def part(self, values: Floats, name: str) -> Floats:
        """The named columns of ``values`` in their shape."""
        first, shape = self.columns[name]
        return values[first : first + int(np.prod(shape))].reshape(shape)


class Rows:
    """Rows of a sparse matrix as they are written."""

    def __init__(self) -> None:
        self.row: list[Ints] = []
        self.column: list[Ints] = []
        self.value: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = 0

    def add(self, low: Floats, high: Floats, *terms: tuple[Ints, Floats]) -> tuple[int, int]:
        """As many rows as ``low`` is long; each term has a column and a factor a row. First and past the last."""
        rows = self.count + np.arange(len(low))
        for column, value in terms:
            self.row.append(np.broadcast_to(rows if column.ndim == 1 else rows[:, None], column.shape).ravel())
            self.column.append(column.ravel())
            self.value.append(np.broadcast_to(value, column.shape).ravel())
        self.low.append(low)
        self.high.append(high)
        self.count += len(low)
        return self.count - len(low), self.count


def program_of(day: GateDay, late_price: float = LATE_PRICE, paths: Floats | None = None) -> Program:
    """The programme over ``paths`` [path, gate, step], by default :meth:`GateDay.planned_for`."""
    paths = day.planned_for() if paths is None else paths
    shifts = shifts_of(day.shifts, day.slots) if day.shifts else []
    gates, steps = len(day.gates), paths.shape[2]
    shapes = {
        "lanes": (gates, day.slots),
        "shifts": (len(shifts),),
        "sent": (len(day.detours) if day.redirectable else 0, day.slots),
        "served": (len(paths), gates, steps),
        "late": (len(paths), gates, steps),
    }
    firsts = np.concatenate(([0], np.cumsum([int(np.prod(shape)) for shape in shapes.values()])))
    columns = {name: (int(first), shape) for (name, shape), first in zip(shapes.items(), firsts[:-1], strict=True)}
    at = {name: first + np.arange(int(np.prod(shape))).reshape(shape) for name, (first, shape) in columns.items()}
    rows = Rows()
    for n, path in enumerate(paths):
        _queue_rows(rows, day, path, at, n)
    _sent_rows(rows, day, at)
    staff_rows = _staff_rows(rows, day, at, shifts)
    size = int(firsts[-1])
    entries = (np.concatenate(rows.value), (np.concatenate(rows.row), np.concatenate(rows.column)))
    lower, upper = _limits(day, at, size)
    return Program(
        cost=_costs(day, at, size, shifts, late_price, len(paths)),
        matrix=coo_array(entries, shape=(rows.count, size)).tocsr(),
        low=np.concatenate(rows.low),
        high=np.concatenate(rows.high),
        lower=lower,
        upper=upper,
        whole=int(firsts[2]),
        shifts=shifts,
        columns=columns,
        staff_rows=staff_rows,
        paths=paths,
    )


def _queue_rows(rows: Rows, day: GateDay, path: Floats, at: dict[str, Ints], n: int) -> None:
    """The queue of every gate on one path."""
    steps = path.shape[1]
    wait = int(day.target_wait_s / day.step_s + 1e-9)
    slot = np.arange(steps) // day.slot_steps
    never, none = np.full(steps, -np.inf), np.zeros(steps)
    for g, served_a_step in enumerate(day.a_step()):
        served, late = at["served"][n, g], at["late"][n, g]
        come = np.cumsum(path[g])
        sent = _sent_terms(day, path, at, g)
        rows.add(never, come, (served, np.ones(steps)), *((c, -v) for c, v in sent))
        rows.add(never, none, (served, np.ones(steps)), (at["lanes"][g][slot], np.full(steps, -served_a_step)),
                 (np.roll(served, 1), np.where(np.arange(steps) > 0, -1.0, 0.0)))  # fmt: skip
        more = (served[1:], np.ones(steps - 1)), (served[:-1], -np.ones(steps - 1))
        rows.add(np.zeros(steps - 1), np.full(steps - 1, np.inf), *more)
        by = served[np.minimum(np.arange(steps) + wait, steps - 1)]
        rows.add(
            come, np.full(steps, np.inf), (by, np.ones(steps)), (late, np.ones(steps)), *((c, -v) for c, v in sent)
        )


def _sent_terms(day: GateDay, path: Floats, at: dict[str, Ints], g: int) -> list[tuple[Ints, Floats]]:
    """By the end of each step, how many more have come to gate ``g`` a share sent to or from it: [step, slot]."""
    if not day.redirectable:
        return []
    names = {gate.id: n for n, gate in enumerate(day.gates)}
    terms = []
    for d, detour in enumerate(day.detours):
        start, end = names[detour.start], names[detour.end]
        if g in (start, end):
            later = round(detour.walk_s / day.step_s) if g == end else 0
            moved = _by_slot(path[start], day.slot_steps, later)
            terms.append((np.broadcast_to(at["sent"][d], moved.shape), moved if g == end else -moved))
    return terms


def _by_slot(arrivals: Floats, slot_steps: int, later: int) -> Floats:
    """[step, slot] how many of a slot's arrivals have come by the end of a step, ``later`` steps later."""
    steps = len(arrivals)
    found = np.zeros((steps, steps // slot_steps))
    found[np.arange(steps), np.arange(steps) // slot_steps] = arrivals
    summed = np.cumsum(found, axis=0)
    return np.concatenate((np.zeros((min(later, steps), found.shape[1])), summed[: steps - later]))


def _sent_rows(rows: Rows, day: GateDay, at: dict[str, Ints]) -> None:
    """Of each gate's people no more are sent elsewhere than go."""
    for gate in day.gates if day.redirectable else ():
        mine = [d for d, detour in enumerate(day.detours) if detour.start == gate.id]
        if mine:
            columns = at["sent"][mine].T
            rows.add(
                np.full(day.slots, -np.inf), np.full(day.slots, day.redirectable), (columns, np.ones(columns.shape))
            )


def _staff_rows(rows: Rows, day: GateDay, at: dict[str, Ints], shifts: list[Shift]) -> tuple[int, int]:
    """Open lanes are staffed by who is on duty; no more are there than there are."""
    if day.shifts is None:
        return rows.count, rows.count
    lanes, people = at["lanes"].T, np.broadcast_to(at["shifts"], (day.slots, len(shifts)))
    staff = np.broadcast_to([float(gate.staff_per_lane) for gate in day.gates], lanes.shape)
    none = np.full(day.slots, -np.inf)
    rows.add(none, np.zeros(day.slots), (lanes, staff), (people, -on_duty(shifts, day.shifts, day.slots)))
    if day.shifts.staff is None:
        return rows.count, rows.count
    there = np.array([[shift.first <= slot < shift.last for shift in shifts] for slot in range(day.slots)], float)
    return rows.add(none, np.full(day.slots, float(day.shifts.staff)), (people, there))


def _limits(day: GateDay, at: dict[str, Ints], size: int) -> tuple[Floats, Floats]:
    lower, upper = np.zeros(size), np.full(size, np.inf)
    for g, gate in enumerate(day.gates):
        lower[at["lanes"][g]], upper[at["lanes"][g]] = gate.min_lanes, gate.max_lanes
    upper[at["sent"]] = day.redirectable
    return lower, upper


def _costs(day: GateDay, at: dict[str, Ints], size: int, shifts: list[Shift], late: float, paths: int) -> Floats:
    """In slots of one person's work: paid time, else staffed lanes; late people, the mean of the paths."""
    cost = np.zeros(size)
    for g, gate in enumerate(day.gates):
        cost[at["lanes"][g]] = gate.staff_per_lane if day.shifts is None else LANE_TRIFLE * gate.staff_per_lane
    cost[at["shifts"]] = [shift.last - shift.first for shift in shifts]
    cost[at["sent"]] = SENT_PRICE * day.slot_steps
    cost[at["late"]] = late / paths
    return cost
