"""``tminus forecast day`` as people and scripts call it."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from tests.formats.event_folder.documented import documented_folder
from tminus.cli import main
from tminus.formats.site_forecast import FILES, HEADINGS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "forecast.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documented_folder(tmp_path / "event")


def _told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["forecast", "day", *arguments, "--samples", "40", "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_document_adds_up_and_has_the_documented_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = _told(capsys, str(folder), "--day", "2026-11-06", "--attendance", "9000")
    page = REFERENCE.read_text(encoding="utf-8")
    assert all(f"`{key}`" in page for key in (*document, *document["forecasts"][0]))
    assert document["visits"]["mean"] == pytest.approx(9_000, rel=0.1)
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for row in document["forecasts"]:
        assert len(row["mean"]) == len(document["times"])
        assert all(low <= middle <= high for low, middle, high in zip(row["p10"], row["p50"], row["p90"], strict=True))
        sums[row["measure"], row["level"]] += sum(row["mean"])
    for measure, level in sums:
        if level != "station":
            assert sums[measure, level] == pytest.approx(sums[measure, "site"], rel=1e-3, abs=5)
    assert any("no gate has been counted yet" in words for words in document["rests_on"])  # two slots teach nothing
    assert sums["entering", "station"] == pytest.approx(sums["leaving", "station"], rel=1e-3)


def test_tables_and_paths_are_written(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    _told(
        capsys, str(folder), "--day", "2026-11-06", "--attendance", "9000", "--out", str(out), "--sample-paths"
    )  # fmt: skip
    assert sorted(path.name for path in out.iterdir()) == ["accumulation.csv", "arrivals.csv", "departures.csv",
                                                           "sample_paths.parquet"]  # fmt: skip
    for name in FILES:
        rows = list(csv.reader((out / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
        assert tuple(rows[0]) == HEADINGS
        for row in rows[1:]:
            quantiles = [float(cell) for cell in row[5:]]
            assert quantiles == sorted(quantiles) and quantiles[0] >= 0
    table = parquet.read_table(out / "sample_paths.parquet").to_pydict()
    entered: dict[tuple[int, str], float] = defaultdict(float)
    for path, level, measure, value in zip(
        table["path"], table["level"], table["measure"], table["value"], strict=True
    ):
        if measure in ("entries", "departures") and level in ("gate", "site"):
            entered[path, f"{measure} {level}"] += value
    for path in range(40):
        figures = [
            entered[path, name] for name in ("entries gate", "entries site", "departures gate", "departures site")
        ]
        assert figures == pytest.approx([figures[0]] * 4, rel=1e-4) and figures[0] > 1_000


def test_attendance_comes_from_the_folder_where_it_is_not_given(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = json.loads((folder / "event.json").read_text())
    event["attendance"] = {"expected_visits": 30_000, "country": "CN"}
    (folder / "event.json").write_text(json.dumps(event))
    document = _told(capsys, str(folder), "--day", "2026-11-06")
    assert 2_000 < document["visits"]["mean"] < 30_000
    assert document["visits"]["p10"] < document["visits"]["p90"]


def test_the_same_seed_is_the_same_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = (str(folder), "--day", "2026-11-06", "--attendance", "9000")
    one, again = (_told(capsys, *arguments, "--seed", "3") for _ in range(2))
    assert one == again != _told(capsys, *arguments, "--seed", "4")


def test_people_read_a_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["forecast", "day", str(folder), "--day", "2026-11-06", "--attendance", "9000", "--samples", "20"])
    said = capsys.readouterr().out
    assert "on site" in said and "gate gate-w: waiting" in said and "rests on" in said


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--day", "tomorrow", "--attendance", "9"), "--day: 'tomorrow'; allowed: YYYY-MM-DD"),
        (("--day", "2026-11-06", "--attendance", "-9"), "--attendance: attendance: mean -9.0; allowed: at least 0"),
        (("--day", "2026-11-06", "--attendance", "9", "--samples", "1"), "--samples: 1; allowed: 2 … 5000"),
        (
            ("--day", "2026-11-06", "--attendance", "9", "--sample-paths"),
            "--sample-paths: allowed: together",
        ),
        (("--day", "2026-11-06", "--attendance", "9", "--policy", "-3"), "policy -3"),
        (("--day", "2026-12-24"), "--day: 2026-12-24; allowed: a day of the event"),
    ],
)
def test_a_mistake_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    if "--policy" in arguments:  # everyday traffic is needed for a policy to change
        (folder / "history.csv").write_text("time,node,in,out\n2026-10-05 09:00,town,6,3\n2026-10-05 09:15,town,7,2\n")
    with pytest.raises(SystemExit) as stopped:
        main(["forecast", "day", str(folder), *arguments])
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and said.count("\n") == 1 and told in said


def test_a_folder_that_cannot_be_is_one_line(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as stopped:
        main(
            [
                "forecast",
                "day",
                str(folder),
                "--day",
                "2026-11-06",
                "--attendance",
                "9",
                "--out",
                str(tmp_path / "file/x"),
            ]
        )
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and said.count("\n") == 1 and "file/x: cannot be written" in said
