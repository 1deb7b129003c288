"""Monte Carlo simulation of a schedule: how likely is each checkpoint, what does it hang on."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.risk.batch import Model, room_for, run
from tminus.engines.schedule.risk.causes import Cause, RiskDriver, Scenario, check_causes
from tminus.engines.schedule.risk.positions import Narrow
from tminus.engines.schedule.risk.prepare import Prepared, RiskParams, prepare
from tminus.engines.schedule.risk.result import (
    CauseRisk,
    CheckpointRisk,
    Outcome,
    Risk,
    TaskRisk,
    cautious_error,
    standard_error,
)
from tminus.engines.schedule.risk.tally import Sums, no_sums
from tminus.engines.schedule.risk.wide import LANES
from tminus.engines.schedule.worktime import Ints, instant

MOST_SAMPLES = 4_000_000
ROUND = 8
"""Batches between two looks at the standard error."""


@dataclass(slots=True)
class Drawn:
    """What is kept of every sample: when the gates of each checkpoint are done (``gates`` (2, checkpoints, samples):
    of preparation, and of what comes after), when preparation ends (``end``, and in working minutes ``work``)."""

    gates: Narrow
    end: Ints
    work: Ints
    sums: Sums
    samples: int

    def ready(self, until: NDArray[np.int64]) -> NDArray[np.float64]:
        """(checkpoints,) shares of samples in which all gates are done by ``until`` (2, checkpoints)."""
        done = (self.gates[:, :, : self.samples] <= until[:, :, None]).all(axis=0)
        shares: NDArray[np.float64] = done.sum(axis=1) / self.samples
        return shares


def simulate(
    schedule: Schedule,
    *,
    samples: int = 10_000,
    drivers: Sequence[Cause] = (),
    seed: int = 0,
    until_se: float | None = None,
    threads: int = 1,
    scenarios: Sequence[Scenario] = (),
    params: RiskParams | None = None,
    tornado: bool = True,
) -> Risk:
    """Simulate ``schedule`` with durations drawn anew in every sample; work begins as planned, or when it can.

    ``drivers``: causes of risk, weather and branches. ``until_se``: stop once no checkpoint's probability has a
    (cautious) standard error above it, at ``samples`` at the latest. ``threads`` change the time it takes and no
    figure. ``tornado``: with the same samples without each cause, and with it at its worst.

    :raises PlanError: a figure outside what is allowed, or a cause that names what the plan does not have.
    """
    _check(samples, until_se, threads)
    check_causes(drivers, scenarios)
    made = prepare(schedule, drivers, params or RiskParams())
    began = perf_counter()
    drawn, converged = draw(made, made.model, samples, seed, threads=threads, until_se=until_se)
    shallow = [
        (one, draw(made, made.under(one), drawn.samples, seed, threads=threads, deep=False)[0])
        for one in [*scenarios, *(_tornado(drivers) if tornado else ())]
    ]
    return _risk(schedule, made, drawn, shallow, drivers, seed, converged, began)


def _check(samples: int, until_se: float | None, threads: int) -> None:
    if not 1 <= samples <= MOST_SAMPLES:
        raise PlanError(f"samples {samples}; allowed: 1 … {MOST_SAMPLES}")
    if until_se is not None and not 0 < until_se < 1:
        raise PlanError(f"until_se {until_se}; allowed: above 0, below 1")
    if not 1 <= threads <= 256:
        raise PlanError(f"threads {threads}; allowed: 1 … 256")


# Drawing ----------------------------------


def draw(
    made: Prepared,
    model: Model,
    samples: int,
    seed: int,
    *,
    threads: int = 1,
    deep: bool = True,
    until_se: float | None = None,
) -> tuple[Drawn, bool]:
    """Draw ``samples``, fewer when ``until_se`` is reached; and whether it was."""
    k = model.asked.checkpoints
    gates, end = np.empty((2 * k, samples), dtype=np.int32), np.empty(samples, dtype=np.int64)
    drawn = Drawn(gates.reshape(2, k, samples), end, np.empty_like(end), no_sums(len(model.net.calendar), k), samples)
    batches = -(-samples // LANES)
    step = ROUND if until_se is not None else batches
    for first in range(0, batches, step):
        last = min(first + step, batches)
        parts = _spread(model, seed, first, last, samples, deep, drawn, gates, threads)
        drawn.sums = Sums(*(mine + sum(part[number] for part in parts) for number, mine in enumerate(drawn.sums)))
        drawn.samples = min(last * LANES, samples)
        if until_se is not None and _settled(drawn, made, until_se):
            return drawn, True
    return drawn, until_se is None


def _spread(
    model: Model,
    seed: int,
    first: int,
    last: int,
    samples: int,
    deep: bool,
    drawn: Drawn,
    gates: Narrow,
    threads: int,
) -> list[Sums]:
    n = len(model.net.calendar)
    edges = np.linspace(first, last, threads + 1).astype(int)
    pieces = [(int(a), int(b)) for a, b in pairwise(edges) if b > a]

    def piece(ends: tuple[int, int]) -> Sums:
        own = model._replace(weather=model.weather._replace(lost=np.zeros_like(model.weather.lost)))
        sums = no_sums(n, model.asked.checkpoints)
        run(own, seed, *ends, samples, deep, room_for(n, deep=deep), sums, gates, drawn.end, drawn.work)
        return sums

    if len(pieces) < 2:
        return [piece(ends) for ends in pieces]
    with ThreadPoolExecutor(len(pieces)) as pool:
        return list(pool.map(piece, pieces))


def _settled(drawn: Drawn, made: Prepared, until_se: float) -> bool:
    shares = drawn.ready(made.until)
    return all(cautious_error(float(p), drawn.samples) <= until_se for p in shares)


def _tornado(causes: Sequence[Cause]) -> list[Scenario]:
    """Each cause off, and each driver at its worst."""
    made = []
    for cause in causes:
        made.append(Scenario("", off=frozenset([cause.id])))
        if isinstance(cause, RiskDriver):
            made.append(Scenario("", worst=frozenset([cause.id])))
    return made


# Reading ----------------------------------


def quantile(values: Ints, share: float) -> int:
    """The least of ``values`` that ``share`` of them do not exceed."""
    at = max(int(np.ceil(share * len(values) - 1e-9)) - 1, 0)
    return int(np.partition(values, at)[at])


def _risk(
    schedule: Schedule,
    made: Prepared,
    drawn: Drawn,
    shallow: list[tuple[Scenario, Drawn]],
    causes: Sequence[Cause],
    seed: int,
    converged: bool,
    began: float,
) -> Risk:
    begin = made.model.net.window.begin
    end = drawn.end[: drawn.samples]
    named = [pair for pair in shallow if pair[0].name]
    p50, p80, p90 = (instant(begin + quantile(end, share)) for share in (0.5, 0.8, 0.9))
    return Risk(
        samples=drawn.samples,
        seed=seed,
        checkpoints=_checkpoints(schedule, made, drawn),
        tasks=_tasks(made, drawn),
        causes=tuple(_cause(made, drawn, cause, shallow) for cause in causes) if len(shallow) > len(named) else (),
        scenarios=tuple(_outcome(made, drawn, scenario, other) for scenario, other in named),
        p50=p50,
        p80=p80,
        p90=p90,
        beyond=float((end >= made.model.net.window.end - begin).mean()),
        converged=converged,
        elapsed_s=perf_counter() - began,
    )


def _checkpoints(schedule: Schedule, made: Prepared, drawn: Drawn) -> tuple[CheckpointRisk, ...]:
    shares = drawn.ready(made.until)
    latest = drawn.gates[:, :, : drawn.samples].max(axis=0) if len(shares) else np.zeros((0, 1), dtype=np.int32)
    begin, rows = made.model.net.window.begin, []
    for k, checkpoint in enumerate(schedule.checkpoints):
        p, parts = float(shares[k]), int(made.parts[k])
        ready = (int(drawn.sums.ready[k]) / drawn.samples + int(made.known_ready[k])) / parts if parts else 1.0
        dates: list[datetime | None] = [None] * 3
        if checkpoint.gates:
            dates = [instant(begin + quantile(latest[k], share)) for share in (0.5, 0.8, 0.9)]
        error = standard_error(p, drawn.samples)
        rows.append(CheckpointRisk(checkpoint.date, checkpoint.t_minus, checkpoint.gates, p, error, ready, *dates))
    return tuple(rows)


ROUNDING = 2.0**-20
"""Of a sum of squares: what rounding can amount to, many times over; no more is no spread."""


def _tasks(made: Prepared, drawn: Drawn) -> tuple[TaskRisk, ...]:
    """Of all leaves that are not yet done, in outline order."""
    net, work, n = made.model.net, made.model.work, drawn.samples
    mean, square, product = (getattr(drawn.sums, name) / n for name in ("duration", "square", "product"))
    end = (drawn.work[:n] - made.model.asked.middle).astype(np.float64)
    spread = np.sqrt(np.where(square - mean**2 > square * ROUNDING, square - mean**2, 0))
    end_spread = max(float(end.std()), 1e-9)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = np.where(spread > 0, (product - mean * end.mean()) / (spread * end_spread), 0.0)
    critical = drawn.sums.critical / n
    end_days = end_spread / float(made.network.time.day_minutes[made.model.asked.default])
    day = work.day.astype(np.float64)
    rows = []
    for number, task in enumerate(made.network.tasks):
        p = int(made.network.place[number])
        if net.fixed[p]:
            continue
        ssi = critical[p] * spread[p] / day[p] / end_days if end.std() > 0 else 0.0
        days = (float(work.planned[p] + mean[p]) / day[p], float(spread[p]) / day[p])
        rows.append(
            TaskRisk(task.id, float(critical[p]), float(ssi), float(critical[p] * correlation[p]), *map(float, days))
        )
    return tuple(rows)


def _cause(made: Prepared, drawn: Drawn, cause: Cause, shallow: list[tuple[Scenario, Drawn]]) -> CauseRisk:
    without = next(other for one, other in shallow if not one.name and cause.id in one.off)
    worst = next((other for one, other in shallow if not one.name and cause.id in one.worst), None)
    return CauseRisk(
        id=cause.id,
        name=cause.name,
        name_zh=cause.name_zh,
        tasks=_hit(made, cause),
        p_ready=_opening(made, drawn),
        p_ready_without=_opening(made, without),
        p_ready_worst=_opening(made, worst) if worst else None,
        cost_days=_days(made, drawn, without),
        worst_days=_days(made, worst, drawn) if worst else None,
    )


def _hit(made: Prepared, cause: Cause) -> int:
    open_ = {task.id for i, task in enumerate(made.network.tasks) if not made.model.net.fixed[made.network.place[i]]}
    for found in (made.drivers, made.weathers):
        for one, ids in found:
            if one is cause:
                return len(ids & open_)
    return sum(len(set().union(*alternatives) & open_) for one, alternatives in made.branches if one is cause)


def _opening(made: Prepared, drawn: Drawn) -> float:
    shares = drawn.ready(made.until)
    return float(shares[-1]) if len(shares) else 1.0


def _days(made: Prepared, later: Drawn, sooner: Drawn) -> float:
    """Working days of the plan's calendar between the dates by which preparation ends in 80 of 100 samples."""
    day = int(made.network.time.day_minutes[made.model.asked.default])
    ends = (quantile(one.work[: one.samples], 0.8) for one in (later, sooner))
    return round((next(ends) - next(ends)) / day, 4) + 0.0


def _outcome(made: Prepared, drawn: Drawn, scenario: Scenario, other: Drawn) -> Outcome:
    p80 = instant(made.model.net.window.begin + quantile(other.end, 0.8))
    shares = tuple(float(p) for p in other.ready(made.until))
    return Outcome(scenario.name, shares, p80, _days(made, drawn, other))
