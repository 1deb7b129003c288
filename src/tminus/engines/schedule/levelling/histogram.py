"""How much of each resource is in use, day by day, before and after levelling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.levelling.asked import SCALE
from tminus.engines.schedule.levelling.decode import Choice, went_on
from tminus.engines.schedule.levelling.problem import Problem, at_instant
from tminus.engines.schedule.worktime import DAY, Ints, work_until


@dataclass(frozen=True, slots=True)
class LoadDay:
    """One day of one resource. ``capacity``: units there are, without overtime; ``before``, ``after``: the most in use
    at once; ``over_before``, ``over_after``: unit-hours above capacity."""

    day: date
    capacity: float
    before: float
    after: float
    over_before: float
    over_after: float

    def as_json(self) -> dict[str, Any]:
        return {
            "date": self.day.isoformat(),
            "capacity": self.capacity,
            "before": self.before,
            "after": self.after,
            "overload_hours_before": self.over_before,
            "overload_hours_after": self.over_after,
        }


@dataclass(frozen=True, slots=True)
class Histogram:
    """Days with any use, in order; ``kind``: supply, skills or site."""

    resource: str
    name: str
    kind: str
    days: tuple[LoadDay, ...]

    @property
    def overload_hours(self) -> tuple[float, float]:
        """Before and after."""
        return sum(day.over_before for day in self.days), sum(day.over_after for day in self.days)

    def as_json(self) -> dict[str, Any]:
        before, after = self.overload_hours
        return {
            "resource": self.resource,
            "name": self.name,
            "kind": self.kind,
            "overload_hours_before": round(before, 2),
            "overload_hours_after": round(after, 2),
            "days": [day.as_json() for day in self.days],
        }


Dates = tuple[Ints, Ints]


def histograms_of(problem: Problem, before: Dates, after: Dates, choice: Choice) -> tuple[Histogram, ...]:
    """``before`` and ``after``: starts and finishes by place."""
    first = Choice(problem.options.ptr[:-1], choice.over)
    loads = load_of(problem, *before, first), load_of(problem, *after, choice)
    return tuple(_histogram(problem, row, loads[0][row], loads[1][row]) for row in range(len(problem.rows)))


def load_of(problem: Problem, start: Ints, finish: Ints, choice: Choice) -> Ints:
    """Thousandths in use, (rows, slots)."""
    o, slots = problem.options, problem.slots
    load = np.zeros((len(problem.rows), len(slots.at)), dtype=np.int64)
    start = went_on(problem, start, finish)
    for i in np.nonzero(finish > start)[0]:
        option = int(choice.option[i])
        taken = range(int(o.take_ptr[option]), int(o.take_ptr[option + 1]))
        if taken:
            held = slots_between(problem, int(o.calendar[option]), int(start[i]), int(finish[i]))
            for k in taken:
                row = int(o.take_row[k])
                through = problem.kept[row] and len(held)
                load[row, slice(held[0], held[-1] + 1) if through else held] += int(o.take[k])
    return load


def slots_between(problem: Problem, c: int, start: int, finish: int) -> NDArray[np.int32]:
    """The slots of calendar ``c`` that touch ``start`` … ``finish``."""
    slots, table = problem.slots, problem.network.time.table
    of = slots.of[slots.ptr[c] : slots.ptr[c + 1]]
    a = (int(work_until(table, c, start)) - int(slots.first[c])) // slots.minutes
    b = -((int(slots.first[c]) - int(work_until(table, c, finish))) // slots.minutes)
    return of[max(a, 0) : max(b, 0)]


def _histogram(problem: Problem, row: int, before: Ints, after: Ints) -> Histogram:
    slots, of = problem.slots, problem.rows[row]
    usual = problem.capacity[row].astype(np.int64)
    usual = usual - np.where(usual > 0, problem.overtime[row], 0)
    days, begins = np.unique(slots.at // DAY, return_index=True)
    columns = [
        np.maximum.reduceat(usual, begins) / SCALE,
        np.maximum.reduceat(before, begins) / SCALE,
        np.maximum.reduceat(after, begins) / SCALE,
        np.add.reduceat(np.maximum(before - usual, 0), begins) * slots.minutes / 60 / SCALE,
        np.add.reduceat(np.maximum(after - usual, 0), begins) * slots.minutes / 60 / SCALE,
    ]
    used = np.nonzero((columns[1] > 0) | (columns[2] > 0))[0]
    rows = (LoadDay(at_instant(int(days[k]) * DAY).date(), *(float(one[k]) for one in columns)) for k in used)
    return Histogram(of.key, of.name, of.kind, tuple(rows))
