"""Which way an audience comes: origin, mode, terminal, gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site import Audience, Site
from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class Ways:
    """Way w leads through ``terminal[w]`` and ``gate[w]`` (their places in the site); ``share[audience, way]``.

    ``origin_share[terminal, origin]``: where those who come through a terminal started; rows of terminals without
    origins are 0.
    """

    terminal: NDArray[np.intp]
    gate: NDArray[np.intp]
    share: NDArray[np.float64]
    origin_share: NDArray[np.float64]


def ways_of(site: Site, params: ArrivalParams) -> Ways:
    """The ways of a site and how each audience divides on them.

    :raises ForecastError: a gate or terminal nobody can reach on foot.
    """
    origin_share, drawn = _origins(site, params)
    by_pair = np.stack([_pairs(site, one, drawn, params) for one in site.audiences])
    used = (by_pair >= params.smallest_share).any(axis=0)
    terminal, gate = np.nonzero(used)
    share = by_pair[:, terminal, gate]
    return Ways(terminal, gate, share / share.sum(axis=1, keepdims=True), origin_share)


def _origins(site: Site, params: ArrivalParams) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``origin_share`` and [terminal] how the origins' mode divides on its terminals.

    T_i ∝ W_i exp(−b c_i) with c_i the log-sum over terminals; the terminal by logit.
    """
    share = np.zeros((len(site.terminals), len(site.origins)))
    if not site.origins or site.travel_min is None or site.origin_weight is None:
        return share, np.zeros(len(site.terminals))
    ours = np.array([one.mode == site.origin_mode for one in site.terminals])
    cost: NDArray[np.float64] = np.where(ours, site.travel_min, np.inf)
    reached: NDArray[np.bool_] = np.asarray(np.isfinite(cost).any(axis=1))
    if not (reached & (site.origin_weight > 0)).any():
        raise ForecastError(f"origins: none of them reaches a terminal of mode {site.origin_mode!r}")
    nearest = np.where(reached, cost.min(axis=1, initial=np.inf), 0.0)
    weight = np.exp(-params.terminal_theta_per_min * (np.where(reached[:, None], cost, np.inf) - nearest[:, None]))
    weight /= np.where(reached, weight.sum(axis=1), 1.0)[:, None]
    trips = np.where(reached, site.origin_weight * np.exp(-params.origin_decay_per_min * nearest), 0.0)
    joint = (trips[:, None] * weight).T
    total = joint.sum(axis=1, keepdims=True)
    np.divide(joint, total, out=share, where=total > 0)
    return share, total[:, 0] / total.sum()


def _pairs(site: Site, audience: Audience, drawn: NDArray[np.float64], params: ArrivalParams) -> NDArray[np.float64]:
    """[terminal, gate] of one audience, summing to 1."""
    by_terminal = np.zeros(len(site.terminals))
    for mode, wanted in audience.modes.items():
        at = np.array([one.mode == mode for one in site.terminals])
        weight = drawn if mode == site.origin_mode and drawn.sum() > 0 else _weights(site)
        if wanted > 0 and not (weight * at).sum() > 0:
            raise ForecastError(f"audience {audience.id!r}: the terminals of mode {mode!r} have no weight")
        by_terminal += wanted * at * weight / max((weight * at).sum(), 1e-300)
    by_terminal /= by_terminal.sum()
    return np.asarray(by_terminal[:, None] * _gates(site, audience, by_terminal > 0, params))


def _weights(site: Site) -> NDArray[np.float64]:
    return np.array([one.weight for one in site.terminals], dtype=np.float64)


def _gates(site: Site, audience: Audience, used: NDArray[np.bool_], params: ArrivalParams) -> NDArray[np.float64]:
    """[terminal, gate] of the terminals it uses: by the walks to the gate and on to halls, and by lanes."""
    open_to = np.array([not audience.gates or one.id in audience.gates for one in site.gates])
    minutes = site.walk_min + _to_halls(site, audience)[None, :]
    minutes = np.where(open_to[None, :], minutes, np.inf)
    best = minutes.min(axis=1, keepdims=True)
    lost = used & ~np.isfinite(best[:, 0])
    if lost.any():
        unreached = site.terminals[int(np.argmax(lost))]
        raise ForecastError(f"terminal {unreached.id!r}: no gate open to {audience.id!r} can be reached on foot")
    minutes, best = np.where(used[:, None], minutes, 0.0), np.where(used[:, None], best, 0.0)
    weight = _lanes(site)[None, :] * np.exp(-params.gate_theta_per_min * (minutes - best))
    total = weight.sum(axis=1, keepdims=True)
    found: NDArray[np.float64] = weight / total
    return found


def _lanes(site: Site) -> NDArray[np.float64]:
    lanes = np.array([max((part.lanes for part in one.opened), default=0.0) for one in site.gates])
    known = lanes > 0
    return np.where(known, lanes, lanes[known].mean() if known.any() else 1.0)


def _to_halls(site: Site, audience: Audience) -> NDArray[np.float64]:
    """[gate] mean walk to the halls; what cannot be reached by a gate takes no part."""
    if site.hall_walk_min is None or not site.halls:
        return np.zeros(len(site.gates))
    weight = hall_weights(site, audience)
    minutes = np.where(np.isfinite(site.hall_walk_min), site.hall_walk_min, 0.0)
    found: NDArray[np.float64] = minutes @ weight
    return found


def hall_weights(site: Site, audience: Audience) -> NDArray[np.float64]:
    """[hall] share of an audience's time in halls, summing to 1."""
    named = np.array([audience.halls.get(one.id, 0.0) for one in site.halls])
    weight = named if named.sum() > 0 else np.array([one.size for one in site.halls], dtype=np.float64)
    total = weight.sum()
    found: NDArray[np.float64] = weight / total if total > 0 else np.full(weight.shape, 1 / weight.size)
    return found


def open_ways(site: Site, ways: Ways, grid: DayGrid) -> NDArray[np.bool_]:
    """[way, slot] whether anybody still goes there: not once its gate has closed for the day."""
    ends = [max((part.end for part in one.opened), default=site.last_entry) for one in site.gates]
    until = np.array([min(end, site.last_entry) for end in ends])
    return np.asarray(grid.starts[None, :] < until[ways.gate][:, None])


def by_slot(share: NDArray[np.float64], still_open: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[…, way, slot]: shares of ways among those open, summing to 1 in each slot (0 where all have closed)."""
    weight = share[..., None] * still_open
    total = weight.sum(axis=-2, keepdims=True)
    return np.where(total > 0, weight / np.where(total > 0, total, 1.0), 0.0)
