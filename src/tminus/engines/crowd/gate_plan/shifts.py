"""Every shift somebody could work, and which slots of it they stand at a gate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tminus.engines.crowd.gate_plan.problem import Floats, ShiftRules


@dataclass(frozen=True, slots=True)
class Shift:
    """From slot ``first`` up to ``last`` (not included); the break from ``rest`` on, −1: none."""

    first: int
    last: int
    rest: int = -1


def shifts_of(rules: ShiftRules, slots: int) -> list[Shift]:
    """All that fit into ``slots``; where the day is shorter than a shift, the whole day."""
    least = min(rules.min_slots, slots)
    found = []
    for length in range(least, min(rules.max_slots, slots) + 1):
        for first in range(slots - length + 1):
            found += _with_breaks(rules, first, first + length)
    return found


def _with_breaks(rules: ShiftRules, first: int, last: int) -> list[Shift]:
    if not rules.break_slots or last - first < rules.break_after:
        return [Shift(first, last)]
    middle = range(first + rules.before_break, last - rules.before_break - rules.break_slots + 1)
    return [Shift(first, last, rest) for rest in middle[:: max(rules.break_slots, 1)]]


def on_duty(shifts: list[Shift], rules: ShiftRules, slots: int) -> Floats:
    """[slot, shift] 1 where somebody on that shift stands at a gate."""
    found = np.zeros((slots, len(shifts)))
    for n, shift in enumerate(shifts):
        found[shift.first : shift.last, n] = 1
        if shift.rest >= 0:
            found[shift.rest : shift.rest + rules.break_slots, n] = 0
    return found
