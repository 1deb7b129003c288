"""Levels of service A … F: how crowded it is for who walks, climbs or waits. The tables are Fruin's.

J. J. Fruin, *Pedestrian Planning and Design* (1971), chapter 4, gives the ground a person has, in square feet; a level
begins where the ground falls below its figure. Escalators and vehicles have no table of his: on the belt people stand,
so that its density is rated as a queue's; what is in a vehicle is not rated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import STAIRS, LinkKind, NodeKind
from tminus.engines.crowd.network import Network

LEVELS = "ABCDEF"
SQUARE_FOOT_M2 = 0.3048**2


@dataclass(frozen=True, slots=True)
class LevelTable:
    """``limits_p_m2``: densities at which levels B, C, D, E and F begin, persons/m²."""

    name: str
    source: str
    limits_p_m2: tuple[float, float, float, float, float]


def _fruin(name: str, pages: str, *square_feet: float) -> LevelTable:
    b, c, d, e, f = (1.0 / (feet * SQUARE_FOOT_M2) for feet in square_feet)
    return LevelTable(name, f"Fruin 1971, {pages}", (b, c, d, e, f))


WALKWAY = _fruin("walkway", "pp. 74–78: 35, 25, 15, 10, 5 ft² a person", 35, 25, 15, 10, 5)
STAIR = _fruin("stair", "pp. 80–82: 20, 15, 10, 7, 4 ft² a person", 20, 15, 10, 7, 4)
QUEUE = _fruin("queue", "pp. 85–87: 13, 10, 7, 3, 2 ft² a person", 13, 10, 7, 3, 2)
UNRATED = LevelTable("not rated", "", (np.inf, np.inf, np.inf, np.inf, np.inf))

OF_KIND: Mapping[LinkKind | NodeKind, LevelTable] = {
    LinkKind.CORRIDOR: WALKWAY,
    LinkKind.DOOR: WALKWAY,
    LinkKind.CROSSING: WALKWAY,
    **dict.fromkeys(STAIRS, STAIR),
    LinkKind.ESCALATOR: QUEUE,
    **dict.fromkeys((LinkKind.RIDE, LinkKind.BOARD, LinkKind.ALIGHT), UNRATED),
    **dict.fromkeys(NodeKind, QUEUE),
}


def level_of(kind: LinkKind | NodeKind, density_p_m2: ArrayLike) -> NDArray[np.int8]:
    """Level 0 (A) … 5 (F) at densities [persons/m²] of a kind of link, or of people waiting at a kind of node."""
    limits = np.array(OF_KIND[kind].limits_p_m2)
    return np.asarray(np.searchsorted(limits, np.asarray(density_p_m2, float), side="right"), np.int8)


def thresholds_of(network: Network) -> NDArray[np.float64]:
    """[link, 5] densities at which levels B … F begin on each link, persons/m²; infinite: not rated."""
    rows = [OF_KIND[link.kind].limits_p_m2 for link in network.links]
    return np.array(rows, float).reshape(len(rows), 5)


def levels_by_slot(network: Network, result: DayResult) -> NDArray[np.int8]:
    """[slot, link] level 0 … 5 of the mean density of each slot."""
    return _rated(network, result.density)


def worst_by_slot(network: Network, result: DayResult) -> NDArray[np.int8]:
    """[slot, link] level 0 … 5 of the worst minute of each slot."""
    return _rated(network, result.peak_density)


def _rated(network: Network, density: NDArray[np.float32]) -> NDArray[np.int8]:
    limits = thresholds_of(network)
    return np.asarray((density[:, :, None] >= limits[None, :, :]).sum(axis=2), np.int8)


def person_minutes_by_level(result: DayResult) -> dict[str, float]:
    """Minutes all people together spent on links at each level, by its letter."""
    minutes = result.person_s_by_level.sum(axis=0) / 60.0
    return {letter: float(value) for letter, value in zip(LEVELS, minutes, strict=True)}
