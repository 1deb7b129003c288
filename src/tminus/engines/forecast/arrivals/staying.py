"""How long people stay: by the time they enter, and all out after closing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site import Audience, Site


def stay_kernel(
    site: Site, audience: Audience, grid: DayGrid, params: ArrivalParams, factor: float = 1.0
) -> NDArray[np.float64]:
    """g[entered in slot, leaves in slot] ≥ 0, rows summing to 1: a gamma-distributed stay.

    Who would stay past closing leaves in the wave after it, within ``clearing_min``.
    """
    middle = grid.starts + grid.slot_minutes / 2
    mean, sd = _stay(site, audience, middle, params, factor)
    since = np.clip(grid.edges[None, :] - middle[:, None], 0, None)
    below = gammainc(((mean / sd) ** 2)[:, None], since * (mean / sd**2)[:, None])
    closing = site.closing_minute
    below = np.where(grid.edges[None, :] > closing, _at(below, grid, closing)[:, None], below)
    leaving = np.diff(below, axis=1)
    wave = _clearing(grid, closing, params.clearing_min)
    later = np.tril(np.ones((grid.slots, grid.slots))).T  # nobody leaves before they came
    rest = wave[None, :] * later
    rest[:, -1] += rest.sum(axis=1) <= 0
    rest /= rest.sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = leaving + (1 - leaving.sum(axis=1, keepdims=True)) * rest
    return found


def _stay(
    site: Site, audience: Audience, entered: NDArray[np.float64], params: ArrivalParams, factor: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and spread, minutes, of who enters at ``entered``."""
    mean = params.stay_min if audience.stay_min is None else audience.stay_min
    sd = params.stay_sd_min if audience.stay_sd_min is None else audience.stay_sd_min
    left = (site.closing_minute - entered) / (site.closing_minute - site.opening_minute)
    bent = np.clip(left, 0.01, 1.0) ** params.stay_bend * factor
    return mean * bent, sd * bent


def _at(below: NDArray[np.float64], grid: DayGrid, minute: float) -> NDArray[np.float64]:
    """The rows of a cumulative table read at one minute."""
    place = np.clip((minute - grid.first_minute) / grid.slot_minutes, 0, grid.slots)
    low = min(int(place), grid.slots - 1)
    found: NDArray[np.float64] = below[:, low] + (place - low) * (below[:, low + 1] - below[:, low])
    return found


def _clearing(grid: DayGrid, closing: float, minutes: float) -> NDArray[np.float64]:
    """[slot] share of those still there at closing that leaves: a rate falling to 0 over ``minutes``."""
    since = np.clip((grid.edges - closing) / max(minutes, 1e-9), 0, 1)
    return np.diff(1 - (1 - since) ** 2)
