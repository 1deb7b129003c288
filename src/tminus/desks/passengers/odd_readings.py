"""What raw readings say of their counter: totals where counts are meant, or everybody twice.

Such figures are not believed until the counter's keeper has said what they are: that its readings are those of a meter
that runs on, that they count half, or that they are right as they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tminus.desks.passengers.intake.blocks import HOUR_S, Reading, unpacked
from tminus.desks.passengers.intake.halved import counts_half
from tminus.desks.passengers.intake.slots import Timed
from tminus.desks.passengers.models import Counter, CountHour, Kind
from tminus.engines.forecast.live.all_even import all_even
from tminus.engines.forecast.running_totals import differences

TOTALS, DOUBLED = "totals", "doubled"
LOOKED_AT = 12
"""The latest readings, in which figures must be such for the whole to be looked at: this is asked of every counter."""


class Odd(NamedTuple):
    """From ``begin_s`` until ``end_s``, seconds since 1970; ``ins``, ``outs``: what was said in that time."""

    kind: str
    begin_s: int
    end_s: int
    ins: int
    outs: int


def odd_of(counter: Counter, readings: Sequence[Timed]) -> list[Odd]:
    """Stretches of readings, in order of time, that are no counts; none where its keeper vouches for it.

    A meter's readings are totals and said to be; readings that count half are known to be doubled.
    """
    if counter.halved:
        readings = [one for one in readings if not counts_half(counter.halved, one[0])]
    if counter.believed or counter.kind != Kind.INTERVAL or len(readings) < LOOKED_AT:
        return []
    figures = np.array([(one.ins, one.outs) for _, one in readings], dtype=np.float64)
    if differences(figures) is not None:
        return [_odd(counter, TOTALS, readings)]
    marks = np.concatenate([[False], all_even(figures), [False]])
    edges = np.flatnonzero(marks[1:] != marks[:-1]).tolist()
    return [_odd(counter, DOUBLED, readings[begin:end]) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def odd_now(counter: Counter, recent: Sequence[Timed]) -> Odd | None:
    """The one that goes on in the latest reading."""
    last = [one for _, one in recent[-LOOKED_AT:]]
    if not (_may_be_totals(last) or all(one.ins % 2 == one.outs % 2 == 0 for one in last)):
        return None
    found = odd_of(counter, recent)
    return found[-1] if found and found[-1].end_s >= recent[-1][0] else None


def _may_be_totals(last: Sequence[Reading]) -> bool:
    """They fall once at most, to begin anew."""
    falls = [(after.ins < before.ins, after.outs < before.outs) for before, after in pairwise(last)]
    return all(sum(channel) <= 1 for channel in zip(*falls, strict=True))


def _odd(counter: Counter, kind: str, readings: Sequence[Timed]) -> Odd:
    ins, outs = (sum(one[at] for _, one in readings) for at in (1, 2))
    return Odd(kind, readings[0][0], readings[-1][0] + counter.every_s, ins, outs)


def odd_between(counters: Iterable[Counter], first_s: int, until_s: int) -> Iterator[tuple[Counter, Odd]]:
    """Of what was read from ``first_s`` until before ``until_s``."""
    chosen = [one for one in counters if one.kind == Kind.INTERVAL and not one.believed]
    read = readings_between(chosen, first_s, until_s)
    for counter in chosen:
        for odd in odd_of(counter, read[counter.pk]):
            yield counter, odd


def readings_between(counters: Sequence[Counter], first_s: int, until_s: int) -> dict[int, list[Timed]]:
    """Readings of each counter in order of time, from ``first_s`` until before ``until_s``."""
    found: dict[int, list[Timed]] = {counter.pk: [] for counter in counters}
    hours = (first_s // HOUR_S, (until_s - 1) // HOUR_S)
    rows = CountHour.objects.filter(counter__in=list(found), hour__range=hours).order_by("hour")
    for pk, number, content in rows.values_list("counter_id", "hour", "readings"):
        block = unpacked(content)
        timed = ((number * HOUR_S + second, block[second]) for second in sorted(block))
        found[pk] += [one for one in timed if first_s <= one[0] < until_s]
    return found
