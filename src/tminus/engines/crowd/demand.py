"""Who walks: agents with a departure, an origin and one or several legs, each with a destination and a stay there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.problem import CrowdError


@dataclass(frozen=True, slots=True)
class Leg:
    """Walk to ``node`` and stay ``dwell_s`` seconds, at least until ``until_s`` (seconds after the start)."""

    node: str
    dwell_s: float = 0.0
    until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Trip:
    """One agent. ``speed_m_s``: free walking speed on the level; none: the diagram's. The last leg ends the trip."""

    depart_s: float
    origin: str
    legs: tuple[Leg, ...]
    speed_m_s: float | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """Agents as arrays, sorted by departure; nodes are positions in ``nodes``.

    :param depart_s: [n] seconds after the start. ``origin``: [n].
    :param first_leg: [n + 1] where each agent's legs begin in the arrays of legs.
    :param leg_node: [legs]; ``leg_dwell_s``, ``leg_until_s``: [legs] seconds; the last of an agent's is not stayed.
    :param speed_m_s: [n] free walking speed, NaN: the diagram's.
    :param ids: [n] or empty: agents are known by position.
    """

    nodes: tuple[str, ...]
    depart_s: NDArray[np.float64]
    origin: NDArray[np.int32]
    first_leg: NDArray[np.int64]
    leg_node: NDArray[np.int32]
    leg_dwell_s: NDArray[np.float32]
    leg_until_s: NDArray[np.float32]
    speed_m_s: NDArray[np.float32]
    ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.depart_s)
        if not (len(self.origin) == n and len(self.first_leg) == n + 1 and len(self.speed_m_s) == n):
            raise CrowdError("demand: allowed: as many origins and speeds as departures, one more beginning of legs")
        if n and not (np.isfinite(self.depart_s).all() and (np.diff(self.depart_s) >= 0).all()):
            raise CrowdError("demand: allowed: departures that are numbers, earliest first")
        if n and not (np.diff(self.first_leg) > 0).all():
            raise CrowdError("demand: an agent without a destination; allowed: one leg or more each")

    def __len__(self) -> int:
        return len(self.depart_s)

    @classmethod
    def of(cls, trips: Iterable[Trip]) -> Demand:
        """The demand of trips in any order; equal departures keep theirs."""
        ordered = sorted(trips, key=lambda trip: trip.depart_s)
        place: dict[str, int] = {}

        def at(node: str) -> int:
            return place.setdefault(node, len(place))

        legs = [leg for trip in ordered for leg in trip.legs]
        counts = np.array([len(trip.legs) for trip in ordered], np.int64)
        return cls(
            depart_s=np.array([trip.depart_s for trip in ordered], np.float64),
            origin=np.array([at(trip.origin) for trip in ordered], np.int32),
            first_leg=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            leg_node=np.array([at(leg.node) for leg in legs], np.int32),
            leg_dwell_s=np.array([leg.dwell_s for leg in legs], np.float32),
            leg_until_s=np.array([leg.until_s for leg in legs], np.float32),
            speed_m_s=np.array([np.nan if t.speed_m_s is None else t.speed_m_s for t in ordered], np.float32),
            ids=tuple(t.id for t in ordered) if any(t.id for t in ordered) else (),
            nodes=tuple(place),
        )

    @classmethod
    def direct(
        cls,
        nodes: Sequence[str],
        depart_s: NDArray[np.float64],
        origin: NDArray[np.int32],
        destination: NDArray[np.int32],
    ) -> Demand:
        """One leg an agent; arrays in any order, positions in ``nodes``."""
        order = np.argsort(depart_s, kind="stable")
        n = len(order)
        return cls(
            nodes=tuple(nodes),
            depart_s=np.asarray(depart_s, np.float64)[order],
            origin=np.asarray(origin, np.int32)[order],
            first_leg=np.arange(n + 1, dtype=np.int64),
            leg_node=np.asarray(destination, np.int32)[order],
            leg_dwell_s=np.zeros(n, np.float32),
            leg_until_s=np.zeros(n, np.float32),
            speed_m_s=np.full(n, np.nan, np.float32),
        )
