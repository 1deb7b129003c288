"""Single values as people write them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.engines.schedule import Constraint, ConstraintKind, Duration
from tminus.formats import values
from tminus.formats.problems import BadValue


@pytest.mark.parametrize(
    ("cell", "minutes", "elapsed"),
    [
        ("5d", 2400, False), ("5ed", 7200, True), ("2w", 4800, False), ("6h", 360, False), (3, 1440, False),
        ("1.5", 720, False), ("1,5 days", 720, False), ("10 工作日", 4800, False), ("3天", 1440, False),
        ("5 个日历天", 7200, True), ("90 min", 90, False), ("0", 0, False), ("5d?", 2400, False),
        (timedelta(hours=6), 360, False),
    ],
)  # fmt: skip
def test_durations(cell: values.Cell, minutes: int, elapsed: bool) -> None:
    assert values.duration(cell) == Duration(minutes, elapsed)


@pytest.mark.parametrize(
    "cell", ["", "soon", "-3d", "5x", True, float("nan"), float("inf"), 1e300, datetime(2026, 1, 1)]
)
def test_no_duration(cell: values.Cell) -> None:
    with pytest.raises(BadValue, match="5ed"):
        values.duration(cell)


@given(st.integers(0, 10**8), st.booleans(), st.sampled_from([420, 450, 480, 1440]))
def test_a_written_duration_reads_back(minutes: int, elapsed: bool, day: int) -> None:
    assert values.duration(values.duration_text(Duration(minutes, elapsed), day), day) == Duration(minutes, elapsed)


@pytest.mark.parametrize(
    "cell",
    ["2026-08-17", "2026/8/17", "2026.8.17", "2026年8月17日", "20260817", "17 Aug 2026", "August 17, 2026",
     "Mon, 17 Aug 2026", "17/8/2026", "8/17/2026", date(2026, 8, 17), 46251, 46251.0],
)  # fmt: skip
def test_dates(cell: values.Cell) -> None:
    assert values.moment(cell) == (datetime(2026, 8, 17), False)


@pytest.mark.parametrize("cell", ["2026-08-17 09:30", "2026-08-17T09:30:00", "2026年8月17日 09:30", 46251 + 9.5 / 24])
def test_dates_with_a_time(cell: values.Cell) -> None:
    assert values.moment(cell) == (datetime(2026, 8, 17, 9, 30), True)


def test_an_ambiguous_date_needs_its_order() -> None:
    with pytest.raises(BadValue, match="dmy or mdy"):
        values.moment("03/04/2026")
    assert values.moment("03/04/2026", "dmy")[0] == datetime(2026, 4, 3)
    assert values.moment("03/04/2026", "mdy")[0] == datetime(2026, 3, 4)
    assert values.moment("05/05/2026")[0] == datetime(2026, 5, 5)


@pytest.mark.parametrize(
    "cell", ["", "tomorrow", "2026-13-01", "2026-02-30", "32 Aug 2026", 12, True, "2026-08-17 25:00"]
)
def test_no_date(cell: values.Cell) -> None:
    with pytest.raises(BadValue, match="2026-08-17"):
        values.moment(cell)


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        ("50 %", 50),
        ("50％", 50),
        (0.5, 50),
        (50, 50),
        ("1", 100),
        (1, 100),
        (1.0, 100),
        ("1 %", 1),
        (0, 0),
        ("100", 100),
    ],
)
def test_progress(cell: values.Cell, percent: float) -> None:
    assert values.progress(cell) == percent


@pytest.mark.parametrize("cell", ["half", 101, -0.1, "120 %", "", "nan"])
def test_no_progress(cell: values.Cell) -> None:
    with pytest.raises(BadValue, match="50 %"):
        values.progress(cell)


@pytest.mark.parametrize(
    ("cell", "kind", "at"),
    [
        ("MANDS 2026-08-17", ConstraintKind.MANDATORY_START, datetime(2026, 8, 17)),
        ("Mandatory finish: 2026-08-17", ConstraintKind.MANDATORY_FINISH, datetime(2026, 8, 18)),
        ("预期完成 2026-08-17 12:00", ConstraintKind.EXPECTED_FINISH, datetime(2026, 8, 17, 12)),
        ("EXTS 2026-08-17", ConstraintKind.EXTERNAL_START, datetime(2026, 8, 17)),
        ("EXTF 2026-08-17", ConstraintKind.EXTERNAL_FINISH, datetime(2026, 8, 18)),
    ],
)
def test_constraints_of_primavera(cell: values.Cell, kind: ConstraintKind, at: datetime) -> None:
    assert values.constraint(cell) == Constraint(kind, at)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (values.duration, values.moment, values.progress, values.yes_no, values.constraint):
        try:
            read(text)
        except BadValue as error:
            assert str(error)
