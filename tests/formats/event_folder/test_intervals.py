"""Times in a cell: what is written is read again, and what cannot be is refused."""

from __future__ import annotations

import pytest

from tminus.formats.event_folder.intervals import intervals_text, read_intervals
from tminus.formats.problems import BadValue


@pytest.mark.parametrize("spans", [[], [[0, 60]], [[1_786_924_800, 1_786_925_100], [1_787_000_000, None]]])
def test_what_is_written_is_read_again(spans: list[list[int | None]]) -> None:
    assert read_intervals(intervals_text(spans)) == spans


def test_any_zone_is_read() -> None:
    assert read_intervals("1970-01-01T08:00:00+08:00/1970-01-01T08:01:00+08:00") == [[0, 60]]


@pytest.mark.parametrize(
    "text",
    ["x", "2026-11-05T10:00/..", "2026-11-05T10:00+08:00", "../..", "2026-11-05T10:00Z/2026-11-05T09:00Z",
     "2026-11-05T10:00Z/.. 2026-11-05T11:00Z/2026-11-05T12:00Z", "2026-11-05T10:00Z/2026-11-05T11:00Z/.."],
)  # fmt: skip
def test_what_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_intervals(text)
