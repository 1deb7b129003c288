"""A day's attendance expanded: who arrives when and which way, who is on site, who leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.attendance import DailyAttendance
from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.drawing import draw_arrivals, slot_of_last_entry
from tminus.engines.forecast.arrivals.gate_queue import Entered, gate_capacity, through_gates
from tminus.engines.forecast.arrivals.learned import Learned, nothing_learned
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.profile import arrival_profiles
from tminus.engines.forecast.arrivals.site import Site
from tminus.engines.forecast.arrivals.site_day import SiteDay
from tminus.engines.forecast.arrivals.staying import stay_kernel
from tminus.engines.forecast.arrivals.ways import Ways, hall_weights, open_ways, ways_of
from tminus.engines.forecast.panel import ForecastError

STAY_STEPS = np.exp(np.linspace(-2.0, 2.0, 9))
"""Kernels are made for these powers of the spread of the stay, and each path takes the nearest."""

NO_HISTORY = "no gate has been counted yet: times of arrival, ways and stays are assumptions, not observations"


def expand(
    site: Site,
    attendance: DailyAttendance,
    *,
    paths: int = 400,
    seed: int = 0,
    params: ArrivalParams | None = None,
    learned: Learned | None = None,
    grid: DayGrid | None = None,
) -> SiteDay:
    """Sample paths of the day; in each of them, and so in the mean, everything adds up.

    :param learned: what counted days taught, of :func:`~tminus.engines.forecast.arrivals.learning.learn`.
    :raises ForecastError: no paths, or a site nobody can reach.
    """
    if paths < 1:
        raise ForecastError(f"{paths} sample paths; allowed: at least 1")
    params = params or ArrivalParams()
    grid = grid or day_grid(site, params)
    random = np.random.Generator(np.random.Philox(seed))
    ways = ways_of(site, params)
    learned = learned or nothing_learned(len(ways.gate), grid.slots)
    share = audience_shares(site, attendance)
    profile = arrival_profiles(site, grid, attendance.expected * share, params)
    params = params.after(learned.effective_days)
    totals = attendance.drawn(paths, params.total_cv, random)
    arrivals = draw_arrivals(
        totals, share, ways.share, profile, learned.bias, open_ways(site, ways, grid), slot_of_last_entry(site, grid),
        grid, params, random,
    )  # fmt: skip
    stay = learned.stay_factor * STAY_STEPS**params.stay_cv
    chosen = np.abs(random.standard_normal(paths)[:, None] - np.log(STAY_STEPS)[None, :]).argmin(axis=1)
    entered = through_gates(by_gate(arrivals, ways, len(site.gates)), gate_capacity(site, grid))
    leaving = _leaving(site, grid, params, entered, stay, chosen)
    rests_on = (*site.rests_on, *attendance.rests_on, *(learned.rests_on or (NO_HISTORY,)))
    return SiteDay(
        site, grid, ways, attendance, arrivals, entered.entries, entered.queue, entered.turned_away, leaving,
        way_out(arrivals, entered, ways), _hall_share(site, grid, params, entered, leaving), stay[chosen], rests_on,
    )  # fmt: skip


def day_grid(site: Site, params: ArrivalParams) -> DayGrid:
    """From the first departure from home to the last arrival there."""
    first = site.opening_minute + min(params.first_wave_min[0], params.second_wave_min[0])
    named = [wave.first_minute for one in site.audiences for wave in one.waves]
    travel = site.travel_min
    longest = float(travel[np.isfinite(travel)].max(initial=0.0)) if travel is not None else 0.0
    walk = float(site.walk_min[np.isfinite(site.walk_min)].max(initial=0.0))
    times = [one.minute for one in site.booked] + [minute for one in site.tickets for minute, _ in one.slots]
    booked = [minute - params.booked_early_min - 3 * params.booked_sd_min for minute in times]
    begin = min([first, *named, *booked]) - params.shift_sd_min * 2 - min(longest + walk, 180)
    return DayGrid.covering(
        begin, site.closing_minute + params.clearing_min + min(longest + walk, 180), params.slot_minutes
    )


def audience_shares(site: Site, attendance: DailyAttendance) -> NDArray[np.float64]:
    """[audience] summing to 1; the day's own where it names any of the site's."""
    own = np.array([attendance.shares.get(one.id, 0.0) for one in site.audiences], dtype=np.float64)
    share = own if own.sum() > 0 else np.array([one.share for one in site.audiences], dtype=np.float64)
    found: NDArray[np.float64] = share / share.sum()
    return found


def by_gate(arrivals: NDArray[np.int32] | NDArray[np.float64], ways: Ways, gates: int) -> NDArray[np.float64]:
    """[path, gate, audience, slot] of [path, audience, way, slot]."""
    paths, audiences, _, slots = arrivals.shape
    found = np.zeros((paths, gates, audiences, slots))
    for way, gate in enumerate(ways.gate):
        found[:, gate] += arrivals[:, :, way]
    return found


def _leaving(
    site: Site, grid: DayGrid, params: ArrivalParams, entered: Entered, stay: NDArray[np.float64],
    chosen: NDArray[np.intp],
) -> NDArray[np.float64]:  # fmt: skip
    """D(t) = Σ_s E(s) g(t − s | s), [path, audience, slot]."""
    entries = entered.entries.sum(axis=1)
    found: NDArray[np.float64] = np.zeros(entries.shape)
    for k, audience in enumerate(site.audiences):
        for step in np.unique(chosen):
            at = chosen == step
            found[at, k] = entries[at, k] @ stay_kernel(site, audience, grid, params, float(stay[step]))
    return found


def way_out(arrivals: NDArray[np.int32] | NDArray[np.float64], entered: Entered, ways: Ways) -> NDArray[np.float64]:
    """[path, audience, way]: people leave the way they came, those turned away not counted."""
    came = arrivals.sum(axis=3, dtype=np.float64)
    went_in = entered.entries.sum(axis=3)
    arrived = went_in + entered.turned_away
    inside = np.divide(went_in, arrived, out=np.zeros_like(went_in), where=arrived > 0)
    stayed = came * np.moveaxis(inside, 1, 2)[:, :, ways.gate]
    total = stayed.sum(axis=2, keepdims=True)
    even = np.broadcast_to(ways.share[None], stayed.shape)
    return np.where(total > 0, stayed / np.where(total > 0, total, 1.0), even)


def _hall_share(
    site: Site, grid: DayGrid, params: ArrivalParams, entered: Entered, leaving: NDArray[np.float64]
) -> NDArray[np.float64]:
    """[audience, hall, slot] of those on site; a programme draws its persons to its hall while it lasts."""
    found = np.zeros((len(site.audiences), len(site.halls), grid.slots))
    if not site.halls:
        return found
    place = {one.id: number for number, one in enumerate(site.halls)}
    on_site = np.cumsum((entered.entries.sum(axis=1) - leaving).mean(axis=0), axis=1)
    for k, audience in enumerate(site.audiences):
        weight = np.repeat(hall_weights(site, audience)[:, None], grid.slots, axis=1)
        for one in site.booked:
            if one.audience != audience.id or not one.hall:
                continue
            lasts = grid.overlap(one.minute, one.end or one.minute + 60)
            drawn = lasts * np.clip(one.persons / np.maximum(params.in_halls * on_site[k], 1), 0, 1)
            weight *= 1 - drawn
            weight[place[one.hall]] += drawn
        found[k] = params.in_halls * weight
    return found
