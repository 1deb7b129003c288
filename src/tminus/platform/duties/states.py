"""The states a duty passes, and which step leads from where to where. Nothing else moves a duty."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from tminus.platform.models import Duty, DutyState
from tminus.platform.registry import BadInput


class Step(NamedTuple):
    sources: frozenset[DutyState]
    target: DutyState


def _step(target: DutyState, *sources: DutyState) -> Step:
    return Step(frozenset(sources), target)


S = DutyState
STEPS: dict[str, Step] = {
    "acknowledge": _step(S.ACKNOWLEDGED, S.ASSIGNED),
    "start": _step(S.IN_PROGRESS, S.ACKNOWLEDGED, S.RETURNED),
    # Reporting what was done at once is one step on the front line: start is then implied.
    "submit": _step(S.SUBMITTED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.RETURNED),
    "accept": _step(S.ACCEPTED, S.SUBMITTED),
    "return": _step(S.RETURNED, S.SUBMITTED),
    # A new holder answers for it anew; what has been submitted is first accepted or returned.
    "hand_over": _step(S.ASSIGNED, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.RETURNED),
    "withdraw": _step(S.WITHDRAWN, S.ASSIGNED, S.ACKNOWLEDGED, S.IN_PROGRESS, S.SUBMITTED, S.RETURNED),
}

# What the person who took a step may take back, as long as nobody has built on it.
TAKE_BACK: dict[DutyState, DutyState] = {
    S.ACKNOWLEDGED: S.ASSIGNED,
    S.IN_PROGRESS: S.ACKNOWLEDGED,
    S.SUBMITTED: S.IN_PROGRESS,
}


def move(duty: Duty, step: str) -> DutyState:
    """Set the state ``step`` leads to and return the one before.

    :raises BadInput: the step does not start from the duty's state.
    """
    before = DutyState(duty.state)
    if before not in STEPS[step].sources:
        allowed = ", ".join(str(state.label) for state in DutyState if state in STEPS[step].sources)
        raise BadInput(
            _("“%(title)s” is %(state)s; this is possible when it is: %(allowed)s")
            % {"title": duty.title, "state": before.label, "allowed": allowed},
            field="duty",
            value=duty.pk,
        )
    duty.state = STEPS[step].target
    return before


def possible(duty: Duty) -> list[str]:
    """The steps that start from where the duty is."""
    return [name for name, step in STEPS.items() if duty.state in step.sources]
