"""Reported progress out of a table: the example of the reference page, and what cannot be taken."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import Plan, Progress, Task, week_calendar
from tminus.formats.problems import BadFile, Rejected
from tminus.formats.progress_file import read_progress

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "progress.md"


@pytest.fixture
def plan() -> Plan:
    return Plan("p", tuple(Task(id, id, duration=days(10)) for id in "PACD"), (), {"o": week_calendar("o")}, "o")


def read(tmp_path: Path, plan: Plan, text: str) -> dict[str, Progress]:
    path = tmp_path / "progress.csv"
    path.write_text(text, encoding="utf-8")
    return read_progress(path, plan)


def test_the_example_of_the_reference_page(tmp_path: Path, plan: Plan) -> None:
    text = REFERENCE.read_text(encoding="utf-8").split("```csv\n")[1].split("```")[0]
    said, morning = datetime(2026, 8, 14), datetime(2026, 8, 3, 9)
    assert read(tmp_path, plan, text) == {
        "P": Progress(actual_start=morning, remaining=days(4), reported=said),
        "A": Progress(actual_start=datetime(2026, 8, 12, 9), percent=20.0, reported=said),
        "C": Progress(actual_start=morning, actual_finish=datetime(2026, 8, 6, 17)),
        "D": Progress(percent=100.0),
    }


def test_the_headings_of_the_reference_page(tmp_path: Path, plan: Plan) -> None:
    """Each heading it names is taken, in both languages."""
    rows = [line.split(" | ")[1].split(" · ") for line in REFERENCE.read_text(encoding="utf-8").splitlines()
            if line.startswith("| `")]  # fmt: skip
    assert len(rows) == 6
    for language in (0, 1):
        heads = ",".join(names[language] for names in rows)
        assert read(tmp_path, plan, f"{heads}\nA,2026-08-03,,4d,,2026-08-05\n")["A"].remaining == days(4)


def test_what_cannot_be_taken_is_named(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(Rejected, match="X"):
        read(tmp_path, plan, "ID,Progress\nX,50 %\n")
    with pytest.raises(BadFile, match="no column headed ID"):
        read(tmp_path, plan, "Progress\n50 %\n")
    with pytest.raises(Rejected, match="soon"):
        read(tmp_path, plan, "ID,Actual start\nA,soon\n")
