"""Samples of the compiled loops played again, one at a time, by the passes every other date comes from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule import Schedule
from tminus.engines.schedule.back_schedule import Pass, forward
from tminus.engines.schedule.bounds import DONE, OPEN, SILENT, Bounds, bounds_of, midnight
from tminus.engines.schedule.passes import NEVER, pass_calendars, work_between
from tminus.engines.schedule.risk import lanes
from tminus.engines.schedule.risk.batch import keep_end, last_first, note_tops
from tminus.engines.schedule.risk.durations import draw_common, scaled
from tminus.engines.schedule.risk.events import draw_branches, draw_drivers
from tminus.engines.schedule.risk.positions import instant_of
from tminus.engines.schedule.risk.prepare import Prepared
from tminus.engines.schedule.risk.random_numbers import sample_keys
from tminus.engines.schedule.risk.tally import no_sums
from tminus.engines.schedule.risk.wide import LANES
from tminus.engines.schedule.worktime import minutes


class Batch:
    """The first batch of samples of a model, step by step, with everything left open to look at."""

    def __init__(self, made: Prepared, seed: int) -> None:
        model, self.made = made.model, made
        self.net, n = model.net, len(model.net.calendar)
        self.keys = np.empty(LANES, np.uint32)
        sample_keys(seed, 0, self.keys)
        sets = len(model.drivers.ptr)
        multiplier, days = np.empty((sets, LANES), np.float32), np.empty((sets, LANES), np.float32)
        draw_drivers(model.drivers, self.keys, multiplier, days)
        self.absent = np.zeros((len(model.branches.keys), LANES), np.bool_)
        draw_branches(model.branches, self.keys, self.absent)
        common = np.empty((len(model.work.unit_keys) + 1, LANES), np.float32)
        draw_common(model.work, self.keys, common)
        rows, self.late = np.zeros((2 * n, LANES), np.int32), np.zeros((n, LANES), np.int32)
        self.finish, self.span, peak = rows[:n], np.zeros((n, LANES), np.int32), np.zeros(n, np.int32)
        chosen = np.full((model.openings, LANES), -1, np.int64)
        given = (*scaled(model.work, model.drivers.of), self.keys, common, multiplier, days, self.absent)
        sums, t = no_sums(n, model.asked.checkpoints), np.zeros(LANES, np.float32)
        lanes.forward(model, 0, n, given, rows, self.span, chosen, peak, False, t, sums)
        self.drawn = self.span.copy()
        calendars = len(self.net.window.length)
        tops, ends = (np.zeros((2, calendars, LANES), np.int32) for _ in range(2))
        reached = np.zeros((len(model.asked.kind_calendar), LANES), np.int32)
        kept = np.empty(LANES, np.int64), np.empty(LANES, np.int64)
        watched = last_first(self.net, model.asked.gate)
        note_tops(self.net, watched, model.asked.gate, self.finish, peak, tops, reached)
        self.beyond = keep_end(self.net, model.asked, 0, LANES, tops, ends, *kept, t)
        self.end = kept[0]
        self.near, all_ = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        lanes.backward(self.net, False, self.finish, self.span, self.late, ends, chosen, model.opening, all_, peak)
        self.sparse = self.late.copy()
        if model.sparse and not self.beyond:
            lanes.backward(
                self.net, True, self.finish, self.span, self.sparse, ends, chosen, model.opening, self.near, peak
            )

    def finishes(self, lane: int) -> NDArray[np.int64]:
        """Instants by place; what is fixed as it is."""
        rows = zip(self.net.calendar, self.finish[:, lane], self.net.fixed, self.net.finish, strict=True)
        return np.array(
            [at if fixed else instant_of(self.net.window, c, u) for c, u, fixed, at in rows], dtype=np.int64
        )

    def critical(self, lane: int) -> NDArray[np.bool_]:
        bit = self.net.instant.astype(np.int32)
        critical: NDArray[np.bool_] = (self.late[:, lane] | bit) <= (self.finish[:, lane] | bit)
        return critical


def replayed(schedule: Schedule, work: NDArray[np.int64]) -> tuple[Pass, NDArray[np.bool_]]:
    """The passes with these durations (minutes by place): dates, and what has no float towards the end of its group."""
    network, dates = schedule.network, schedule.dates
    assert network is not None
    assert dates is not None
    held = bounds_of(network, opening=midnight(schedule.opening), today=minutes(schedule.today))
    earliest = np.where(held.state == OPEN, dates.start, NEVER)
    held = replace(held, work=np.where(held.state == DONE, held.work, work))
    early = forward(network, held, earliest=earliest)
    return early, _float(network, held, early) <= 0


def _float(network: Any, held: Bounds, early: Pass) -> NDArray[np.int64]:
    after = np.zeros(network.size, dtype=bool)
    after[list(held.after)] = True
    leaf = network.node >= 0
    latest = np.full(network.size, -NEVER)
    for group in (False, True):
        of = leaf & (after == group)
        latest[of] = early.finish[of].max(initial=NEVER)
    happened = (held.state == DONE) & (held.work == 0) & (held.start != NEVER)
    state = np.where(happened, SILENT, np.where(held.state == DONE, DONE, OPEN))[::-1].copy()
    rows = network.backward_from(early.driver) if network.opens else network.backward
    none, no_cap = np.full(network.size, NEVER), np.full(network.size, 1 << 60)
    start, finish = -held.finish[::-1].copy(), -held.start[::-1].copy()
    pass_calendars(
        True, rows.ptr, rows.ends, rows.kind, rows.lag, rows.lag_calendar, network.calendar[::-1].copy(),
        held.work[::-1].copy(), -latest[::-1], none, no_cap, state, start, finish, start, finish, none.copy(),
        network.mirror.table,
    )  # fmt: skip
    between: NDArray[np.int64] = work_between(network.calendar, early.finish, -start[::-1], network.time.table)
    return between
