"""What a plan's dates ask of each task: earliest and latest instants, what is fixed, what is already done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import numpy as np

from tminus.engines.schedule.model import Constraint, ConstraintKind, Plan, Progress, Task
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import NEVER, NO_CAP
from tminus.engines.schedule.worktime import Ints, finish_at, minutes, start_at, work_until

AFTER_OPENING = frozenset(
    [
        "live",
        "move_out",
        "close_out",
        "moveout",
        "closeout",
        "event",
        "operation",
        "closing",
        "legacy",
        "举办",
        "展期",
        "会期",
        "开幕",
        "撤展",
        "收尾",
        "总结",
    ]
)
"""Phases that lie on or after opening, as files name them (spaces and hyphens count as underscores)."""

MANDATORY = (ConstraintKind.MANDATORY_START, ConstraintKind.MANDATORY_FINISH)
"""These hold against logic in every schedule."""

OPEN, DONE, STARTED, SILENT = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """By place in the network's order. Instants in minutes; ``NEVER`` / ``NO_CAP``: none.

    ``latest_*`` are upper bounds as plain instants (``-NEVER``: none); ``work`` is what remains to be done.
    """

    earliest_start: Ints
    earliest_finish: Ints
    latest_start: Ints
    latest_finish: Ints
    cap: Ints
    state: Ints
    start: Ints
    finish: Ints
    work: Ints
    dated: frozenset[int]  # places bound by a date constraint rather than by opening, deadline or today
    after: frozenset[int]  # places that lie on or after opening


def bounds_of(
    network: Network,
    *,
    opening: int,
    today: int,
    last: int | None = None,
    hard: bool = False,
    after: set[int] | None = None,
) -> Bounds:
    """Collect the bounds of every task.

    ``opening``: the instant preparation must be finished by; ``today``: no unstarted work before it; ``last``: the
    bound of what lies after opening, ``after``: the places that do (both worked out from the plan when ``None``);
    ``hard``: date constraints hold against logic, as MS Project does.
    """
    size = network.size
    made = Bounds(
        np.full(size, NEVER),
        np.full(size, NEVER),
        np.full(size, -NEVER),
        np.full(size, -NEVER),
        np.full(size, NO_CAP),
        np.zeros(size, dtype=np.int64),
        np.full(size, NEVER),
        np.full(size, NEVER),
        network.work.copy(),
        frozenset(),
        frozenset(),
    )
    after = after_opening(network, opening) if after is None else after
    last = last_instant(network, after, opening) if last is None else last
    dated: set[int] = set()
    plain = []
    for place, task in _rows(network):
        if not (task.constraints or task.deadline or task.manual or task.id in network.plan.progress):
            plain.append(place)
        elif bind_task(made, network, place, task, last if place in after else opening, today, hard=hard):
            dated.add(place)
    made.earliest_start[plain] = today
    made.latest_finish[plain] = [last if place in after else opening for place in plain]
    _summaries(made, network, dated)
    return replace(made, dated=frozenset(dated), after=frozenset(after))


def bind_task(
    made: Bounds, network: Network, place: int, task: Task, latest: int, today: int, *, hard: bool = False
) -> bool:
    """Set the bounds of one task, which must have none yet; ``latest``: the instant it must be finished by in any
    case. Answers whether a date constraint binds it."""
    dated = False
    for constraint in task.constraints:
        dated |= _constrain(made, network, place, constraint, hard=hard)
    if task.deadline is not None:
        made.latest_finish[place] = min(made.latest_finish[place], minutes(task.deadline))
    made.latest_finish[place] = min(made.latest_finish[place], latest)
    _progress(made, network, place, task, today)
    return dated


def _rows(network: Network) -> list[tuple[int, Task]]:
    return list(zip(network.place.tolist(), network.tasks, strict=True))


def _constrain(made: Bounds, network: Network, place: int, constraint: Constraint, *, hard: bool) -> bool:
    if constraint.at is None:
        return False
    at = minutes(constraint.at)
    match constraint.kind:
        case ConstraintKind.SNET | ConstraintKind.EXTERNAL_START:
            made.earliest_start[place] = max(made.earliest_start[place], at)
        case ConstraintKind.FNET:
            made.earliest_finish[place] = max(made.earliest_finish[place], at)
        case ConstraintKind.SNLT:
            made.latest_start[place] = min(made.latest_start[place], at)
        case ConstraintKind.FNLT | ConstraintKind.EXTERNAL_FINISH:
            made.latest_finish[place] = min(made.latest_finish[place], at)
        case ConstraintKind.MSO | ConstraintKind.MANDATORY_START:
            made.earliest_start[place] = max(made.earliest_start[place], at)
            made.latest_start[place] = min(made.latest_start[place], at)
        case ConstraintKind.MFO | ConstraintKind.MANDATORY_FINISH:
            made.earliest_finish[place] = max(made.earliest_finish[place], at)
            made.latest_finish[place] = min(made.latest_finish[place], at)
        case _:
            return False
    if hard or constraint.kind in MANDATORY:
        _cap(made, network, place)
    return True


def _cap(made: Bounds, network: Network, place: int) -> None:
    """Under hard dates the latest start holds even against logic."""
    cap = int(made.latest_start[place])
    if made.latest_finish[place] != -NEVER:
        cap = min(cap, back_from(network, place, int(made.latest_finish[place]), int(network.work[place])))
    if cap != -NEVER:
        made.cap[place] = cap


def back_from(network: Network, place: int, finish: int, work: int) -> int:
    """The start from which ``work`` minutes are finished at ``finish``, in the task's own working time."""
    table = network.time.table
    c = int(network.calendar[place])
    w = int(work_until(table, c, finish))
    return int(start_at(table, c, w - work))


