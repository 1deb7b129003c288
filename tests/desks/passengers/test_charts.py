"""Drawings say what is known: no line over what is not, no fall where an hour is still running."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tminus.desks.passengers.charts import counter_chart, scale, site_chart


def slots(ins: list[int], known: list[bool] | None = None) -> list[dict[str, Any]]:
    begin = datetime(2026, 8, 17, 8)
    return [
        {"at": begin + timedelta(minutes=15 * n), "in": one, "out": 0, "inside": sum(ins[: n + 1]),
         "known": known[n] if known else True}
        for n, one in enumerate(ins)
    ]  # fmt: skip


def test_over_what_is_not_known_there_is_no_line() -> None:
    chart = counter_chart(slots([1, 2, 0, 0, 5], [True, True, False, False, True]), "in")
    assert [len(part.split()) for part in chart["lines"][0]["parts"]] == [2, 1]
    assert len(chart["unknown"]) == 2 and [line["name"] for line in chart["lines"]] == ["in"]
    assert [line["name"] for line in counter_chart(slots([0]), "both")["lines"]] == ["in", "out"]


def test_the_site_is_drawn_from_the_first_who_came_to_the_last_whole_quarter() -> None:
    chart = site_chart(slots([0, 0, 0, 7, 9, 1]))
    assert chart is not None
    assert len(chart["entries"].split()) == 3
    assert site_chart(slots([0, 0, 0])) is None and site_chart([]) is None


@pytest.mark.parametrize(("most", "top"), [(1, 1), (7, 8), (11_849, 12_000), (94_649, 100_000), (13, 16)])
def test_a_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert scale(most) == top
