"""When an audience arrives: f_k(t), a gamma mixture, or about the times people booked."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, ndtr

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site import Audience, Site, Wave


def arrival_profiles(
    site: Site, grid: DayGrid, visits: NDArray[np.float64], params: ArrivalParams
) -> NDArray[np.float64]:
    """[audience, slot] share of an audience that arrives in the slot; each row sums to 1.

    :param visits: [audience] expected; against them the booked persons are a share.
    """
    return np.stack(
        [_of_audience(site, one, grid, float(count), params) for one, count in zip(site.audiences, visits, strict=True)]
    )


def _of_audience(
    site: Site, audience: Audience, grid: DayGrid, visits: float, params: ArrivalParams
) -> NDArray[np.float64]:
    without = _without_ticket(site, audience, grid, visits, params)
    held = next((one for one in site.tickets if one.audience == audience.id), None)
    if held is None:
        return without
    return held.share * _about_all(held.slots, site, grid, params) + (1 - held.share) * without


def _without_ticket(
    site: Site, audience: Audience, grid: DayGrid, visits: float, params: ArrivalParams
) -> NDArray[np.float64]:
    booked = [(one.minute, one.persons) for one in site.booked if one.audience == audience.id and one.persons > 0]
    free = _renormalised(sum((_wave(one, grid) for one in _waves(site, audience, params)), np.zeros(grid.slots)))
    free = _until_last_entry(free, site, grid)
    persons = sum(one for _, one in booked)
    if not persons:
        return free
    share = min(1.0, persons / visits) if visits > 0 else 1.0
    return share * _about_all(booked, site, grid, params) + (1 - share) * free


def _waves(site: Site, audience: Audience, params: ArrivalParams) -> tuple[Wave, ...]:
    if audience.waves:
        return audience.waves
    at = site.opening_minute
    return tuple(
        Wave(at + first, at + mean, sd, share)
        for first, mean, sd, share in (params.first_wave_min, params.second_wave_min)
    )


def _wave(wave: Wave, grid: DayGrid) -> NDArray[np.float64]:
    mean = wave.mean_minute - wave.first_minute
    shape, scale = (mean / wave.sd_min) ** 2, wave.sd_min**2 / mean
    below: NDArray[np.float64] = gammainc(shape, np.clip(grid.edges - wave.first_minute, 0, None) / scale)
    return wave.share * np.diff(below)


def _about_all(
    booked: Iterable[tuple[float, float]], site: Site, grid: DayGrid, params: ArrivalParams
) -> NDArray[np.float64]:
    """When those come who come for (minute, persons)."""
    found = sum((persons * _about(minute, grid, params) for minute, persons in booked), np.zeros(grid.slots))
    return _until_last_entry(_renormalised(found), site, grid)


def _about(minute: float, grid: DayGrid, params: ArrivalParams) -> NDArray[np.float64]:
    centre = minute - params.booked_early_min
    found: NDArray[np.float64] = np.diff(ndtr((grid.edges - centre) / params.booked_sd_min))
    return found


def _until_last_entry(profile: NDArray[np.float64], site: Site, grid: DayGrid) -> NDArray[np.float64]:
    return _renormalised(profile * grid.overlap(grid.first_minute, site.last_entry))


def _renormalised(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """A profile that lies outside the day altogether is spread over all of it."""
    total = profile.sum()
    return profile / total if total > 1e-12 else np.full(profile.shape, 1 / profile.size)
