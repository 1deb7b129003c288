"""A plan that jams on some days by chance is not recommended where one with fewer parts jams on none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Part = TypeVar("Part")

FURTHER = (1002, 1003, 1004, 1005)
"""Seeds of days the whole plan is walked on besides those its parts were tried on."""
TIPS = 1.25
"""A day that costs so many times another of the same plan has jammed; by who comes alone costs differ by hundredths."""


def steady(parts: Sequence[Part], cost: Callable[[Sequence[Part], int], float]) -> Sequence[Part]:
    """``parts`` less so many of the latest that no further day jams; all of them where one jams whatever is left out.

    :param cost: what a day costs under these parts, by seed; never asked again for a plan one day of which has jammed.
    """
    for many in range(len(parts), 0, -1):
        if not _jams(parts[:many], cost):
            return parts[:many]
    return parts


def _jams(parts: Sequence[Part], cost: Callable[[Sequence[Part], int], float]) -> bool:
    costs: list[float] = []
    for seed in FURTHER:
        costs.append(cost(parts, seed))
        if max(costs) > TIPS * min(costs):
            return True
    return False
