"""The predecessors cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.engines.schedule import Duration, Link, LinkKind
from tminus.formats.predecessors import predecessors, predecessors_text
from tminus.formats.problems import BadValue

KNOWN = {"T3", "T4", "A-1", "T3FS", "7", "任务一", "SS"}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("T3", [Link("T3", "S")]),
        ("T3FS+2d", [Link("T3FS", "S")]),
        ("T4SS-1d", [Link("T4", "S", LinkKind.SS, Duration(-480))]),
        ("T4 ff + 2ed", [Link("T4", "S", LinkKind.FF, Duration(2880, elapsed=True))]),
        ("7", [Link("7", "S")]),
        ("7SF-3h", [Link("7", "S", LinkKind.SF, Duration(-180))]),
        ("任务一完成-开始+1d", [Link("任务一", "S", LinkKind.FS, Duration(480))]),
        ("T4FS-25%", [Link("T4", "S", lag_percent=-25.0)]),
        ("A-1", [Link("A-1", "S")]),
        ("SSSS", [Link("SS", "S", LinkKind.SS)]),
    ],
)
def test_one_part_is_read(text: str, links: list[Link]) -> None:
    if text == "T3FS+2d":  # the longest known ID wins: T3FS is a task here, so +2d is its lag
        links = [Link("T3FS", "S", LinkKind.FS, Duration(960))]
    assert predecessors(text, "S", KNOWN) == links


def test_every_separator_people_use() -> None:
    found = predecessors("T3, T4;A-1，7；任务一、SS\nT3FS", "S", KNOWN)
    assert [link.pred for link in found] == ["T3", "T4", "A-1", "7", "任务一", "SS", "T3FS"]


@pytest.mark.parametrize("text", ["T9", "T4XX", "T4FS+2q", "T4FS+2x%", "T4FS+-2d", "S", "SFS+10%", "T4FS+1e400%"])
def test_what_names_no_task_or_lag_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="T3FS"):
        predecessors(text, "S", KNOWN | {"S"})


PLAIN = KNOWN - {"T3FS"}  # beside it, a link from T3 could not be told from one from T3FS
lags = st.builds(Duration, st.integers(-100_000, 100_000), st.booleans())
links = st.one_of(
    st.builds(Link, st.sampled_from(sorted(PLAIN)), st.just("S"), st.sampled_from(LinkKind), lags),
    st.builds(
        lambda pred, kind, percent: Link(pred, "S", kind, lag_percent=float(percent)),
        st.sampled_from(sorted(PLAIN)),
        st.sampled_from(LinkKind),
        st.integers(-500, 500),
    ),
)


@given(st.lists(links, max_size=6), st.sampled_from([420, 480, 600, 1440]))
def test_what_is_written_reads_back(written: list[Link], day_minutes: int) -> None:
    plain = [
        link if link.lag.minutes else Link(link.pred, "S", link.kind, lag_percent=link.lag_percent) for link in written
    ]
    assert predecessors(predecessors_text(plain, day_minutes), "S", PLAIN, day_minutes) == plain
