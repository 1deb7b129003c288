"""The search for a better order: a portfolio of priority rules, then a genetic search over orders of tasks.

A child takes the first part of its mother's order and the rest in its father's (Hartmann, S., A competitive genetic
algorithm for resource-constrained project scheduling, Nav. Res. Log. 45, 1998); mutation favours tasks that wait for a
resource. Every order is decoded forwards and pushed back again (double justification: Valls, Ballestín & Quintanilla,
EJOR 165, 2005). The same seed and number of iterations give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import Protocol

import numpy as np

from tminus.engines.schedule.bounds import STARTED
from tminus.engines.schedule.levelling.decode import (
    Choice,
    Flags,
    Placed,
    backwards,
    first_choice,
    forwards,
    order_of,
)
from tminus.engines.schedule.levelling.objective import Aim, Value, value_of
from tminus.engines.schedule.levelling.problem import Problem, TooShort
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.worktime import Ints

POPULATION = 24


@dataclass(frozen=True, slots=True)
class Budget:
    """How long to search: ``iterations`` timetables, or ``seconds``; the first that is used up ends it."""

    iterations: int | None = 300
    seconds: float | None = None

    def spent(self, iterations: int, seconds: float) -> bool:
        return (self.iterations is not None and iterations >= self.iterations) or (
            self.seconds is not None and seconds >= self.seconds
        )


@dataclass(slots=True)
class Found:
    """A timetable, the order it came from and what it is worth; ``waited``: the forward pass behind it."""

    value: Value
    placed: Placed
    order: Ints
    waited: Placed


class Beside(Protocol):
    """Another way of making a timetable better, which gets ``share`` of the time that is left after the rules."""

    share: float

    def improved(self, search: Search, best: Found) -> Found | None: ...


class Search:
    """Orders in, timetables out; counts what it tried. ``aim`` says which way dates are pushed."""

    def __init__(
        self,
        problem: Problem,
        aim: Aim,
        budget: Budget,
        seed: int,
        enough: Callable[[Value], bool],
        beside: Beside | None = None,
    ) -> None:
        self.problem, self.aim, self.budget, self.enough = problem, aim, budget, enough
        self.random = np.random.default_rng(seed)
        self.beside = beside
        self.tried, self.began = 0, perf_counter()
        self.population: list[Found] = []

    def run(self) -> Found:
        """The best of rules and search."""
        for keys in self._rules():
            self._admit(self.decode(order_of(keys, self.problem.network.forward), first_choice(self.problem)))
            if self._over(at_least=1):
                return self.population[0]
        for choice in self._other_choices():
            self._admit(self.decode(self.population[0].order, choice))
        since, aside = perf_counter(), 0.0
        while not self._over(at_least=len(self.population)):
            now, made = perf_counter(), None
            if self.beside is not None and aside <= self.beside.share * (now - since):
                made = self.beside.improved(self, self.population[0])
                aside += perf_counter() - now
            self._admit(made if made is not None else self.decode(*self._child()))
        return self.population[0]

    def spent(self) -> float:
        """Seconds since it began."""
        return perf_counter() - self.began

    def left(self) -> float:
        """Seconds of the budget that are left."""
        return np.inf if self.budget.seconds is None else self.budget.seconds - self.spent()

    def _over(self, at_least: int) -> bool:
        best = self.population[0]
        if self.tried >= at_least and self.enough(best.value):
            return True
        return self.budget.spent(self.tried, self.spent())

    def _admit(self, found: Found) -> None:
        if any(found.value == other.value for other in self.population):
            return
        self.population.append(found)
        self.population.sort(key=lambda one: one.value)
        del self.population[POPULATION:]

    # Decoding ----------------------------------------

    def decode(self, order: Ints, choice: Choice, release: Ints | None = None) -> Found:
        """Dates of an order: forwards, and pushed the way that is aimed at, whichever is worth more."""
        self.tried += 1
        first = forwards(self.problem, order, choice, release)
        found = [Found(value_of(self.problem, first, self.aim), first, order, first)]
        late = self.pushed_right(first)
        if late is not None:
            if self.aim.late:
                found.append(Found(value_of(self.problem, late, self.aim), late, order, first))
            if not self.aim.late or found[-1].value.tardiness > 0:
                found += self._again(late, choice)
        return min(found, key=lambda one: one.value)

    def _again(self, late: Placed, choice: Choice) -> list[Found]:
        order = order_of(late.start, self.problem.network.forward)
        again = forwards(self.problem, order, choice)
        made = [Found(value_of(self.problem, again, self.aim), again, order, again)]
        if self.aim.late:
            settled = self.pushed_right(again)
            if settled is not None:
                made.append(Found(value_of(self.problem, settled, self.aim), settled, order, again))
        elif self.aim.wants_late.any():
            settled = self.pushed_right(again, pinned=~self.aim.wants_late)
            if settled is not None:
                made.append(Found(value_of(self.problem, settled, self.aim), settled, order, again))
        return made

    def pushed_right(self, early: Placed, pinned: Flags | None = None) -> Placed | None:
        """As late as the dates aimed at allow, and no later than needed anyhow; ``None``: it would begin too early."""
        held, aim = self.problem.held, self.aim
        leaf = self.problem.network.node >= 0
        end = int(early.finish.max()) if not aim.late and pinned is None else NEVER
        bound = np.maximum(np.maximum(aim.finish, early.finish), end)
        own = np.where(held.latest_finish == -NEVER, -NEVER, np.maximum(held.latest_finish, early.finish))
        bound = np.where(leaf, bound, own)
        starts = np.where(held.latest_start == -NEVER, -NEVER, np.maximum(held.latest_start, early.start))
        pins = np.zeros(self.problem.size, dtype=np.bool_) if pinned is None else pinned
        order = self.problem.size - 1 - order_of(-early.finish[::-1], self.problem.network.backward)
        try:
            late = backwards(self.problem, order, early.choice, bound, starts, early, pins)
        except TooShort:
            return None
        return None if (leaf & (late.start < early.start)).any() else late

    # Rules ----------------------------------------

    def _rules(self) -> list[Ints]:
        """Keys of the portfolio: begun work first in each."""
        problem, aim = self.problem, self.aim
        begun = problem.held.state == STARTED
        work = problem.options.work[problem.options.ptr[:-1]]
        follows = self._followers()
        keys = [aim.start, aim.finish, aim.finish - work // 2, -follows, aim.early_finish - work, aim.start - work]
        return [np.where(begun, np.iinfo(np.int64).min // 4, key) for key in keys]

    def _followers(self) -> Ints:
        """How many tasks wait for each, counted along links, each path on its own up to a bound."""
        rows = self.problem.network.forward
        count = np.zeros(self.problem.size)
        for i in range(self.problem.size - 1, -1, -1):
            for k in range(rows.ptr[i], rows.ptr[i + 1]):
                count[rows.ends[k]] = min(count[rows.ends[k]] + 1 + count[i], 1e12)
        return count.astype(np.int64)

    def _other_choices(self) -> list[Choice]:
        """Shortest and cheapest ways, and overtime for all, where there is a choice."""
        options, base = self.problem.options, first_choice(self.problem)
        made = []
        if (np.diff(options.ptr) > 1).any():
            for score in (options.work.astype(float), self.problem.priced, self.problem.spends.sum(axis=0)):
                made.append(Choice(self._least(score), base.over))
        if self.problem.overtime.any():
            made += [Choice(choice.option, np.ones_like(base.over)) for choice in [base, *made]]
        return made

    def _least(self, score: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
        ptr = self.problem.options.ptr
        chosen = [int(a + np.argmin(score[a:b])) for a, b in pairwise(ptr)]
        return np.array(chosen, dtype=np.int64)

    # Children ----------------------------------------

    def _child(self) -> tuple[Ints, Choice]:
        mother, father = self._parent(), self._parent()
        size = self.problem.size
        cut = int(self.random.integers(0, size + 1))
        head = mother.order[:cut]
        taken = np.zeros(size, dtype=np.bool_)
        taken[head] = True
        order = np.concatenate([head, father.order[~taken[father.order]]])
        return self._shifted(order, mother), self._mixed(mother, father)

    def _parent(self) -> Found:
        some = self.random.integers(0, len(self.population), 2)
        return self.population[int(some.min())]

    def _shifted(self, order: Ints, mother: Found) -> Ints:
        """Some tasks earlier or later in the order: often those that had to wait."""
        keys = np.empty(self.problem.size, dtype=np.int64)
        keys[order] = np.arange(self.problem.size, dtype=np.int64) * 2
        waiting = np.nonzero(mother.waited.blocker[:, 0] >= 0)[0]
        for _ in range(1 + int(self.random.integers(0, 3))):
            among = waiting if len(waiting) and self.random.random() < 0.7 else np.arange(self.problem.size)
            i = int(self.random.choice(among))
            reach = 2 + int(self.problem.size * self.random.random() ** 3)
            back = among is waiting or self.random.random() < 0.5
            keys[i] += (-2 if back else 2) * reach + 1
        return order_of(keys, self.problem.network.forward)

    def _mixed(self, mother: Found, father: Found) -> Choice:
        options, one, two = self.problem.options, mother.placed.choice, father.placed.choice
        option, over = one.option, one.over
        if (np.diff(options.ptr) > 1).any():
            option = np.where(self.random.random(len(option)) < 0.5, option, two.option)
            open_ = np.nonzero(np.diff(options.ptr) > 1)[0]
            for i in self.random.choice(open_, 1 + len(open_) // 20):
                option[i] = self.random.integers(options.ptr[i], options.ptr[i + 1])
        if self.problem.overtime.any():
            over = np.where(self.random.random(len(over)) < 0.5, over, two.over)
            flip = self.random.random(len(over)) < 2 / len(over)
            over = np.where(flip, mother.value.tardiness > 0, over)
        return Choice(option, over)
