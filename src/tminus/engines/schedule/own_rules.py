"""The dates MS Project itself computes for its file: as soon as possible, date constraints hold against logic.

Where its rules differ from ours they are stated here, one function each; ``docs/engines/schedule.md`` lists them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tminus.engines.schedule.back_schedule import Pass, backward, forward
from tminus.engines.schedule.bounds import Bounds, bounds_of, is_done, is_started
from tminus.engines.schedule.model import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    LinkKind,
    Plan,
    StoredDates,
    Task,
    TaskKind,
)
from tminus.engines.schedule.network import Network, compile_network
from tminus.engines.schedule.passes import NEVER, SF, work_between
from tminus.engines.schedule.worktime import Ints, instant, minutes, work_until

DATED = (ConstraintKind.SNET, ConstraintKind.FNET, ConstraintKind.MSO, ConstraintKind.MFO)
"""Constraints that say by themselves when a task begins, be it before the project does."""
MOMENT = "\0moment of "
"""Before the identity of a delayed task: what stands where its links and dates ask for, which its delay counts from."""


def own_dates(plan: Plan) -> dict[str, StoredDates]:
    """What the tool would store for each active leaf; total float in minutes of the task's working time.

    :raises Cycle: the links run in a circle.
    :raises PlanError: a plan without a start, or one the engine refuses.
    """
    network = compile_network(_as_the_tool_sees_it(plan))
    calendar = network.calendar.copy()
    for number, task in enumerate(network.tasks):
        if task.kind is TaskKind.MILESTONE:
            network.calendar[network.place[number]] = 0  # stands where it is put, at night as well
    held = _held(network)
    early = forward(network, held)
    end = _end(network, early)
    late = backward(network, held, np.minimum(held.latest_finish, end))
    alap = _as_late_as_possible(network)
    placed = forward(network, held, earliest=np.where(alap, late.start, NEVER)) if alap.any() else early
    for dates in (early, placed):
        _finished_in_the_morning(network, dates, calendar)
    table = network.time.table
    by_start = work_between(calendar, placed.start, late.start, table)
    by_finish = work_between(calendar, placed.finish, late.finish, table)
    total = np.minimum(by_start, by_finish)
    found = {}
    for number, task in enumerate(network.tasks):
        p = int(network.place[number])
        found[task.id] = StoredDates(
            instant(early.start[p] if alap[p] else placed.start[p]),
            instant(early.finish[p] if alap[p] else placed.finish[p]),
            instant(late.start[p]),
            instant(late.finish[p]),
            float(total[p]),
            instant(placed.start[p]),
            instant(placed.finish[p]),
        )
    return found


def _end(network: Network, early: Pass) -> int:
    """The project's finish: given, if it is scheduled back from there, else that of its last task."""
    if network.plan.from_finish and network.plan.finish is not None:
        return minutes(network.plan.finish)
    return int(early.finish[network.node >= 0].max())


def _as_late_as_possible(network: Network) -> Ints:
    late = np.zeros(network.size, dtype=bool)
    for number, task in enumerate(network.tasks):
        late[network.place[number]] = any(c.kind is ConstraintKind.ALAP for c in task.constraints)
    return late


def _finished_in_the_morning(network: Network, dates: Pass, calendar: Ints) -> None:
    """What must be finished when another starts is finished at that instant, not the evening before."""
    rows, table = network.forward, network.time.table
    for p in np.flatnonzero(dates.driver >= 0):
        row = int(dates.driver[p])
        if rows.kind[row] != SF or rows.lag[row] or network.work[p] == 0:
            continue
        asked = int(dates.start[rows.ends[row]])
        if work_until(table, int(calendar[p]), asked) == work_until(table, int(calendar[p]), int(dates.finish[p])):
            dates.finish[p] = asked


def _held(network: Network) -> Bounds:
    """Date constraints and deadlines; the project's start only for what nothing else starts."""
    plan = network.plan
    held = bounds_of(network, opening=-NEVER, today=NEVER, last=-NEVER, hard=True)
    start = minutes(plan.start) if plan.start else 0
    driven = _driven(plan)
    for number, task in enumerate(network.tasks):
        p = network.place[number]
        if task.id not in driven:
            held.earliest_start[p] = max(held.earliest_start[p], start)
    return held


def _driven(plan: Plan) -> set[str]:
    """Tasks that links or dates start, their own or a summary's: the project's start does not hold these back.

    A finish-to-finish link says nothing about the start.
    """
    known = {task.id for task in plan.tasks if task.active}
    linked = {link.succ for link in plan.links if link.kind is not LinkKind.FF and link.pred in known}
    driven: set[str] = set()
    for task in plan.tasks:
        dated = any(constraint.kind in DATED for constraint in task.constraints)
        if dated or task.id in linked or task.parent in driven:
            driven.add(task.id)
    return driven - {link.succ for link in plan.links if link.kind is LinkKind.FF}


# The plan as the tool sees it ----------------------------------------


def _as_the_tool_sees_it(plan: Plan) -> Plan:
    """Progress as pinned dates: what is done stays, what is begun stays where it began. Delays as links."""
    tasks = tuple(_pinned(plan, task) for task in plan.tasks)
    plan = replace(plan, tasks=tasks, progress={}, opening=None)
    delayed = {task.id for task in tasks if task.delay.minutes and task.kind is not TaskKind.SUMMARY}
    return _with_delays(plan, delayed) if delayed else plan


def _pinned(plan: Plan, task: Task) -> Task:
    task = replace(task, phase="")
    progress = plan.progress.get(task.id)
    if task.kind is TaskKind.SUMMARY:
        return _opened_by_hand(task)
    if progress is None:
        return task
    if is_done(progress):
        start, finish = progress.actual_start or task.start, progress.actual_finish or task.finish
        return replace(task, manual=True, start=start, finish=finish)
    if is_started(progress) and (begun := progress.actual_start or task.start):
        return replace(task, constraints=(Constraint(ConstraintKind.MSO, begun),), delay=Duration(0))
    return task


def _opened_by_hand(task: Task) -> Task:
    """What stands under a summary placed by hand begins with it."""
    if not task.manual or task.start is None:
        return task
    return replace(task, constraints=(*task.constraints, Constraint(ConstraintKind.SNET, task.start)))


def _with_delays(plan: Plan, delayed: set[str]) -> Plan:
    """Before each delayed task one minute that starts where the task would, and a lag from there."""
    starts = (LinkKind.FS, LinkKind.SS)
    links = [
        replace(link, succ=MOMENT + link.succ) if link.succ in delayed and link.kind in starts else link
        for link in plan.links
    ]
    links += [Link(MOMENT + task.id, task.id, LinkKind.SS, task.delay) for task in plan.tasks if task.id in delayed]
    return replace(plan, tasks=tuple(_with_moments(plan, delayed)), links=tuple(links))


def _with_moments(plan: Plan, delayed: set[str]) -> Iterator[Task]:
    for task in plan.tasks:
        if task.id in delayed:
            yield replace(task, id=MOMENT + task.id, kind=TaskKind.TASK, duration=Duration(1), deadline=None)
            yield replace(task, constraints=tuple(c for c in task.constraints if c.kind not in DATED))
        else:
            yield task
