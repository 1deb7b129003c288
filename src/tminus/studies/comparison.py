"""Scenarios of a day under the same people and chances: figures seed by seed, and what differs for sure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from scipy.stats import t as student

from tminus.formats.event_folder.day_scenarios import DayScenario
from tminus.studies.day_cost import day_figures
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.walked_day import walk

LEVEL = 0.95


class Walks(Protocol):
    """Runs a function over (name, seed) and keeps their order: ``map``, a process pool's."""

    def __call__(
        self, run: Callable[[tuple[str, int]], dict[str, Any]], of: Iterable[tuple[str, int]], /
    ) -> Iterable[dict[str, Any]]: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean of one scenario less the other over paired seeds, and the interval that holds it in 95 of 100 cases.

    With one seed there is no interval: both ends are NaN.
    """

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def sure(self) -> bool:
        """Whether the interval excludes zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """``rows``: ``name``, ``seed`` and the figures of :func:`tminus.studies.day_cost.day_figures`."""

    rows: tuple[Mapping[str, Any], ...]

    def values(self, name: str, figure: str) -> dict[int, float]:
        """By seed; figures there are none of are left out."""
        return {row["seed"]: float(row[figure]) for row in self.rows if row["name"] == name and row[figure] is not None}

    def difference(self, name: str, other: str, figure: str) -> Difference:
        """``name`` less ``other``, over the seeds both were walked with."""
        one, two = self.values(name, figure), self.values(other, figure)
        return interval([one[seed] - two[seed] for seed in sorted(one.keys() & two.keys())])


def interval(values: Sequence[float]) -> Difference:
    """Mean and Student's interval of independent values."""
    n = len(values)
    mean = float(np.mean(values)) if n else float("nan")
    if n < 2:
        return Difference(mean, float("nan"), float("nan"), n)
    half = float(student.ppf((1 + LEVEL) / 2, n - 1) * np.std(values, ddof=1) / np.sqrt(n))
    return Difference(mean, mean - half, mean + half, n)


def paired(
    ready: PreparedDay, scenarios: Mapping[str, DayScenario], seeds: Iterable[int], *, map: Walks = map
) -> Comparison:
    """Each scenario walked once a seed: the same people, the same draws.

    :raises BadFile: a scenario that cannot be walked.
    """
    of = [(name, seed) for seed in seeds for name in scenarios]
    found = map(partial(_walked, ready, dict(scenarios)), of)
    return Comparison(tuple({"name": name, "seed": seed, **row} for (name, seed), row in zip(of, found, strict=True)))


def _walked(ready: PreparedDay, scenarios: Mapping[str, DayScenario], one: tuple[str, int]) -> dict[str, Any]:
    name, seed = one
    return day_figures(walk(ready, scenarios[name], seed=seed))
