"""When a task may work once its crews' shifts and forbidden hours are known: calendars made of several."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from tminus.engines.schedule.levelling.resources import Mask
from tminus.engines.schedule.worktime import DAY, Ints, day_number

Spans = tuple[Ints, Ints]
"""From and until of each interval in minutes since the epoch, in order, none across midnight."""


def shared(parts: Sequence[Spans], forbidden: Sequence[Spans]) -> Spans:
    """When all of ``parts`` work and none of ``forbidden`` is."""
    edges = np.unique(np.concatenate([side for spans in (*parts, *forbidden) for side in spans]))
    cover = np.zeros(len(edges) + 1, dtype=np.int64)
    for spans, weight in [*((one, 1) for one in parts), *((one, -len(parts)) for one in forbidden)]:
        np.add.at(cover, np.searchsorted(edges, spans[0]), weight)
        np.add.at(cover, np.searchsorted(edges, spans[1]), -weight)
    working = np.cumsum(cover)[: len(edges) - 1] == len(parts)
    return _joined(edges[:-1][working], edges[1:][working])


def together(parts: Sequence[Spans]) -> Spans:
    """When any of ``parts`` works."""
    edges = np.unique(np.concatenate([side for spans in parts for side in spans]))
    cover = np.zeros(len(edges) + 1, dtype=np.int64)
    for from_, until in parts:
        np.add.at(cover, np.searchsorted(edges, from_), 1)
        np.add.at(cover, np.searchsorted(edges, until), -1)
    working = np.cumsum(cover)[: len(edges) - 1] > 0
    return _joined(edges[:-1][working], edges[1:][working])


def _joined(from_: Ints, until: Ints) -> Spans:
    """Neighbours made one, except over midnight."""
    if not len(from_):
        return from_, until
    begins = np.concatenate([[True], (from_[1:] != until[:-1]) | (from_[1:] % DAY == 0)])
    return from_[begins], until[np.concatenate([np.nonzero(begins)[0][1:] - 1, [len(until) - 1]])]


def forbidden_by(mask: Mask, first_day: int, days: int) -> Spans:
    """The hours of ``mask`` over the days ``first_day … first_day + days − 1``, numbered since the epoch."""
    from_ = first_day if mask.start is None else max(first_day, day_number(mask.start))
    until = first_day + days if mask.until is None else min(first_day + days, day_number(mask.until) + 1)
    found: list[tuple[int, int]] = []
    for number in range(from_, until):
        weekday = (date(1970, 1, 1) + timedelta(days=number)).weekday()
        found += [(number * DAY + start, number * DAY + stop) for start, stop in mask.week[weekday]]
    spans = np.array(found, dtype=np.int64).reshape(-1, 2)
    return spans[:, 0], spans[:, 1]
