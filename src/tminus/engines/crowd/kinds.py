"""Kinds of nodes and links, and what holds of a link where nothing is said of it."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from tminus.engines.crowd.diagram import FundamentalDiagram, sfpe, tabulated


class NodeKind(StrEnum):
    """What a node is; everything but a junction may hold people."""

    JUNCTION = "junction"
    GATE = "gate"
    HALL = "hall"
    PLATFORM = "platform"
    STATION = "station"
    STOP = "stop"
    PLAZA = "plaza"
    EXIT = "exit"


class LinkKind(StrEnum):
    """What a link is. ``board``, ``ride`` and ``alight`` are made from the timetable, never read."""

    CORRIDOR = "corridor"
    DOOR = "door"
    STAIR = "stair"
    STAIR_UP = "stair_up"
    STAIR_DOWN = "stair_down"
    ESCALATOR = "escalator"
    CROSSING = "crossing"
    RIDE = "ride"
    BOARD = "board"
    ALIGHT = "alight"


STAIRS = (LinkKind.STAIR, LinkKind.STAIR_UP, LinkKind.STAIR_DOWN)
WALKED = (LinkKind.CORRIDOR, LinkKind.DOOR, *STAIRS, LinkKind.ESCALATOR, LinkKind.CROSSING)

DOOR_FLOW_P_M_S = 1.3
"""Through a door, persons per second and metre of effective width (SFPE Handbook, 5th ed., ch. 59, table 59.5)."""
DOOR_BOUNDARY_M = 0.15
"""What people keep from each side of a door (SFPE Handbook, 5th ed., ch. 59, table 59.1)."""
STAIR_K_M_S = 1.0768
"""SFPE ``k`` of a stair of 180/280 mm: 51.8 · √(280/180) m/min; free speed 0.92 m/s along the slope."""
STAIR_UP_FREE_M_S = 0.70
"""Up: 0.61 m/s in plan (Weidmann 1993, as quoted by Burghardt, Seyfried & Klingsch, PED 2012) on a slope of 30°."""
STAIR_UP_FLOW_P_M_S = 0.93
"""Fruin (1971): volumes on stairs up to 17 persons a minute and foot of width, the end of level of service E."""
ESCALATOR_SPEED_M_S = 0.5
ESCALATOR_FLOW_P_M_S = 6000 / 3600
"""EN 115-1:2017, annex H: at 0.5 m/s 3,600, 4,800 and 6,000 persons/h on steps of 0.6, 0.8 and 1.0 m."""
ESCALATOR_JAM_P_M2 = 4.0
"""Just beyond a full belt: it moves on, whatever stands on it, so a jam on it gives way at once."""


def door_capacity_p_s(width_m: float) -> float:
    """Persons a second through a door; a side never takes more than a quarter of its width."""
    return DOOR_FLOW_P_M_S * max(width_m - 2 * DOOR_BOUNDARY_M, width_m / 2)


def capacity_where_unsaid(kind: LinkKind, width_m: float) -> float | None:
    """Persons a second of a link whose capacity nobody states; None: its diagram's, times the width."""
    return door_capacity_p_s(width_m) if kind is LinkKind.DOOR else None


def diagrams_by_kind() -> dict[LinkKind, FundamentalDiagram]:
    """What people walk by where it is not as on the level: ``Network.diagrams`` of a network that says nothing else.

    Lengths of stairs and escalators are along the slope. A crossing is walked as a corridor; its signal is a matter of
    when it is open. ``stair`` serves both ways; who knows which is up says ``stair_up``, ``stair_down``.
    """
    down = sfpe(STAIR_K_M_S)
    return {
        LinkKind.STAIR: down,
        LinkKind.STAIR_DOWN: down,
        LinkKind.STAIR_UP: _up(),
        LinkKind.ESCALATOR: _belt(),
    }


def _up() -> FundamentalDiagram:
    """Straight as the SFPE's, through the free speed upstairs and the greatest flow of a stair.

    v = k (1 − a ρ) has its greatest flow k / (4 a) and, at 0.54 persons/m², its free speed k (1 − 0.54 a).
    """
    free, flow = STAIR_UP_FREE_M_S, STAIR_UP_FLOW_P_M_S
    a = (1 - np.sqrt(1 - 0.54 * free / flow)) / (2 * 0.54)  # 4 a flow (1 − 0.54 a) = free
    return tabulated(
        "stair up", "Weidmann 1993 (speed), Fruin 1971 (flow)", [0.0, 0.54, float(1 / a)], [free, free, 0.0]
    )


def _belt() -> FundamentalDiagram:
    full = ESCALATOR_FLOW_P_M_S / ESCALATOR_SPEED_M_S
    speeds = [ESCALATOR_SPEED_M_S, ESCALATOR_SPEED_M_S, 0.0]
    return tabulated("escalator", "EN 115-1:2017, annex H", [0.0, full, ESCALATOR_JAM_P_M2], speeds)
