"""What was counted: persons by day, slot, node and channel, and what is known of each day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

MINUTES_OF_DAY = 1440


class ForecastError(ValueError):
    """Input no forecast can be made of; says what, where, and what is allowed."""


@dataclass(frozen=True, slots=True)
class DayContext:
    """What is known of a service day before it comes.

    ``day``: its date; None where data have none (then only the order of days counts).
    ``kind``: type of day, such as ``workday``, ``weekend``, ``holiday``; empty: to be found from date or data.
    ``event_load``: persons expected at the event on this day; None: no event known.
    ``policy``: what is done to demand, name → strength, such as ``{"free rides": 1.0}``.
    ``weather``: optional regressors, name → value with the unit in the name, such as ``{"rain_mm": 12.0}``.
    """

    day: date | None = None
    kind: str = ""
    event_load: float | None = None
    policy: Mapping[str, float] = field(default_factory=dict)
    weather: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlowPanel:
    """``values[day, slot, node, channel]``: persons counted in the slot; NaN is *not known*, never zero.

    Slot s lasts from ``first_minute + s · slot_minutes`` minutes after midnight of the service day's date; a service
    day that runs past midnight goes on beyond minute 1440. Days stand in order of time and need not be consecutive.
    Where a node is closed its slots are NaN as well: irregular opening hours need no other sign.
    """

    values: NDArray[np.float32]
    days: tuple[DayContext, ...]
    slot_minutes: int
    first_minute: int
    nodes: tuple[str, ...]
    channels: tuple[str, ...] = ("in", "out")

    def __post_init__(self) -> None:
        """:raises ForecastError: when shapes do not fit, days are out of order, or names are there twice."""
        expected = (len(self.days), self.values.shape[1] if self.values.ndim == 4 else 0, len(self.nodes))
        if self.values.ndim != 4 or self.values.shape != (*expected, len(self.channels)):
            raise ForecastError(
                f"flows: shape {self.values.shape} where [day, slot, node, channel] = ({expected[0]}, slots, "
                f"{expected[2]}, {len(self.channels)}) is needed"
            )
        if self.slot_minutes <= 0 or MINUTES_OF_DAY % self.slot_minutes:
            raise ForecastError(f"slot length {self.slot_minutes} min; allowed: a divisor of {MINUTES_OF_DAY}")
        for what, names in (("node", self.nodes), ("channel", self.channels)):
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise ForecastError(f"{what} {twice!r} is there twice; each may be named once")
        dated = [one.day for one in self.days if one.day is not None]
        if any(later <= earlier for earlier, later in pairwise(dated)):
            raise ForecastError("days are not in order of time, each once")

    @property
    def slots(self) -> int:
        """Slots a service day."""
        return int(self.values.shape[1])

    def of_days(self, chosen: slice | Sequence[int]) -> Self:
        """The same nodes on some days only."""
        at = range(len(self.days))[chosen] if isinstance(chosen, slice) else chosen
        return replace(self, values=self.values[list(at)], days=tuple(self.days[number] for number in at))
