"""Windows: a stretch of the best timetable is freed, the rest stays, and CP-SAT looks for a better order of it.

What it finds is an order of starts (:mod:`.sketch`); the serial scheme makes dates of it, so that nothing depends on
how rough the sketch is (Palpant, M., Artigues, C. & Michelon, P., LSSPER: solving the resource-constrained project
scheduling problem with large neighbourhood search, Ann. Oper. Res. 131, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tminus.engines.schedule.bounds import OPEN
from tminus.engines.schedule.levelling.decode import Flags, order_of
from tminus.engines.schedule.levelling.objective import tardiness
from tminus.engines.schedule.levelling.search import Found, Search
from tminus.engines.schedule.levelling.sketch import Sketch
from tminus.engines.schedule.worktime import Ints

FEWEST_TASKS, MOST_TASKS = 12, 5000
"""Below and above it there are no windows."""

LATE, ROW = 0.8, 0.6
"""How often a window lies around something that is late, and how often it is of those who compete for the same."""


@dataclass(slots=True)
class Windows:
    """``share`` of the time of a search; ``effort``: for one window, in the solver's deterministic time; ``size``:
    nodes freed at once, more when that was easy and fewer when it was not."""

    share: float = 0.5
    effort: float = 0.1
    size: int = 40

    def improved(self, search: Search, best: Found) -> Found | None:
        """A timetable by another order of a window of ``best``, which need not be better; none: nothing was found."""
        free = self._free(search, best)
        if len(free) < 2:
            return None
        placed = best.waited
        late = search.pushed_right(placed) or placed
        sketch = Sketch(search.problem, placed, (late.start, late.finish), free.tolist())
        solved = sketch.solve(self.effort, max(search.left(), 0.01), int(search.random.integers(1 << 30)))
        self.size = int(np.clip(self.size + (2 if solved is not None and solved[1] else -2), 8, 300))
        if solved is None:
            return None
        keys = placed.start.copy()
        keys[list(solved[0])] = list(solved[0].values())
        return search.decode(order_of(keys, search.problem.network.forward), placed.choice)

    def _free(self, search: Search, best: Found) -> Ints:
        """Nodes around a moment at which something is late, in order of start: all of them, or those that compete with
        one that is late."""
        problem, placed, random = search.problem, best.waited, search.random
        leaf = np.nonzero((problem.network.node >= 0) & (problem.held.state == OPEN))[0]
        if not len(leaf):
            return leaf
        focus = self._focus(search, best, leaf)
        if random.random() < ROW:
            leaf = leaf[_competing(search, best, focus)[leaf]]
        order = leaf[np.argsort(placed.start[leaf], kind="stable")]
        at = int(np.searchsorted(placed.start[order], placed.start[focus]))
        begin = max(min(at - int(random.integers(0, self.size)), len(order) - self.size), 0)
        return np.asarray(order[begin : begin + self.size])

    def _focus(self, search: Search, best: Found, leaf: Ints) -> int:
        """A late gate as often as anything late; or what had to come before it."""
        problem, placed, random = search.problem, best.waited, search.random
        late = tardiness(problem, placed.start, placed.finish)[leaf] * problem.weight[leaf]
        if late.sum() <= 0 or random.random() >= LATE:
            return int(random.choice(leaf))
        gates = leaf[(late > 0) & problem.gate[leaf]]
        if len(gates) and random.random() < 0.5:
            focus = int(random.choice(gates))
        else:
            focus = int(random.choice(leaf, p=late / late.sum()))
        rows, among = problem.network.forward, set(leaf.tolist())
        while random.random() < 0.5:
            before = [int(k) for k in rows.ends[rows.ptr[focus] : rows.ptr[focus + 1]] if int(k) in among]
            if not before:
                break
            focus = max(before, key=lambda k: int(placed.finish[k]))
        return focus


def _competing(search: Search, best: Found, focus: int) -> Flags:
    """Those that take of a row that ``focus`` takes of; all, should it take of none."""
    o, option = search.problem.options, best.placed.choice.option
    mine = o.take_row[o.take_ptr[option[focus]] : o.take_ptr[option[focus] + 1]]
    if not len(mine):
        return np.ones(search.problem.size, dtype=np.bool_)
    taking = np.repeat(np.arange(len(o.work)), np.diff(o.take_ptr))[np.isin(o.take_row, mine)]
    return np.isin(option, taking)
