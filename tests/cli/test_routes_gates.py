"""``tminus routes gates``: the example of its page, its files, and mistakes in a line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tminus.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "routes.md"


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's files, here."""
    for name, text in re.findall(r"`([\w.]+\.csv)`\n\n```csv\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["routes", "gates", "gates.csv", "--arrivals", "arrivals.csv", *arguments, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_the_example_of_the_page(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0])
    found = _document(capsys)
    lanes = {gate: sum(row) for gate, row in found["lanes"].items()}  # equally good plans may place them otherwise
    assert lanes == {gate: sum(row) for gate, row in shown["lanes"].items()}
    assert {key: found[key] for key in shown if key != "lanes"} == {k: v for k, v in shown.items() if k != "lanes"}
    assert found["proof"]["gap"] == 0 and found["policies"][0]["late_share"] == 0
    assert all(f"`{key}`" in PAGE.read_text("utf-8") for key in found)


def test_files_and_what_people_read(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["routes", "gates", "gates.csv", "--arrivals", "arrivals.csv", "--shifts", "0.5:2", "--out", "out"])
    told = capsys.readouterr().out
    assert "slots of one person's work" in told and "nothing" in told
    rows = {p.name: list(csv.DictReader(io.StringIO(p.read_text("utf-8-sig")))) for p in Path("out").glob("*.csv")}
    people = [0, 0, 0]
    for row in rows["shifts.csv"]:
        for slot in range(int(float(row["from_s"]) / 900), int(float(row["to_s"]) / 900)):
            people[slot] += int(row["persons"])
    open_ = [
        sum(int(row["lanes"]) for row in rows["gates.csv"] if float(row["from_s"]) == slot * 900) for slot in range(3)
    ]
    assert all(on >= lanes for on, lanes in zip(people, open_, strict=True))


def test_published_lanes_are_compared_and_people_sent(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (there / "published.csv").write_text("gate,from_s,to_s,lanes\nwest,0,2700,2\neast,0,2700,2\n")
    (there / "detours.csv").write_text("from,to,walk_s\nwest,east,300\n")
    (there / "gates.csv").write_text("gate,max_lanes,mean_s\nwest,3,12\neast,4,12\n")
    stay = _document(capsys, "--published", "published.csv")
    go = _document(capsys, "--published", "published.csv", "--detours", "detours.csv", "--redirectable", "0.4")
    assert [one["policy"] for one in go["policies"]] == ["plan", "published", "greedy", "nothing"]
    assert stay["changed"] and stay["proof"]["late"] > go["proof"]["late"]
    assert go["sent"] and all(one["share"] <= 0.4 for one in go["sent"])
    assert stay["binding"][0]["what"] == "lanes of gate 'west' (3)"


@pytest.mark.parametrize(
    ("options", "arrivals", "said"),
    [
        (
            [],
            "gate,from_s,persons\nnorth,0,5\n",
            "row 2, column gate: 'north' cannot be taken; allowed: one of west, east",
        ),
        ([], "gate,from_s,persons\nwest,100,5\n", "'100' cannot be taken; allowed: a multiple of 300"),
        ([], "gate,from_s,persons\n", "nobody comes"),
        (["--target-wait", "30"], "", "target wait 30 s; allowed: 300"),
        (["--shifts", "four"], "", "--shifts: 'four'; allowed: two numbers"),
        (["--staff", "3"], "", "--staff without --shifts"),
        (["--redirectable", "2"], "", "allowed: 0 … 1"),
    ],
)
def test_a_mistake_is_one_line(
    there: Path, capsys: pytest.CaptureFixture[str], options: list[str], arrivals: str, said: str
) -> None:
    if arrivals:
        (there / "arrivals.csv").write_text(arrivals, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["routes", "gates", "gates.csv", "--arrivals", "arrivals.csv", *options])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_strict_names_what_binds(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (there / "gates.csv").write_text("gate,max_lanes,mean_s\nwest,3,12\neast,4,12\n")
    with pytest.raises(SystemExit):
        main(["routes", "gates", "gates.csv", "--arrivals", "arrivals.csv", "--strict"])
    assert "persons wait beyond 600 s: lanes of gate 'west' (3)" in capsys.readouterr().err


def test_the_plan_is_walked_and_its_own_table_reads_back(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _document(capsys, "--out", "out")
    walked = found["simulated"]
    assert walked["by"] == "crowd engine" and walked["persons"] == 980
    assert walked["simulated"] == pytest.approx(walked["planned"], rel=0.15)
    again = _document(capsys, "--published", "out/gates.csv", "--no-simulate")
    assert again["changed"] == [] and again["simulated"]["by"] == "the plan's own recursion"
