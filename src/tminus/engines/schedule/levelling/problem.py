"""A plan and its resources compiled: combined working hours, slots of time, what each way of doing a task takes.

Only hours in which some task that needs something may work are slots, side by side, each as long as the data allow
(the greatest common divisor of shifts, durations and lags). A task holds its resources in its own working slots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import DONE, STARTED, Bounds
from tminus.engines.schedule.checkpoints import gates_of
from tminus.engines.schedule.levelling.asked import SCALE, Asked, Row, Way, asked_of
from tminus.engines.schedule.levelling.capacity import Units, capacity_of
from tminus.engines.schedule.levelling.hours import Spans, forbidden_by, shared, together
from tminus.engines.schedule.levelling.resources import Resources
from tminus.engines.schedule.levelling.slots import Grain, Slots, slots_of
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import MOST_DAYS, Network
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.worktime import (
    DAY,
    EPOCH,
    Ints,
    WorkTime,
    compile_calendars,
    extended,
    mirrored,
)


@dataclass(frozen=True, slots=True)
class Options:
    """Ways of all nodes one after another: those of node *i* are ``ptr[i]:ptr[i + 1]``."""

    ptr: Ints
    work: Ints
    calendar: Ints
    take_ptr: Ints
    take_row: Ints
    take: Units
    way: tuple[Way | None, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """By place in ``network``'s order; rows in the order of ``rows``."""

    network: Network
    held: Bounds
    options: Options
    slots: Slots
    rows: tuple[Row, ...]
    capacity: Units  # (rows, slots) thousandths, with overtime
    overtime: Units  # (rows,) of it
    kept: NDArray[np.bool_]  # (rows,) held through gaps
    gate: NDArray[np.bool_]
    weight: NDArray[np.float64]
    spends: NDArray[np.float64]  # (budgets, options) units
    budgets: NDArray[np.float64]  # (budgets,) units there are
    priced: NDArray[np.float64]  # (options,) what the way costs, working time included
    begun: NDArray[np.bool_]  # begun, or waited for by what is begun
    resources: Resources
    asked: Asked

    @property
    def size(self) -> int:
        return self.network.size


class TooShort(Exception):
    """The horizon ended before everything was placed."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """``until``: slots are laid out up to this instant (``None``: as far as calendars are); ``more_days``: calendars
    reach so much further than the plan's own."""

    until: int | None = None
    more_days: int = 0


def compile_problem(network: Network, held: Bounds, resources: Resources, horizon: Horizon) -> Problem:
    """Compile over a horizon.

    :raises PlanError: a task that never may work, or needs more than there ever is.
    :raises TooShort: it needs more than there is within this horizon.
    """
    asked = asked_of(network.tasks, resources)
    network, calendars = _with_hours(network, asked, resources, horizon.more_days)
    options = _options(network, held, asked, calendars)
    rows = tuple(asked.rows.values())
    slots = _slots(network, held, options, len(rows), horizon.until)
    known = {**resources.calendars, **network.plan.calendars}
    made = [capacity_of(row, known, slots, network.time) for row in rows]
    capacity = np.stack(made) if made else np.zeros((0, len(slots.at)), dtype=np.int32)
    overtime = [round(sum(supply.overtime_units for supply in row.supplies) * SCALE) for row in rows]
    _fits(network, options, rows, capacity, whole=horizon.until is None)
    gates = gates_of(network.plan)
    place = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    gate, weight = np.zeros(network.size, dtype=np.bool_), np.ones(network.size)
    for task in network.tasks:
        gate[place[task.id]] = task.id in gates
        weight[place[task.id]] = max(task.weight, 0.0)
    for id, nodes in network.gates.items():
        gate[nodes[1]] = id in gates
    kept = np.array([any(supply.held for supply in row.supplies) for row in rows], dtype=np.bool_)
    money = _money(options, resources)
    over = np.array(overtime, dtype=np.int32)
    return Problem(
        network,
        held,
        options,
        slots,
        rows,
        capacity,
        over,
        kept,
        gate,
        weight,
        *money,
        _begun(network, held),
        resources,
        asked,
    )


