"""Figures of the genetic search, by how many activities there are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GeneticParams:
    """How the search spends its budget; tuned at 50,000 schedules on PSPLIB instances no timed benchmark takes."""

    spread: float = 3.2
    """Individuals at first are so many times the square root of the schedules expected."""
    left: float = 0.1
    """Of these, the part that is left when all are built."""
    keep_part: int = 700
    """Of 1000 children, how many keep a stretch of their mother."""
    bend: float = 1.0
    """How many are gone goes by the part of the schedules spent, to this power: below 1, more of them early."""
    hopeless: int = 1_000_000
    """By more thousandths than this longer than both parents after its first pass, a child gets no second."""
    parents_give_way: bool = False
    """Whether a child takes the place of its worse parent, not of the worst of four."""
    gain: float = 5.0
    """How strongly a schedule met again raises the number of activities moved in later children."""
    chunk: int = 3000
    """Schedules between two looks at the clock, at 100 activities; fewer for larger problems."""
    most_cells: int = 20_000_000
    """Individuals times activities at most: memory."""

    def population(self, schedules: float, size: int) -> int:
        """How many individuals for a budget of so many schedules of so many activities."""
        return int(max(4, min(self.spread * schedules**0.5, schedules / 10, self.most_cells / max(1, size))))


MOST_FEW = 80
"""Activities up to which :data:`FEW` holds; it was chosen at 60 activities, the other figures at 120 too."""

FEW = GeneticParams(spread=4.0, left=0.05, bend=0.6, hopeless=50, parents_give_way=True)
"""Parents that give way keep the population apart for longer; it shrinks faster in exchange."""


def usual_params(size: int) -> GeneticParams:
    """For so many activities in one mode."""
    return FEW if size <= MOST_FEW else GeneticParams()
