"""Dates by TaskJuggler's own rules: from what is fixed, ends are handed on along dependencies; of the tasks that can be
placed the one with the highest priority, then on the most critical path, takes its people first, slot by slot.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from datetime import datetime

import numpy as np

from tminus.formats.problems import BadFile
from tminus.formats.taskjuggler.booking import EFFORT, SPAN
from tminus.formats.taskjuggler.clock import Clock
from tminus.formats.taskjuggler.crew import Crew
from tminus.formats.taskjuggler.node import Edge, Node, weigh_paths
from tminus.formats.taskjuggler.project import Dependency, Project


class Scheduler:
    """One project; :meth:`run` places all its tasks."""

    def __init__(self, project: Project, clock: Clock, file: str) -> None:
        self.project, self.clock, self.file = project, clock, file
        self.nodes: dict[str, Node] = {}
        self.ready: list[tuple[tuple[float, ...], int, Node]] = []
        self.agenda: deque[Edge] = deque()
        for job in project.jobs:
            parent = self.nodes[job.parent.id] if job.parent else None
            node = Node(job, parent)
            self.nodes[job.id] = node
            if parent:
                parent.kids.append(node)
                parent.waiting.append(node)
        self._link()
        self.crew = Crew(project, clock) if project.workers else None

    def run(self) -> dict[str, Node]:
        """:raises BadFile: tasks no date leads to, or that do not end within the project; the first is named."""
        for node in self.nodes.values():
            self._prepare(node)
        self._rank()
        for node in self.nodes.values():
            self._send_first(node)
        self._settle()
        for node in self.nodes.values():
            self._look(node)
        while self.ready:
            node = self.ready.pop(0)[2]
            if not node.placed:
                self._place(node)
                self._settle()
        left = [node.job for node in self.nodes.values() if node.start is None or node.finish is None]
        if left:
            raise BadFile(
                f"{self.file}, line {left[0].line}: task {left[0].id!r} and {len(left) - 1} more get no dates;"
                " allowed: a date, or dependencies on tasks that have one"
            )
        return self.nodes

    # Before ----------------------------------------

    def _link(self) -> None:
        for node in self.nodes.values():
            for dep in node.job.depends:
                other = self._found(node, dep)
                node.depends.append((other, dep))
                node.start_preds.append((other, dep.on_end))
                (other.end_succs if dep.on_end else other.start_succs).append((node, False))
            for dep in node.job.precedes:
                other = self._found(node, dep)
                node.precedes.append((other, dep))
                node.end_succs.append((other, dep.on_end))
                (other.end_preds if dep.on_end else other.start_preds).append((node, True))

    def _found(self, node: Node, dep: Dependency) -> Node:
        base: Node | None = node
        for _ in range(dep.ups):
            base = base.parent if base else None
        path = f"{base.job.id}.{dep.path}" if dep.ups and base else dep.path
        if path not in self.nodes:
            raise BadFile(
                f"{self.file}, line {node.job.line}: task {node.job.id!r} depends on {path!r}; allowed: a task's path"
            )
        return self.nodes[path]

    def _prepare(self, node: Node) -> None:
        job = node.job
        node.start = self._index(node, job.start) if job.start else None
        node.finish = self._index(node, job.finish) if job.finish else None
        node.spec = bool(job.effort or job.length or job.duration) or job.milestone
        node.milestone = job.milestone
        if not node.kids and not node.spec and not job.allocations:
            begins, ends = node.start is not None or bool(job.depends), node.finish is not None or bool(job.precedes)
            if (
                (begins and job.forward and not ends)
                or (ends and not job.forward and not begins)
                or not (begins or ends)
            ):
                node.milestone = node.spec = True
        if node.milestone:
            node.start = node.start if node.start is not None else node.finish
            node.finish = node.finish if node.finish is not None else node.start
        if not node.kids and not (job.effort or job.length or job.duration or job.allocations):
            node.placed = node.start is not None and node.finish is not None

    def _index(self, node: Node, at: datetime) -> int:
        index = self.clock.index(at)
        if not 0 <= index <= self.clock.count:
            raise self._outside(node)
        return index

    def _rank(self) -> None:
        if self.crew:
            self.crew.weigh(self.nodes.values())
        for node in self.nodes.values():
            if node.milestone:
                node.critical = node.job.priority / 500
            elif node.effort and self.crew:
                node.critical = node.job.effort * self.crew.critical_of(node.job)
        weigh_paths(self.nodes.values())
        for node in self.nodes.values():
            node.rank = (-node.job.priority, -node.path, node.job.number)

    def _send_first(self, node: Node) -> None:
        if not node.start_sent:
            if node.start is not None:
                self._date(node, node.start, False, True)
            elif node.parent is None and self._inherits(node, False):
                self._date(node, 0, False, True)
        if not node.end_sent:
            if node.finish is not None:
                self._date(node, node.finish, True, True)
            elif node.parent is None and self._inherits(node, True):
                self._date(node, self.clock.count, True, True)

    # Dates handed on ----------------------------------------

    def _settle(self) -> None:
        """Set ends that follow from others, once all of them are known."""
        agenda, count = self.agenda, self.clock.count
        while agenda:
            node, end = agenda.popleft()
            if node.placed or node.kids or (node.finish if end else node.start) is not None:
                continue
            if node.spec and end == node.job.forward:
                continue
            at = self._latest_end(node) if end else self._earliest_start(node)
            if at is not None:
                if not 0 <= at <= count:
                    raise self._outside(node)
                self._date(node, at, end)

    def _date(self, node: Node, at: int, end: bool, ignore_effort: bool = False) -> None:
        """Set an end of a task and tell everybody it matters to."""
        if end:
            node.end_sent = True
        else:
            node.start_sent = True
        if not node.kids:
            known = node.at(end)
            if known is not None and end and at > known:
                return
            if not end and known is not None and at < known:
                return
            if end:
                node.finish = at
            else:
                node.start = at
        if node.milestone:
            node.placed = True
            if node.at(not end) is None:
                self._date(node, at, not end)
        elif not node.placed and node.start is not None and node.finish is not None and not node.kids:
            span = not (node.job.length or node.job.duration or node.effort)
            if not (span and node.job.allocations):
                node.placed = True
        self._tell(node, end, ignore_effort or node.job.effort == 0)
        for kid in node.kids:
            if self._inherits(kid, end):
                self._date(kid, at, end)
        self._look(node)
        if node.parent is not None:
            self._gather(node.parent)

    def _tell(self, node: Node, end: bool, weak: bool) -> None:
        strong = node.end_succs if end else node.start_preds
        others = (node.end_preds if end else node.start_succs) if weak else []
        self.agenda.extend(others)
        self.agenda.extend(strong)

    def _earliest_start(self, node: Node) -> int | None:
        best: int | None = None
        for other, dep in node.depends:
            at = other.finish if dep.on_end else other.start
            if at is None:
                return None
            if dep.gap_work:
                at = max(min(self.clock.after_work(at, dep.gap_work), self.clock.count), at + dep.gap)
            else:
                at += dep.gap
            if best is None or at > best:
                best = at
        above = node.parent
        while above is not None:
            if above.start is not None and (best is None or above.start > best):
                return above.start
            above = above.parent
        return best

    def _latest_end(self, node: Node) -> int | None:
        best: int | None = None
        for other, dep in node.precedes:
            at = other.at(dep.on_end)
            if at is None:
                return None
            at = min(max(self.clock.before_work(at, dep.gap_work), 0), at - dep.gap)
            best = at if best is None else min(best, at)
        above = node.parent
        while above is not None:
            if above.finish is not None and (best is None or above.finish < best):
                return above.finish
            above = above.parent
        return best

    def _inherits(self, node: Node, end: bool) -> bool:
        """Whether a date of what stands above is this task's own."""
        strong, strong_there = (node.end_succs, node.start_preds) if end else (node.start_preds, node.end_succs)
        if node.at(end) is not None or strong:
            return False
        if node.kids:
            return True
        there = node.at(not end) is not None or bool(strong_there)
        if there and not node.spec and node.job.allocations:
            return True
        if node.job.forward != end:
            return node.spec or there
        return node.at(not end) is not None and not node.spec

    def _gather(self, node: Node) -> None:
        """Dates of a group, once all under it have theirs."""
        while node.waiting and node.waiting[-1].whole:
            node.waiting.pop()
        if node.placed or node.waiting:
            return
        start = min(kid.start for kid in node.kids if kid.start is not None)
        finish = max(kid.finish for kid in node.kids if kid.finish is not None)
        earlier, later = node.start is None or node.start > start, node.finish is None or node.finish < finish
        node.start = start if earlier else node.start
        node.finish = finish if later else node.finish
        node.placed = True
        if earlier:
            self._date(node, start, False)
        if later:
            self._date(node, finish, True)
        if node.parent is not None:
            self._gather(node.parent)

    # Placing ----------------------------------------

    def _look(self, node: Node) -> None:
        """Put a task among those that can be placed, once it can."""
        if node.placed or node.kids or node.milestone or not node.rank:
            return
        here, there = (node.start, node.finish) if node.job.forward else (node.finish, node.start)
        if here is not None and (node.spec or there is not None):
            insort(self.ready, (node.rank, node.job.number, node))

    def _place(self, node: Node) -> None:
        job, clock = node.job, self.clock
        at = (node.start if job.forward else node.finish) or 0
        if node.effort:
            self._work(node, at)
        elif job.length:
            flags = None if job.hours is None else clock.flags(job.hours, self.project.leaves)
            end = _after(flags, at, job.length, job.forward) if flags is not None else None
            if end is None:
                end = clock.after_work(at, job.length) if job.forward else clock.before_work(at, job.length)
            self._span(node, at, end)
        elif job.duration:
            self._span(node, at, at + job.duration if job.forward else at - job.duration)
        else:
            self._book(node, at, (node.finish if job.forward else node.start) or 0, SPAN)
            node.placed = True
            if node.parent is not None:
                self._gather(node.parent)

    def _span(self, node: Node, at: int, end: int) -> None:
        if not 0 <= end <= self.clock.count:
            raise self._outside(node)
        self._book(node, at, end, SPAN)
        self._date(node, end, node.job.forward)

    def _work(self, node: Node, at: int) -> None:
        first, last, whole = self._book(node, at, 0, EFFORT)
        if not whole:
            raise self._outside(node)
        forward = node.job.forward
        begun = first if forward else first + 1
        if forward:
            node.start = begun
        else:
            node.finish = begun
        self._tell(node, not forward, True)
        self._date(node, last + 1 if forward else last, forward, True)

    def _book(self, node: Node, at: int, last: int, mode: int) -> tuple[int, int, bool]:
        if self.crew is None or not node.job.allocations:
            return at, last, mode == SPAN
        return self.crew.book(node, at, last, mode)

    def _outside(self, node: Node) -> BadFile:
        return BadFile(
            f"{self.file}, line {node.job.line}: task {node.job.id!r} does not end within the project;"
            f" allowed: {self.project.start} to {self.project.finish}"
        )


def _after(flags: np.ndarray[tuple[int], np.dtype[np.bool_]], at: int, slots: int, forward: bool) -> int:
    where = np.nonzero(flags)[0]
    k = int(np.searchsorted(where, at))
    index = k + slots - 1 if forward else k - slots
    if not 0 <= index < len(where):
        return -1
    return int(where[index]) + 1 if forward else int(where[index])
