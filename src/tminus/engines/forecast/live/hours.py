"""The slots of a day in stretches of an hour, from now on and back from now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hours:
    """``of[slot]``: the number of the stretch; ``past``: how many are over. The first and last may be shorter."""

    of: NDArray[np.intp]
    past: int

    @classmethod
    def around(cls, slot: int, slots: int, width: int) -> Hours:
        """Of ``width`` slots each, cut where ``slot`` begins."""
        begun = -(-slot // width)
        return cls((np.arange(slots) - slot) // width + begun, begun)

    @property
    def number(self) -> int:
        return int(self.of[-1]) + 1

    def sums(self, flows: NDArray[np.float64]) -> NDArray[np.float64]:
        """[…, hour] of [… , slot]; ``flows`` may end where an hour does."""
        of = self.of[: flows.shape[-1]]
        if not of.size:
            return np.zeros((*flows.shape[:-1], 0))
        return np.asarray(np.add.reduceat(flows, np.searchsorted(of, np.arange(int(of[-1]) + 1)), axis=-1))

    def over_slots(self, hourly: NDArray[np.float64]) -> NDArray[np.float64]:
        """[…, slot] on straight lines between the middles of hours."""
        slots = np.arange(self.of.size)
        if self.number == 1:
            return np.repeat(hourly, slots.size, axis=-1)
        middle = np.bincount(self.of, weights=slots) / np.bincount(self.of)
        right = np.clip(np.searchsorted(middle, slots), 1, middle.size - 1)
        part = np.clip((slots - middle[right - 1]) / (middle[right] - middle[right - 1]), 0, 1)
        return np.asarray(hourly[..., right - 1] * (1 - part) + hourly[..., right] * part)
