"""Pieces of a driver's work: blocks cut where a vehicle stands long enough for another driver to take over."""

from __future__ import annotations

from dataclasses import dataclass

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.shuttles.fleet import Block


@dataclass(frozen=True, slots=True)
class Piece:
    """From one relief to the next; ``too_long`` where the block has no place to be cut in time."""

    vehicle: int
    from_min: int
    to_min: int
    trips: int
    too_long: bool


def pieces_of(block: Block, most_min: int = 270, relief_min: int = 5) -> tuple[Piece, ...]:
    """The fewest pieces: each goes on as long as it may, and is cut at the last relief before that.

    :param relief_min: minutes between arrival and departure that another driver needs to take over.
    :raises TransportError: lengths that cannot be.
    """
    if most_min < 1 or relief_min < 0:
        raise TransportError(f"pieces: {most_min} and {relief_min} min; allowed: at least 1 and 0")
    reliefs = [
        (then.depart, number + 1)
        for number, (now, then) in enumerate(zip(block.trips, block.trips[1:], strict=False))
        if then.depart - now.arrive >= relief_min
    ]
    ends = [*reliefs, (block.back_at_depot, len(block.trips))]
    pieces, begin, done, at = list[Piece](), block.leaves_depot, 0, 0
    while at < len(ends):
        last = at
        while last + 1 < len(ends) and ends[last + 1][0] - begin <= most_min:
            last += 1
        minute, trips = ends[last]
        pieces.append(Piece(block.vehicle, begin, minute, trips - done, minute - begin > most_min))
        begin, done, at = minute, trips, last + 1
    return tuple(pieces)
