"""How much longer work takes than planned, learned by unit and class of work from what has been reported.

The logarithm of actual over planned duration is a sum: what all work has in common, what its unit adds, what its class
of work adds (its phase, or the class its estimate names), what the two together add, and what is the task's own. Each
part is drawn towards nothing the more, the less has been seen of it (empirical Bayes: how far units differ is itself
estimated); work that is still running counts as taking *longer* than so far (censored), in the steps of an
expectation-maximisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from tminus.engines.schedule.bounds import DONE, STARTED
from tminus.engines.schedule.model import EstimateKind, PlanError, Task, TaskKind
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.risk.classes import DEFAULT_CLASS
from tminus.engines.schedule.worktime import minutes, work_until

Floats = NDArray[np.float64]

ROUNDS = 60
PRIOR_WEIGHT = 4.0
"""Observations the assumptions below weigh as much as."""
PRIOR_OWN, PRIOR_UNIT, PRIOR_KIND, PRIOR_CELL, PRIOR_COMMON = 0.25, 0.15, 0.15, 0.10, 0.20
"""Standard deviations of the logarithms assumed before anything is seen: of a task's own part, of units, of classes of
work, of a class within a unit, of what all have in common."""
PRIORS = (PRIOR_UNIT, PRIOR_KIND, PRIOR_CELL)
LEAST, MOST = -2.5, 2.5
"""Logarithms beyond these (a twelfth, twelve times) are slips of the pen and count as these."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One task: its ``unit`` and ``kind`` (class of work), the planned working minutes, and how many it took, or,
    ``running``, how many it has taken so far."""

    unit: str
    kind: str
    planned: float
    taken: float
    running: bool = False

    @property
    def log_ratio(self) -> float:
        return min(max(math.log(max(self.taken, 1.0) / self.planned), LEAST), MOST)


@dataclass(frozen=True, slots=True)
class Factor:
    """What has been learned of one unit and class of work: a duration is multiplied by ``median``; the logarithm of
    the factor is known up to ``unsure`` (standard deviation); from ``finished`` and ``running`` tasks."""

    unit: str
    kind: str
    median: float
    unsure: float
    finished: int
    running: int

    def as_json(self) -> dict[str, Any]:
        names = ("unit", "kind", "median", "unsure", "finished", "running")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Factors:
    """``own``: standard deviation of a single task's logarithm. ``common``, ``units``, ``kinds``: mean and standard
    deviation of their parts; ``spreads``: how far units, classes, and classes within units differ."""

    cells: tuple[Factor, ...]
    own: float
    common: tuple[float, float]
    units: dict[str, tuple[float, float]]
    kinds: dict[str, tuple[float, float]]
    spreads: tuple[float, float, float]

    def of(self, unit: str, kind: str) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm of the factor of such work; unseen work has what it shares."""
        for cell in self.cells:
            if (cell.unit, cell.kind) == (unit, kind):
                return math.log(cell.median), cell.unsure
        parts = [self.common, self.unit(unit), self.kind(kind), (0.0, self.spreads[2])]
        return sum(mean for mean, _ in parts), math.hypot(*(deviation for _, deviation in parts))

    def unit(self, unit: str) -> tuple[float, float]:
        """What a unit adds: mean and standard deviation."""
        return self.units.get(unit, (0.0, self.spreads[0]))

    def kind(self, kind: str) -> tuple[float, float]:
        """What a class of work adds: mean and standard deviation."""
        return self.kinds.get(kind, (0.0, self.spreads[1]))


def class_of(task: Task) -> str:
    """The class of work of a task: as its estimate names it, else its phase, else the standard one."""
    if task.estimate is not None and task.estimate.kind is EstimateKind.CLASS:
        return task.estimate.of
    return task.phase.strip().lower().replace(" ", "_").replace("-", "_") or DEFAULT_CLASS


def observations_of(schedule: Schedule) -> list[Observation]:
    """What a schedule's reported progress shows: finished tasks with both dates, and running ones.

    :raises PlanError: a schedule without a network.
    """
    network, held = schedule.network, schedule.held
    if network is None or held is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    table, now, found = network.time.table, minutes(schedule.today), []
    for number, task in enumerate(network.tasks):
        place = int(network.place[number])
        progress, planned = network.plan.progress.get(task.id), int(network.work[place])
        if progress is None or progress.actual_start is None or planned < 1 or task.kind is TaskKind.MILESTONE:
            continue
        start, calendar = minutes(progress.actual_start), int(network.calendar[place])
        if held.state[place] == DONE and progress.actual_finish is not None and held.finish[place] != NEVER:
            end, running = minutes(progress.actual_finish), False
        elif held.state[place] == STARTED:
            end, running = now, True
        else:
            continue
        taken = int(work_until(table, calendar, end)) - int(work_until(table, calendar, start))
        if taken > 0:
            found.append(Observation(task.unit, class_of(task), planned, taken, running))
    return found


