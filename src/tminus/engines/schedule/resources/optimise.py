"""The shortest schedule that can be found in the time given, the best bound, and whether the two have met."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

from tminus.engines.schedule.resources import exact, portfolio
from tminus.engines.schedule.resources.distances import distance_bound, distances
from tminus.engines.schedule.resources.genetic import SCHEDULE_NS, Genetic
from tminus.engines.schedule.resources.genetic_params import GeneticParams
from tminus.engines.schedule.resources.lower_bounds import lower_bound
from tminus.engines.schedule.resources.max_lags import search
from tminus.engines.schedule.resources.packed import Packed, earliest, pack, pack_demands
from tminus.engines.schedule.resources.portfolio import Portfolio
from tminus.engines.schedule.resources.problem import Ints, Problem, make_problem
from tminus.engines.schedule.resources.validator import require_valid
from tminus.engines.schedule.resources.windows import WindowParams, Windows


@dataclass(frozen=True, slots=True)
class OptimiseParams:
    """Budgets; the first that is spent ends the search."""

    seconds: float = 5.0
    """Wall time of the engine, without import and compilation."""
    schedules: int | None = None
    """Passes instead of seconds: the same bytes for the same seed; no proof by the solver then."""
    seed: int = 0
    most_for_proof: int = 150
    """Activities up to which the solver is asked for a proof."""
    most_for_lists: int = 5_000
    """Activities up to which a population pays; beyond, see :mod:`.portfolio`."""
    search_part: float = 0.15
    """Of the seconds, what the genetic search gets before the solver is asked."""
    proof_part: float = 0.6
    """Of the seconds, what the solver gets at most; the search goes on with the rest."""
    proof_activities: float = 42.0
    """The solver's part is so many activities over those of the problem: the more there are, the more search pays."""
    least_for_windows: int = 400
    """Activities from which the solver improves windows of what the genetic search found; below, that search pays."""
    before_windows: float = 0.2
    """Of the seconds, what the genetic search gets before windows."""
    genetic: GeneticParams | None = None
    """``None``: :func:`.genetic_params.usual_params`."""
    windows: WindowParams = field(default_factory=WindowParams)


@dataclass(frozen=True, slots=True)
class Optimised:
    """A schedule, checked by :mod:`.validator`; slots."""

    makespan: int | None
    """``None``: nothing was found."""
    lower_bound: int
    proved: bool
    """The makespan is the least there is; or, with none, there is no schedule at all."""
    starts: Ints | None
    elapsed_s: float


def optimise(problem: Problem, params: OptimiseParams | None = None) -> Optimised:
    """Search, then prove; see :class:`OptimiseParams` for budgets.

    :raises ProblemError: links run in a circle, no greatest lags being among them.
    """
    given = params or OptimiseParams()
    began = perf_counter()
    if problem.size == 0:
        return Optimised(0, 0, True, problem.durations, 0.0)
    if problem.lag.size and problem.lag.min() < 0:
        return _with_greatest_lags(problem, given, began)
    packed = pack(problem)
    if problem.size > given.most_for_lists:
        return _large(problem, packed, given, began)
    bound = lower_bound(problem, packed)
    expected = given.schedules or given.seconds * 0.65e9 / (SCHEDULE_NS * problem.size)
    search = Genetic(packed, given.seed, expected, given.genetic)
    if given.schedules is not None:
        search.run(given.schedules, bound)
    else:
        bound = _in_seconds(problem, packed, search, bound, given, began)
    return Optimised(
        search.makespan,
        bound,
        search.makespan == bound,
        require_valid(problem, search.best),
        perf_counter() - began,
    )


def _large(problem: Problem, packed: Packed, given: OptimiseParams, began: float) -> Optimised:
    """Passes from both ends; a budget of schedules is one of passes here too."""
    found = Portfolio(problem, packed, given.seed)
    bound = lower_bound(problem, packed)
    if given.schedules is None:
        found.run_until(began + given.seconds, bound)
    else:
        found.run(given.schedules, bound)
    require_valid(problem, found.best)
    return Optimised(found.makespan, bound, found.makespan == bound, found.best, perf_counter() - began)


def _with_greatest_lags(problem: Problem, given: OptimiseParams, began: float) -> Optimised:
    """Own search; no solver is called. A circle of positive length is a proof that there is no schedule."""
    far = distances(problem)
    if far is None:
        return Optimised(None, 0, True, None, perf_counter() - began)
    bound = distance_bound(problem, far, problem.horizon)
    end = began + given.seconds
    found = search(problem, far, enough=bound, deadline_s=end, decodings=given.schedules, seed=given.seed)
    if found.starts is None or found.makespan is None:
        return Optimised(None, bound, False, None, perf_counter() - began)
    require_valid(problem, found.starts)
    return Optimised(found.makespan, bound, found.makespan == bound, found.starts, perf_counter() - began)


def _in_seconds(
    problem: Problem, packed: Packed, search: Genetic, bound: int, given: OptimiseParams, began: float
) -> int:
    """Search for a part of the time, ask the solver, search on with what is left; the bound reached."""
    end = began + given.seconds
    provable, windows = problem.size <= given.most_for_proof, problem.size >= given.least_for_windows
    part = given.search_part if provable else given.before_windows if windows else 1.0
    proof = min(given.proof_part, given.proof_activities / problem.size) if provable else 0.0
    later = max(0.0, 1 - part - proof) if provable else 0.0
    search.run_until(began + given.seconds * part, bound, given.seconds * later)
    if provable and search.makespan > bound:
        seconds = min(end - perf_counter(), proof * given.seconds)
        bound = _ask(problem, packed, search, bound, given.seed, seconds)
    if windows and search.makespan > bound:
        _improve_windows(problem, packed, search, bound, given, end)
    search.run_until(end, bound)
    return bound


def _improve_windows(
    problem: Problem, packed: Packed, search: Genetic, bound: int, given: OptimiseParams, end: float
) -> None:
    found = Windows(problem, packed, search.best, given.seed, given.windows)
    found.run_until(end, bound)
    search.adopt(require_valid(problem, found.best))


def _ask(problem: Problem, packed: Packed, search: Genetic, bound: int, seed: int, seconds: float) -> int:
    answer = exact.shorter_than(
        problem,
        search.makespan,
        bound=bound,
        heads=earliest(packed.forward),
        tails=earliest(packed.backward),
        seconds=max(0.01, seconds),
        seed=seed,
    )
    if answer.starts is not None:
        search.adopt(require_valid(problem, answer.starts))
    if answer.closed:
        return search.makespan
    return min(search.makespan, max(bound, answer.bound))


def make_ready(problem: Problem) -> None:
    """Compile or load the loops a problem of this kind needs and import its solver, before a clock starts."""
    greatest = bool(problem.lag.size and problem.lag.min() < 0)
    wide = [1 << 40, 1 << 40] if pack_demands(problem)[2].size > 1 else [1]
    links = [(0, 1, 1), (1, 0, -3)] if greatest else [(0, 1)]
    small = make_problem([1, 1, 1], [wide] * 3, wide, links)
    optimise(small, OptimiseParams(schedules=400))
    if not greatest and problem.size > OptimiseParams().most_for_lists:
        portfolio.load(small)
    elif not greatest:
        exact.load()
