"""As :mod:`.optimise`, where activities have several modes and budgets are not renewed."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from tminus.engines.schedule.resources import exact
from tminus.engines.schedule.resources.genetic import NONE, SCHEDULE_NS
from tminus.engines.schedule.resources.mode_bound import mode_bound
from tminus.engines.schedule.resources.mode_genetic import ModeGenetic, ModeParams
from tminus.engines.schedule.resources.mode_packed import ModePacked, pack_modes
from tminus.engines.schedule.resources.mode_proof import shorter_in_modes
from tminus.engines.schedule.resources.multi_mode import MultiModeProblem, make_multi_mode
from tminus.engines.schedule.resources.packed import network_of
from tminus.engines.schedule.resources.problem import Ints
from tminus.engines.schedule.resources.usable_modes import usable
from tminus.engines.schedule.resources.validator import require_valid_in_modes


@dataclass(frozen=True, slots=True)
class OptimiseModesParams:
    """Budgets; the first that is spent ends the search."""

    seconds: float = 5.0
    """Wall time of the engine, without import and compilation."""
    schedules: int | None = None
    """Passes instead of seconds: the same bytes for the same seed; no solver is asked then."""
    seed: int = 0
    most_for_proof: int = 150
    """Activities up to which the solver is asked for a proof, and for modes that keep the budgets."""
    search_part: float = 0.15
    """Of the seconds, what the genetic search gets before the solver is asked."""
    proof_part: float = 0.6
    """Of the seconds, what the solver gets at most; the search goes on with the rest."""
    proof_activities: float = 30.0
    """The solver's part is so many activities over those of the problem: the more there are, the more search pays."""
    genetic: ModeParams = field(default_factory=ModeParams)


@dataclass(frozen=True, slots=True)
class OptimisedModes:
    """A schedule in modes, checked by :mod:`.validator`; slots."""

    makespan: int | None
    """``None``: nothing was found."""
    lower_bound: int
    proved: bool
    """The makespan is the least there is; or, with none, there is no schedule at all."""
    starts: Ints | None
    modes: Ints | None
    """Each activity's mode, counted from 0."""
    elapsed_s: float


def optimise_modes(problem: MultiModeProblem, params: OptimiseModesParams | None = None) -> OptimisedModes:
    """Leave out what does not matter, search, prove; see :class:`OptimiseModesParams` for budgets.

    :raises ProblemError: links run in a circle; more slots than a profile can hold.
    """
    given = params or OptimiseModesParams()
    began = perf_counter()
    if problem.size == 0:
        nothing = np.zeros(0, dtype=np.int64)
        return OptimisedModes(0, 0, True, nothing, nothing, 0.0)
    network_of(problem.size, problem.pred, problem.succ, problem.gap)  # circles are said whatever the budgets
    reduced = usable(problem)
    if reduced is None:
        return OptimisedModes(None, 0, True, None, None, perf_counter() - began)
    small, original = reduced
    packed = pack_modes(small)
    bound = mode_bound(small, packed)
    if bound is None:
        return OptimisedModes(None, 0, True, None, None, perf_counter() - began)
    search = _Search(small, packed, bound, given, began)
    search.run()
    return _answer(problem, original, search, began)


def _answer(problem: MultiModeProblem, original: Ints, search: _Search, began: float) -> OptimisedModes:
    found = search.genetic
    if found.makespan == NONE:
        return OptimisedModes(None, search.bound, search.closed, None, None, perf_counter() - began)
    modes = original[found.row]
    starts = require_valid_in_modes(problem, modes, found.best)
    proved = search.closed or found.makespan == search.bound
    bound = found.makespan if proved else search.bound
    return OptimisedModes(found.makespan, bound, proved, starts, modes, perf_counter() - began)


class _Search:
    """The genetic search and the solver in turn, until both have met or time is up."""

    def __init__(
        self, problem: MultiModeProblem, packed: ModePacked, bound: int, given: OptimiseModesParams, began: float
    ) -> None:
        self.problem, self.packed, self.bound, self.given, self.began = problem, packed, bound, given, began
        self.closed = False
        expected = given.schedules or given.seconds * 0.65e9 / (2 * SCHEDULE_NS * problem.size)
        self.genetic = ModeGenetic(packed, given.seed, expected, given.genetic)

    def run(self) -> None:
        given, genetic = self.given, self.genetic
        if given.schedules is not None:
            genetic.run(given.schedules, self.bound)
            return
        end = self.began + given.seconds
        provable = self.problem.size <= given.most_for_proof
        genetic.run_until(self.began + given.seconds * (given.search_part if provable else 1.0), self.bound)
        if provable and (genetic.makespan == NONE or genetic.makespan > self.bound):
            part = min(given.proof_part, given.proof_activities / self.problem.size)
            self._ask(min(end - perf_counter(), part * given.seconds))
        if not self.closed:
            genetic.run_until(end, self.bound)

    def _ask(self, seconds: float) -> None:
        """Something shorter than what is there; where nothing is, anything at all."""
        none = self.genetic.makespan == NONE
        horizon = self.packed.horizon if none else self.genetic.makespan - 1
        answer = shorter_in_modes(
            self.problem, self.packed, horizon, bound=self.bound, seconds=max(0.01, seconds), seed=self.given.seed
        )
        if answer.starts is not None and answer.modes is not None:
            self.genetic.adopt(answer.starts, answer.modes)
        self.closed = answer.closed
        if self.genetic.makespan != NONE:
            self.bound = min(self.genetic.makespan, max(self.bound, answer.bound))


def make_ready_for_modes() -> None:
    """Compile or load the loops and import the solver, before a clock starts."""
    small = make_multi_mode([[(1, [1], [2]), (2, [1], [1])]] * 3, [1], [5], [(0, 1)])
    optimise_modes(small, OptimiseModesParams(schedules=200))
    exact.load()
