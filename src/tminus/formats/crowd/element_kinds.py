"""Kinds of places and ways as people's tables name them, as kinds the simulation knows."""

from __future__ import annotations

from tminus.engines.crowd.kinds import LinkKind, NodeKind

NODE_KINDS: dict[str, NodeKind] = {
    **{kind.value: kind for kind in NodeKind},
    **dict.fromkeys(("", "door", "corridor", "road", "passed", "service"), NodeKind.JUNCTION),
    **dict.fromkeys(("shuttle_stop", "bus_stop", "taxi_rank", "dock"), NodeKind.STOP),
    **dict.fromkeys(("car_park", "hotel", "park", "district", "airport", "port", "venue"), NodeKind.PLAZA),
    **dict.fromkeys(
        ("headquarters", "press", "medical", "substation", "marshalling_yard", "town", "destination", "room"),
        NodeKind.PLAZA,
    ),
}
"""Of the event folder too; a kind not among them is taken for a junction, with a warning."""

LINK_KINDS: dict[str, LinkKind] = {
    **{kind.value: kind for kind in LinkKind if kind not in (LinkKind.BOARD, LinkKind.ALIGHT)},
    **dict.fromkeys(("", "walk", "walkway", "access", "interchange", "ramp", "gate", "road"), LinkKind.CORRIDOR),
    "stairs": LinkKind.STAIR,
    **dict.fromkeys(("rail", "metro", "tram", "bus", "shuttle", "ferry"), LinkKind.RIDE),
}

NOT_FOR_PEOPLE = frozenset({"truck", "dock", "freight", "power"})
"""Ways in an event folder nobody walks or rides; they are left out."""
