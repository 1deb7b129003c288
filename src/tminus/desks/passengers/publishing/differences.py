"""What is published of a day beside what is to be published: what is new, stays, changes or goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tminus.formats.event_folder.day_scenarios import Measure

Place = tuple[str, str, str]


class Pair(NamedTuple):
    """Places in the two lists; none on one side: new, or gone."""

    before: int | None
    after: int | None


def pairs(before: Sequence[Measure], after: Sequence[Measure]) -> list[Pair]:
    """Every measure of either list once.

    Equal ones belong together; of the rest, the same thing done at the same place, in the order of their times.
    """
    same = [*_matched([*enumerate(before)], [*enumerate(after)], whole=True)]
    done, taken = {one.before for one in same}, {one.after for one in same}
    left = [row for row in enumerate(before) if row[0] not in done]
    right = [row for row in enumerate(after) if row[0] not in taken]
    changed = [*_matched(left, right, whole=False)]
    done |= {one.before for one in changed}
    taken |= {one.after for one in changed}
    gone = [Pair(n, None) for n, _row in left if n not in done]
    return [*same, *changed, *(Pair(None, n) for n, _row in right if n not in taken), *gone]


def _matched(
    before: Sequence[tuple[int, Measure]], after: Sequence[tuple[int, Measure]], *, whole: bool
) -> Iterator[Pair]:
    waiting: dict[Measure | Place, list[int]] = defaultdict(list)
    for number, row in sorted(before, key=_time, reverse=True):
        waiting[row if whole else _place(row)].append(number)
    for number, row in sorted(after, key=_time):
        known = waiting[row if whole else _place(row)]
        if known:
            yield Pair(known.pop(), number)


def _time(row: tuple[int, Measure]) -> tuple[float, float, int]:
    return row[1].from_min, row[1].to_min, row[0]


def _place(row: Measure) -> Place:
    return row.kind.value, row.element, row.other
