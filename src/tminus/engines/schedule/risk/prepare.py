"""From a schedule and its causes to the model the compiled loops run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import DONE, OPEN, Bounds, bounds_of, midnight
from tminus.engines.schedule.checkpoints import end_of, gates_of
from tminus.engines.schedule.model import Estimate, Plan, PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.plain import early_and_late, weave
from tminus.engines.schedule.result import Dates, Schedule
from tminus.engines.schedule.risk.batch import Asked, Model
from tminus.engines.schedule.risk.causes import Branch, Cause, Hits, RiskDriver, Scenario, WeatherCalendar
from tminus.engines.schedule.risk.classes import CLASSES, estimate_of
from tminus.engines.schedule.risk.compiled import LOW, Compiled, compile_risk
from tminus.engines.schedule.risk.correlation import joint_of, weight_of
from tminus.engines.schedule.risk.durations import Work
from tminus.engines.schedule.risk.events import (
    AS_DRAWN,
    OFF,
    WORST,
    branches_of,
    drivers_of,
    weather_of,
)
from tminus.engines.schedule.risk.floats import hands_float_on
from tminus.engines.schedule.risk.plain import plain_of
from tminus.engines.schedule.risk.positions import position
from tminus.engines.schedule.risk.random_numbers import keys_of
from tminus.engines.schedule.risk.spreads import CONSTANT, TABLE, Spread, pack, spread_of, worst_of
from tminus.engines.schedule.worktime import Ints, minutes

PARTS = 1 << 38
"""Weights of readiness are told in so many whole parts of all of them."""

SPARE_DAYS, MOST_DAYS = 60, 30 * 365
"""How much longer than the longest chain of delays the time looked at is, and how long at most."""


@dataclass(frozen=True, slots=True)
class RiskParams:
    """``classes``: name → relative estimate of tasks without one of their own. ``correlation``: rank correlation of the
    durations of two tasks of one unit, ``correlations`` that of single units; an assumption, not a measurement."""

    classes: Mapping[str, Estimate] = field(default_factory=lambda: CLASSES)
    correlation: float = 0.3
    correlations: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A model, and what scenarios change of it."""

    model: Model
    network: Network
    drivers: tuple[tuple[RiskDriver, set[str]], ...]
    weathers: tuple[tuple[WeatherCalendar, set[str]], ...]
    branches: tuple[tuple[Branch, list[set[str]]], ...]
    until: NDArray[np.int64]  # (2, checkpoints) ends of the checkpoints, minutes of the window
    known_ready: Ints  # (checkpoints,) parts of the weight that are certain
    parts: Ints  # (checkpoints,) parts of the weight due

    def under(self, scenario: Scenario) -> Model:
        """The model with one scenario's changes.

        :raises PlanError: a task or factor that cannot be taken.
        """
        modes = [
            WORST if d.id in scenario.worst else OFF if d.id in scenario.off else AS_DRAWN for d, _ in self.drivers
        ]
        weathers = [(one, set() if one.id in scenario.off else ids) for one, ids in self.weathers]
        branches = branches_of(self.network, self.branches)
        gone = np.array(
            [b.id in scenario.off for b, alternatives in self.branches for _ in alternatives], dtype=np.bool_
        )
        branches.low[gone], branches.high[gone] = -1, -1
        return self.model._replace(
            drivers=drivers_of(self.network, self.drivers, modes),
            weather=weather_of(self.network, self.model.net, weathers),
            branches=branches,
            work=self.model.work._replace(factor=_factors(self.network, scenario.factors)),
        )


def prepare(
    schedule: Schedule, causes: Sequence[Cause], params: RiskParams, *, like: Compiled | None = None
) -> Prepared:
    """:raises PlanError: a schedule without a network, or a cause or class that names what there is not."""
    network, dates = schedule.network, schedule.dates
    if network is None or dates is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    held = bounds_of(network, opening=midnight(schedule.opening), today=minutes(schedule.today))
    plan = network.plan
    drivers = tuple((one, _hits(one, plan)) for one in causes if isinstance(one, RiskDriver))
    weathers = tuple((one, _hits(one, plan)) for one in causes if isinstance(one, WeatherCalendar))
    branches = tuple((one, _alternatives(one, plan)) for one in causes if isinstance(one, Branch))
    spreads = _spreads(network, held, params)
    driven = drivers_of(network, drivers, [AS_DRAWN] * len(drivers))
    end = _end(network, held, dates, spreads, drivers, weathers)
    earliest = np.where(held.state == OPEN, dates.start, NEVER)
    net = compile_risk(network, held, earliest, end, like=like)
    work = _work(network, held, spreads, params)
    asked, until, known, parts = _asked(schedule, network, held, dates, net)
    opening, openings = _openings(network)
    if branches:  # a task that does not exist can be over before what it follows
        net = net._replace(ends=np.ones(network.size, dtype=np.bool_))
    model = Model(
        net,
        work,
        driven,
        branches_of(network, branches),
        weather_of(network, net, weathers),
        asked,
        opening,
        openings,
        plain_of(net, opening),
        hands_float_on(net),
    )
    return Prepared(model, network, drivers, weathers, branches, until, known, parts)


