"""A plan that jams by chance loses its latest parts, as many as it takes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tminus.studies.steady_plan import FURTHER, TIPS, steady


@pytest.mark.parametrize(
    ("jams_with", "left"),
    [("", ("gates", "trains", "advice")), ("advice", ("gates", "trains")), ("trains", ("gates",))],
)
def test_the_latest_parts_go_until_no_day_jams(jams_with: str, left: tuple[str, ...]) -> None:
    def cost(parts: Sequence[str], seed: int) -> float:
        return 12.0 if jams_with in parts and seed == FURTHER[2] else 0.6 + 0.001 * (seed - FURTHER[0])

    assert steady(("gates", "trains", "advice"), cost) == left


def test_a_day_that_jams_whatever_is_left_out_leaves_the_plan_whole() -> None:
    walked: list[tuple[int, int]] = []

    def cost(parts: Sequence[str], seed: int) -> float:
        walked.append((len(parts), seed))
        return 12.0 if seed == FURTHER[1] else 0.6

    assert steady(("gates", "trains"), cost) == ("gates", "trains")
    assert walked == [(many, seed) for many in (2, 1) for seed in FURTHER[:2]], "no day more once one has jammed"


@pytest.mark.parametrize(("dearest", "left"), [(0.99 * TIPS, 2), (1.01 * TIPS, 1)])
def test_days_differ_by_chance_without_jamming(dearest: float, left: int) -> None:
    found = steady(("gates", "trains"), lambda parts, seed: dearest if (len(parts), seed) == (2, FURTHER[0]) else 1.0)
    assert len(found) == left


def test_no_part_is_no_plan_to_walk() -> None:
    assert not steady((), lambda parts, seed: pytest.fail("walked"))
