"""A schedule kept right under edits: only the cone an edit reaches is placed again, forwards and backwards.

:class:`Incremental` speaks of places and minutes, for callers that try many changes; :mod:`.edited` of tasks and
links as people write them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.back_schedule import backward, forward, happened
from tminus.engines.schedule.bounds import DONE, OPEN, SILENT, Bounds
from tminus.engines.schedule.cone import (
    CALENDAR,
    CAP,
    DRIVER,
    F_BOUND,
    FINISH,
    KIND,
    LAG,
    LAG_CALENDAR,
    S_BOUND,
    START,
    STATE,
    WORK,
    settle,
)  # fmt: skip
from tminus.engines.schedule.conflicts import names_of
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import MIRRORED, Network
from tminus.engines.schedule.passes import FF, FIRST, NEVER, NO_CAP
from tminus.engines.schedule.rank_order import reorder
from tminus.engines.schedule.sides import side_of
from tminus.engines.schedule.worktime import DAY, Ints

MARGIN = 7 * DAY
"""Nearer than this to the end of the compiled horizon dates are not trusted."""


class OutOfReach(PlanError):
    """An edit leads beyond the stretch of time the network was compiled for."""


class Incremental:
    """Early and late dates of a network under changing bounds, work and links; all by the places it was compiled with.

    ``early``, ``late`` hold the places whose dates the last edit moved, ``placed`` how many were looked at.
    ``earliest``: further lower bounds on starts, as :func:`.forward` takes them. Without ``late`` only early dates are
    kept right, in half the time; late dates then mean nothing.
    """

    def __init__(self, network: Network, held: Bounds, *, earliest: Ints | None = None, late: bool = True) -> None:
        self.network, n, self._both = network, network.size, late
        self.rank = np.arange(n, dtype=np.int64)
        self._at = np.arange(n, dtype=np.int64)
        self._came = np.full(n, -1, dtype=np.int64)
        self._dirty = np.zeros((n >> 6) + 1, dtype=np.uint64)
        self._moved = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
        self.early = self.late = self._moved[0][:0]
        self.placed = 0
        bound = held.earliest_start if earliest is None else np.maximum(held.earliest_start, earliest)
        soon, last = forward(network, held, earliest=earliest), backward(network, held, held.latest_finish)
        first = forward(network, held) if earliest is not None and network.opens else soon
        rows_back = network.backward_from(first.driver) if network.opens else network.backward
        self.there = side_of(
            network.forward,
            (network.calendar, held.work, bound, held.earliest_finish, held.cap, held.state),
            (soon.start, soon.finish, soon.driver),
            network.time.table,
            reverse=False,
        )
        self.back = side_of(
            rows_back,
            (
                network.calendar, held.work, -held.latest_finish, -held.latest_start, np.full(n, NO_CAP),
                mirrored_state(held),
            ),
            (-last.finish, -last.start, last.driver),
            network.mirror.table,
            reverse=True,
        )  # fmt: skip
        self._ends = _ends_by_number(network)
        self._openings = {nodes[2]: -2 for nodes in network.gates.values() if len(nodes) == 3}
        for place in self._openings:
            self._openings[place] = int(self.there.tasks[place, DRIVER])

    # What it says ----------------------------------

    @property
    def early_start(self) -> Ints:
        return self.there.tasks[:, START]

    @property
    def early_finish(self) -> Ints:
        return self.there.tasks[:, FINISH]

    @property
    def late_start(self) -> Ints:
        return -self.back.tasks[:, FINISH]

    @property
    def late_finish(self) -> Ints:
        return -self.back.tasks[:, START]

    @property
    def driver(self) -> Ints:
        """The number of the link that decided each early start; −1 its own bound, −2 nothing."""
        return self.there.tasks[:, DRIVER]

    def ends_of(self, number: int) -> tuple[int, int]:
        """The places a link runs between."""
        return self._ends[number]

    # Edits ----------------------------------

    def set_work(self, place: int, minutes: int) -> None:
        """:raises OutOfReach: nothing is changed then."""
        before = int(self.there.tasks[place, WORK])
        self._write_work(place, minutes)
        self._or_undo(lambda: self._write_work(place, before), place)

    def set_calendar(self, place: int, calendar: int, counted: Sequence[int] = ()) -> None:
        """Let one task, and the lags of the links numbered ``counted``, be counted in another calendar.

        :raises OutOfReach: nothing is changed then.
        """
        before = int(self.there.tasks[place, CALENDAR])
        lags = [(number, self._lag_calendar(number)) for number in counted]
        self._write_calendar(place, calendar, [(number, calendar) for number in counted])
        ends = {end for number in counted for end in self._ends[number]}
        self._or_undo(lambda: self._write_calendar(place, before, lags), place, *ends)

    def set_earliest_start(self, place: int, at: int) -> None:
        """:raises OutOfReach: nothing is changed then."""
        before = int(self.there.tasks[place, S_BOUND])
        self.there.tasks[place, S_BOUND] = at
        self._or_undo(lambda: self.there.tasks.__setitem__((place, S_BOUND), before), place)

    def set_lag(self, number: int, minutes: int) -> None:
        """:raises OutOfReach: nothing is changed then."""
        pred, succ = self._ends[number]
        before = int(self.there.rows[self.there.row_of(succ, number), LAG])
        self._write_lag(number, minutes)
        self._or_undo(lambda: self._write_lag(number, before), pred, succ)

    def add_link(self, pred: int, succ: int, kind: int, lag: int = 0, lag_calendar: int = 0) -> int:
        """Answers the number of the new link.

        :raises Cycle: it would close a circle, with the names of the circle; nothing is changed then.
        :raises OutOfReach: nothing is changed then.
        """
        circle = reorder(
            self.there.tasks,
            self.there.rows,
            self.back.tasks,
            self.back.rows,
            self.rank,
            self._at,
            self._came,
            pred,
            succ,
        )
        if len(circle):
            names = names_of(self.network, circle.tolist())
            raise Cycle(names[:-1] if len(names) > 1 and names[0] == names[-1] else names)
        number = len(self._ends)
        self.there.add(succ, (pred, kind, lag, lag_calendar, number))
        self.back.add(pred, (succ, int(MIRRORED[kind]), lag, lag_calendar, number))
        self._ends.append((pred, succ))
        self._or_undo(lambda: self._drop(number), pred, succ)
        return number

    def remove_link(self, number: int) -> None:
        self._drop(number)
        self.replace(*self._ends[number])

    def set_bounds(self, place: int, held: Bounds) -> None:
        """Take all bounds of one place, and its work and state, from ``held``.

        :raises OutOfReach: nothing is changed then.
        """
        before = self.there.tasks[place].copy(), self.back.tasks[place].copy()
        self.write_bounds(place, held)

        def undo() -> None:
            self.there.tasks[place], self.back.tasks[place] = before

        self._or_undo(undo, place)
        self.early = _with(self.early, place, before[0], self.there.tasks[place])
        self.late = _with(self.late, place, before[1], self.back.tasks[place])

    def write_bounds(self, place: int, held: Bounds) -> None:
        """As :meth:`set_bounds`, but nothing is placed again until :meth:`replace`."""
        there, back = self.there.tasks[place], self.back.tasks[place]
        there[WORK] = back[WORK] = held.work[place]
        there[S_BOUND], there[F_BOUND] = held.earliest_start[place], held.earliest_finish[place]
        there[CAP], there[STATE] = held.cap[place], held.state[place]
        back[S_BOUND], back[F_BOUND] = -held.latest_finish[place], -held.latest_start[place]
        back[STATE] = mirrored_state_at(held, place)
        if there[STATE] != OPEN:
            there[START], there[FINISH] = held.start[place], held.finish[place]
        if back[STATE] != OPEN:
            back[START], back[FINISH] = -held.finish[place], -held.start[place]

    def replace(self, *places: int) -> None:
        """Place these again, and whatever that moves."""
        self._settle(np.array(places, dtype=np.int64))
        while self._both and (freed := self._openings_moved()):
            self._settle(np.array(freed, dtype=np.int64), keep=True)

    # The inside ----------------------------------

    def _settle(self, places: Ints, *, keep: bool = False) -> None:
        time, mirror = self.network.time.table, self.network.mirror.table
        sooner, later, placed = settle(
            self.there.tasks, self.there.rows, self.back.tasks, self.back.rows, time, mirror, self.rank, self._at,
            self._dirty, places, *self._moved, self._both,
        )  # fmt: skip
        early, late = self._moved[0][:sooner], self._moved[1][:later]
        self.early = np.union1d(self.early, early) if keep else early
        self.late = np.union1d(self.late, late) if keep else late
        self.placed = placed + (self.placed if keep else 0)

    def _or_undo(self, undo: Callable[[], object], *places: int) -> None:
        self.replace(*places)
        if self._beyond():
            undo()
            self.replace(*places)
            raise OutOfReach("the edit leads beyond the time the plan was compiled for; allowed: compile it anew")

    def _beyond(self) -> bool:
        """Whether what moved has left the compiled stretch of time, but for a margin."""
        time = self.network.time
        first, last = time.first_day * DAY + MARGIN, (time.first_day + time.days) * DAY - MARGIN
        late_by = bool(len(self.early)) and int(self.there.tasks[self.early, FINISH].max()) > last
        return late_by or (bool(len(self.late)) and -int(self.back.tasks[self.late, FINISH].max()) < first)

    def _write_work(self, place: int, minutes: int) -> None:
        self.there.tasks[place, WORK] = self.back.tasks[place, WORK] = minutes

    def _write_lag(self, number: int, minutes: int) -> None:
        pred, succ = self._ends[number]
        self.there.rows[self.there.row_of(succ, number), LAG] = minutes
        self.back.rows[self.back.row_of(pred, number), LAG] = minutes

    def _lag_calendar(self, number: int) -> int:
        succ = self._ends[number][1]
        return int(self.there.rows[self.there.row_of(succ, number), LAG_CALENDAR])

    def _write_calendar(self, place: int, calendar: int, lags: Sequence[tuple[int, int]]) -> None:
        self.there.tasks[place, CALENDAR] = self.back.tasks[place, CALENDAR] = calendar
        for number, counted in lags:
            pred, succ = self._ends[number]
            self.there.rows[self.there.row_of(succ, number), LAG_CALENDAR] = counted
            self.back.rows[self.back.row_of(pred, number), LAG_CALENDAR] = counted

    def _drop(self, number: int) -> None:
        pred, succ = self._ends[number]
        self.there.remove(succ, number)
        self.back.remove(pred, number)

    def _openings_moved(self) -> list[int]:
        """Late, the start of a summary binds the task that begins it early, and no other: where that has become
        another one, the places to place again."""
        freed: list[int] = []
        for place, before in self._openings.items():
            now = int(self.there.tasks[place, DRIVER])
            if now == before:
                continue
            self._openings[place] = now
            for number, kind in ((before, FIRST), (now, FF)):
                if number >= 0 and self._is_first(number):
                    pred = self._ends[number][0]
                    self.back.rows[self.back.row_of(pred, number), KIND] = kind
                    freed.append(pred)
        return freed

    def _is_first(self, number: int) -> bool:
        succ = self._ends[number][1]
        return bool(self.there.rows[self.there.row_of(succ, number), KIND] == FIRST)


def _with(moved: Ints, place: int, before: Ints, after: Ints) -> Ints:
    """``place`` too where its dates were given rather than found."""
    same = before[START] == after[START] and before[FINISH] == after[FINISH]
    return moved if same or place in moved else np.append(moved, place)


def mirrored_state(held: Bounds) -> Ints:
    """What the backward pass keeps fixed; what has really happened binds nobody."""
    return np.where(happened(held), SILENT, np.where(held.state == DONE, DONE, OPEN))


def mirrored_state_at(held: Bounds, place: int) -> int:
    if held.state[place] != DONE:
        return OPEN
    return SILENT if held.work[place] == 0 and held.start[place] != NEVER else DONE


def _ends_by_number(network: Network) -> list[tuple[int, int]]:
    """Predecessor and successor of each link, by number."""
    rows = network.forward
    ends: NDArray[np.int64] = np.empty((len(rows.number), 2), dtype=np.int64)
    ends[rows.number, 0] = rows.ends
    ends[rows.number, 1] = np.repeat(np.arange(network.size), np.diff(rows.ptr))
    return [(int(pred), int(succ)) for pred, succ in ends.tolist()]
