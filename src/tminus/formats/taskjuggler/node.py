"""Tasks while they are placed, and how critical the paths from them on are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tminus.formats.taskjuggler.project import Dependency, Job

Edge = tuple["Node", bool]
"""Another task, and whether its end is meant."""


@dataclass(slots=True, eq=False)
class Node:
    """A task while it is placed; ``start`` and ``finish`` in slots."""

    job: Job
    parent: Node | None
    kids: list[Node] = field(default_factory=list)
    waiting: list[Node] = field(default_factory=list)
    """Those of ``kids`` not known to be placed."""
    start: int | None = None
    finish: int | None = None
    milestone: bool = False
    spec: bool = False
    placed: bool = False
    start_preds: list[Edge] = field(default_factory=list)
    start_succs: list[Edge] = field(default_factory=list)
    end_preds: list[Edge] = field(default_factory=list)
    end_succs: list[Edge] = field(default_factory=list)
    depends: list[tuple[Node, Dependency]] = field(default_factory=list)
    precedes: list[tuple[Node, Dependency]] = field(default_factory=list)
    start_sent: bool = False
    end_sent: bool = False
    critical: float = 0.0
    path: float = 0.0
    rank: tuple[float, ...] = ()

    @property
    def whole(self) -> bool:
        return self.placed and self.start is not None and self.finish is not None

    @property
    def effort(self) -> bool:
        return self.job.effort > 0

    def at(self, end: bool) -> int | None:
        return self.finish if end else self.start


def weigh_paths(nodes: Iterable[Node]) -> None:
    """How critical the most critical path from each task on is.

    As that tool counts: who asks a task first gets its path with the task itself, who asks later without. Over a stack
    of its own, paths may be long.
    """
    begun: set[Node] = set()
    known: set[Node] = set()
    for first in nodes:
        frames = [_Frame(first, iter(_near(first)))] if first not in known else []
        begun.add(first)
        while frames:
            frame = frames[-1]
            other, end = next(frame.left, (None, False))
            if other is None:
                node = frame.node
                node.path = frame.best + (0.0 if node.kids else node.critical)
                known.add(node)
                frames.pop()
                if frames:
                    frames[-1].best = max(frames[-1].best, node.path)
            elif other in known:
                frame.best = max(frame.best, other.path - (0.0 if end else other.critical))
            elif other not in begun:
                begun.add(other)
                frames.append(_Frame(other, iter(_near(other))))


@dataclass(slots=True)
class _Frame:
    """A task whose followers are being asked."""

    node: Node
    left: Iterator[Edge]
    best: float = 0.0


def _near(node: Node) -> list[Edge]:
    if node.kids:
        return [(kid, False) for kid in node.kids]
    found = list(node.start_succs)
    above: Node | None = node
    while above is not None:
        found += above.end_succs
        above = above.parent
    return found
