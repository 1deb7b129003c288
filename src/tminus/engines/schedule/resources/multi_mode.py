"""Activities that can be done in several ways: each mode has a length, needs, and what it spends of budgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tminus.engines.schedule.resources.problem import MOST_SLOTS, Ints, Problem, ProblemError


@dataclass(frozen=True, slots=True)
class MultiModeProblem:
    """Non-preemptive activities in one of several modes, on renewable resources, within non-renewable budgets.

    Modes are rows: those of activity ``i`` are ``mode_ptr[i] … mode_ptr[i + 1] − 1``. ``durations[row]`` slots;
    ``demands[row, r]`` units of resource ``r`` while the activity runs, at most ``capacities[r]`` in use at a time;
    ``spending[row, b]`` units of budget ``b``, at most ``budgets[b]`` over all activities. Link ``k``:
    ``succ[k]`` starts ``gap[k] ≥ 0`` slots after ``pred[k]`` has finished, or later. What is minimised is the last
    finish. A mode that asks for more than there is may be there; it is never taken.
    """

    mode_ptr: Ints
    durations: Ints
    demands: Ints
    spending: Ints
    capacities: Ints
    budgets: Ints
    pred: Ints
    succ: Ints
    gap: Ints

    def __post_init__(self) -> None:
        """:raises ProblemError: arrays that do not fit each other, negative figures, an activity no mode serves."""
        rows = len(self.durations)
        for name, found, allowed in (
            ("demands", self.demands.shape, (rows, len(self.capacities))),
            ("spending", self.spending.shape, (rows, len(self.budgets))),
            ("links", (len(self.pred), len(self.gap)), (len(self.succ), len(self.succ))),
            ("mode_ptr", (int(self.mode_ptr[0]), int(self.mode_ptr[-1])), (0, rows)),
        ):
            if found != allowed:
                raise ProblemError(f"{name}: shape {found}; allowed: {allowed}")
        self._check_figures()
        self._check_modes()

    def _check_figures(self) -> None:
        names = ("durations", "demands", "spending", "capacities", "budgets", "pred", "succ", "gap")
        for name in names:
            figures = getattr(self, name)
            if figures.size and figures.min() < 0:
                raise ProblemError(f"{name}: {figures.min()}; allowed: 0 or more")
        last = max(self.pred.max(initial=-1), self.succ.max(initial=-1))
        if last >= self.size:
            raise ProblemError(f"links: activity {last}; allowed: 0 … {self.size - 1}")
        if int(self.durations.sum()) + int(self.gap.sum()) > MOST_SLOTS:
            raise ProblemError(f"durations and gaps: more than {MOST_SLOTS} slots together")

    def _check_modes(self) -> None:
        without = np.flatnonzero(np.diff(self.mode_ptr) < 1)
        if len(without):
            raise ProblemError(f"activity {without[0]}: no modes; allowed: 1 or more")
        served = np.bincount(self.activity, weights=self.fits, minlength=self.size)
        if self.size and served.min() == 0:
            i = int(served.argmin())
            asked = self.demands[self.mode_ptr[i] : self.mode_ptr[i + 1]].tolist()
            raise ProblemError(
                f"activity {i}: its modes ask for {asked}; allowed: one of at most {self.capacities.tolist()}"
            )

    @property
    def fits(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Per mode: whether its demands lie within the capacities."""
        within: np.ndarray[tuple[int], np.dtype[np.bool_]] = np.all(
            (self.demands <= self.capacities) | (self.durations == 0)[:, None], axis=1
        )
        return within

    @property
    def size(self) -> int:
        """Number of activities."""
        return len(self.mode_ptr) - 1

    @property
    def activity(self) -> Ints:
        """Whose mode each row is."""
        return np.repeat(np.arange(self.size), np.diff(self.mode_ptr))

    def shortest(self) -> Ints:
        """Least duration of each activity, in slots."""
        return np.minimum.reduceat(self.durations, self.mode_ptr[:-1]) if self.size else self.durations

    @property
    def horizon(self) -> int:
        """Slots within which some schedule lies if there is any: everything in turn, each in its longest mode."""
        longest = np.maximum.reduceat(self.durations, self.mode_ptr[:-1]) if self.size else self.durations
        wait = np.zeros(self.size, dtype=np.int64)
        np.maximum.at(wait, self.pred, self.gap)
        return int(longest.sum() + wait.sum())

    def in_modes(self, modes: Ints) -> Problem:
        """What is left to schedule once every activity has its mode (counted from 0 within the activity).

        :raises ProblemError: no such mode, or one that asks for more than there is.
        """
        if modes.shape != (self.size,) or np.any((modes < 0) | (modes >= np.diff(self.mode_ptr))):
            raise ProblemError(f"modes: {modes.tolist()}; allowed: one of each activity's {np.diff(self.mode_ptr)}")
        rows = self.mode_ptr[:-1] + modes
        durations = self.durations[rows]
        lag = durations[self.pred] + self.gap
        return Problem(durations, self.demands[rows], self.capacities, self.pred, self.succ, lag)


Mode = tuple[int, list[int], list[int]]
"""Duration, demands, spending."""


def make_multi_mode(
    modes: list[list[Mode]],
    capacities: list[int],
    budgets: list[int],
    links: list[tuple[int, int]] | list[tuple[int, int, int]],
) -> MultiModeProblem:
    """A problem from lists; a link of two is finish-to-start, of three waits so many slots more.

    :raises ProblemError: as :class:`MultiModeProblem`.
    """
    rows = [mode for own in modes for mode in own]
    for name, at, count in (("demands", 1, len(capacities)), ("spending", 2, len(budgets))):
        odd = next((row[at] for row in rows if len(row[at]) != count), None)  # type: ignore[arg-type]
        if odd is not None:
            raise ProblemError(f"{name}: {odd}; allowed: {count} figures")
    return MultiModeProblem(
        _ints(np.cumsum([0, *map(len, modes)])),
        _ints([row[0] for row in rows]),
        _ints([row[1] for row in rows]).reshape(len(rows), len(capacities)),
        _ints([row[2] for row in rows]).reshape(len(rows), len(budgets)),
        _ints(capacities),
        _ints(budgets),
        _ints([link[0] for link in links]),
        _ints([link[1] for link in links]),
        _ints([link[2] if len(link) == 3 else 0 for link in links]),
    )


def _ints(values: object) -> Ints:
    return np.array(values, dtype=np.int64)
