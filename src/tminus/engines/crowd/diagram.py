"""Fundamental diagrams: how fast people walk at a density. One representation for all: a table of speeds.

Whatever the formula, a diagram is kept as walking speeds [m/s] on an even grid of densities [persons/m²] from nothing
to the jam; what the simulation needs of it (capacity, critical density, the waves by which a jam gives way) is read off
that table, so a fitted or a user's table is as good as a published formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tminus.engines.crowd.problem import CrowdError

GRID = 1024
"""Densities of a table: 0 … jam in ``GRID`` even steps."""

WAVES = 4
"""Straight pieces the congested branch is replaced by; each is one backward wave."""


@dataclass(frozen=True)
class Wave:
    """A straight piece ``flow = speed · (meets − density)`` of the congested branch, per metre of width.

    A gap that somebody leaves at the end of a link reaches its beginning ``length / speed`` seconds later.
    """

    speed_m_s: float
    meets_p_m2: float


@dataclass(frozen=True)
class FundamentalDiagram:
    """Walking speed over density.

    :param name: as results show it. ``source``: where the curve is from.
    :param jam_p_m2: density at which nobody moves.
    :param speeds_m_s: [GRID + 1] mean speed at densities ``linspace(0, jam, GRID + 1)``; falling, 0 at the end.
    :param published_capacity: persons/(m·s) where a source states the greatest flow itself; else the curve's own.
    """

    name: str
    source: str
    jam_p_m2: float
    speeds_m_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        speeds = self.speeds_m_s
        if not (np.isfinite(self.jam_p_m2) and self.jam_p_m2 > 0 and speeds.shape == (GRID + 1,)):
            raise CrowdError(f"fundamental diagram {self.name!r}: allowed: a jam density above 0, {GRID + 1} speeds")
        if not (np.isfinite(speeds).all() and speeds[0] > 0 and (np.diff(speeds) <= 1e-12).all() and speeds[-1] >= 0):
            raise CrowdError(f"fundamental diagram {self.name!r}: allowed: speeds above 0 that fall with density")

    @property
    def free_speed_m_s(self) -> float:
        """Speed of somebody alone."""
        return float(self.speeds_m_s[0])

    @cached_property
    def densities_p_m2(self) -> NDArray[np.float64]:
        """[GRID + 1] persons/m²."""
        return np.linspace(0.0, self.jam_p_m2, GRID + 1)

    @cached_property
    def flows_p_m_s(self) -> NDArray[np.float64]:
        """[GRID + 1] persons per second and metre of width."""
        return self.densities_p_m2 * self.speeds_m_s

    @property
    def capacity_p_m_s(self) -> float:
        """The greatest flow, persons per second and metre of width."""
        return float(self.flows_p_m_s.max())

    @property
    def critical_p_m2(self) -> float:
        """The density of the greatest flow; beyond it more people mean less flow."""
        return float(self.densities_p_m2[int(self.flows_p_m_s.argmax())])

    def speed_at(self, density_p_m2: ArrayLike) -> NDArray[np.float64]:
        """Speed [m/s] at densities [persons/m²], 0 beyond the jam."""
        density = np.asarray(density_p_m2, float)
        return np.asarray(np.interp(density, self.densities_p_m2, self.speeds_m_s, right=0.0), float)

    def flow_at(self, density_p_m2: ArrayLike) -> NDArray[np.float64]:
        """Flow [persons/(m·s)] at densities [persons/m²]."""
        density = np.asarray(density_p_m2, float)
        return density * self.speed_at(density)

    @cached_property
    def waves(self) -> tuple[Wave, ...]:
        """The congested branch as ``WAVES`` straight pieces between points of its upper hull, steepest last."""
        first = int(self.flows_p_m_s.argmax())
        hull = _upper_hull(self.densities_p_m2[first:], self.flows_p_m_s[first:])
        at = np.linspace(self.critical_p_m2, self.jam_p_m2, WAVES + 1)
        flow = np.interp(at, hull[0], hull[1])
        pieces = []
        for k in range(WAVES):
            speed = (flow[k] - flow[k + 1]) / (at[k + 1] - at[k])
            pieces.append(Wave(float(speed), float(at[k + 1] + flow[k + 1] / speed)))
        return tuple(pieces)


def _upper_hull(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The points of a curve that its upper hull rests on: a jam gives way by concave waves only."""
    kept: list[int] = []
    for i in range(len(x)):
        while len(kept) > 1:
            a, b = kept[-2], kept[-1]
            if (y[b] - y[a]) * (x[i] - x[a]) > (y[i] - y[a]) * (x[b] - x[a]):
                break
            kept.pop()
        kept.append(i)
    return x[kept], y[kept]


