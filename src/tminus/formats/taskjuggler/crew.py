"""Everybody's free slots, limits, and how sought after they are."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from tminus.formats.taskjuggler.booking import EFFORT, book, book_alone, no_slots
from tminus.formats.taskjuggler.clock import DAY, Clock
from tminus.formats.taskjuggler.node import Node
from tminus.formats.taskjuggler.project import Job, Project


class Crew:
    """Everybody's free slots, limits, and how sought after they are."""

    def __init__(self, project: Project, clock: Clock) -> None:
        self.clock = clock
        self.people = [worker for worker in project.workers.values() if not worker.kids]
        self.number = {worker.id: k for k, worker in enumerate(self.people)}
        self.of = {id: [self.number[one.id] for one in worker.everybody()] for id, worker in project.workers.items()}
        flags: dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {}
        rows = []
        for worker in self.people:
            key = repr((worker.hours, worker.leaves))
            if key not in flags:
                flags[key] = clock.flags(worker.hours, [*project.leaves, *worker.leaves])
            rows.append(flags[key])
        self.free = np.stack(rows) if rows else np.zeros((0, clock.count), dtype=np.bool_)
        self.rows = list(self.free)
        slots = np.arange(clock.count, dtype=np.int64) * project.slot
        into_day = int(clock.local[0]) % DAY
        weekday = (int(clock.local[0]) // DAY + (3 if project.monday else 4)) % 7
        self.day_of = ((slots + into_day) // DAY).astype(np.int32)
        self.week_of = ((slots + into_day + weekday * DAY) // (7 * DAY)).astype(np.int32)
        shape = len(self.people), int(self.day_of[-1]) + 1 if clock.count else 1
        self.day_used = np.zeros(shape, dtype=np.int32)
        self.week_used = np.zeros((shape[0], shape[1] // 7 + 2), dtype=np.int32)
        self.day_limit = np.array([-1 if w.day_limit is None else w.day_limit for w in self.people], dtype=np.int64)
        self.week_limit = np.array([-1 if w.week_limit is None else w.week_limit for w in self.people], dtype=np.int64)
        self.efficiency = np.array([w.efficiency for w in self.people], dtype=np.float64)
        self.sought = [0.0] * len(self.people)
        self.arrays: dict[tuple[tuple[int, ...], ...], list[np.ndarray[tuple[int], np.dtype[np.int64]]]] = {}
        self.always = np.ones(clock.count, dtype=np.bool_)
        self.no_day, self.no_week = no_slots(shape[1]), no_slots(self.week_used.shape[1])

    def candidates(self, job: Job) -> list[int]:
        if len(job.allocations) == 1 and len(job.allocations[0]) == 1:
            return self.of[job.allocations[0][0]]
        return list({k: None for some in job.allocations for name in some for k in self.of[name]})

    def weigh(self, nodes: Iterable[Node]) -> None:
        """How much effort is wanted of each, against the slots there are."""
        for node in nodes:
            some = self.candidates(node.job) if node.effort and not node.kids else []
            for k in some:
                self.sought[k] += node.job.effort // len(some)
        there = np.count_nonzero(self.free, axis=1)
        self.sought = [float(some / slots) if slots else 1.0 for some, slots in zip(self.sought, there, strict=True)]

    def critical_of(self, job: Job) -> float:
        some = self.candidates(job)
        return sum(self.sought[k] for k in some) / len(some) if some else 0.0

    def book(self, node: Node, at: int, last: int, mode: int) -> tuple[int, int, bool]:
        """First and last slot booked, and whether it was all; ``mode``: see :mod:`booking`."""
        job = node.job
        alone = self._alone(job) if mode == EFFORT else None
        if alone is None:
            return self._book(job, at, last, mode)
        if job.forward:
            found = book_alone(self.rows[alone], at, 1, float(job.effort), self.people[alone].efficiency)
        else:
            found = book_alone(self.rows[alone], at - 1, -1, float(job.effort), self.people[alone].efficiency)
        first, until, whole = found
        return first, until, whole

    def _alone(self, job: Job) -> int | None:
        """The one person who does a task, if no limit or shift holds."""
        candidates = self.candidates(job)
        if len(candidates) > 1 or len(job.allocations) > 1 or job.hours is not None:
            return None
        if job.day_limit is not None or job.week_limit is not None:
            return None
        one = self.people[candidates[0]]
        return candidates[0] if one.day_limit is None and one.week_limit is None else None

    def _book(self, job: Job, at: int, last: int, mode: int) -> tuple[int, int, bool]:
        allocations, candidates, people = [0], [0], []
        for some in job.allocations:
            ordered = sorted(some, key=self._sought_of) if len(some) > 1 else some
            for name in ordered:
                people += self.of[name]
                candidates.append(len(people))
            allocations.append(len(candidates) - 1)
        shift = self.always if job.hours is None else self.clock.flags(job.hours, [])
        out = np.zeros(2, dtype=np.int64)
        day, week = self.no_day, self.no_week  # nobody looks at them
        if job.day_limit is not None or job.week_limit is not None:
            day, week = no_slots(len(day)), no_slots(len(week))
        filled, tried, who = self._as_arrays(allocations, candidates, people)
        whole = book(
            job.forward, at if job.forward else at - 1, last, mode, float(job.effort), shift,
            filled, tried, who, self.efficiency, self.free,
            self.day_of, self.week_of, self.day_used, self.week_used, self.day_limit, self.week_limit, day, week,
            -1 if job.day_limit is None else job.day_limit, -1 if job.week_limit is None else job.week_limit, out,
        )  # fmt: skip
        return int(out[0]), int(out[1]), bool(whole)

    def _as_arrays(self, *columns: list[int]) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """The same lists come again and again: most tasks have one person."""
        key = tuple(map(tuple, columns))
        if key not in self.arrays:
            self.arrays[key] = [np.array(column, dtype=np.int64) for column in columns]
        return self.arrays[key]

    def _sought_of(self, name: str) -> float:
        some = [self.sought[k] for k in self.of[name]]
        return sum(some) / len(some) if some else 0.0
