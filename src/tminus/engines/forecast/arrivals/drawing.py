"""Sample paths of the arrivals of a day: whole persons by audience, way and slot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site import Site
from tminus.engines.forecast.arrivals.ways import by_slot


def draw_arrivals(
    totals: NDArray[np.int64],
    audience_share: NDArray[np.float64],
    way_share: NDArray[np.float64],
    profile: NDArray[np.float64],
    bias: NDArray[np.float64],
    still_open: NDArray[np.bool_],
    last_slot: int,
    grid: DayGrid,
    params: ArrivalParams,
    random: np.random.Generator,
) -> NDArray[np.int32]:
    """[path, audience, way, slot] persons; each path sums to its total.

    Shares of audiences, ways and slots differ from day to day (Dirichlet), and the whole day comes earlier or later
    (one shift for all), with more or fewer of its people late or far from the middle (one bend for all); given these
    every person chooses alone (multinomial).

    :param totals: [path] visits; ``audience_share`` [audience]; ``way_share`` [audience, way]; ``profile`` [audience,
        slot].
    :param bias: [way, slot] what counted days taught beyond the profile, about 1.
    :param still_open: [way, slot] whether anybody still goes there.
    :param last_slot: nobody arrives after it.
    """
    paths, audiences, ways = len(totals), len(audience_share), way_share.shape[1]
    mix = _dirichlet(np.broadcast_to(audience_share, (paths, audiences)), params.audience_concentration, random)
    visits = random.multinomial(totals, mix)
    shift = random.normal(0.0, params.shift_sd_min, paths) / grid.slot_minutes
    bend = random.normal(0.0, 1.0, (2, paths)) * np.array([[params.tilt_sd], [params.spread_sd]])
    found = np.zeros((paths, audiences, ways, grid.slots), dtype=np.int32)
    for k in range(audiences):
        day = _bent(_shifted(profile[k], shift, last_slot), *bend)
        day = _dirichlet(day, params.slot_concentration, random)
        way = _dirichlet(np.broadcast_to(way_share[k], (paths, ways)), params.way_concentration, random)
        joint = by_slot(way, still_open) * day[:, None, :] * bias[None]
        arrived = random.multinomial(visits[:, k], _summing_to_one(joint.sum(axis=1)))
        by_way = np.moveaxis(joint, 1, 2)[arrived > 0]
        found[:, k].transpose(0, 2, 1)[arrived > 0] = random.multinomial(arrived[arrived > 0], _summing_to_one(by_way))
    return found


def slot_of_last_entry(site: Site, grid: DayGrid) -> int:
    """The last slot in which anybody may arrive."""
    open_to = np.nonzero(grid.overlap(grid.first_minute, site.last_entry) > 0)[0]
    return int(open_to[-1]) if open_to.size else 0


def _dirichlet(share: NDArray[np.float64], concentration: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Draws about rows of shares, which sum to 1; what is 0 stays 0."""
    draws = random.standard_gamma(share * concentration)
    total = draws.sum(axis=-1, keepdims=True)
    return np.where(total > 0, draws / np.where(total > 0, total, 1), share)


def _shifted(profile: NDArray[np.float64], shift: NDArray[np.float64], last: int) -> NDArray[np.float64]:
    """[path, slot] the profile moved by ``shift`` slots; nothing is lost at the ends or after ``last``."""
    slots = profile.size
    below = np.concatenate([[0.0], np.cumsum(profile)])
    at = np.arange(slots + 1)[None, :] - shift[:, None]
    moved = np.interp(at, np.arange(slots + 1), below)
    moved[:, 0], moved[:, last + 1 :] = 0.0, 1.0
    found: NDArray[np.float64] = np.clip(np.diff(moved, axis=1), 0, None)
    return _summing_to_one(found)


BENT = 2.0
"""Spreads from the middle of a day beyond which it is bent no further."""


def _bent(day: NDArray[np.float64], tilt: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """[path, slot] times exp(tilt · u + spread · (u² − 1)), u the time in spreads from the middle of the day."""
    slots = np.arange(day.shape[1])
    mean = (day * slots).sum(axis=1, keepdims=True)
    sd = np.sqrt((day * (slots - mean) ** 2).sum(axis=1, keepdims=True))
    u = np.clip((slots - mean) / np.maximum(sd, 0.5), -BENT, BENT)
    return _summing_to_one(day * np.exp(tilt[:, None] * u + spread[:, None] * (u**2 - 1)))


def _summing_to_one(share: NDArray[np.float64]) -> NDArray[np.float64]:
    total = share.sum(axis=-1, keepdims=True)
    even = np.zeros_like(share)
    even[..., 0] = 1.0
    scaled = np.where(total > 0, share / np.where(total > 0, total, 1.0), even)
    # a sum a few ulp above 1 is refused by multinomial
    found: NDArray[np.float64] = scaled / np.maximum(scaled[..., :-1].sum(axis=-1, keepdims=True), 1.0)
    return found
