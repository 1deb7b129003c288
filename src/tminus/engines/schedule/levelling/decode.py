"""From an order of tasks to dates: forwards as soon as possible, or pushed right as late as possible."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import DONE, OPEN, SILENT, STARTED, back_from
from tminus.engines.schedule.levelling.capacity import Units
from tminus.engines.schedule.levelling.problem import Problem, TooShort
from tminus.engines.schedule.levelling.serial import first_fit, order_by, place_all
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import Rows
from tminus.engines.schedule.passes import FIRST, NEVER
from tminus.engines.schedule.worktime import Ints

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a search decides: the way each node is done, as an option's number, and which may use overtime."""

    option: Ints
    over: Flags


@dataclass(slots=True)
class Placed:
    """Dates by place; ``blocker`` (n, 2): row and slot that kept each waiting (−1: none); ``free``: what is left."""

    start: Ints
    finish: Ints
    blocker: Ints
    free: Units
    choice: Choice

    @property
    def used_over(self) -> Flags:
        return self.choice.over


def first_choice(problem: Problem) -> Choice:
    """The first way of everything, without overtime."""
    return Choice(problem.options.ptr[:-1].copy(), np.zeros(problem.size, dtype=np.bool_))


def order_of(keys: Ints, rows: Rows) -> Ints:
    """Nodes so that each comes after what binds it, least key first."""
    return np.asarray(order_by(np.ascontiguousarray(keys), rows.ptr.astype(np.int64), rows.ends.astype(np.int64)))


def forwards(problem: Problem, order: Ints, choice: Choice, release: Ints | None = None) -> Placed:
    """Everything as soon as may be, in this order; ``release``: no earlier than these instants.

    :raises TooShort: the horizon ends before everything is placed.
    """
    held, network = problem.held, problem.network
    bound = held.earliest_start
    if release is not None:
        bound = np.where(held.state == OPEN, np.maximum(bound, release), bound)
    placed = _empty(problem, choice, held.start, held.finish)
    if problem.begun.any():
        order = np.concatenate([order[problem.begun[order]], order[~problem.begun[order]]])
    _place(problem, False, network.forward, order, bound, held.earliest_finish, held.state, placed)
    return placed


def backwards(
    problem: Problem, order: Ints, choice: Choice, latest_finish: Ints, latest_start: Ints, fixed: Placed, pinned: Flags
) -> Placed:
    """Everything as late as ``latest_*`` (instants, −NEVER: no bound) and links allow, in this order of places.

    What is ``pinned``, done or begun stands where ``fixed`` has it.
    """
    held = problem.held
    begun = held.state == STARTED
    placed = _empty(
        problem,
        choice,
        -fixed.finish[::-1],
        -np.where(begun, went_on(problem, fixed.start, fixed.finish), fixed.start)[::-1],
    )
    happened = (held.state == DONE) & (held.work == 0) & (held.start != NEVER)
    keep = pinned | (held.state == DONE) | (held.state == STARTED)
    state = np.where(happened, SILENT, np.where(keep, DONE, OPEN))[::-1].copy()
    bound, bound_finish = -latest_finish[::-1], -latest_start[::-1]
    rows = _bound_by_first(problem, fixed)
    _place(problem, True, rows, problem.size - 1 - order, bound, bound_finish, state, placed)
    placed.start, placed.finish = -placed.finish[::-1], -placed.start[::-1]
    placed.start = np.where(begun, fixed.start, placed.start)
    placed.blocker = placed.blocker[::-1].copy()
    return placed


def went_on(problem: Problem, start: Ints, finish: Ints) -> Ints:
    """Starts, of begun tasks where what remained was taken up again."""
    start = start.copy()
    for i in np.nonzero(problem.held.state == STARTED)[0]:
        start[i] = back_from(problem.network, int(i), int(finish[i]), int(problem.held.work[i]))
    return start


def check_alone(problem: Problem) -> None:
    """:raises PlanError: a task that would not fit even were it the only one."""
    o, s = problem.options, problem.slots
    for place in np.nonzero(problem.held.state == OPEN)[0]:
        for option in range(o.ptr[place], o.ptr[place + 1]):
            c = int(o.calendar[option])
            if o.take_ptr[option + 1] > o.take_ptr[option] and o.work[option] and not _fits_alone(problem, option, c):
                task, way = problem.network.tasks[int(problem.network.node[place])], o.way[option]
                raise PlanError(
                    f"task {task.id!r} needs {dict(way.needs) if way else {}} for {int(o.work[option])} minutes without"
                    f" a break its calendar does not have; allowed: what is there at once for so long"
                    f" (slots of {s.minutes} minutes)"
                )


def _fits_alone(problem: Problem, option: int, c: int) -> bool:
    o, s = problem.options, problem.slots
    found = first_fit(
        False, 0, s.first[c], o.work[option], option, c, True, o.take_ptr, o.take_row, o.take, problem.overtime,
        problem.kept, s.minutes, s.ptr, s.of, s.first, problem.capacity, np.full((1, 2), -1, dtype=np.int64),
    )  # fmt: skip
    return bool(found != NEVER)


def _empty(problem: Problem, choice: Choice, start: Ints, finish: Ints) -> Placed:
    blocker = np.full((problem.size, 2), -1, dtype=np.int64)
    return Placed(start.copy(), finish.copy(), blocker, problem.capacity.copy(), choice)


def _place(
    problem: Problem,
    reverse: bool,
    rows: Rows,
    order: Ints,
    bound_start: Ints,
    bound_finish: Ints,
    state: Ints,
    placed: Placed,
) -> None:
    o, s, choice = problem.options, problem.slots, placed.choice
    option = choice.option[::-1].copy() if reverse else choice.option
    over = choice.over[::-1].copy() if reverse else choice.over
    time = problem.network.mirror if reverse else problem.network.time
    count = place_all(
        reverse, order, rows.ptr, rows.ends, rows.kind, rows.lag, rows.lag_calendar, o.calendar[option],
        o.work[option], np.ascontiguousarray(bound_start), np.ascontiguousarray(bound_finish), state, option, over,
        placed.start, placed.finish, time.table, o.take_ptr, o.take_row, o.take, problem.overtime, problem.kept,
        s.minutes, s.ptr, s.of, s.first_back if reverse else s.first, placed.free, placed.blocker,
    )  # fmt: skip
    if count < problem.size:
        raise TooShort


def _bound_by_first(problem: Problem, placed: Placed) -> Rows:
    """Rows of the mirrored pass, in which the opening of a summary binds the task that began it first."""
    network = problem.network
    if not network.opens:
        return network.backward
    driver = np.full(problem.size, -2, dtype=np.int64)
    rows = network.forward
    for nodes in network.gates.values():
        if len(nodes) == 3:
            into = [k for k in range(rows.ptr[nodes[2]], rows.ptr[nodes[2] + 1]) if rows.kind[k] == FIRST]
            if into:
                driver[nodes[2]] = min(into, key=lambda k: placed.start[rows.ends[k]])
    return network.backward_from(driver)
