"""Kinds of nodes and links, and what holds of a link where nothing is said of it."""

from __future__ import annotations

from enum import StrEnum


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
    ESCALATOR = "escalator"
    CROSSING = "crossing"
    RIDE = "ride"
    BOARD = "board"
    ALIGHT = "alight"


WALKED = (LinkKind.CORRIDOR, LinkKind.DOOR, LinkKind.STAIR, LinkKind.ESCALATOR, LinkKind.CROSSING)
