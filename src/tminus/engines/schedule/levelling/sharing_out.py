"""People shared out over what is asked of them, one thing each."""

from __future__ import annotations

from collections.abc import Sequence

from tminus.engines.schedule.levelling.resources import Supply


def shared_out(asked: Sequence[str], people: Sequence[Supply]) -> dict[int, int]:
    """Person → asked share, as many as can be (augmenting paths)."""
    served: dict[int, int] = {}

    def find(share: int, tried: set[int]) -> bool:
        for number, person in enumerate(people):
            if number not in tried and (asked[share] in person.skills or asked[share] == person.id):
                tried.add(number)
                if number not in served or find(served[number], tried):
                    served[number] = share
                    return True
        return False

    for share in range(len(asked)):
        find(share, set())
    return served