def weidmann(free_speed_m_s: float = 1.34) -> FundamentalDiagram:
    """Weidmann (1993), *Transporttechnik der Fussgänger*, eq. 12: v = v₀ (1 − exp(−1.913 (1/ρ − 1/5.4)))."""
    density = np.linspace(0.0, 5.4, GRID + 1)
    speeds = np.full(GRID + 1, free_speed_m_s)
    speeds[1:] = free_speed_m_s * (1.0 - np.exp(-1.913 * (1.0 / density[1:] - 1.0 / 5.4)))
    speeds[-1] = 0.0
    return FundamentalDiagram("Weidmann", "Weidmann 1993, ETH Zürich IVT 90", 5.4, speeds)


SFPE_FREE_P_M2 = 0.54
"""SFPE: below this density people walk freely (Gwynne & Rosenbaum, SFPE Handbook, 5th ed., ch. 59)."""


def sfpe(k_m_s: float = 1.40) -> FundamentalDiagram:
    """SFPE hydraulic model: v = k (1 − 0.266 ρ), below 0.54 persons/m² as at 0.54; k = 1.40 m/s on the level."""
    jam = 1.0 / 0.266
    density = np.linspace(0.0, jam, GRID + 1)
    speeds = np.clip(k_m_s * (1.0 - 0.266 * np.maximum(density, SFPE_FREE_P_M2)), 0.0, None)
    return FundamentalDiagram("SFPE", "Gwynne & Rosenbaum, SFPE Handbook, 5th ed., ch. 59", jam, speeds)


def tabulated(name: str, source: str, density_p_m2: ArrayLike, speed_m_s: ArrayLike) -> FundamentalDiagram:
    """A diagram from points (persons/m², m/s), joined by straight lines; the last point is the jam.

    :raises CrowdError: fewer than two points, densities that do not rise or speeds that do not fall.
    """
    at, speed = np.asarray(density_p_m2, float), np.asarray(speed_m_s, float)
    if len(at) < 2 or len(at) != len(speed) or not (np.diff(at) > 0).all() or not (np.diff(speed) <= 0).all():
        raise CrowdError(f"fundamental diagram {name!r}: allowed: two points or more, density rising, speed falling")
    speeds = np.interp(np.linspace(0.0, at[-1], GRID + 1), at, speed)
    return FundamentalDiagram(name, source, float(at[-1]), speeds)


JUELICH_FREE_M_S, JUELICH_SUMMIT_P_M2, JUELICH_GAP_S_M, JUELICH_JAM_P_M2 = 1.5397, 2.6035, 0.4619, 5.4
"""Fitted by ``benchmarks/crowd/juelich.py``; the jam is Weidmann's, for no run came near one."""


def juelich() -> FundamentalDiagram:
    """People in a corridor of 1.8 m, Düsseldorf 2009: the shape of Smulders (1990) fitted to eight runs.

    Freely v = v₀ (1 − ρ / (2 ρₛ)), in a jam ρ v = (1 − ρ / ρⱼ) / T. Runs uo-050-180-180 … uo-180-180-070 (0.5 … 3.1
    persons/m²) of Zhang, Klingsch, Schadschneider & Seyfried, *J. Stat. Mech.* (2011) P06004, as PedPy carries them.
    """
    density = np.linspace(0.0, JUELICH_JAM_P_M2, GRID + 1)
    free = JUELICH_FREE_M_S * (1.0 - density / (2.0 * JUELICH_SUMMIT_P_M2))
    jammed = np.full(GRID + 1, np.inf)
    jammed[1:] = (1.0 / density[1:] - 1.0 / JUELICH_JAM_P_M2) / JUELICH_GAP_S_M
    speeds = np.where(density < JUELICH_SUMMIT_P_M2, np.minimum(free, jammed), jammed)
    speeds[-1] = 0.0
    return FundamentalDiagram("Jülich", "Zhang et al. 2011, corridor of 1.8 m, fitted", JUELICH_JAM_P_M2, speeds)
