"""The same day many times over seeds: whatever runs them, the same bytes in the order of the seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, Protocol, TypeVar

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.simulate import Engine, simulate

T = TypeVar("T")
Kept = TypeVar("Kept")


class Executor(Protocol):
    """What runs a function over seeds and keeps their order: ``map``, a process pool's, a Dask client's with gather."""

    def __call__(self, run: Callable[[int], T], seeds: Iterable[int], /) -> Iterable[T]: ...


@dataclass(frozen=True, slots=True)
class Replication(Generic[Kept]):
    """One day of an ensemble: its seed, what is kept of its result, seconds by ``clock`` (none: 0)."""

    seed: int
    kept: Kept
    elapsed_s: float


def no_clock() -> float:
    """Engines have none of their own."""
    return 0.0


def run_many(
    scenario: Scenario,
    seeds: Sequence[int],
    keep: Callable[[DayResult], Kept],
    *,
    map: Executor = map,
    until_s: float | None = None,
    engine: Engine = "agents",
    clock: Callable[[], float] = no_clock,
) -> list[Replication[Kept]]:
    """One simulation a seed, in the order of ``seeds``.

    :param keep: what is kept of a result, taken where it was run; with processes a function of a module.
    :param map: runs them; the outcome does not depend on it, for a simulation draws from its own seed only.
    :raises CrowdError: what cannot be simulated.
    """
    run = partial(_one, scenario, keep=keep, until_s=until_s, engine=engine, clock=clock)
    return list(map(run, seeds))


def _one(
    scenario: Scenario,
    seed: int,
    *,
    keep: Callable[[DayResult], Kept],
    until_s: float | None,
    engine: Engine,
    clock: Callable[[], float],
) -> Replication[Kept]:
    begun = clock()
    result = simulate(scenario, seed=seed, until_s=until_s, engine=engine)
    return Replication(seed, keep(result), clock() - begun)
