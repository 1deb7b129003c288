"""Figures of earlier events, each with its source."""

from __future__ import annotations

from math import isclose, log
from pathlib import Path

import pytest

from tminus.engines.forecast.attendance import ASSUMED, Analogue
from tminus.formats.analogues import COLUMNS, FIGURES, read_analogues
from tminus.formats.problems import BadFile, Rejected

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "registrations.md").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str) -> tuple[Analogue, ...]:
    path = tmp_path / "analogues.csv"
    path.write_text(text, encoding="utf-8")
    return read_analogues(path)


def test_the_example_of_the_reference_page(tmp_path: Path) -> None:
    osaka, shanghai, fair = written(tmp_path, PAGE.split("```csv\n")[2].split("```")[0])
    assert (osaka.event, osaka.what, osaka.source) == ("Expo 2025 Osaka", "level_ratio", "Yomiuri, 16 October 2025")
    assert isclose(shanghai.value, log(165_000))
    assert (fair.what, fair.what in ASSUMED) == ("free entry", False)


def test_figures_and_headings_are_documented() -> None:
    for name, words in FIGURES.items():
        assert f"| `{name}` | {words} |" in PAGE
    for code, names in COLUMNS.items():
        assert f"| `{code}` | {' · '.join(names)} |" in PAGE
    assert set(FIGURES) == set(ASSUMED) - {"policy"}


@pytest.mark.parametrize(
    ("row", "column"),
    [("Fair,ramp,0,press", "Value"), ("Fair,ramp,inf,press", "Value"), ("Fair,ramp,x,press", "Value"),
     ("Fair,ramp,1.2,", "Source"), (",ramp,1.2,press", "Event"), ("Fair,,1.2,press", "What")],
)  # fmt: skip
def test_what_cannot_be_taken_is_named(tmp_path: Path, row: str, column: str) -> None:
    with pytest.raises(Rejected, match=f"analogues.csv, row 2, column {column}"):
        written(tmp_path, f"Event,What,Value,Source\n{row}\n")


def test_a_table_without_sources_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no column headed Source or 来源"):
        written(tmp_path, "Event,What,Value\nFair,ramp,1\n")
