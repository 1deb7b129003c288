"""Who works in which slot: one person whom nothing limits is booked as anybody is."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tminus.formats.taskjuggler.booking import EFFORT, book, book_alone, no_slots


@settings(deadline=None)  # the loops are compiled in the first case
@given(
    st.lists(st.booleans(), min_size=1, max_size=40),
    st.integers(0, 39),
    st.booleans(),
    st.integers(1, 12),
    st.sampled_from([0.5, 1.0, 1.7]),
)
def test_one_person_alone_is_booked_as_anybody_is(
    free: list[bool], at: int, forward: bool, effort: int, efficiency: float
) -> None:
    at = min(at, len(free) - 1)
    alone = np.array(free)
    general = np.array([free])
    days, out = np.zeros(len(free), np.int32), np.zeros(2, np.int64)
    nobody = np.array([-1], np.int64)
    whole = book(
        forward, at, 0, EFFORT, float(effort), np.ones(len(free), np.bool_), np.array([0, 1]), np.array([0, 1]),
        np.array([0]), np.array([efficiency]), general, days, days, np.zeros((1, 1), np.int32),
        np.zeros((1, 1), np.int32), nobody, nobody, no_slots(1), no_slots(1), -1, -1, out,
    )  # fmt: skip
    first, last, done = book_alone(alone, at, 1 if forward else -1, float(effort), efficiency)
    assert done == whole
    assert alone.tolist() == general[0].tolist()
    if done:
        assert (first, last) == tuple(out)
