"""One published test of a crowd model: what is expected, from where, and what the engine makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """``measured`` against ``expected``; ``allowed`` says in words what passes, ``note`` what else is worth knowing."""

    measured: float
    expected: float
    allowed: str
    passed: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """``family``: which page it stands on; ``source``: who published the test; ``unit`` of its figures."""

    id: str
    family: str
    title: str
    source: str
    unit: str
    run: Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A published test no model of this kind can be put to, and why."""

    id: str
    title: str
    reason: str


def near(measured: float, expected: float, by: float, note: str = "") -> Outcome:
    """Passed where both differ by at most ``by``."""
    return Outcome(measured, expected, f"± {by:g}", abs(measured - expected) <= by, note)


def within(measured: float, low: float, high: float, expected: float | None = None, note: str = "") -> Outcome:
    """Passed from ``low`` to ``high``."""
    middle = (low + high) / 2 if expected is None else expected
    return Outcome(measured, middle, f"{low:g} … {high:g}", low <= measured <= high, note)


def relative(measured: float, expected: float, share: float, note: str = "") -> Outcome:
    """Passed where ``measured`` is off by at most a share of ``expected``."""
    passed = abs(measured - expected) <= share * abs(expected)
    return Outcome(measured, expected, f"± {share * 100:g} %", passed, note)
