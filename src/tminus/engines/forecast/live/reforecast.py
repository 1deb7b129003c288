"""The rest of the day, from what was counted so far."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.expansion import by_gate, way_out
from tminus.engines.forecast.arrivals.gate_queue import Entered, gate_capacity, through_gates
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site_day import Paths, SiteDay
from tminus.engines.forecast.live.leaving import leaving_from
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.scale import Scale, scale_after, scale_prior


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
    seen = counted[:, :slot]
    level_mean = day.entries.sum(axis=(1, 2, 3)).mean()
    path, scale, by_gate_ = _scaled(day, seen[..., 0], params, random)
    day = replace(
        day, arrivals=day.arrivals[path], entries=day.entries[path], queue=day.queue[path], leaving=day.leaving[path],
        turned_away=day.turned_away[path], way_out=day.way_out[path], stay=day.stay[path],
    )  # fmt: skip
    arrivals = day.arrivals * (scale[:, None] * by_gate_)[:, None, day.ways.gate, None]
    expected = through_gates(by_gate(arrivals, day.ways, len(day.site.gates)), gate_capacity(day.site, day.grid))
    entered, arrivals = _from_now(day, arrivals, expected, seen[..., 0], slot)
    leaving, degraded = leaving_from(day, entered, seen[..., 1], slot, arrival_params)
    new = replace(
        day, arrivals=arrivals, entries=entered.entries, queue=entered.queue, turned_away=entered.turned_away,
        leaving=leaving, way_out=way_out(arrivals, entered, day.ways),
        rests_on=(*day.rests_on, f"counts until minute {int(day.grid.edges[slot])}"),
    )  # fmt: skip
    level = day.entries.sum(axis=(1, 2, 3))
    site = _summed_up(scale * level / max(float(level_mean), 1e-9))
    return Reforecast(slot, site, tuple(_summed_up(draws) for draws in by_gate_.T), new, degraded)


def _scaled(
    day: SiteDay, seen: NDArray[np.float64], params: LiveParams, random: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """[path] the paths that go on, and their scale [path] of the site and [path, gate] beyond it.

    Each path is brought to the mean total; what it then had until now is what a day of its shape expects. The total's
    scale is gamma, so each shape has a posterior of its own and a likelihood (negative binomial), by which paths are
    drawn again: a day that began early is not taken for a large one where shapes can tell.
    """
    known = np.isfinite(seen)
    entries = day.entries_by("gate")[1]
    totals = np.maximum(entries.sum(axis=(1, 2)), 1e-9)
    level = totals / max(float(totals.mean()), 1e-9)
    so_far = (entries[:, :, : seen.shape[1]] * known).sum(axis=2) / level[:, None]
    observed = np.where(known, seen, 0.0).sum(axis=1)
    prior = scale_prior(max(float(level.std()), params.least_cv))
    path = _drawn_again(_evidence(prior, observed.sum(), so_far.sum(axis=1), params.dispersion), random)
    site = np.array(
        [
            scale_after(prior, observed.sum(), one, params.dispersion).draws(1, random)[0]
            for one in so_far[path].sum(axis=1)
        ]
    )
    shared = scale_prior(params.gate_cv)
    gates = np.stack(
        [
            [
                scale_after(shared, observed[g], one, params.dispersion).draws(1, random)[0]
                for one in so_far[path, g] * site
            ]
            for g in range(len(observed))
        ],
        axis=1,
    )
    return path, site / level[path], gates


def _evidence(prior: Scale, observed: float, expected: NDArray[np.float64], dispersion: float) -> NDArray[np.float64]:
    """[path] log likelihood of the observed, but for what is the same in all."""
    o, e = observed / dispersion, np.maximum(expected, 1.0) / dispersion
    return np.asarray(o * np.log(e) - (prior.shape + o) * np.log(prior.rate + e))


LEAST_KEPT = 0.3
"""Of the paths, effectively: few paths that fit by chance would make the rest of the day look surer than it is."""


def _drawn_again(evidence: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.intp]:
    """[path] systematic resampling by likelihood, tempered so that enough of them stay."""
    weight = _weights(evidence)
    while 1 / (weight**2).sum() < LEAST_KEPT * weight.size:
        evidence = evidence * 0.7
        weight = _weights(evidence)
    at = (np.arange(weight.size) + random.random()) / weight.size
    return np.asarray(np.minimum(np.searchsorted(np.cumsum(weight), at), weight.size - 1), dtype=np.intp)


def _weights(evidence: NDArray[np.float64]) -> NDArray[np.float64]:
    weight = np.exp(evidence - evidence.max())
    return np.asarray(weight / weight.sum())


def _summed_up(draws: NDArray[np.float64]) -> Scale:
    """The gamma of the draws' mean and spread."""
    mean, spread = float(draws.mean()), max(float(draws.var()), 1e-12)
    return Scale(mean**2 / spread, mean / spread)


def _from_now(
    day: SiteDay, arrivals: Paths, expected: Entered, seen: NDArray[np.float64], slot: int
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
    later = at_gate.copy()
    later[..., :slot] = 0.0
    if slot < slots:
        later[..., slot] += mix[..., slot] * waiting[:, :, None]
    rest = through_gates(later, gate_capacity(day.site, day.grid))
    entries[..., slot:] = rest.entries[..., slot:]
    queue[..., slot:] = rest.queue[..., slot:]
    return Entered(entries, queue, rest.turned_away), _rescaled(day, arrivals, at_gate.sum(axis=2), arrived, slot)


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
