"""What dates ask of each activity: constraints, as far as its state lets them count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.model import ConstraintKind, ScheduleLogic, Task
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.primavera_rules.passes import DONE, EVER, OPEN, STARTED
from tminus.engines.schedule.primavera_rules.reported import Reported
from tminus.engines.schedule.worktime import Ints, minutes

WISH = {kind: number for number, kind in enumerate(ConstraintKind)}


@dataclass(frozen=True, slots=True)
class Asked:
    """What dates ask of each activity, by place: instants; ``NEVER`` and ``EVER`` for none."""

    earliest_start: Ints
    earliest_finish: Ints
    latest_start: Ints
    latest_finish: Ints
    fixed_start: Ints
    fixed_finish: Ints
    expected: Ints
    late: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Constraints:
    """Every constraint of the activities: whose (by number, once placed by place), its kind as a number of ``WISH``,
    its instant or ``NEVER``."""

    place: Ints
    kind: Ints
    at: Ints

    def placed(self, place: Ints) -> Constraints:
        return replace(self, place=place[self.place])


def constraints_of(tasks: Sequence[Task]) -> Constraints:
    """``tasks``: the activities, by number."""
    found = [
        (number, one) for number, asked in enumerate([task.constraints for task in tasks]) if asked for one in asked
    ]
    return Constraints(
        place=np.array([number for number, _ in found], dtype=np.int64),
        kind=np.array([WISH[one.kind] for _, one in found], dtype=np.int64),
        at=np.array([NEVER if one.at is None else minutes(one.at) for _, one in found], dtype=np.int64),
    )


def asked_of(constraints: Constraints, reported: Reported, logic: ScheduleLogic) -> Asked:
    """All by place. What is done is asked nothing; of what is begun only its finish is."""
    never, ever = np.full(len(reported.state), NEVER), np.full(len(reported.state), EVER)
    asked = Asked(
        never, never.copy(), ever, ever.copy(), never.copy(), never.copy(), never.copy(), np.zeros(len(never), np.bool_)
    )
    state = reported.state[constraints.place]
    for kind in ConstraintKind:
        of_kind = constraints.kind == WISH[kind]
        if kind is ConstraintKind.ALAP:
            asked.late[constraints.place[of_kind & (state == OPEN)]] = True
        else:
            counts = of_kind & (constraints.at != NEVER)
            _ask(asked, kind, constraints.place[counts], constraints.at[counts], state[counts], logic)
    again = (reported.state == STARTED) & (reported.resumed != NEVER)
    asked.earliest_start[again] = np.maximum(asked.earliest_start, reported.resumed)[again]
    return asked


def _ask(asked: Asked, kind: ConstraintKind, place: Ints, at: Ints, state: Ints, logic: ScheduleLogic) -> None:
    """Constraints of one kind, in the plan's order."""
    opened, going = state == OPEN, state != DONE
    match kind:
        case ConstraintKind.SNET:
            _at_least(asked.earliest_start, place, at, opened)
        case ConstraintKind.SNLT:
            _at_most(asked.latest_start, place, at, opened)
        case ConstraintKind.MSO:
            _at_least(asked.earliest_start, place, at, opened)
            _at_most(asked.latest_start, place, at, opened)
        case ConstraintKind.FNET:
            _at_least(asked.earliest_finish, place, at, going)
        case ConstraintKind.FNLT:
            _at_most(asked.latest_finish, place, at, going)
        case ConstraintKind.MFO:
            _at_least(asked.earliest_finish, place, at, going)
            _at_most(asked.latest_finish, place, at, going)
        case ConstraintKind.EXTERNAL_START if not logic.ignore_external:
            _at_least(asked.earliest_start, place, at, opened)
        case ConstraintKind.EXTERNAL_FINISH if not logic.ignore_external:
            _at_most(asked.latest_finish, place, at, going)
        case ConstraintKind.MANDATORY_START:
            asked.fixed_start[place[opened]] = at[opened]
        case ConstraintKind.MANDATORY_FINISH:
            asked.fixed_finish[place[going]] = at[going]
        case ConstraintKind.EXPECTED_FINISH if logic.expected_finish:
            asked.expected[place[going]] = at[going]


def _at_least(bound: Ints, place: Ints, at: Ints, counts: NDArray[np.bool_]) -> None:
    np.maximum.at(bound, place[counts], at[counts])


def _at_most(bound: Ints, place: Ints, at: Ints, counts: NDArray[np.bool_]) -> None:
    np.minimum.at(bound, place[counts], at[counts])