def _begun(network: Network, held: Bounds) -> NDArray[np.bool_]:
    found = np.array(held.state == STARTED, dtype=np.bool_)
    rows = network.forward
    for i in range(network.size - 1, -1, -1):
        if found[i]:
            found[rows.ends[rows.ptr[i] : rows.ptr[i + 1]]] = True
    return found


def _money(
    options: Options, resources: Resources
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Units each option takes of each budget, the budgets, and what each option costs."""
    budgets = [supply for supply in resources.supplies if not supply.kind.renewable]
    spends = [[way.spends.get(one.id, 0.0) if way else 0.0 for way in options.way] for one in budgets]
    hourly = {supply.id: supply.cost_per_hour for supply in resources.supplies}
    priced = [
        way.cost + sum(units * hourly.get(name, 0.0) for name, units in way.needs.items()) * way.minutes / 60
        if way
        else 0.0
        for way in options.way
    ]
    shape = (len(budgets), len(options.way))
    return np.array(spends).reshape(shape), np.array([one.units for one in budgets], dtype=float), np.array(priced)


# Hours ----------------------------------------


def _with_hours(
    network: Network, asked: Asked, resources: Resources, reach_days: int
) -> tuple[Network, dict[tuple[str, str], int]]:
    """The network with a calendar for each mixture of hours; which calendar each way of each task goes by."""
    plan = network.plan
    more = {id: made for id, made in resources.calendars.items() if id not in plan.calendars}
    time = _base_time(network, [*more.values()], reach_days)
    number = {id: n for n, id in enumerate([*plan.calendars, *more], start=1)}
    masks = [(mask.mark, forbidden_by(mask, time.first_day, time.days)) for mask in resources.masks]
    mixed: dict[tuple[object, ...], int] = {}
    spans: list[Spans] = []
    day_minutes: list[int] = []
    found: dict[tuple[str, str], int] = {}
    base = len(time.intervals)
    for index, task in enumerate(network.tasks):
        own = int(network.calendar[network.place[index]])
        for way in asked.ways[task.id]:
            found[task.id, way.id] = own
            parts = _parts(way, resources, own)
            marks = asked.marks.get(task.id, ())
            if task.duration.elapsed or not way.minutes or not (parts or marks):
                continue
            key = (own, parts, marks)
            if key not in mixed:
                made = _mixed(time, own, parts, [of for mark, of in masks if mark in marks], number, resources)
                if not len(made[0]):
                    raise PlanError(
                        f"task {task.id!r} may never work: its calendar, the shifts of {sorted(way.needs)} and marks"
                        f" {sorted(marks)} leave no hour; allowed: some hour in common"
                    )
                mixed[key] = _number_of(made, time, spans, base)
                if mixed[key] == base + len(spans):
                    spans.append(made)
                    day_minutes.append(int(time.day_minutes[own]))
            found[task.id, way.id] = mixed[key]
    time = extended(time, spans, day_minutes)
    calendar = network.calendar.copy()
    for index, task in enumerate(network.tasks):
        calendar[network.place[index]] = found[task.id, asked.ways[task.id][0].id]
    return replace(network, calendar=calendar, time=time, mirror=mirrored(time)), found


def _base_time(network: Network, more: Sequence[object], reach_days: int) -> WorkTime:
    first = date(1970, 1, 1) + timedelta(days=network.time.first_day)
    days = network.time.days + reach_days
    if days > 3 * MOST_DAYS:
        raise PlanError(f"levelling runs over {days} days; allowed: at most {3 * MOST_DAYS}")
    calendars = [*network.plan.calendars.values(), *more]
    return compile_calendars(calendars, first, first + timedelta(days=days - 1))  # type: ignore[arg-type]


def _parts(way: Way, resources: Resources, own: int) -> tuple[tuple[str, ...], ...]:
    """The shifts a way needs, each a tuple of calendars any of which will do."""
    supplies = resources.by_id()
    found: set[tuple[str, ...]] = set()
    for name, units in way.needs.items():
        who = [supplies[name]] if name in supplies else [s for s in resources.supplies if name in s.skills]
        shifts = [supply.calendar for supply in who if supply.kind.renewable]
        if units > 0 and shifts and all(shift is not None for shift in shifts):
            found.add(tuple(sorted({str(shift) for shift in shifts})))
    return tuple(sorted(found))


def _mixed(
    time: WorkTime,
    own: int,
    parts: Sequence[tuple[str, ...]],
    forbidden: Sequence[Spans],
    number: Mapping[str, int],
    resources: Resources,
) -> Spans:
    shifts = [together([time.intervals[number[id]] for id in any_of]) for any_of in parts]
    return shared([time.intervals[own], *shifts], forbidden)


def _number_of(made: Spans, time: WorkTime, spans: Sequence[Spans], base: int) -> int:
    """The number of a calendar with these hours, or the next free one."""
    for number, known in enumerate([*time.intervals, *spans]):
        if (
            number
            and len(known[0]) == len(made[0])
            and all(np.array_equal(a, b) for a, b in zip(known, made, strict=True))
        ):
            return number
    return base + len(spans)


# Options ----------------------------------------


def _options(network: Network, held: Bounds, asked: Asked, calendars: Mapping[tuple[str, str], int]) -> Options:
    row_of = {key: number for number, key in enumerate(asked.rows)}
    ptr, work, calendar, way_of = [0], [], [], []
    take_ptr, take_row, take = [0], [], []
    for place in range(network.size):
        node = int(network.node[place])
        task = network.tasks[node] if node >= 0 else None
        ways: Sequence[Way | None] = asked.ways[task.id] if task is not None else [None]
        done = held.state[place] == DONE
        began = held.work[place] != network.work[place]
        for way in ways[:1] if done or began else ways:
            work.append(
                int(held.work[place])
                if way is None or done or began or (len(ways) == 1 and way.id == "")
                else way.minutes
            )
            calendar.append(
                calendars[task.id, way.id] if task is not None and way is not None else int(network.calendar[place])
            )
            for key, units in (way.rates if way is not None else {}).items():
                take_row.append(row_of[key])
                take.append(units)
            take_ptr.append(len(take))
            way_of.append(way)
        ptr.append(len(work))
    return Options(
        ptr=np.array(ptr, dtype=np.int64),
        work=np.array(work, dtype=np.int64),
        calendar=np.array(calendar, dtype=np.int64),
        take_ptr=np.array(take_ptr, dtype=np.int64),
        take_row=np.array(take_row, dtype=np.int64),
        take=np.array(take, dtype=np.int32),
        way=tuple(way_of),
    )


def _slots(network: Network, held: Bounds, options: Options, rows: int, until: int | None) -> Slots:
    """Slots from the day before the earliest possible start on."""
    needing = np.diff(options.take_ptr) > 0
    time = network.time
    earliest = held.earliest_start[held.earliest_start != NEVER]
    low = (int(earliest.min()) // DAY - 1) * DAY if len(earliest) else time.first_day * DAY
    high = (time.first_day + time.days) * DAY
    span = max(low, time.first_day * DAY), high if until is None else min(high, -(-until // DAY) * DAY)
    bounds = [side[(side != NEVER) & (side != -NEVER)] % DAY for side in (held.earliest_start, held.earliest_finish)]
    lags = np.abs(network.forward.lag.astype(np.int64))
    grain = Grain(options.work[needing], np.concatenate([options.work, lags, *bounds]))
    return slots_of(time, network.mirror, np.unique(options.calendar[needing]), span, grain, rows)


def _fits(network: Network, options: Options, rows: Sequence[Row], capacity: Units, *, whole: bool) -> None:
    """:raises PlanError: a task needs more of a row than there ever is; TooShort: than there is in the horizon."""
    most = capacity.max(axis=1) if capacity.size else np.zeros(len(rows), dtype=np.int32)
    for place in range(network.size):
        for option in range(options.ptr[place], options.ptr[place + 1]):
            taken = slice(options.take_ptr[option], options.take_ptr[option + 1])
            for row, units in zip(options.take_row[taken], options.take[taken], strict=True):
                if units > most[row] and not whole:
                    raise TooShort
                if units > most[row]:
                    raise PlanError(
                        f"task {network.tasks[int(network.node[place])].id!r}: {rows[row].name!r}: {units / SCALE:g}"
                        f" needed at once; allowed: at most {most[row] / SCALE:g}, all there ever is"
                    )


def at_instant(at: int) -> datetime:
    return EPOCH + timedelta(minutes=int(at))
