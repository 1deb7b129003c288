"""Counters that begin to count everybody twice: from one slot to the next a gate has twice its share, and keeps it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.live.params import LiveParams

SMALL = 5.0
LEAST = 20.0
"""Persons in a slot, below which shares are noise."""
BEFORE, LASTS = 4, 4
"""Slots that tell the usual share, and slots for which it must last to be more than a group arriving."""


def doubled_slots(values: NDArray[np.float64], expected: NDArray[np.float64], params: LiveParams) -> NDArray[np.bool_]:
    """[gate, slot, channel] where a counter likely counts twice, as far as ``values`` reach.

    A gate's share of all gates, against the expected one, rises at once by a factor about 2, stays there for at least
    :data:`LASTS` slots, and no other gate loses what it gained. Slots after it belong to it until the share falls back.

    :param values: [gate, slot, channel] counted, NaN where not known.
    :param expected: the same, as forecast.
    """
    found = np.zeros(values.shape, dtype=bool)
    for channel in range(values.shape[2]):
        for gate in range(values.shape[0]):
            shares, sure = _shares(values[:, :, channel], expected[:, :, channel], gate)
            found[gate, :, channel] = _runs(shares, sure, params)
    return found


def above_share(
    values: NDArray[np.float64], expected: NDArray[np.float64], gate: int, params: LiveParams
) -> NDArray[np.bool_]:
    """[slot] where a gate known to count too many has more than its share of entries. Arrays: [gate, slot]."""
    shares, _ = _shares(values, expected, gate)
    return np.asarray(shares > np.log(params.double_from))


def _shares(
    seen: NDArray[np.float64], expected: NDArray[np.float64], gate: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[slot] log of the gate's count over the others', against what was expected, and its Poisson noise.

    NaN where too few came or where another gate falls silent (its people come here).
    """
    others = [g for g in range(len(seen)) if g != gate]
    known = np.isfinite(seen[others])
    rest, told = (np.where(known, flows[others], 0.0).sum(axis=0) for flows in (seen, expected))
    own = np.log(np.nan_to_num(seen[gate]) + SMALL) - np.log(expected[gate] + SMALL)
    level = np.log(rest + SMALL) - np.log(told + SMALL) if others else np.zeros(own.size)
    usable = np.isfinite(seen[gate]) & (seen[gate] >= LEAST) & (expected[gate] >= LEAST / 4)
    usable &= ~(known & (seen[others] == 0) & (expected[others] >= LEAST)).any(axis=0)
    usable &= (rest >= LEAST) | (not others)
    noise = np.sqrt(1 / (np.nan_to_num(seen[gate]) + SMALL) + (1 / (rest + SMALL) if others else 0.0))
    return np.where(usable, own - level, np.nan), noise


def _runs(shares: NDArray[np.float64], noise: NDArray[np.float64], params: LiveParams) -> NDArray[np.bool_]:
    found = np.zeros(shares.size, dtype=bool)
    usual: list[float] = []
    slot = 0
    while slot < shares.size:
        if np.isfinite(shares[slot]) and _steps_up(shares[slot : slot + LASTS], usual, float(noise[slot]), params):
            until = _falls_back(shares, slot, float(np.mean(usual[-BEFORE:])) + np.log(params.double_from) / 2)
            found[slot:until] = np.isfinite(shares[slot:until])
            slot = until
            continue
        if np.isfinite(shares[slot]):
            usual.append(float(shares[slot]))
        slot += 1
    return found


def _steps_up(lasting: NDArray[np.float64], usual: list[float], noise: float, params: LiveParams) -> bool:
    """Whether the share rises to about twice the usual in one step, and how sure that is beside its usual steps."""
    if lasting.size < LASTS or len(usual) < BEFORE:
        return False
    low, high = np.log(params.double_from), np.log(params.double_to)
    above = lasting - np.mean(usual[-BEFORE:])
    unrest = max(float(np.median(np.abs(np.diff(usual)))), noise, params.shape_cv)
    about_twice = bool(((above > low) & (above < high)).all()) and lasting[0] - usual[-1] > low
    return about_twice and float(above.mean()) > params.alarm_z * unrest


def _falls_back(shares: NDArray[np.float64], slot: int, below: float) -> int:
    """The slot after a run that began at ``slot``."""
    while slot < shares.size and not shares[slot] <= below:  # not known: it goes on
        slot += 1
    return slot
