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
UNREST = 2.5
"""By so many of its usual steps a share must rise."""
BESIDE = 0.4
"""Logarithm by which a gate must gain on every other one, and its share rise above the day's usual; twice is 0.69."""


def doubled_slots(values: NDArray[np.float64], expected: NDArray[np.float64], params: LiveParams) -> NDArray[np.bool_]:
    """[gate, slot, channel] where a counter likely counts twice, as far as ``values`` reach.

    A gate's share of all gates, against the expected one, rises at once, or within a slot, by a factor about 2, stays
    there for at least :data:`LASTS` slots, above what it was for most of the day, and the gate gains on every other by
    itself: where a neighbour's queue has come to an end, or the gate's own was short of people for a while, its share
    rises too, but not so. Slots after it belong to it until the share falls back.

    :param values: [gate, slot, channel] counted, NaN where not known.
    :param expected: the same, as forecast.
    """
    found = np.zeros(values.shape, dtype=bool)
    for channel in range(values.shape[2]):
        seen, told = values[:, :, channel], expected[:, :, channel]
        for gate in range(values.shape[0]):
            shares, sure = _shares(seen, told, gate)
            found[gate, :, channel] = _runs(shares, _against_each(seen, told, gate), sure, params)
    return found


def above_share(
    values: NDArray[np.float64], expected: NDArray[np.float64], gate: int, params: LiveParams
) -> NDArray[np.bool_]:
    """[slot] where a gate known to count too many has more than its share of entries, for as long as a step would last.

    Arrays: [gate, slot].
    """
    shares, _ = _shares(values, expected, gate)
    above = np.concatenate([[False], shares > np.log(params.double_from), [False]])
    edges = np.flatnonzero(above[1:] != above[:-1])
    found = np.zeros(shares.size, dtype=np.bool_)
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        found[begin:end] = end - begin >= LASTS
    return found


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


def _against_each(seen: NDArray[np.float64], expected: NDArray[np.float64], gate: int) -> NDArray[np.float64]:
    """[other gate, slot] log of the gate's count over the other's, against what was expected; NaN where not known."""
    logs = np.where(np.isfinite(seen), np.log(np.nan_to_num(seen) + SMALL) - np.log(expected + SMALL), np.nan)
    some = np.where(expected >= LEAST, logs, np.nan)
    return np.asarray(np.delete(logs[gate] - some, gate, axis=0))


def _runs(
    shares: NDArray[np.float64], beside: NDArray[np.float64], noise: NDArray[np.float64], params: LiveParams
) -> NDArray[np.bool_]:
    found = np.zeros(shares.size, dtype=bool)
    usual: list[int] = []
    slot = 0
    while slot < shares.size:
        before = _steps_up(shares, beside, usual, slot, float(noise[slot]), params)
        if before is not None:
            until = _falls_back(shares, slot, float(shares[before].mean()) + np.log(params.double_from) / 2)
            found[slot:until] = np.isfinite(shares[slot:until])
            slot = until
            continue
        if np.isfinite(shares[slot]):
            usual.append(slot)
        slot += 1
    return found


def _steps_up(
    shares: NDArray[np.float64], beside: NDArray[np.float64], usual: list[int], slot: int, noise: float,
    params: LiveParams,
) -> list[int] | None:  # fmt: skip
    """The slots before it that the share in ``slot`` and the next ones is about twice of, None where it is not.

    Looked at are the latest slots, and those before the latest, within which the counter may have begun to.
    """
    lasting = shares[slot : slot + LASTS]
    if lasting.size < LASTS or not np.isfinite(lasting).all():
        return None
    for known in (usual, usual[:-1]):
        before = known[-BEFORE:]
        if len(before) < BEFORE or not _twice(shares, before, known, lasting, noise, params):
            continue
        if _gains(beside, before, slot):
            return before
    return None


def _twice(
    shares: NDArray[np.float64], before: list[int], usual: list[int], lasting: NDArray[np.float64], noise: float,
    params: LiveParams,
) -> bool:  # fmt: skip
    """Whether it rises to about twice the usual, above most of the day, and how sure that is beside its usual steps."""
    low, high = np.log(params.double_from), np.log(params.double_to)
    above = lasting - shares[before].mean()
    unrest = max(float(np.median(np.abs(np.diff(shares[usual])))), noise, params.shape_cv)
    about = bool(((above > low) & (above < high)).all()) and lasting[0] - shares[before[-1]] > low
    return about and above.mean() > UNREST * unrest and lasting.mean() - np.median(shares[usual]) > BESIDE


def _gains(beside: NDArray[np.float64], before: list[int], slot: int) -> bool:
    """Whether it gains on every other gate that is known on both sides of the step."""
    known = np.isfinite(beside[:, before]).any(axis=1) & np.isfinite(beside[:, slot : slot + LASTS]).any(axis=1)
    gains = [np.nanmean(one[slot : slot + LASTS]) - np.nanmean(one[before]) for one in beside[known]]
    return all(gain > BESIDE for gain in gains)


def _falls_back(shares: NDArray[np.float64], slot: int, below: float) -> int:
    """The slot after a run that began at ``slot``."""
    while slot < shares.size and not shares[slot] <= below:  # not known: it goes on
        slot += 1
    return slot
