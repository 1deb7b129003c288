"""Who of a class walks which of its paths: groups stay together, on one way to one exit.

A plan says how many walk a way and when. Groups take their places on it largest first, each on the way that has the
fewest places left that are enough; where none has, on the one with the most, and who has no place there follows after
its last. The others take what remains, the earliest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tminus.engines.crowd.evacuation.parties import ExitClass
from tminus.engines.crowd.evacuation.paths import Paths
from tminus.engines.crowd.evacuation.ways import Ints


@dataclass(frozen=True, slots=True)
class Seated:
    """Paths with who walks them. ``group``: [path] its name, empty: nobody's; ``added``: persons without a place."""

    paths: Paths
    group: tuple[str, ...]
    added: int


@dataclass(frozen=True, slots=True)
class _Seat:
    """``persons`` on path ``row``, ``later`` steps after it."""

    row: int
    persons: int
    later: int
    group: str


class _Way:
    """The places of one sequence of ways from one node, the earliest first."""

    def __init__(self, rows: Sequence[int], paths: Paths) -> None:
        self.rows = sorted(rows, key=lambda row: (paths.arrive[row], row))
        self.left = [int(paths.persons[row]) for row in self.rows]
        self.room = sum(self.left)
        span = int(paths.arrive[self.rows[-1]] - paths.arrive[self.rows[0]]) + 1
        self.a_step = max(self.room // span, 1)
        self._later = 0
        self._at = 0

    def take(self, persons: int, group: str) -> list[_Seat]:
        """The next places; beyond the last, after it at the way's own pace."""
        seats = []
        while persons:
            while self._at < len(self.rows) and not self.left[self._at]:
                self._at += 1
            if self._at < len(self.rows):
                taken = min(persons, self.left[self._at])
                self.left[self._at] -= taken
                self.room -= taken
                seats.append(_Seat(self.rows[self._at], taken, 0, group))
            else:
                taken = min(persons, self.a_step)
                self._later += 1
                seats.append(_Seat(self.rows[-1], taken, self._later, group))
            persons -= taken
        return seats


def seated(paths: Paths, of: ExitClass) -> Seated:
    """Everybody of the class on its paths."""
    seats: list[_Seat] = []
    for node in np.unique(paths.origin).tolist():
        rows = np.flatnonzero(paths.origin == node).tolist()
        families = of.families.get(node, ())
        if families:
            seats += _at_node(paths, rows, families)
        else:
            seats += [_Seat(row, int(paths.persons[row]), 0, "") for row in rows]
    added = sum(one.persons for one in seats if one.later)
    return Seated(_paths(paths, seats), tuple(one.group for one in seats), added)


def _at_node(paths: Paths, rows: Sequence[int], families: Sequence[tuple[str, int]]) -> list[_Seat]:
    by_way: dict[tuple[int, ...], list[int]] = {}
    for row in rows:
        by_way.setdefault(tuple(paths.way[paths.first[row] : paths.first[row + 1]].tolist()), []).append(row)
    ways = [_Way(mine, paths) for mine in by_way.values()]
    others = sum(way.room for way in ways) - sum(size for _, size in families)
    seats: list[_Seat] = []
    for group, size in sorted(families, key=lambda one: (-one[1], one[0])):
        enough = [way for way in ways if way.room >= size]
        way = min(enough, key=lambda one: one.room) if enough else max(ways, key=lambda one: one.room)
        seats += way.take(size, group)
    return seats + _the_others(paths, ways, others)


def _the_others(paths: Paths, ways: Sequence[_Way], others: int) -> list[_Seat]:
    free = [(int(paths.arrive[row]), row, left) for way in ways for row, left in zip(way.rows, way.left, strict=True)]
    seats = []
    for _, row, left in sorted(free):
        taken = min(left, others)
        if taken:
            seats.append(_Seat(row, taken, 0, ""))
        others -= taken
    return seats


def _paths(paths: Paths, seats: Sequence[_Seat]) -> Paths:
    rows = np.array([one.row for one in seats], np.int64)
    later = np.array([one.later for one in seats], np.int64)
    length = np.diff(paths.first)[rows]
    first = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    at = np.repeat(paths.first[rows] - first[:-1], length) + np.arange(int(first[-1]))
    return Paths(
        persons=np.array([one.persons for one in seats], np.int64),
        origin=paths.origin[rows],
        exit=paths.exit[rows],
        arrive=paths.arrive[rows] + later,
        first=first,
        way=paths.way[at],
        step=paths.step[at] + np.repeat(later, length),
    )


def joined(parts: Sequence[Paths]) -> Paths:
    """All of them one after another."""

    def all_of(name: str) -> Ints:
        return np.concatenate([getattr(part, name) for part in parts])

    lengths = np.concatenate([np.diff(part.first) for part in parts])
    first = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    names: Mapping[str, Ints] = {n: all_of(n) for n in ("persons", "origin", "exit", "arrive", "way", "step")}
    return Paths(first=first, **names)
