"""Weather, policies and counted visits by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tminus.formats.day_figures import read_counted_visits, read_day_figures
from tminus.formats.problems import BadFile, Rejected

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "registrations.md").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "days.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_examples_of_the_reference_page(tmp_path: Path) -> None:
    counted, figures = (part.split("```")[0] for part in PAGE.split("```csv\n")[3:5])
    assert read_counted_visits(written(tmp_path, counted)) == {
        date(2026, 11, 5): 152_000.0, date(2026, 11, 6): 246_000.0,
    }  # fmt: skip
    assert read_day_figures(written(tmp_path, figures)) == {
        date(2026, 11, 7): {"rain_mm": 12.5}, date(2026, 11, 10): {"free entry": 1.0},
    }  # fmt: skip


def test_empty_is_not_known(tmp_path: Path) -> None:
    path = written(tmp_path, "日期,人次\n2026-11-05,\n2026-11-06,0\n")
    assert read_counted_visits(path) == {date(2026, 11, 6): 0.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Day,Visits\nsoon,3\n", "row 2, column Day"),
        ("Day,Visits\n2026-11-05,many\n", "row 2, column Visits: 'many'"),
        ("Day,Visits\n2026-11-05,nan\n", "row 2, column Visits: 'nan'"),
        ("Day,Visits\n2026-11-05,1\n2026-11-05,2\n", "row 3, column Day"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Rejected, match=said):
        read_counted_visits(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [("Visits\n3\n", "no column headed Day"), ("Day,Rain\n2026-11-05,3\n", "no column headed Visits"),
     ("Day,Visits\n2026-11-05,-3\n", "2026-11-05: -3 visits")],
)  # fmt: skip
def test_what_is_no_such_table(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        read_counted_visits(written(tmp_path, text))
