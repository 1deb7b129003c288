"""A day watched as it is counted: re-forecast every hour, and alarms where reality leaves the interval."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.gate_queue import gate_capacity
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site_day import SiteDay
from tminus.engines.forecast.live.alarm import Alarm
from tminus.engines.forecast.live.diverted import diverted
from tminus.engines.forecast.live.doubled import above_share, doubled_slots
from tminus.engines.forecast.live.likely import Hour, alarms_of_hour
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.readings import Counts, Trouble
from tminus.engines.forecast.live.reforecast import Reforecast, reforecast

CHANNELS = ("in", "out")


@dataclass(frozen=True, slots=True)
class Watched:
    """The latest re-forecast and every alarm so far, in order of time; ``degraded`` says what is missing."""

    now: Reforecast
    alarms: tuple[Alarm, ...]
    degraded: tuple[str, ...]


@dataclass(slots=True)
class Watch:
    """Watches one day. Nothing is remembered but what may be reckoned again: the same counts, in whatever order they
    came, end in the same state.
    """

    day: SiteDay
    seed: int = 0
    params: LiveParams = field(default_factory=LiveParams)
    arrival_params: ArrivalParams = field(default_factory=ArrivalParams)
    _reckoned: dict[tuple[int, bytes], Reforecast] = field(default_factory=dict)
    _plans: list[NDArray[np.float64]] = field(default_factory=list)

    def until(self, counts: Counts, minute: float) -> Watched:
        """The day as known at ``minute`` after midnight, of which only whole updates count.

        :param counts: of the site's gates in their order; what they have from ``minute`` on is not looked at.
        """
        believed = counts.values.copy()
        troubles = _first_of_each(counts.troubles, minute)
        alarms = [_of_trouble(one, self.day, minute) for one in troubles]
        gates, beyond = [one.id for one in self.day.site.gates], set[int]()
        now, twice = self._at(believed, 0), np.zeros((0, 0, 0), dtype=bool)
        for slot in range(self._first, self._slots_until(minute) + 1, self._step):
            twice = doubled_slots(counts.values[:, :slot], self._planned[:, :slot], self.params)
            for gate in beyond:
                twice[gate, :, 0] |= above_share(
                    counts.values[:, :slot, 0], self._planned[:, :slot, 0], gate, self.params
                )
            believed[:, :slot][twice] = np.nan
            found = alarms_of_hour(self._hour(now, counts, twice, slot), self.params)
            alarms += found
            _forget(believed, found, self.day, max(slot - self._step, 0), slot)
            beyond |= {gates.index(one.node) for one in found if one.kind == "impossible"}
            now = self._at(believed, slot)
        alarms += _of_doubled(counts, twice, self.day)
        alarms = _joined(_told_apart(alarms, troubles))
        alarms = sorted(alarms, key=lambda one: (one.minute, one.node, one.channel, one.kind))
        doubted = _doubted(counts, believed[:, : now.slot], self.day)
        return Watched(now, tuple(alarms), (*now.degraded, *_degraded(counts, self.day, now.slot), *doubted))

    @property
    def _plan(self) -> NDArray[np.float64]:
        """[path, gate, slot, channel] of the day before, reckoned once."""
        if not self._plans:
            self._plans.append(_flows(self.day, slice(None)))
        return self._plans[0]

    @property
    def _planned(self) -> NDArray[np.float64]:
        """[gate, slot, channel] its mean."""
        if len(self._plans) < 2:
            self._plans[1:] = [self._plan.mean(axis=0)]
        return self._plans[1]

    @property
    def _step(self) -> int:
        return max(1, self.params.every_minutes // self.day.grid.slot_minutes)

    @property
    def _first(self) -> int:
        """Updates fall on whole hours of the clock, whenever the day's slots begin."""
        grid, every = self.day.grid, self._step * self.day.grid.slot_minutes
        off = -grid.first_minute % every
        return off // grid.slot_minutes or self._step

    def _slots_until(self, minute: float) -> int:
        """Slots that are over at ``minute``."""
        grid = self.day.grid
        return min(max(int((minute - grid.first_minute) // grid.slot_minutes), 0), grid.slots)

    def _at(self, believed: NDArray[np.float64], slot: int) -> Reforecast:
        key = (slot, believed[:, :slot].tobytes())
        if key not in self._reckoned:
            self._reckoned[key] = reforecast(
                self.day, believed, slot, seed=self.seed, params=self.params, arrival_params=self.arrival_params
            )
        return self._reckoned[key]

    def _hour(self, now: Reforecast, counts: Counts, twice: NDArray[np.bool_], slot: int) -> Hour:
        """What was expected, an hour ago, of the slots before ``slot``, and what came; nothing of who counts twice."""
        begin = max(slot - self._step, 0)
        span = slice(begin, slot)
        known: NDArray[np.bool_] = np.asarray(np.isfinite(counts.values[:, span]).all(axis=2))
        flows = _flows(now.day, span)
        expected = (flows * known[None, :, :, None]).sum(axis=2)
        planned = (self._plan[:, :, span] * known[None, :, :, None]).sum(axis=2)
        missed = (flows * ~known[None, :, :, None]).sum(axis=(2, 3)).mean(axis=0)
        some = np.asarray(known.any(axis=1))[:, None]
        seen = np.where(some & ~twice[:, span].any(axis=1), np.nansum(counts.values[:, span], axis=1), np.nan)
        grid = self.day.grid
        capacity = gate_capacity(self.day.site, grid)[:, span]
        before = np.nansum(counts.values[:, :slot], axis=(0, 1))
        return Hour(
            tuple(one.id for one in self.day.site.gates), int(grid.edges[begin]), int(grid.edges[slot]),
            expected, planned, seen, missed, capacity, counts.values[:, span, 0],
            np.stack([diverted(counts.values[:, :slot, one], self._planned[:, :slot, one]) for one in (0, 1)], axis=1),
            (float(before[0]), float(before[1])), bool(np.isfinite(counts.values[:, :slot]).all()),
        )  # fmt: skip


def _flows(day: SiteDay, span: slice) -> NDArray[np.float64]:
    """[path, gate, slot, channel]"""
    return np.stack([day.entries_by("gate")[1][..., span], day.departures_by("gate")[1][..., span]], axis=3)


def _first_of_each(troubles: tuple[Trouble, ...], minute: float) -> list[Trouble]:
    """One of every kind and counter, the first; those of which it is known how long they last, each."""
    first: dict[tuple[str, str, str, float], Trouble] = {}
    for one in troubles:
        if one.minute < minute:
            first.setdefault((one.kind, one.node, one.counter, -1.0 if one.until is None else one.minute), one)
    return list(first.values())


TROUBLE_WORDS = {
    "reset": "the counter began its numbers anew; what it counted meanwhile is lost",
    "stuck": "the counter shows the same figures again and again; they are not believed",
    "negative": "the counter shows fewer than no persons; this is not believed",
    "doubled": "every figure is even: the counter likely counts everybody twice; they are not believed",
    "running_total": "the counter sends totals that grow, not counts; differences between them are taken",
    "double": "the counter sent two different figures for one time; the larger is kept",
}


def _told_apart(alarms: list[Alarm], troubles: list[Trouble]) -> list[Alarm]:
    """A gate whose readings were left out for what they say of themselves is not called silent besides."""
    lasting = [(one.node, one.minute, one.until) for one in troubles if one.until is not None]
    return [
        alarm for alarm in alarms
        if alarm.kind != "silent"
        or not any(node == alarm.node and begin < alarm.until and alarm.minute < end for node, begin, end in lasting)
    ]  # fmt: skip


def _of_trouble(trouble: Trouble, day: SiteDay, minute: float) -> Alarm:
    kind = {"double": "disagreement", "doubled": "double_counting"}.get(trouble.kind, trouble.kind)
    counter = f" {trouble.counter}" if trouble.counter else ""
    at = int(trouble.minute)
    until = at + day.grid.slot_minutes if trouble.until is None else int(min(trouble.until, minute))
    words = f"{trouble.node}{counter}: {TROUBLE_WORDS[trouble.kind]}"
    return Alarm(kind, trouble.node, "both", at, until, trouble.seen, None, None, None, words)


def _forget(believed: NDArray[np.float64], alarms: list[Alarm], day: SiteDay, begin: int, end: int) -> None:
    """Counts of a sensor that is likely at fault teach nothing."""
    gates = [one.id for one in day.site.gates]
    for one in alarms:
        if one.is_fault and one.kind != "silent" and one.node in gates:
            channels = [CHANNELS.index(one.channel)] if one.channel in CHANNELS else [0, 1]
            believed[gates.index(one.node), begin:end, channels] = np.nan


def _of_doubled(counts: Counts, twice: NDArray[np.bool_], day: SiteDay) -> list[Alarm]:
    """One each time a gate's counter does so, from the first slot that is doubled to the last."""
    found = []
    for gate, channel in zip(*np.nonzero(twice.any(axis=1)), strict=True) if twice.size else ():
        slots = np.flatnonzero(twice[gate, :, channel])
        for run in np.split(slots, np.flatnonzero(np.diff(slots) > 1) + 1):
            seen = float(counts.values[gate, run, channel].sum())
            name, what = day.site.gates[gate].id, CHANNELS[channel]
            begin, until = (int(day.grid.edges[at]) for at in (run[0], run[-1] + 1))
            words = (
                f"{name} {what}: from one slot to the next about twice its share, and it stays: likely counted twice"
            )
            found.append(Alarm("double_counting", name, what, begin, until, seen, None, None, None, words))
    return found


def _doubted(counts: Counts, believed: NDArray[np.float64], day: SiteDay) -> tuple[str, ...]:
    """Where counts are not believed, and what stands in for them."""
    left_out = np.isfinite(counts.values[:, : believed.shape[1]]) & ~np.isfinite(believed)
    words = []
    for gate, channel in zip(*np.nonzero(left_out.any(axis=1)), strict=True):
        slots = np.flatnonzero(left_out[gate, :, channel])
        persons = float(counts.values[gate, slots, channel].sum())
        words.append(
            f"{day.site.gates[gate].id}: {persons:.0f} counted {CHANNELS[channel]} in {slots.size} slots are not "
            "believed; the other gates and what was expected stand in for them"
        )
    return tuple(words)


def _joined(alarms: list[Alarm]) -> list[Alarm]:
    """The same trouble hour after hour is one alarm that lasts."""
    found: list[Alarm] = []
    latest: dict[tuple[str, str, str], int] = {}
    for one in sorted(alarms, key=lambda one: one.minute):
        key = (one.kind, one.node, one.channel)
        at = latest.get(key)
        if at is not None and found[at].until >= one.minute:
            found[at] = replace(found[at], until=max(found[at].until, one.until))
        else:
            latest[key] = len(found)
            found.append(one)
    return found


def _degraded(counts: Counts, day: SiteDay, slot: int) -> tuple[str, ...]:
    """Gates of which not all was counted while people were expected there."""
    expected = day.entries_by("gate")[1].mean(axis=0)[:, :slot] + day.departures_by("gate")[1].mean(axis=0)[:, :slot]
    known = np.isfinite(counts.values[:, :slot, 0])
    whole = expected.sum(axis=1)
    share = (expected * known).sum(axis=1) / np.maximum(whole, 1e-9)
    return tuple(
        f"{gate.id}: {100 * part:.0f} % of what was expected so far fell into slots that were counted"
        for gate, part, there in zip(day.site.gates, share, whole, strict=True)
        if there > 1 and part < 0.995
    )
