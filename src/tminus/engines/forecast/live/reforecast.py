"""The rest of the day, from what was counted so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.expansion import by_gate, way_out
from tminus.engines.forecast.arrivals.gate_queue import Entered, gate_capacity, through_gates
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site_day import Paths, SiteDay
from tminus.engines.forecast.live.lanes import lanes_as_seen
from tminus.engines.forecast.live.leaving import leaving_from
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.scale import Scale, scale_of
from tminus.engines.forecast.live.today import today_against_paths


@dataclass(frozen=True, slots=True)
class Reforecast:
    """``day`` from now on with narrower intervals (slots before ``slot`` are as counted, where they were counted);
    ``scale`` of the whole site and ``gates`` of each gate against it.
    """

    slot: int
    scale: Scale
    gates: tuple[Scale, ...]
    day: SiteDay
    degraded: tuple[str, ...]


def reforecast(
    day: SiteDay,
    counted: NDArray[np.float64],
    slot: int,
    *,
    seed: int = 0,
    params: LiveParams | None = None,
    arrival_params: ArrivalParams | None = None,
) -> Reforecast:
    """The day re-forecast at the beginning of ``slot``.

    :param counted: [gate, slot, channel] persons in and out, NaN where not known or not to be believed; what it has
        from ``slot`` on is not looked at.
    """
    params, arrival_params = params or LiveParams(), arrival_params or ArrivalParams()
    random = np.random.Generator(np.random.Philox([seed, slot]))
    seen, before = counted[:, :slot], _scale_draws(day)
    thought = gate_capacity(day.site, day.grid)
    lanes, beyond = lanes_as_seen(thought, seen[..., 0], _gate_names(day))
    factor = today_against_paths(day, seen[..., 0], lanes, params, random)
    arrivals: Paths = day.arrivals * factor[:, day.ways.gate][:, None]
    expected = through_gates(by_gate(arrivals, day.ways, len(day.site.gates)), lanes)
    entered, arrivals = _from_now(day, arrivals, expected, seen[..., 0], slot, lanes)
    leaving, short = leaving_from(day, entered, seen[..., 1], slot, arrival_params)
    new = replace(
        day, arrivals=arrivals, entries=entered.entries, queue=entered.queue, turned_away=entered.turned_away,
        leaving=leaving, way_out=way_out(arrivals, entered, day.ways),
        rests_on=(*day.rests_on, f"counts until minute {int(day.grid.edges[slot])}"),
    )  # fmt: skip
    now = _scale_draws(new)
    usual = before.mean(axis=0)
    site = scale_of(now.sum(axis=1) / max(float(usual.sum()), 1e-9))
    share = now / np.maximum(now.sum(axis=1, keepdims=True), 1e-9) / np.maximum(usual / max(usual.sum(), 1e-9), 1e-9)
    return Reforecast(slot, site, tuple(scale_of(draws) for draws in share.T), new, (*beyond, *short))


def _scale_draws(day: SiteDay) -> Paths:
    """[path, gate] entries of the day."""
    return np.asarray(day.entries.sum(axis=(2, 3)))


def _gate_names(day: SiteDay) -> tuple[str, ...]:
    return tuple(one.id for one in day.site.gates)


def _from_now(
    day: SiteDay, arrivals: Paths, expected: Entered, seen: NDArray[np.float64], slot: int, lanes: NDArray[np.float64]
) -> tuple[Entered, Paths]:
    """Entries as counted before ``slot`` and through the gates after it, and arrivals that fit them."""
    gates, slots = len(day.site.gates), day.grid.slots
    at_gate = by_gate(arrivals, day.ways, gates)
    mix = _mix(at_gate, expected.entries)
    entries, queue = np.zeros_like(expected.entries), np.zeros_like(expected.queue)
    arrived = at_gate.sum(axis=2)
    waiting = np.zeros((day.paths, gates))
    for t in range(slot):
        believed = np.isfinite(seen[:, t])
        went = np.where(believed[None], np.nan_to_num(seen[:, t])[None], expected.entries[:, :, :, t].sum(axis=2))
        # what waits is not counted: as expected, but nobody who came before disappears
        left = np.maximum(expected.queue[:, :, t], waiting - went)
        arrived[:, :, t] = went + left - waiting
        waiting = left
        entries[:, :, :, t] = mix[:, :, :, t] * went[:, :, None]
        queue[:, :, t] = waiting
    fewer = _within_cap(day, entries, waiting, at_gate[..., slot:].sum(axis=(1, 2, 3)))
    arrivals = arrivals.copy()
    arrivals[..., slot:] *= fewer[:, None, None, None]
    later = at_gate * fewer[:, None, None, None]
    later[..., :slot] = 0.0
    if slot < slots:
        later[..., slot] += mix[..., slot] * waiting[:, :, None]
    rest = through_gates(later, lanes)
    entries[..., slot:] = rest.entries[..., slot:]
    queue[..., slot:] = rest.queue[..., slot:]
    return Entered(entries, queue, rest.turned_away), _rescaled(day, arrivals, at_gate.sum(axis=2), arrived, slot)


def _within_cap(day: SiteDay, entries: Paths, waiting: Paths, to_come: NDArray[np.float64]) -> NDArray[np.float64]:
    """[path] of those still to come, the share that may: who is in or waits already counts first."""
    if day.attendance.most is None:
        return np.ones(day.paths)
    room = day.attendance.most - entries.sum(axis=(1, 2, 3)) - waiting.sum(axis=1)
    return np.asarray(np.clip(room / np.maximum(to_come, 1e-9), 0.0, 1.0))


def _mix(at_gate: Paths, entries: Paths) -> Paths:
    """[path, gate, audience, slot] who is among those who enter, summing to 1."""
    whole = at_gate.sum(axis=3, keepdims=True) + 1e-12
    total = entries.sum(axis=2, keepdims=True)
    even = whole / whole.sum(axis=2, keepdims=True)
    return np.where(total > 1e-9, entries / np.where(total > 1e-9, total, 1.0), even)


def _rescaled(day: SiteDay, arrivals: Paths, before: Paths, after: Paths, slot: int) -> Paths:
    """Arrivals by audience and way that sum to ``after`` [path, gate, slot] before ``slot``."""
    found = arrivals.copy()
    for gate in range(before.shape[1]):
        ways = np.nonzero(day.ways.gate == gate)[0]
        if not ways.size:
            continue
        part = arrivals[:, :, ways, :slot]
        usual = arrivals[:, :, ways].sum(axis=3, keepdims=True) + 1e-12
        usual = usual / usual.sum(axis=(1, 2), keepdims=True)
        total = before[:, None, None, gate, :slot]
        share = np.where(total > 1e-9, part / np.where(total > 1e-9, total, 1.0), usual)
        found[:, :, ways, :slot] = share * after[:, None, None, gate, :slot]
    return found
