"""Times of a counter whose readings count half: two beams or two devices saw everybody twice, and its keeper said so.

Readings stay as they came; only the persons they stand for are halved, each reading's or stretch's for itself (a half
person is left out), so that any order of coming still ends in the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tminus.desks.passengers.intake.slots import Stretch

Span = tuple[int, int | None]
"""From the first second until before the second, seconds since 1970 UTC; none: until told otherwise."""


def counts_half(spans: Sequence[Span], at_s: int) -> bool:
    """Whether a reading of that second counts half."""
    return any(begin <= at_s and (until is None or at_s < until) for begin, until in spans)


def halved(spans: Sequence[Span], stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches with half the persons where they begin in one of ``spans``."""
    for one in stretches:
        half = counts_half(spans, one.start)
        yield one._replace(ins=one.ins // 2, outs=one.outs // 2) if half else one


def overlap(one: Span, other: Span) -> bool:
    """Whether they share a second."""
    return _before(one[0], other[1]) and _before(other[0], one[1])


def _before(begin: int, until: int | None) -> bool:
    return until is None or begin < until
