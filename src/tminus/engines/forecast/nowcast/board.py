"""Days laid end to end: what was counted, what was usual, and how far off, in units of usual noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.alike import Alike

Cells = NDArray[np.float32]
FLOOR_SHARE = 0.03
"""Of the mean count, added to the profile before its square root: quiet cells must not shout."""


FAST, SLOW = 0.85, 0.97
"""Share a running mean keeps from slot to slot."""
NOISE_POWER = 0.6
"""Noise grows with the mean to this power: ½ were independent persons, 1 whole crowds; chosen on training days."""


@dataclass(frozen=True, slots=True)
class Board:
    """All arrays are ``[day, slot, series]``; a series is one channel of one node, ``node · channels + channel``.

    ``residual`` = (count − profile) / scale, 0 where nothing was counted; ``round_clock``: a day goes on in the next.
    ``fast``, ``slow``: running means of residuals, of some hours and of a day. ``alternatives``: other profiles, as
    residuals from this one. ``factors[day, series]``: of effects known beforehand, held by the profile.
    ``targets``: see :attr:`asked`. ``alike``: past days that were like each, none where not wanted; what they say is
    drawn in to ``limit``.
    """

    counts: Cells
    profile: Cells
    scale: Cells
    residual: Cells
    labels: NDArray[np.int64]
    channels: int
    round_clock: bool
    fast: Cells
    slow: Cells
    alternatives: tuple[Cells, ...] = ()
    targets: slice | None = None
    factors: Cells | None = None
    alike: Alike | None = None
    limit: float = np.inf

    @property
    def slots(self) -> int:
        return int(self.counts.shape[1])

    @property
    def asked(self) -> slice:
        """Targets looked at, as flat slots; all unless told."""
        return self.targets or slice(0, self.counts.shape[0] * self.counts.shape[1])

    def lagged(self, values: Cells, slots: int, *, over_night: bool = False) -> Cells:
        """[target, …] of ``values[day, slot, …]`` so many slots before; 0 before the beginning (of the day)."""
        flat, asked = values.reshape(-1, *values.shape[2:]), self.asked
        first = min(max(asked.start - slots, 0), len(flat))
        moved = np.zeros((asked.stop - asked.start, *flat.shape[1:]), dtype=np.float32)
        late = min(max(slots - asked.start, 0), len(moved))
        moved[late:] = flat[first : first + len(moved) - late]
        if not (self.round_clock or over_night):
            moved[np.arange(asked.start, asked.stop) % self.slots < slots] = 0
        return moved

    def freed(self) -> tuple[Cells, Cells, Cells]:
        """Counts, profile and scale of days as they were without the effects known beforehand."""
        if self.factors is None:
            return self.counts, self.profile, self.scale
        factors = self.factors[:, None, :]
        return self.counts / factors, self.profile / factors, self.scale / factors

    def alike_ahead(self, step: int, wanted: slice = slice(None)) -> Cells:
        """[target, series] residuals expected if a day goes on as those did that were like it until the origin."""
        asked = self.asked
        _, profile, scale = (flat(one)[asked, wanted] for one in self.freed())
        if self.alike is None:
            return np.zeros_like(profile)
        weights = self.lagged(self.alike.weights, step)
        found = self.alike.ahead(weights, np.arange(asked.start, asked.stop), step, wanted, (profile, scale))
        return np.clip(found, -self.limit, self.limit)

    def alike_then(self, step: int, wanted: slice = slice(None)) -> Cells:
        """[target, series] what the same days had counted at the origin, as residual."""
        if self.alike is None:
            return np.zeros_like(flat(self.profile)[self.asked, wanted])
        return np.clip(self.lagged(self.alike.now[..., wanted], step), -self.limit, self.limit)

    def other_channel(self, values: Cells) -> Cells:
        """The next channel of the same node: outflow beside inflow."""
        apart = values.reshape(*values.shape[:-1], -1, self.channels)
        return np.roll(apart, 1, axis=-1).reshape(values.shape)

    def network(self, values: Cells) -> Cells:
        """[day, slot, channel] mean over nodes."""
        each = [values[..., channel :: self.channels].mean(axis=-1) for channel in range(self.channels)]
        return np.stack(each, axis=-1)  # a mean over the middle axis takes twenty times as long


def scale_of(profile: Cells, floor: float) -> Cells:
    """Usual noise about a profile: a power of the mean (Taylor 1961)."""
    found: Cells = (np.maximum(profile, 0) + np.float32(floor)) ** np.float32(NOISE_POWER)
    return found


def filled(profile: Cells) -> Cells:
    """A profile without gaps: a cell no day knows takes its series' neighbouring slots, else its mean, else 0."""
    gaps = ~np.isfinite(profile)
    if not gaps.any():
        return profile
    whole = np.where(gaps, np.float32(0), profile)
    share = np.maximum((~gaps).sum(axis=-2, keepdims=True), 1)
    mean = whole.sum(axis=-2, keepdims=True) / share
    found: Cells = np.where(gaps, mean, profile).astype(np.float32)
    return found


def floor_of(counts: Cells) -> float:
    """What is added to a profile before its root; scales with the data."""
    known = counts[np.isfinite(counts)]
    return float(max(FLOOR_SHARE * np.abs(known).mean(), 1e-6)) if known.size else 1.0


def decayed(values: Cells, keep: float) -> Cells:
    """Running exponential mean over the slots of all days: what has lately been above or below usual."""
    found: Cells = np.float32(1 - keep) * flat(values)
    for slot in range(1, len(found)):  # a filter's import takes seconds, and this is as fast
        found[slot] += np.float32(keep) * found[slot - 1]
    return found.reshape(values.shape)


def flat(values: Cells) -> Cells:
    """[flat slot, …] of ``values[day, slot, …]``: days end to end."""
    return values.reshape(-1, values.shape[-1])
