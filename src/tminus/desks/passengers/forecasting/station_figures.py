"""The figures of a day at stations and gates, slot by slot, out of what an issue keeps."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.forecasting.figures import unpacked
from tminus.desks.passengers.models import IssuedDay

CHANNELS = {"both": "passing", "entering": "entering", "leaving": "leaving"}
"""What the map can show, and the measure it is kept as."""
LEVELS = 6
AT_HAND = 6
"""Days kept in one process."""


@dataclass(frozen=True, slots=True)
class StationFigures:
    """``stations[channel]`` and ``gates[measure]``: ``[stat, node, slot]`` persons, statistics as in ``STATS``."""

    times: tuple[str, ...]
    slot_minutes: int
    first_minute: int
    names: Mapping[str, Any]
    station_ids: tuple[str, ...]
    gate_ids: tuple[str, ...]
    stations: Mapping[str, NDArray[np.float64]]
    gates: Mapping[str, NDArray[np.float64]]
    rests_on: tuple[str, ...]

    def bounds(self, channel: str) -> tuple[int, ...]:
        """Where the classes of the scale begin, each the double of the one before: the same for all slots of a day."""
        most = float(self.stations[channel][0].max(initial=0.0))
        least = _round_up(most / 2**LEVELS)
        return tuple(least * 2**number for number in range(1, LEVELS))

    def busiest(self, channel: str) -> int:
        """The slot with most persons at all stations together."""
        return int(self.stations[channel][0].sum(axis=0).argmax()) if self.station_ids else 0


def _round_up(value: float) -> int:
    """The next of 1, 2, 5, 10, 20 …"""
    power = 1
    while power * 10 < value:
        power *= 10
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def levels_of(values: NDArray[np.float64], bounds: tuple[int, ...]) -> list[int]:
    """Class of each value, 0 … 5; −1 where it is not known."""
    found = np.searchsorted(np.array(bounds, dtype=float), values, side="right")
    return [int(one) for one in np.where(np.isfinite(values), found, -1)]


def station_figures(content: Mapping[str, Any], figures: bytes) -> StationFigures:
    """Without stations where the day has none."""
    stations, gates = {}, {}
    at_station: tuple[str, ...] = ()
    at_gate: tuple[str, ...] = ()
    channel_of = {measure: channel for channel, measure in CHANNELS.items()}
    for number, one in enumerate(content["measures"]):
        nodes = tuple(row[0] for row in one["nodes"])
        if one["level"] == "station" and one["measure"] in channel_of and nodes:
            stations[channel_of[one["measure"]]], at_station = unpacked(figures, number), nodes
        elif one["level"] == "gate" and one["measure"] in ("entries", "departures"):
            gates[one["measure"]], at_gate = unpacked(figures, number), nodes
    return StationFigures(
        tuple(content["times"]), content["slot_minutes"], content["first_minute"], content["names"], at_station,
        at_gate, {name: stations[name] for name in CHANNELS if name in stations}, gates,
        tuple(content["rests_on"]),
    )  # fmt: skip


_KEPT: OrderedDict[tuple[int, int], StationFigures] = OrderedDict()
_LOCK = Lock()


def issued_figures(day: IssuedDay) -> StationFigures:
    """At hand after the first time: what was issued does not change."""
    figures = bytes(day.figures)
    key = (day.pk, hash(figures))
    with _LOCK:
        if key in _KEPT:
            _KEPT.move_to_end(key)
            return _KEPT[key]
    found = station_figures(day.content, figures)
    with _LOCK:
        _KEPT[key] = found
        while len(_KEPT) > AT_HAND:
            _KEPT.popitem(last=False)
    return found
