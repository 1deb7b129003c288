"""A plan and its resources compiled: combined working hours, slots of time, what each way of doing a task takes.

Only hours in which some task that needs something may work are slots, side by side, each as long as the data allow
(the greatest common divisor of shifts, durations and lags). A task holds its resources in its own working slots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import gcd

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import DONE, Bounds
from tminus.engines.schedule.checkpoints import gates_of
from tminus.engines.schedule.levelling.asked import SCALE, Asked, Row, Way, asked_of
from tminus.engines.schedule.levelling.hours import Spans, forbidden_by, shared, together
from tminus.engines.schedule.levelling.resources import Resources, Supply
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
    minutes,
    mirrored,
    work_until,
)

Units = NDArray[np.int32]

MOST_CELLS = 24_000_000
"""Slots × rows; above it slots are only as short as shifts and durations ask, or shifts alone."""


@dataclass(frozen=True, slots=True)
class Slots:
    """``at[k]``: where slot *k* begins. A calendar's working slots are ``of[ptr[c]:ptr[c + 1]]``; the first of them
    begins ``first[c]`` working minutes after the horizon does (in mirrored time ``first_back[c]``)."""

    minutes: int
    at: Ints
    ptr: Ints
    of: NDArray[np.int32]
    first: Ints
    first_back: Ints


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
    resources: Resources
    asked: Asked

    @property
    def size(self) -> int:
        return self.network.size


def compile_problem(network: Network, held: Bounds, resources: Resources, *, reach_days: int = 0) -> Problem:
    """Compile; ``reach_days`` more than the plan's own horizon are covered.

    :raises PlanError: a task that never may work, or needs more than there ever is.
    """
    asked = asked_of(network.tasks, resources)
    network, calendars = _with_hours(network, asked, resources, reach_days)
    options = _options(network, held, asked, calendars)
    rows = tuple(asked.rows.values())
    slots = _slots(network, held, options, len(rows))
    capacity = np.stack([_capacity(row, resources, slots, network.time) for row in rows]) if rows else _none(slots)
    overtime = np.array([_overtime(row) for row in rows], dtype=np.int32)
    _fits(options, rows, capacity)
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
    return Problem(
        network, held, options, slots, rows, capacity, overtime, kept, gate, weight, *money, resources, asked
    )


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


def _none(slots: Slots) -> Units:
    return np.zeros((0, len(slots.at)), dtype=np.int32)


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


# Options and slots ----------------------------------------


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


def _slots(network: Network, held: Bounds, options: Options, rows: int) -> Slots:
    """Slots from the day before the earliest possible start to the end of the horizon."""
    needing = np.diff(options.take_ptr) > 0
    used = np.unique(options.calendar[needing])
    time = network.time
    earliest = held.earliest_start[held.earliest_start != NEVER]
    low = (int(earliest.min()) // DAY - 1) * DAY if len(earliest) else time.first_day * DAY
    low = max(low, time.first_day * DAY)
    high = (time.first_day + time.days) * DAY
    union = together([time.intervals[c] for c in used]) if len(used) else (np.zeros(0, np.int64),) * 2
    keep = union[0] >= low
    union = union[0][keep], union[1][keep]
    size = _slot_minutes(network, held, options, needing, used, int((union[1] - union[0]).sum()), rows)
    at = np.concatenate([np.arange(a, b, size) for a, b in zip(*union, strict=True)] or [np.zeros(0, np.int64)])
    ptr, of = np.zeros(len(time.intervals) + 1, dtype=np.int64), []
    first, back = np.zeros(len(time.intervals), np.int64), np.zeros(len(time.intervals), np.int64)
    for c in range(len(time.intervals)):
        if c in used:
            inside = work_until_many(time, c, at + size) > work_until_many(time, c, at)
            of.append(np.nonzero(inside)[0].astype(np.int32))
            first[c] = work_until(time.table, c, low)
            back[c] = work_until(network.mirror.table, c, -high)
        ptr[c + 1] = ptr[c] + (len(of[-1]) if c in used else 0)
    joined = np.concatenate(of) if of else np.zeros(0, np.int32)
    return Slots(size, at, ptr, joined, first, back)


def work_until_many(time: WorkTime, c: int, at: Ints) -> Ints:
    """Working minutes of calendar ``c`` before each instant."""
    from_, until = time.intervals[c]
    before = np.concatenate([[0], np.cumsum(until - from_)])
    k = np.searchsorted(from_, at, side="right")
    inside = np.where(k > 0, np.minimum(at, until[k - 1]) - until[k - 1], 0)
    return before[k] + inside


def _slot_minutes(
    network: Network, held: Bounds, options: Options, needing: NDArray[np.bool_], used: Ints, total: int, rows: int
) -> int:
    """As long as everything divides by; when that makes too many, as shifts and durations do, or shifts alone."""
    edges = [side % DAY for c in used for side in network.time.intervals[c]]
    shifts = int(np.gcd.reduce(np.concatenate([*edges, [DAY]])))
    with_work = gcd(shifts, int(np.gcd.reduce(options.work[needing]))) if needing.any() else shifts
    lags = np.abs(network.forward.lag.astype(np.int64))
    bounds = [side[(side != NEVER) & (side != -NEVER)] % DAY for side in (held.earliest_start, held.earliest_finish)]
    every = np.concatenate([options.work, lags, *bounds, [with_work]])
    for size in (int(np.gcd.reduce(every)), with_work):
        if total // size * max(rows, 1) <= MOST_CELLS:
            return size
    if total // shifts * max(rows, 1) > 4 * MOST_CELLS:
        raise PlanError(
            f"levelling needs {total // shifts:,} slots of {shifts} minutes for {rows} resources;"
            f" allowed: at most {4 * MOST_CELLS:,} in all: use shifts at full or half hours"
        )
    return shifts


# Capacity ----------------------------------------


def _capacity(row: Row, resources: Resources, slots: Slots, time: WorkTime) -> Units:
    if row.kind == "site":
        return np.full(len(slots.at), round(row.most * SCALE), dtype=np.int32)
    total = np.zeros(len(slots.at), dtype=np.int64)
    for supply in row.supplies:
        units = units_over(supply, slots.at, extra=True)
        if row.kind == "skills" and supply.calendar is not None:
            units = units * on_shift(supply, resources, time, slots)
        total += units
    return np.minimum(total, np.iinfo(np.int32).max // 2).astype(np.int32)


def units_over(supply: Supply, at: Ints, *, extra: bool = False) -> Ints:
    """Thousandths there are of a supply at each instant; ``extra``: with overtime, where there are any."""
    units = np.full(len(at), round(supply.units * SCALE), dtype=np.int64)
    for step in supply.steps:
        units[(at >= minutes(step.start)) & (at < minutes(step.until))] = round(step.units * SCALE)
    if supply.start is not None:
        units[at < minutes(supply.start)] = 0
    if supply.until is not None:
        units[at >= minutes(supply.until)] = 0
    return units + np.where(units > 0, round(supply.overtime_units * SCALE), 0) if extra else units


def on_shift(supply: Supply, resources: Resources, time: WorkTime, slots: Slots) -> Ints:
    """1 where the supply's own calendar works, for each slot."""
    calendar = resources.calendars.get(supply.calendar or "")
    if calendar is None:
        return np.ones(len(slots.at), dtype=np.int64)
    first = date(1970, 1, 1) + timedelta(days=time.first_day)
    own = compile_calendars([calendar], first, first + timedelta(days=time.days - 1))
    return (work_until_many(own, 1, slots.at + slots.minutes) > work_until_many(own, 1, slots.at)).astype(np.int64)


def _overtime(row: Row) -> int:
    return round(sum(supply.overtime_units for supply in row.supplies) * SCALE)


def _fits(options: Options, rows: Sequence[Row], capacity: Units) -> None:
    """:raises PlanError: a way needs more of a row than there is in any slot."""
    most = capacity.max(axis=1) if capacity.size else np.zeros(len(rows), dtype=np.int32)
    for option, way in enumerate(options.way):
        for k in range(options.take_ptr[option], options.take_ptr[option + 1]):
            row = int(options.take_row[k])
            if options.take[k] > most[row]:
                raise PlanError(
                    f"{rows[row].name!r}: {options.take[k] / SCALE:g} needed at once{_by(options, option, way)};"
                    f" allowed: at most {most[row] / SCALE:g}, all there ever is"
                )


def _by(options: Options, option: int, way: Way | None) -> str:
    return f" by a task that needs {dict(way.needs)}" if way is not None and way.needs else ""


def at_instant(at: int) -> datetime:
    return EPOCH + timedelta(minutes=int(at))
