"""What is to be scheduled under scarce resources: activities, their demands, what is there, what waits for what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

MOST_SLOTS = 1 << 40
"""Longest sum of durations and lags; far beyond any plan, and far from overflow."""


class ProblemError(ValueError):
    """The problem cannot be taken as it is; the message names what, the value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Non-preemptive activities, each in one mode, on renewable resources of constant capacity.

    ``durations[i]`` slots; ``demands[i, r]`` units of resource ``r`` while activity ``i`` runs; ``capacities[r]``
    units. Link ``k`` says ``start[succ[k]] ≥ start[pred[k]] + lag[k]``: finish-to-start has the predecessor's
    duration as its lag, and a greatest lag is a link the other way with a negative one. Activities are numbered in
    any order; dummies of no length are ordinary activities. Starts are slots ≥ 0; what is minimised is the last finish.
    """

    durations: Ints
    demands: Ints
    capacities: Ints
    pred: Ints
    succ: Ints
    lag: Ints

    def __post_init__(self) -> None:
        """:raises ProblemError: arrays that do not fit each other, negative figures, a demand above capacity."""
        if self.demands.shape != (len(self.durations), len(self.capacities)):
            raise ProblemError(
                f"demands: shape {self.demands.shape}; allowed: {(len(self.durations), len(self.capacities))}"
            )
        if not len(self.pred) == len(self.succ) == len(self.lag):
            raise ProblemError(f"links: {len(self.pred)}, {len(self.succ)} and {len(self.lag)}; allowed: one length")
        self._check_figures()

    def _check_figures(self) -> None:
        for name, figures in (("durations", self.durations), ("demands", self.demands), ("pred", self.pred)):
            if figures.size and figures.min() < 0:
                raise ProblemError(f"{name}: {figures.min()}; allowed: 0 or more")
        ends = np.concatenate([self.pred, self.succ])
        if ends.size and (ends.min() < 0 or ends.max() >= len(self.durations)):
            raise ProblemError(f"links: activity {ends.max()}; allowed: 0 … {len(self.durations) - 1}")
        over = np.argwhere((self.demands > self.capacities) & (self.durations > 0)[:, None])
        if len(over):
            i, r = (int(value) for value in over[0])
            raise ProblemError(
                f"activity {i}, resource {r}: demand {self.demands[i, r]}; allowed: at most {self.capacities[r]}"
            )
        if int(self.durations.sum()) + int(np.abs(self.lag).sum()) > MOST_SLOTS:
            raise ProblemError(f"durations and lags: more than {MOST_SLOTS} slots together")

    @property
    def size(self) -> int:
        """Number of activities."""
        return len(self.durations)

    @property
    def horizon(self) -> int:
        """Slots within which some schedule lies if there is any: everything one after the other."""
        longest = self.durations.copy()
        if len(self.pred):
            np.maximum.at(longest, self.pred, self.lag)
        return int(longest.sum())


def make_problem(
    durations: list[int],
    demands: list[list[int]],
    capacities: list[int],
    links: list[tuple[int, int]] | list[tuple[int, int, int]],
) -> Problem:
    """A problem from lists; a link of two is finish-to-start, of three has its start-to-start lag.

    :raises ProblemError: as :class:`Problem`.
    """
    known = range(len(durations))
    for link in links:
        if link[0] not in known or link[1] not in known:
            raise ProblemError(f"link {link}: no such activity; allowed: 0 … {len(durations) - 1}")
    lags = [link[2] if len(link) == 3 else durations[link[0]] for link in links]
    return Problem(
        _ints(durations),
        _ints(demands).reshape(len(durations), len(capacities)),
        _ints(capacities),
        _ints([link[0] for link in links]),
        _ints([link[1] for link in links]),
        _ints(lags),
    )


def _ints(values: list[int] | list[list[int]]) -> Ints:
    return np.array(values, dtype=np.int64)