def _hits(cause: RiskDriver | WeatherCalendar, plan: Plan) -> set[str]:
    try:
        return cause.hits.of(plan)
    except PlanError as error:
        raise PlanError(f"cause {cause.id!r}: {error}") from error


def _alternatives(branch: Branch, plan: Plan) -> list[set[str]]:
    try:
        return [Hits(ids=ids).of(plan) if ids else set() for _, ids in branch.alternatives]
    except PlanError as error:
        raise PlanError(f"branch {branch.id!r}: {error}") from error


# Durations ----------------------------------


def _spreads(network: Network, held: Bounds, params: RiskParams) -> list[tuple[Spread, float, float]]:
    """By place: the spread, what it is multiplied by, and what comes to it; minutes of what is left to do."""
    nothing = (Spread(CONSTANT, 0.0, 0.0), 1.0, 0.0)
    found = [nothing] * network.size
    for number, task in enumerate(network.tasks):
        place = int(network.place[number])
        own, left = int(network.work[place]), int(held.work[place])
        if own == 0 or held.state[place] == DONE:
            continue
        estimate = estimate_of(task, params.classes)
        share = left / own
        scale = task.duration.minutes * share if estimate.relative else share
        found[place] = (spread_of(estimate), scale, task.pause_minutes * share)
    return found


def _work(network: Network, held: Bounds, spreads: Sequence[tuple[Spread, float, float]], params: RiskParams) -> Work:
    names = ["" if node < 0 else network.tasks[node].id for node in network.node]
    unit, units, weights = _units(network, params)
    return Work(
        spreads=pack(
            [one for one, _, _ in spreads],
            np.array([scale for _, scale, _ in spreads]),
            np.array([add for _, _, add in spreads]),
        ),
        keys=keys_of("task", names),
        unit=unit,
        unit_keys=keys_of("unit", units),
        joint=joint_of(weights),
        factor=np.ones(network.size, dtype=np.float32),
        day=network.time.day_minutes[network.calendar].astype(np.float32),
        planned=held.work.copy(),
    )


def _units(network: Network, params: RiskParams) -> tuple[NDArray[np.int32], list[str], list[float]]:
    numbers: dict[str, int] = {}
    weights: list[float] = []
    of = np.full(network.size, -1, dtype=np.int32)
    for number, task in enumerate(network.tasks):
        if not task.unit:
            continue
        if task.unit not in numbers:
            weight = weight_of(params.correlations.get(task.unit, params.correlation))
            numbers[task.unit] = len(weights) if weight > 0 else -1
            if weight > 0:
                weights.append(min(weight, 0.9999))
        of[network.place[number]] = numbers[task.unit]
    return of, [name for name, number in numbers.items() if number >= 0], weights


def _factors(network: Network, factors: Mapping[str, float]) -> NDArray[np.float32]:
    made = np.ones(network.size, dtype=np.float32)
    places = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    for id, factor in factors.items():
        if id not in places or not 0 < factor < 1000:
            raise PlanError(f"factor {factor} of task {id!r}; allowed: a task of the plan, and more than 0")
        made[places[id]] = factor
    return made


# The stretch of time ----------------------------------


def _end(
    network: Network,
    held: Bounds,
    dates: Dates,
    spreads: Sequence[tuple[Spread, float, float]],
    drivers: Sequence[tuple[RiskDriver, set[str]]],
    weathers: Sequence[tuple[WeatherCalendar, set[str]]],
) -> int:
    """An instant no sample should come to: the forecast and the longest chain of the worst that can happen."""
    worst = np.array([_most(one) * scale + add for one, scale, add in spreads])
    places = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    days = np.zeros(network.size)
    for driver, ids in drivers:
        rows = [places[id] for id in ids & places.keys()]
        high = worst_of(driver.impact)
        if driver.days:
            days[rows] += high
        else:
            worst[rows] *= max(high, 1.0)
    worst += days * network.time.day_minutes[network.calendar]
    for weather, ids in weathers:
        rows = [places[id] for id in ids & places.keys()]
        worst[rows] = worst[rows] * (1.5 / (1 - max(weather.lost)) if weather.lost else 6.0) + 14 * 1440
    excess = np.maximum(worst - held.work, 0).clip(max=MOST_DAYS * 1440).astype(np.int64)
    leaf = network.node >= 0
    last = int(max(dates.forecast_finish[leaf].max(initial=NEVER), dates.finish[leaf].max(initial=NEVER)))
    fewest = min(
        (sum(until - start for hours in c.week for start, until in hours) for c in network.plan.calendars.values()),
        default=10080,
    )
    chain = _longest(network, excess) / max(fewest, 60) * 7 * 1.3
    return last + int(min(chain + SPARE_DAYS, MOST_DAYS)) * 1440


