"""What a simulation says: of each checkpoint, each task and each cause."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CheckpointRisk:
    """``p_ready``: the share of samples in which all gates due by then are done by its end (at T−0: by opening, 00:00
    of the day); ``se`` its standard error. ``expected_readiness``: the weighted share of what is due by then that is
    done, on average. ``p50`` …: by when all those gates are done in so many of a hundred samples; ``None`` without
    gates."""

    date: date
    t_minus: int
    gates: tuple[str, ...]
    p_ready: float
    se: float
    expected_readiness: float
    p50: datetime | None
    p80: datetime | None
    p90: datetime | None

    def as_json(self) -> dict[str, Any]:
        return {
            "p_ready": self.p_ready,
            "p_ready_se": self.se,
            "expected_readiness": self.expected_readiness,
        } | {name: at.isoformat() if (at := getattr(self, name)) else None for name in ("p50", "p80", "p90")}


@dataclass(frozen=True, slots=True)
class TaskRisk:
    """``criticality``: the share of samples in which any delay of it delays the end of preparation (of what comes
    after opening: the end of that). ``mean_days``, ``sd_days``: its duration in working days of its own calendar.
    ``ssi`` = criticality · sd / sd of the end (schedule sensitivity index, PMI); ``cruciality`` = criticality ·
    correlation of its duration with the end."""

    id: str
    criticality: float
    ssi: float
    cruciality: float
    mean_days: float
    sd_days: float

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("ssi", "cruciality", "mean_days", "sd_days")}


@dataclass(frozen=True, slots=True)
class CauseRisk:
    """One cause against the same samples without it, and with it at its worst.

    ``p_ready``: of opening (the last checkpoint) as drawn, without, and at worst (``None`` for weather and branches).
    ``cost_days``: by how many days the cause puts back the date at which preparation ends in 80 of 100 samples;
    ``worst_days``: by how many more it would, at its worst.
    """

    id: str
    name: str
    name_zh: str
    tasks: int
    p_ready: float
    p_ready_without: float
    p_ready_worst: float | None
    cost_days: float
    worst_days: float | None

    def as_json(self) -> dict[str, Any]:
        names = ("id", "name", "name_zh", "tasks", "p_ready", "p_ready_without", "p_ready_worst", "cost_days")
        return {name: getattr(self, name) for name in (*names, "worst_days")}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A scenario under the same draws. ``p_ready``: by checkpoint; ``p80``: of the end of preparation;
    ``gained_days``: by how many days it comes before that of the plan as it stands (negative: after)."""

    name: str
    p_ready: tuple[float, ...]
    p80: datetime
    gained_days: float

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "p_ready": list(self.p_ready),
            "p80": self.p80.isoformat(),
            "gained_days": self.gained_days,
        }


@dataclass(frozen=True, slots=True)
class Risk:
    """The answer of :func:`.simulate`. ``p50`` …: by when preparation ends in so many of a hundred samples.

    ``beyond``: the share of samples that ran off the stretch of time looked at, and count as not ready.
    """

    samples: int
    seed: int
    checkpoints: tuple[CheckpointRisk, ...]
    tasks: tuple[TaskRisk, ...]
    causes: tuple[CauseRisk, ...]
    scenarios: tuple[Outcome, ...]
    p50: datetime
    p80: datetime
    p90: datetime
    beyond: float
    converged: bool
    elapsed_s: float

    @property
    def p_opening(self) -> float:
        """The probability that everything asked for by opening is there; 1 where nothing is asked for."""
        return self.checkpoints[-1].p_ready if self.checkpoints else 1.0

    def by_id(self) -> dict[str, TaskRisk]:
        return {task.id: task for task in self.tasks}

    def as_json(self) -> dict[str, Any]:
        """What ``tminus schedule --risk`` adds to the schedule's document, checkpoints apart."""
        return {
            "criticality": {task.id: task.criticality for task in self.tasks},
            "sensitivity": {task.id: task.as_json() for task in self.tasks},
            "drivers": [cause.as_json() for cause in self.causes],
            "risk": {
                "samples": self.samples,
                "seed": self.seed,
                "p_opening": self.p_opening,
                "preparation_ends": {name: getattr(self, name).isoformat() for name in ("p50", "p80", "p90")},
                "beyond": self.beyond,
                "converged": self.converged,
                "elapsed_s": self.elapsed_s,
            }
            | ({"scenarios": [one.as_json() for one in self.scenarios]} if self.scenarios else {}),
        }


def standard_error(p: float, samples: int) -> float:
    """Of a share ``p`` of ``samples``."""
    return math.sqrt(p * (1 - p) / samples)


def cautious_error(p: float, samples: int) -> float:
    """The same as if two samples more had gone each way (Agresti & Coull 1998): never zero, so that a run in which
    nothing has gone wrong yet does not count as certain."""
    return standard_error((p * samples + 2) / (samples + 4), samples + 4)
