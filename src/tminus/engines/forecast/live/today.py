"""What today differs by from the forecast of the day before, path by path."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.site_day import Paths, SiteDay
from tminus.engines.forecast.live.gate_shares import gate_shares
from tminus.engines.forecast.live.hours import Hours
from tminus.engines.forecast.live.lanes import FULL, TELLING
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.shape_of_day import CountedHours, moved
from tminus.engines.forecast.live.timing import at_another_time

SMALL = 10.0
"""Persons; hours and gates of so few say nothing."""
SMALL_SHARE = 0.002
"""Of the day's persons: hours of so few hardly count."""


def today_against_paths(
    day: SiteDay, seen: NDArray[np.float64], lanes: NDArray[np.float64], params: LiveParams, random: np.random.Generator
) -> Paths:
    """[path, gate, slot] by which arrivals are multiplied: the whole site's, divided anew on its gates.

    :param seen: [gate, slot] entries until now, NaN where not known.
    :param lanes: [gate, slot] capacities, as seen.
    """
    known: NDArray[np.bool_] = np.asarray(np.isfinite(seen))
    if not known.any():
        return np.ones((day.paths, len(day.site.gates), day.grid.slots))
    arrived = day.arrivals_by("gate")[1]
    hours = Hours.around(seen.shape[1], day.grid.slots, max(1, 60 // day.grid.slot_minutes))
    small = max(SMALL, SMALL_SHARE * float(arrived.sum(axis=(1, 2)).mean()))
    counted = _counted_hours(day, seen, known, lanes, hours, small)
    noise = random.standard_normal((day.paths, counted.seen.size))
    site, _ = moved(
        hours.sums(arrived.sum(axis=1)), counted, small, params, noise, random.standard_normal((day.paths, 1))
    )
    site = at_another_time(site, hours.sums(arrived.sum(axis=1)), counted, hours.past, params, random)
    told = hours.sums(day.entries_by("gate")[1][:, :, : seen.shape[1]] * known)
    by_gate = np.where(hours.sums(known.astype(np.float64)) > 0, hours.sums(np.where(known, seen, 0.0)), np.nan)
    shares = gate_shares(by_gate, told, SMALL, hours.number - hours.past, params, random)
    return _among_gates(arrived, hours, site, shares)


def _counted_hours(
    day: SiteDay, seen: NDArray[np.float64], known: NDArray[np.bool_], lanes: NDArray[np.float64], hours: Hours,
    small: float,
) -> CountedHours:  # fmt: skip
    """Hours with full lanes go together with those after them until lanes are no longer full: the queue has gone by
    then, and all who came are counted. Only where lanes are full until now may more have wanted in. Stretches in which
    nobody came or was expected are left out."""
    counted = hours.sums(np.where(known, seen, 0.0)).sum(axis=0)
    most = hours.sums(np.where(known, lanes[:, : seen.shape[1]], 0.0)).sum(axis=0)
    full: NDArray[np.bool_] = np.asarray((counted >= FULL * most) & (counted <= TELLING * most))
    last = np.searchsorted(hours.of[: seen.shape[1]], np.arange(hours.past), side="right") - 1
    entered = hours.sums((day.entries_by("gate")[1][:, :, : seen.shape[1]] * known).sum(axis=1))
    came = np.cumsum(entered, axis=1) + (day.queue[:, :, last] * known[:, last]).sum(axis=1)
    ends = np.flatnonzero(~full | (np.arange(hours.past) == hours.past - 1))
    expected = np.diff(came[:, ends], axis=1, prepend=0.0)
    so_far = np.diff(np.cumsum(counted)[ends], prepend=0.0)
    telling = so_far + expected.mean(axis=0) > small
    return CountedHours(so_far[telling], np.maximum(expected[:, telling], 0.0), full[ends][telling])


def _among_gates(arrived: Paths, hours: Hours, site: Paths, shares: Paths) -> Paths:
    """The site's people divided by shares that differ from the path's by ``shares[path, gate, hour to come]``."""
    before = np.repeat(shares[..., :1], hours.past, axis=2) if shares.shape[2] else np.zeros((*shares.shape[:2], 0))
    if not shares.shape[2]:
        before = np.zeros((*shares.shape[:2], hours.past))
    differ = np.exp(hours.over_slots(np.concatenate([before, shares], axis=2)))
    whole, moved_whole = arrived.sum(axis=1), (arrived * differ).sum(axis=1)
    even = np.divide(whole, moved_whole, out=np.ones_like(whole), where=moved_whole > 0)
    return np.asarray(differ * (even * hours.over_slots(site))[:, None])