def learn(observations: Sequence[Observation]) -> Factors:
    """Factors from observations; without any the assumptions.

    :raises PlanError: an observation of nothing planned.
    """
    if bad := next((one for one in observations if one.planned <= 0), None):
        raise PlanError(f"observation of {bad.unit!r}: planned {bad.planned}; allowed: above 0")
    model = _Mixed(observations)
    for _ in range(ROUNDS if observations else 0):
        model.step()
    return model.answer()


class _Mixed:
    """A linear model with effects that are drawn: one for all, one a unit, one a class, one a class within a unit."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self._seen = observations
        self._log = np.array([one.log_ratio for one in observations], dtype=np.float64)
        self._running = np.array([one.running for one in observations], dtype=np.bool_)
        self._names: tuple[list[str], list[str], list[tuple[str, str]]] = (
            sorted({one.unit for one in observations}),
            sorted({one.kind for one in observations}),
            sorted({(one.unit, one.kind) for one in observations}),
        )
        edges = np.cumsum([1, *(len(names) for names in self._names)])
        self._parts = [slice(int(a), int(b)) for a, b in pairwise(edges)]
        self._design = np.zeros((len(observations), int(edges[-1])))
        for row, one in enumerate(observations):
            self._design[row] = self._pick(one.unit, one.kind)
        self.own, self.spreads = PRIOR_OWN**2, [prior**2 for prior in PRIORS]
        self._mean: Floats = np.zeros(int(edges[-1]))
        self._cov: Floats = np.diag(self._prior())

    def _pick(self, unit: str, kind: str) -> Floats:
        """The effects that such work has."""
        pick = np.zeros(self._parts[-1].stop)
        names, parts = self._names, [part.start for part in self._parts]
        units, kinds = parts[0] + names[0].index(unit), parts[1] + names[1].index(kind)
        cells = parts[2] + names[2].index((unit, kind))
        pick[[0, units, kinds, cells]] = 1
        return pick

    def _prior(self) -> Floats:
        variances = [PRIOR_COMMON**2]
        for part, spread in zip(self._parts, self.spreads, strict=True):
            variances += [spread] * (part.stop - part.start)
        return np.array(variances)

    def step(self) -> None:
        """One round: what running work will take, the effects given that, the spreads given those."""
        expected = self._design @ self._mean
        value, extra = _beyond(self._log, expected, math.sqrt(self.own), self._running)
        precision = self._design.T @ self._design / self.own + np.diag(1 / self._prior())
        self._cov = np.linalg.inv(precision).astype(np.float64)
        self._mean = self._cov @ (self._design.T @ value) / self.own
        residual = value - self._design @ self._mean
        unsure = np.einsum("ij,jk,ik->i", self._design, self._cov, self._design)
        self.own = _spread(residual**2 + unsure + extra, PRIOR_OWN)
        square = self._mean**2 + np.diag(self._cov)
        self.spreads = [_spread(square[part], prior) for part, prior in zip(self._parts, PRIORS, strict=True)]

    def answer(self) -> Factors:
        units, kinds, _ = self._names
        deviation = np.sqrt(np.diag(self._cov))
        told = [(float(mean), float(own)) for mean, own in zip(self._mean, deviation, strict=True)]
        return Factors(
            tuple(self._factor(unit, kind) for unit, kind in self._names[2]),
            math.sqrt(self.own),
            told[0],
            dict(zip(units, told[self._parts[0]], strict=True)),
            dict(zip(kinds, told[self._parts[1]], strict=True)),
            (math.sqrt(self.spreads[0]), math.sqrt(self.spreads[1]), math.sqrt(self.spreads[2])),
        )

    def _factor(self, unit: str, kind: str) -> Factor:
        pick = self._pick(unit, kind)
        here = [one.running for one in self._seen if (one.unit, one.kind) == (unit, kind)]
        median, unsure = math.exp(float(pick @ self._mean)), math.sqrt(float(pick @ self._cov @ pick))
        return Factor(unit, kind, median, unsure, len(here) - sum(here), sum(here))


def _spread(squares: Floats, prior: float) -> float:
    """A variance from squares, together with what was assumed."""
    return float((squares.sum() + PRIOR_WEIGHT * prior**2) / (len(squares) + PRIOR_WEIGHT))


def _beyond(log: Floats, expected: Floats, own: float, running: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The expected logarithm of each (of what runs, given that it is longer than so far), and its variance then."""
    z = (log - expected) / own
    tail = np.exp(-0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_ndtr(-z))  # the inverse Mills ratio
    value = np.where(running, expected + own * tail, log)
    extra = np.where(running, own**2 * np.maximum(1 + z * tail - tail**2, 0.0), 0.0)
    return value, extra


def longer_than(mean: float, deviation: float, so_far: float, share: float) -> float:
    """The quantile ``share`` of a logarithm of this normal distribution, given that it is above ``so_far``."""
    normal = NormalDist(mean, deviation)
    below = normal.cdf(so_far)
    if below > 1 - 1e-9:
        return so_far + 0.1 * deviation * (1 + share)
    return normal.inv_cdf(min(below + share * (1 - below), 1 - 1e-12))
