"""The published tests of crowd models, as far as a model of links and queues can be put to them.

``run_all`` plays every one; ``NOT_APPLICABLE`` names the others with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tminus.engines.crowd.verification import choosing, doors, laws, leaving, meeting, walking
from tminus.engines.crowd.verification.case import Case, NotApplicable, Outcome
from tminus.engines.crowd.verification.not_applicable import NOT_APPLICABLE

__all__ = ["CASES", "NOT_APPLICABLE", "Case", "NotApplicable", "Outcome", "run_all"]

CASES: tuple[Case, ...] = (
    *walking.CASES, *doors.CASES, *meeting.CASES, *choosing.CASES, *leaving.CASES, *laws.CASES,
)  # fmt: skip


def run_all(told: Callable[[Case], None] = lambda case: None) -> Iterator[tuple[Case, Outcome]]:
    """Every case with its outcome; ``told`` of each before it is run."""
    for case in CASES:
        told(case)
        yield case, case.run()