def _most(spread: Spread) -> float:
    return spread.low + spread.range * (
        float(spread.table[-1]) if spread.kind == TABLE and spread.table is not None else 1
    )


def _longest(network: Network, excess: Ints) -> int:
    rows = network.forward
    into = np.repeat(np.arange(network.size), np.diff(rows.ptr))
    none = np.zeros(len(into), dtype=np.int64)
    chain = weave(excess, np.asarray(rows.ends, dtype=np.int64), into, none, none)
    early, _ = early_and_late(chain)
    return int((early.astype(np.int64) + excess).max(initial=0))


# What is read off ----------------------------------


def _asked(
    schedule: Schedule, network: Network, held: Bounds, dates: Dates, net: Compiled
) -> tuple[Asked, NDArray[np.int64], Ints, Ints]:
    count = len(schedule.checkpoints)
    begin, opening = net.window.begin, midnight(schedule.opening)
    ends = np.array([minutes(end_of(one.date)) for one in schedule.checkpoints], dtype=np.int64)
    until = np.stack([np.minimum(ends, opening), ends])  # preparation is to be over by opening, not by its evening
    leaf = network.node >= 0
    due = np.where(leaf, np.searchsorted(ends, dates.finish), count).astype(np.int32)
    marked = gates_of(network.plan)
    is_gate = np.array([node >= 0 and network.tasks[node].id in marked for node in network.node], dtype=np.bool_)
    gate = np.where(is_gate & (due < count), due + np.where(net.group == 1, count, 0), -1).astype(np.int32)
    known = np.full(2 * count, NEVER, dtype=np.int64)
    for place in np.nonzero(net.fixed & (gate >= 0))[0]:
        known[gate[place]] = max(known[gate[place]], held.finish[place] - begin)
    kind, kinds = _kinds(net, np.where(net.fixed, -1, gate))
    weight, parts, ready = _weights(network, net, held, due, until)
    preparation = leaf & (net.group == 0)
    certain = [held.finish[net.fixed & leaf & (net.group == group)].max(initial=begin) - begin for group in range(2)]
    default = _default_calendar(network)
    middle = dates.forecast_finish[preparation].max(initial=net.window.begin)
    calendars = range(len(net.window.length))
    places = [[[position(net.window, c, t, 1) for t in half] for c in calendars] for half in until]
    asked = Asked(
        due,
        kind,
        kinds[:, 0].copy(),
        kinds[:, 1].copy(),
        weight,
        np.array(places, dtype=np.int32).reshape(2, len(calendars), count),
        count,
        np.maximum(known, LOW).astype(np.int32),
        np.array(certain, dtype=np.int64),
        default,
        int(position(net.window, default, min(int(middle), net.window.end), 0)) >> 1,
    )
    return asked, until - begin, ready, parts


def _kinds(net: Compiled, gate: NDArray[np.int32]) -> tuple[NDArray[np.int32], Ints]:
    """The number of each gate's kind by place, and the calendar and checkpoint of each kind."""
    kind = np.full(len(gate), -1, dtype=np.int32)
    open_ = gate >= 0
    pairs = np.stack([net.calendar[open_], gate[open_].astype(np.int64)], axis=1)
    kinds, kind[open_] = np.unique(pairs, axis=0, return_inverse=True)
    return kind, kinds


def _weights(
    network: Network, net: Compiled, held: Bounds, due: NDArray[np.int32], until: NDArray[np.int64]
) -> tuple[Ints, Ints, Ints]:
    """Whole parts by place; by checkpoint those due, and those due that are certainly done."""
    count = until.shape[1]
    own = np.array([network.tasks[node].weight if node >= 0 else 0.0 for node in network.node])
    total = float(own[due < count].sum())
    weight: Ints = np.rint(own / total * PARTS).astype(np.int64) if total > 0 else np.zeros(len(own), dtype=np.int64)
    parts, ready = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for k in range(count):
        asked = due <= k
        parts[k] = weight[asked].sum()
        done = asked & net.fixed & (held.finish <= until[np.maximum(net.group, 0), k])
        ready[k] = weight[done].sum()
    return weight, parts, ready


def _default_calendar(network: Network) -> int:
    plan = network.plan
    return list(plan.calendars).index(plan.default_calendar) + 1 if plan.default_calendar else 0


def _openings(network: Network) -> tuple[NDArray[np.int32], int]:
    of = np.full(network.size, -1, dtype=np.int32)
    opened = [nodes[2] for nodes in network.gates.values() if len(nodes) == 3]
    of[opened] = np.arange(len(opened))
    return of, len(opened)
