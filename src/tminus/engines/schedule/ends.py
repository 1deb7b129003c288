"""Links while they are collected, column by column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tminus.engines.schedule.model import Link
from tminus.engines.schedule.passes import FS


@dataclass(slots=True)
class Ends:
    """One entry a link; ``link`` is what a person wrote, ``None`` what holds a summary together. Lags in minutes."""

    pred: list[int] = field(default_factory=list)
    succ: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    lag: list[int] = field(default_factory=list)
    lag_calendar: list[int] = field(default_factory=list)
    link: list[Link | None] = field(default_factory=list)

    def add(
        self, pred: int, succ: int, kind: int = FS, lag: int = 0, lag_calendar: int = 0, link: Link | None = None
    ) -> None:
        self.pred.append(pred)
        self.succ.append(succ)
        self.kind.append(kind)
        self.lag.append(lag)
        self.lag_calendar.append(lag_calendar)
        self.link.append(link)

    def extend(
        self,
        pred: list[int],
        succ: list[int],
        kind: list[int],
        lag: list[int],
        lag_calendar: list[int],
        link: list[Link],
    ) -> None:
        self.pred += pred
        self.succ += succ
        self.kind += kind
        self.lag += lag
        self.lag_calendar += lag_calendar
        self.link += link

    def reached_from(self, node: int) -> set[int]:
        """All that waits for ``node``, over any number of links."""
        out: dict[int, list[int]] = {}
        for pred, succ in zip(self.pred, self.succ, strict=True):
            out.setdefault(pred, []).append(succ)
        return _walk(out, out.get(node, ()))


def _walk(out: dict[int, list[int]], first: Iterable[int]) -> set[int]:
    reached: set[int] = set()
    open_ = list(first)
    while open_:
        node = open_.pop()
        if node not in reached:
            reached.add(node)
            open_ += out.get(node, ())
    return reached