def on_from(network: Network, place: int, start: int, work: int) -> int:
    """The finish of ``work`` minutes begun at ``start``, in the task's own working time."""
    table = network.time.table
    c = int(network.calendar[place])
    w = int(work_until(table, c, start))
    return int(finish_at(table, c, w + work))


def _progress(made: Bounds, network: Network, place: int, task: Task, today: int) -> None:
    progress = network.plan.progress.get(task.id)
    work = int(network.work[place])
    if progress is not None and is_done(progress):
        finish = minutes(progress.actual_finish) if progress.actual_finish else _presumed_finish(task, today)
        start = minutes(progress.actual_start) if progress.actual_start else back_from(network, place, finish, work)
        made.state[place], made.start[place], made.finish[place] = DONE, min(start, finish), finish
        made.work[place] = 0
    elif progress is not None and is_started(progress):
        start = minutes(progress.actual_start) if progress.actual_start else min(_stored(task.start, today), today)
        made.state[place], made.start[place] = STARTED, start
        made.work[place] = remaining_minutes(progress, work)
        made.earliest_start[place] = max(today, start)
        made.earliest_finish[place], made.cap[place] = NEVER, NO_CAP
        made.latest_start[place] = -NEVER
    elif task.manual and task.start is not None and task.finish is not None:
        made.state[place] = DONE
        made.start[place], made.finish[place] = minutes(task.start), minutes(task.finish)
    else:
        made.earliest_start[place] = max(made.earliest_start[place], today)


def is_done(progress: Progress) -> bool:
    return progress.actual_finish is not None or (progress.percent or 0) >= 100


def is_started(progress: Progress) -> bool:
    return not is_done(progress) and (progress.actual_start is not None or (progress.percent or 0) > 0)


def remaining_minutes(progress: Progress, work: int) -> int:
    if progress.remaining is not None:
        return progress.remaining.minutes
    return max(round(work * (1 - (progress.percent or 0) / 100)), 1 if work else 0)


def _presumed_finish(task: Task, today: int) -> int:
    return min(_stored(task.finish, today), today)


def _stored(at: datetime | None, otherwise: int) -> int:
    return minutes(at) if at is not None else otherwise


def _summaries(made: Bounds, network: Network, dated: set[int]) -> None:
    for task in network.plan.tasks:
        if task.id not in network.gates:
            continue
        into, out = network.gates[task.id][:2]
        for constraint in task.constraints:
            at_start = constraint.kind in (ConstraintKind.SNET, ConstraintKind.SNLT, ConstraintKind.MSO)
            if _constrain(made, network, into if at_start else out, constraint, hard=False):
                dated.add(into if at_start else out)
        if task.deadline is not None:
            made.latest_finish[out] = min(made.latest_finish[out], minutes(task.deadline))


def after_opening(network: Network, opening: int, *, follows: Sequence[Sequence[int]] | None = None) -> set[int]:
    """Places of tasks whose phase or constraint lies on or after opening, and all that descends from them; ``follows``:
    the places that follow each by a link, where those are other links than the network was compiled with."""
    phases = _phases(network.plan)
    found = {
        place
        for place, task in _rows(network)
        if phases.get(task.id)
        or (task.constraints and any(opens(constraint, opening) for constraint in task.constraints))
    }
    if follows is not None:
        return _descended(found, follows)
    if not found:
        return found
    ptr, ends, numbers = (
        column.tolist() for column in (network.forward.ptr, network.forward.ends, network.forward.number)
    )
    for place in range(network.size):
        rows = range(ptr[place], ptr[place + 1])
        if any(ends[k] in found and network.link_of_row[numbers[k]] is not None for k in rows):
            found.add(place)
    return found


def _descended(found: set[int], follows: Sequence[Sequence[int]]) -> set[int]:
    waiting = list(found)
    while waiting:
        more = [place for place in follows[waiting.pop()] if place not in found]
        found.update(more)
        waiting += more
    return found


def opens(constraint: Constraint, opening: int) -> bool:
    """Whether what is dated so lies after opening."""
    earliest = (ConstraintKind.SNET, ConstraintKind.FNET, ConstraintKind.MSO, ConstraintKind.MFO)
    return constraint.kind in earliest and constraint.at is not None and minutes(constraint.at) >= opening


def _phases(plan: Plan) -> dict[str, bool]:
    """Whether each task's own phase, else its parent's, lies after opening."""
    after: dict[str, bool] = {}
    named = {phase: _lies_after(phase) for phase in {task.phase for task in plan.tasks}}
    for task in plan.tasks:
        own = named[task.phase]
        after[task.id] = after.get(task.parent or "", False) if own is None else own
    return after


def _lies_after(phase: str) -> bool | None:
    """``None``: it says nothing."""
    own = phase.strip().lower().replace(" ", "_").replace("-", "_")
    return own in AFTER_OPENING if own else None


def last_instant(network: Network, after: set[int], opening: int) -> int:
    """The plan's last deadline, or the last date anything after opening is held to; at least opening."""
    dates: list[int] = [opening]
    for place, task in _rows(network):
        if task.deadline is not None:
            dates.append(minutes(task.deadline))
        if place in after:
            dates += [minutes(at) for at in (task.finish, *(c.at for c in task.constraints)) if at is not None]
    return max(dates)


def midnight(day: date) -> int:
    return minutes(datetime.combine(day, time.min))
