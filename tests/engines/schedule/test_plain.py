"""The network without calendars against the textbook, link by link."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.passes import FF, FS, SF, SS
from tminus.engines.schedule.plain import PlainNetwork, early_and_late, weave

Link = tuple[int, int, int, int]  # predecessor, successor, type, lag


def woven(work: list[int], links: list[Link]) -> PlainNetwork:
    pred, succ, kind, lag = (np.array([link[column] for link in links], dtype=np.int64) for column in range(4))
    return weave(np.array(work, dtype=np.int64), pred, succ, kind, lag)


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[int], list[Link]]:
    """Links run from lower to higher ranks; which task has which rank is drawn."""
    count = draw(st.integers(1, 12))
    work = draw(st.lists(st.integers(0, 3000), min_size=count, max_size=count))
    rank = draw(st.permutations(range(count)))
    links = []
    for succ in range(1, count):
        for pred in draw(st.lists(st.integers(0, succ - 1), max_size=4)):
            kind = draw(st.sampled_from([FS, SS, FF, SF]))
            links.append((rank[pred], rank[succ], kind, draw(st.integers(-1500, 1500))))
    return work, draw(st.permutations(links)) if links else []


def relaxed(work: list[int], links: list[Link]) -> tuple[list[int], list[int]]:
    """Early and late starts by asking every link again until none moves anything."""
    early = [0] * len(work)
    for _ in work:
        for pred, succ, kind, lag in links:
            asked = early[pred] + lag + (work[pred] if kind in (FS, FF) else 0)
            early[succ] = max(early[succ], asked - (work[succ] if kind in (FF, SF) else 0))
    end = max(start + own for start, own in zip(early, work, strict=True))
    late = [end - own for own in work]
    for _ in work:
        for pred, succ, kind, lag in links:
            allowed = late[succ] + (work[succ] if kind in (FF, SF) else 0) - lag
            late[pred] = min(late[pred], allowed - (work[pred] if kind in (FS, FF) else 0))
    return early, late


@settings(max_examples=300, deadline=None)
@given(networks())
def test_early_and_late_are_those_of_the_textbook(network: tuple[list[int], list[Link]]) -> None:
    early, late = early_and_late(woven(*network))
    assert (early.tolist(), late.tolist()) == relaxed(*network)


def test_rows_lie_in_the_order_of_the_tasks_they_bind() -> None:
    made = woven([10, 20, 30], [(2, 0, FS, 5), (0, 1, FF, 0), (2, 1, SS, 7)])
    assert made.order.tolist() == [2, 0, 1]
    assert made.heads.tolist() == [1, 2, 2]
    assert made.ends.tolist() == [0, 1, 0]
    assert made.offset.tolist() == [35, -10, 7]


def test_minutes_that_do_not_fit_half_an_instant_are_counted_in_full() -> None:
    century = 100 * 365 * 1440
    early, _ = early_and_late(woven([century] * 60, [(i, i + 1, FS, 0) for i in range(59)]))
    assert early[59] == 59 * century
    assert woven([century], []).work.dtype == np.int32


def test_a_circle_is_named() -> None:
    with pytest.raises(Cycle) as raised:
        woven([1, 1, 1, 1], [(0, 1, FS, 0), (1, 2, SS, 0), (2, 1, FS, 0), (2, 3, FS, 0)])
    assert sorted(raised.value.tasks) == ["1", "2"]
