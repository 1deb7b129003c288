"""What a gate plan is made from: gates, arrivals as sample paths, who may be sent elsewhere, rules of staff."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.problem import CrowdError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GateBank:
    """Lanes side by side: ``min_lanes … max_lanes`` open, each serving a person in ``mean_s`` seconds.

    ``staff_per_lane``: people it takes to keep one open.
    """

    id: str
    max_lanes: int
    mean_s: float
    min_lanes: int = 0
    staff_per_lane: int = 1

    def __post_init__(self) -> None:
        if not (0 <= self.min_lanes <= self.max_lanes <= 4096 and self.max_lanes > 0):
            raise CrowdError(
                f"gate {self.id!r}: lanes {self.min_lanes} … {self.max_lanes}; allowed: 0 … 4096, in order"
            )
        if not 0.01 <= self.mean_s <= 3600 or not 0 <= self.staff_per_lane <= 100:
            told = f"{self.mean_s:g} s a person, {self.staff_per_lane} staff a lane"
            raise CrowdError(f"gate {self.id!r}: {told}; allowed: 0.01 … 3600 s, 0 … 100")


@dataclass(frozen=True, slots=True)
class Detour:
    """People bound for ``start`` may be sent to ``end``, which they reach ``walk_s`` later."""

    start: str
    end: str
    walk_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ShiftRules:
    """Shifts of ``min_slots … max_slots``; from ``break_after`` slots on with a break of ``break_slots``.

    Breaks lie at least ``before_break`` slots from both ends. ``staff``: who is there at most, at any time.
    """

    min_slots: int = 8
    max_slots: int = 32
    break_after: int = 20
    break_slots: int = 2
    before_break: int = 6
    staff: int | None = None

    def __post_init__(self) -> None:
        whole = (self.min_slots, self.max_slots, self.break_after, self.break_slots, self.before_break)
        if not (0 < self.min_slots <= self.max_slots <= 96 and min(whole) >= 0):
            raise CrowdError(f"shifts of {self.min_slots} … {self.max_slots} slots; allowed: 1 … 96, in order")
        if self.max_slots >= self.break_after and self.break_after < 2 * self.before_break + self.break_slots:
            raise CrowdError(
                "shifts: no room for the break between its distances from both ends; allowed: longer shifts"
            )


@dataclass(frozen=True, slots=True)
class GateDay:
    """One planning task.

    :param arrivals: [path, gate, step] persons who come to a gate in a step; several paths of the same day.
    :param slot_steps: steps in a slot, the time lanes stay as they are. ``step_s``: seconds of a step.
    :param target_wait_s: nobody should wait longer.
    :param redirectable: share of a gate's people who go where they are sent.
    """

    gates: tuple[GateBank, ...]
    arrivals: Floats
    step_s: float = 300.0
    slot_steps: int = 3
    target_wait_s: float = 600.0
    detours: tuple[Detour, ...] = ()
    redirectable: float = 0.0
    shifts: ShiftRules | None = field(default=None)

    def __post_init__(self) -> None:
        paths, gates, steps = self.arrivals.shape if self.arrivals.ndim == 3 else (0, 0, 0)
        if not paths or gates != len(self.gates) or not steps or steps % self.slot_steps:
            raise CrowdError(
                f"arrivals {self.arrivals.shape}; allowed: paths, {len(self.gates)} gates,"
                f" whole slots of {self.slot_steps}"
            )
        if not (np.isfinite(self.arrivals).all() and (self.arrivals >= 0).all()):
            raise CrowdError("arrivals below 0 or no number; allowed: persons, 0 or more")
        if not self.step_s <= self.target_wait_s <= 86_400:
            raise CrowdError(f"target wait {self.target_wait_s:g} s; allowed: {self.step_s:g} (a step) … 86400")
        if not 0 <= self.redirectable <= 1:
            raise CrowdError(f"share who go where they are sent {self.redirectable:g}; allowed: 0 … 1")
        known = [gate.id for gate in self.gates]
        if len(set(known)) != len(known):
            raise CrowdError("a gate stands twice; allowed: every gate once")
        for one in self.detours:
            if one.start not in known or one.end not in known or one.start == one.end or not one.walk_s >= 0:
                raise CrowdError(
                    f"from gate {one.start!r} to {one.end!r}: allowed: two gates of the plan, a walk of 0 s or more"
                )

    @property
    def slots(self) -> int:
        """How many."""
        return int(self.arrivals.shape[2]) // self.slot_steps

    @property
    def slot_s(self) -> float:
        """Seconds of a slot."""
        return self.slot_steps * self.step_s

    def a_step(self) -> Floats:
        """[gate] persons a lane serves in a step."""
        return np.array([self.step_s / gate.mean_s for gate in self.gates])

    def planned_for(self) -> Floats:
        """[2, gate, step] the mean of the paths, and a day as full as nine of ten: each step at its 90th percentile."""
        return np.stack([self.arrivals.mean(axis=0), np.quantile(self.arrivals, 0.9, axis=0)])


def moved(day: GateDay, arrivals: Floats, sent: Floats) -> Floats:
    """[path, gate, step] ``arrivals`` once the shares ``sent`` [detour, slot] have gone where they are sent."""
    found = arrivals.copy()
    names = {gate.id: n for n, gate in enumerate(day.gates)}
    steps = found.shape[2]
    for detour, row in zip(day.detours, sent, strict=False):
        start, end = names[detour.start], names[detour.end]
        gone = arrivals[:, start] * np.repeat(row, day.slot_steps)
        later = min(round(detour.walk_s / day.step_s), steps)
        found[:, start] -= gone
        found[:, end, later:] += gone[:, : steps - later]
    return np.maximum(found, 0.0)
