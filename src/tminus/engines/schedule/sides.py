"""One direction of a network laid out so that links can come and go: a table of tasks and a table of rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.cone import (
    BEGIN,
    CALENDAR,
    CAP,
    DRIVER,
    END,
    F_BOUND,
    FINISH,
    KIND,
    LAG,
    LAG_CALENDAR,
    NUMBER,
    OTHER,
    ROOM,
    ROW_WIDTH,
    S_BOUND,
    START,
    STATE,
    TASK_WIDTH,
    WORK,
    show_all,
)  # fmt: skip
from tminus.engines.schedule.network import Rows
from tminus.engines.schedule.worktime import Ints, Table

SPARE = 4
"""Rows kept free where a task's rows have been moved to make room."""


@dataclass(slots=True)
class Side:
    """``tasks`` (n, :data:`.cone.TASK_WIDTH`) and ``rows`` (m, :data:`.cone.ROW_WIDTH`); ``used`` rows are taken."""

    tasks: Ints
    rows: NDArray[np.int32]
    used: int

    def row_of(self, place: int, number: int) -> int:
        """Where the link ``number`` of a task stands."""
        begin, end = self.tasks[place, BEGIN], self.tasks[place, END]
        return int(begin + np.flatnonzero(self.rows[begin:end, NUMBER] == number)[0])

    def add(self, place: int, row: tuple[int, int, int, int, int]) -> None:
        """Behind the other rows of a task, which move to the end of the table where they have no room."""
        task = self.tasks[place]
        if task[END] >= task[ROOM]:
            self._move(place)
        self.rows[task[END], :5] = row
        task[END] += 1

    def remove(self, place: int, number: int) -> None:
        task, row = self.tasks[place], self.row_of(place, number)
        self.rows[row : task[END] - 1] = self.rows[row + 1 : task[END]].copy()
        task[END] -= 1

    def _move(self, place: int) -> None:
        task = self.tasks[place]
        count = int(task[END] - task[BEGIN])
        room = count + SPARE
        if self.used + room > len(self.rows):
            more = np.zeros((len(self.rows) // 2 + room, ROW_WIDTH), dtype=np.int32)
            self.rows = np.concatenate([self.rows, more])
        self.rows[self.used : self.used + count] = self.rows[task[BEGIN] : task[END]]
        task[BEGIN], task[END], task[ROOM] = self.used, self.used + count, self.used + room
        self.used += room


def side_of(
    rows: Rows,
    columns: tuple[Ints, Ints, Ints, Ints, Ints, Ints],
    passed: tuple[Ints, Ints, Ints],
    table: Table,
    *,
    reverse: bool,
) -> Side:
    """Lay out one direction. ``columns``: calendar, work, bounds of start and finish, cap and state; ``passed``: the
    start, finish and driver a full pass gave. All by place; instants of the mirrored side are mirrored already, its
    ``rows`` are by mirrored place."""
    n = len(columns[0])
    tasks = np.zeros((n, TASK_WIDTH), dtype=np.int64)
    order = slice(None, None, -1) if reverse else slice(None)
    tasks[order, BEGIN], tasks[order, END] = rows.ptr[:-1], rows.ptr[1:]
    tasks[:, ROOM] = tasks[:, END]
    for name, column in zip((CALENDAR, WORK, S_BOUND, F_BOUND, CAP, STATE), columns, strict=True):
        tasks[:, name] = column
    tasks[:, START], tasks[:, FINISH], driver = passed
    tasks[:, DRIVER] = np.where(driver >= 0, rows.number[driver], driver) if len(rows.number) else driver
    laid = np.zeros((len(rows.ends) + 64, ROW_WIDTH), dtype=np.int32)
    laid[: len(rows.ends), OTHER] = n - 1 - rows.ends if reverse else rows.ends
    for name, given in ((KIND, rows.kind), (LAG, rows.lag), (LAG_CALENDAR, rows.lag_calendar), (NUMBER, rows.number)):
        laid[: len(rows.ends), name] = given
    show_all(reverse, tasks, table)
    return Side(tasks, laid, len(rows.ends))
