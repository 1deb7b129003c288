"""How much must be kept free before opening, so that it is likely enough that all is ready: the policy ``buffered``.

Every buffer is tried on the same draws, so more of it never looks worse, and bisection finds the least that serves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.back_schedule import ScheduleParams, backward, schedule_network
from tminus.engines.schedule.bounds import OPEN, Bounds, bounds_of, midnight
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.result import Policy, Schedule
from tminus.engines.schedule.risk.causes import Cause, check_causes
from tminus.engines.schedule.risk.compiled import compile_risk
from tminus.engines.schedule.risk.plain import plain_of
from tminus.engines.schedule.risk.prepare import RiskParams, prepare
from tminus.engines.schedule.risk.simulate import draw
from tminus.engines.schedule.worktime import Ints, finish_at, minutes, work_until

STEPS_A_DAY = 4
"""Buffers are found to a quarter of a working day."""


@dataclass(frozen=True, slots=True)
class CheckpointBuffer:
    """The least buffer (working days of the plan's calendar) with which the gates due by this checkpoint are done by it
    with the probability asked for; ``None``: there is none, the plan begins too late for it."""

    date: date
    t_minus: int
    days: float | None

    def as_json(self) -> dict[str, Any]:
        return {"date": self.date.isoformat(), "t_minus": self.t_minus, "days": self.days}


@dataclass(frozen=True, slots=True)
class Buffered:
    """``schedule``: the latest dates at which opening is ready with probability ``target``, or, where even beginning
    everything at once does not reach it (``reached`` false), the latest of the most likely ones."""

    schedule: Schedule
    target: float
    days: float
    p_ready: float
    reached: bool
    checkpoints: tuple[CheckpointBuffer, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.target,
            "buffer_days": self.days,
            "p_ready": self.p_ready,
            "reached": self.reached,
            "checkpoints": [one.as_json() for one in self.checkpoints],
        }


def buffered(
    schedule: Schedule,
    *,
    target: float = 0.8,
    samples: int = 2_000,
    drivers: Sequence[Cause] = (),
    seed: int = 0,
    threads: int = 1,
    params: RiskParams | None = None,
    checkpoint_days: int = 10,
) -> Buffered:
    """Find the buffers. ``schedule``: the plan scheduled under any policy; its opening and today are kept.

    :raises PlanError: a target outside 0 … 1, a schedule without a network, a cause that cannot be taken.
    """
    network = schedule.network
    if network is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    if not 0 < target < 1:
        raise PlanError(f"target {target}; allowed: above 0, below 1")
    check_causes(drivers)

    def scheduled(days: float) -> Schedule:
        policy = ScheduleParams(Policy.BUFFERED, days, checkpoint_days)
        return schedule_network(network, opening=schedule.opening, today=schedule.today, params=policy)

    bare = scheduled(0)
    shares = _shares(bare, network, drivers, params or RiskParams(), samples, seed, threads)
    most = _most(bare, network)
    found = [_least(_of(shares, k), target, most) for k in range(len(bare.checkpoints))]
    rows = tuple(
        CheckpointBuffer(one.date, one.t_minus, None if step is None else step / STEPS_A_DAY)
        for one, step in zip(bare.checkpoints, found, strict=True)
    )
    if not found:
        return Buffered(bare, target, 0.0, 1.0, True, ())
    best = float(shares(most)[-1])
    step = found[-1] if found[-1] is not None else _least(_of(shares, -1), best, most)
    days = (step or 0) / STEPS_A_DAY
    return Buffered(scheduled(days), target, days, float(shares(step or 0)[-1]), found[-1] is not None, rows)


def _of(shares: Callable[[int], NDArray[np.float64]], k: int) -> Callable[[int], float]:
    return lambda step: float(shares(step)[k])


def _least(share: Callable[[int], float], target: float, most: int) -> int | None:
    """The least number of steps at which ``share`` reaches ``target``; it never falls."""
    if share(most) < target:
        return None
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if share(middle) >= target else (middle + 1, high)
    return low


def _shares(
    bare: Schedule,
    network: Network,
    drivers: Sequence[Cause],
    params: RiskParams,
    samples: int,
    seed: int,
    threads: int,
) -> Callable[[int], NDArray[np.float64]]:
    """Steps of buffer → the probability of each checkpoint of ``bare`` with its own gates; remembered."""
    made = prepare(bare, drivers, params)
    held = bounds_of(network, opening=midnight(bare.opening), today=minutes(bare.today))
    known: dict[int, NDArray[np.float64]] = {}

    def shares(step: int) -> NDArray[np.float64]:
        if step not in known:
            late = backward(network, held, _bounded(network, held, midnight(bare.opening), step / STEPS_A_DAY))
            earliest = np.where(held.state == OPEN, late.start, NEVER)
            net = compile_risk(network, held, earliest, made.model.net.window.end, like=made.model.net)
            net = net._replace(ends=made.model.net.ends)
            model = made.model._replace(net=net, plain=plain_of(net, made.model.opening), sparse=False)
            drawn, _ = draw(made, model, samples, seed, threads=threads, deep=False)
            known[step] = drawn.ready(made.until)
        return known[step]

    return shares


def _bounded(network: Network, held: Bounds, opening: int, days: float) -> Ints:
    """Latest finishes with ``days`` working days before opening kept free of preparation, as under ``alap_total``."""
    default, table = _default(network), network.time.table
    kept = round(days * int(network.time.day_minutes[default]))
    bound = finish_at(table, default, work_until(table, default, opening) - kept)
    preparation = np.ones(network.size, dtype=bool)
    preparation[list(held.after)] = False
    latest: Ints = np.where(preparation, np.minimum(held.latest_finish, bound), held.latest_finish)
    return latest


def _most(bare: Schedule, network: Network) -> int:
    """With so many steps everything begins at once."""
    default, table = _default(network), network.time.table
    first, last = (int(work_until(table, default, at)) for at in (minutes(bare.today), midnight(bare.opening)))
    return max(round((last - first) * STEPS_A_DAY / int(network.time.day_minutes[default])), 0)


def _default(network: Network) -> int:
    plan = network.plan
    return list(plan.calendars).index(plan.default_calendar) + 1 if plan.default_calendar else 0
