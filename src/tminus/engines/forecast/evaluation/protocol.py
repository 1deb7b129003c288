"""What is asked of a forecast when it is scored: which days teach, which test, what may be known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.params import Mode
from tminus.engines.forecast.nowcast.usual import round_the_clock
from tminus.engines.forecast.panel import FlowPanel, ForecastError


@dataclass(frozen=True, slots=True)
class Protocol:
    """``train`` and ``test``: half-open ranges of day numbers. ``history``, ``horizon``: slots seen and predicted.

    ``channels``: names scored, empty: all. ``last_slots``: only so many last slots of the test days are targets, and
    windows may begin on the day before. ``mask_zeros``: counts of zero are not scored. ``every``: only each so-many-th
    window of a day is scored, from the first; for peers that take long.
    """

    train: tuple[int, int]
    test: tuple[int, int]
    history: int = 4
    horizon: int = 4
    mode: Mode = "operational"
    channels: tuple[str, ...] = ()
    last_slots: int | None = None
    mask_zeros: bool = False
    every: int = 1

    def check(self, panel: FlowPanel) -> None:
        """:raises ForecastError: when ranges, window or channels do not fit the panel."""
        for name, (first, end) in (("train", self.train), ("test", self.test)):
            if not 0 <= first < end <= len(panel.days):
                raise ForecastError(f"{name} days {first}:{end}; allowed: first < end within 0:{len(panel.days)}")
        if self.test[0] < self.train[1]:
            raise ForecastError(f"test days begin at {self.test[0]}, before training ends at {self.train[1]}")
        if self.history < 1 or self.horizon < 1:
            raise ForecastError(f"history {self.history}, horizon {self.horizon}; allowed: 1 slot or more each")
        if self.every < 1:
            raise ForecastError(f"every {self.every}th window; allowed: 1 or more")
        most = panel.slots if self.last_slots is not None or round_the_clock(panel) else panel.slots - self.history
        if self.horizon > most or self.horizon >= panel.slots:
            raise ForecastError(
                f"horizon {self.horizon} after {self.history} slots in a day of {panel.slots}: too long"
            )
        if self.last_slots is not None and not 1 <= self.last_slots <= (self.test[1] - self.test[0]) * panel.slots:
            raise ForecastError(f"last slots {self.last_slots}; allowed: 1 … {panel.slots} a test day")
        for name in self.channels:
            if name not in panel.channels:
                raise ForecastError(f"channel {name!r}; allowed: {', '.join(panel.channels)}")


def targets(protocol: Protocol, day: int, step: int, slots: int, *, round_clock: bool) -> NDArray[np.int64]:
    """Slots of test day number ``day`` scored at ``step``: those whose whole window lies where it may."""
    all_slots = np.arange(slots)
    first, end = protocol.test
    if protocol.last_slots is not None:
        return all_slots[(day - first) * slots + all_slots >= (end - first) * slots - protocol.last_slots][
            :: protocol.every
        ]
    begin, stop = protocol.history + step - 1, slots - protocol.horizon + step
    if round_clock:
        begin = begin if day == first else 0
        stop = stop if day == end - 1 else slots
        if day == first + 1:  # a window longer than the first day
            begin = max(protocol.history + step - 1 - slots, 0)
    return all_slots[begin : stop : protocol.every]
