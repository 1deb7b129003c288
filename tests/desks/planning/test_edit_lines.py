"""Edits typed as lines read back to the same edits; a bad line is named by number with what is allowed."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.desks.planning.edit_lines import edits_from, lines_of
from tminus.desks.planning.edits import (
    CutLink,
    NotBefore,
    SetCalendar,
    SetDuration,
    SetLink,
    SetRemaining,
    SevenDays,
    StartOn,
)
from tminus.platform.registry import BadInput

TASKS = ("RD01", "RD0102", "T 3", "搭建-1")
DAYS = {"": 480, "seven": 480, "night shift": 360}

keys = st.sampled_from(TASKS)
minutes = st.integers(0, 100_000)
kinds = st.sampled_from(["FS", "SS", "FF", "SF"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0))
pairs = st.lists(keys, min_size=2, max_size=2, unique=True)
edit = st.one_of(
    st.builds(SetDuration, task=keys, minutes=minutes),
    st.builds(SetRemaining, task=keys, minutes=st.integers(1, 100_000)),
    st.builds(SetCalendar, task=keys, calendar=st.sampled_from(["seven", "night shift"])),
    st.builds(NotBefore, task=keys, at=st.none() | instants),
    st.builds(
        lambda ends, kind, lag, elapsed: SetLink(
            predecessor=ends[0], successor=ends[1], kind=kind, lag_minutes=lag, elapsed=elapsed and lag != 0
        ),
        pairs,
        kinds,
        st.integers(-50_000, 50_000),
        st.booleans(),
    ),
    st.builds(SevenDays, task=keys),
    st.builds(StartOn, task=keys, at=instants),
    st.builds(lambda ends, kind: CutLink(predecessor=ends[0], successor=ends[1], kind=kind), pairs, kinds),
)


@given(st.lists(edit, min_size=1, max_size=6))
def test_lines_read_back_to_the_same_edits(edits: list[object]) -> None:
    assert edits_from(lines_of(edits), TASKS, DAYS) == edits  # type: ignore[arg-type]


def test_chinese_words_and_several_links_in_a_line() -> None:
    found = edits_from("RD0102 前置任务 RD01FS-2d, T 3SS\n\n搭建-1 工期 3天", TASKS, DAYS)
    assert found == [
        SetLink(predecessor="RD01", successor="RD0102", lag_minutes=-960),
        SetLink(predecessor="T 3", successor="RD0102", kind="SS"),
        SetDuration(task="搭建-1", minutes=1440),
    ]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("RD01 duration soon", "5d working days"),
        ("\nRD99 duration 5d", "line 2"),
        ("RD01 remaining 0", "working time that is left, like 3d"),
        ("RD01 remaining 3ed", "working time that is left, like 3d"),
        ("RD01 calendar moon", "seven, night shift"),
        ("RD01 after", "IDs of tasks"),
        ("RD01 after RD01", "the task itself"),
        ("RD01 shorten", "an ID, then duration"),
        ("RD01 from 03/04/2026", "2026-04-03"),
    ],
)
def test_a_bad_line_is_named_with_what_is_allowed(lines: str, said: str) -> None:
    with pytest.raises(BadInput, match="line ") as refused:
        edits_from(lines, TASKS, DAYS)
    assert said in str(refused.value)
