"""``tminus evacuate``: the example of its page, its files, and mistakes in a line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tminus.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "evacuate.md"


@pytest.fixture
def venue(tmp_path: Path) -> Path:
    """The page's example files."""
    (tmp_path / "venue").mkdir()
    for name, text in re.findall(r"`([\w/.-]+\.csv)`\n\n```csv\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["evacuate", *arguments, "--json"])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_the_example_of_the_page(venue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0])
    found = _document(capsys, str(venue / "venue"), "--people", str(venue / "people.csv"), "--step", "1")
    assert {key: found[key] for key in shown} == shown
    keys = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8").split("## The document")[1]))
    assert set(found) <= keys and found["assigned"] is None
    # people in one another's way are slower than the plan, never quicker than the bound
    assert found["simulated"]["simulated_s"] >= found["bound_s"] and found["simulated"]["stuck"] == 0


def test_files_add_up(venue: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["evacuate", str(venue / "venue"), "--people", str(venue / "people.csv"), "--no-simulate", "--out", str(out)])
    rows = {p.name: list(csv.DictReader(io.StringIO(p.read_text("utf-8-sig")))) for p in out.glob("*.csv")}
    assert sum(int(row["persons"]) for row in rows["routes.csv"]) == 1100
    assert int(rows["arrivals.csv"][-1]["out"]) == 1100
    assert {row["origin"] for row in rows["origins.csv"]} == {"hall-1", "hall-2"}
    away = [float(row["share"]) for row in rows["directions.csv"] if row["node"] == "foyer"]
    assert sum(away) == pytest.approx(1, abs=1e-3)
    assert json.loads((out / "evacuation.json").read_text("utf-8"))["simulated"] is None


def test_a_closed_link_makes_it_later(venue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (str(venue / "venue"), "--people", str(venue / "people.csv"), "--step", "1", "--closed", "h2-door")
    found = _document(capsys, *given)
    assert found["planned_s"] > 236
    assert all(one["link"] != "h2-door" for one in found["directions"])
    assert found["simulated"]["stuck"] == 0


def test_what_people_read(venue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["evacuate", str(venue / "venue"), "--people", str(venue / "people.csv"), "--step", "1"])
    told = capsys.readouterr().out
    assert "1,100 persons out in 3:56, simulated 4:" in told and "binds: link foyer-w, 0:54–3:01" in told


def test_exits_assigned_and_families_beside_free_choice(venue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--people", str(venue / "families.csv"), "--exits", str(venue / "exits.csv"), "--step", "1"]
    out = venue / "out"
    found = _document(capsys, str(venue / "venue"), *given, "--out", str(out))
    told = found["assigned"]
    keys = set(re.findall(r"`(\w+)`", PAGE.read_text("utf-8").split("## Exits assigned")[1]))
    assert set(told) <= keys and set(told["free"]) <= keys and set(told["curve"][0]) <= keys
    assert told["free"]["planned_s"] == 236 == found["planned_s"] - told["later_s"]
    assert {tuple(one["exits"]): one["persons"] for one in told["by_exits"]} == {("gate-w",): 596, ("gate-e",): 504}
    assert told["later_s"] == 34 and found["bound_s"] <= found["planned_s"]
    assert (told["groups"], told["in_groups"], told["apart"]["group"]) == (1, 4, "the Lins")
    assert [one["share"] for one in told["curve"]] == [n / 10 for n in range(1, 11)]
    assert told["curve"][-1]["assigned_s"] == found["planned_s"] and told["curve"][-1]["free_s"] == 236
    assert found["simulated"]["stuck"] == 0 == told["free"]["simulated"]["stuck"]
    rows = list(csv.DictReader(io.StringIO((out / "compared.csv").read_text("utf-8-sig"))))
    assert (rows[-1]["out"], rows[235]["out_by_free_choice"]) == ("1100", "1100")
    assert all(int(row["out"]) <= int(row["out_by_free_choice"]) for row in rows)
    main(["evacuate", str(venue / "venue"), *given, "--no-simulate"])
    told_people = capsys.readouterr().out
    assert "By free choice 3:56: 0:34 quicker." in told_people
    assert "504 persons by gate-e: 3:52" in told_people and "groups: 1, of 4 persons" in told_people


@pytest.mark.parametrize(
    ("people", "exits", "said"),
    [
        ("node,persons\nhall-1,5\n", "node,exit\nhall-1,gate-x\n", "column exit: 'gate-x' cannot be taken"),
        ("node,persons\nhall-1,5\n", "node,exit\nhall-9,gate-w\n", "column node: 'hall-9' cannot be taken"),
        ("node,persons\nhall-1,5\n", "group,exit\nLin,gate-w\n", "column group: 'Lin' cannot be taken; allowed: a gr"),
        ("node,persons\nhall-1,5\n", "exit\ngate-w\n", "has neither column node nor group"),
        ("node,persons\nhall-1,5\n", "node,group,exit\n,,gate-w\n", "allowed: a node, or a group in its column"),
        ("node,persons\nhall-1,5\n", "node,exit\n", "has no rows"),
        ("node,persons\nhall-1,5\n", "node\nhall-1\n", "has no column exit"),
        ("node,persons\nhall-1,5\n", "", "is empty; allowed: a table with headings"),
        ("node,persons\nhall-1,5\n", None, "exits.csv: "),
        ("node,persons,group\nhall-1,2,Lin\nhall-2,2,Lin\n", "group,exit\nLin,gate-w\n", "a group at one node"),
        ("node,persons\ngate-w,5\nhall-1,9999999\nhall-2,9999\n", "node,exit\nhall-1,gate-w\n", "at most altogether"),
        ("node,persons\nhall-1,5\n", "node,exit\nhall-1,hall-2\nhall-1,hall-2,3\n", "3 cells; allowed: 2"),
    ],
)
def test_a_mistake_about_exits_is_one_line(
    venue: Path, capsys: pytest.CaptureFixture[str], people: str, exits: str | None, said: str
) -> None:
    (venue / "people.csv").write_text(people, "utf-8")
    if exits is None:
        (venue / "exits.csv").unlink()
    else:
        (venue / "exits.csv").write_text(exits, "utf-8")
    given = ["--people", str(venue / "people.csv"), "--exits", str(venue / "exits.csv")]
    with pytest.raises(SystemExit) as stopped:
        main(["evacuate", str(venue / "venue"), *given])
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in told and told.count("\n") == 1


@pytest.mark.parametrize(
    ("people", "options", "said"),
    [
        (
            "node,persons\nhall-9,5\n",
            [],
            "row 2, column node: 'hall-9' cannot be taken; allowed: a node of the network",
        ),
        ("node,persons\nhall-1,2.5\n", [], "column persons: '2.5' cannot be taken; allowed: a whole number"),
        ("node\nhall-1\n", [], "has no column persons"),
        ("node,persons\nhall-1,5\n", ["--exits", "gate-x"], "exit at 'gate-x': not a node"),
        ("node,persons\nhall-1,500\n", ["--within", "60"], "cannot all be out in 60 s"),
        ("node,persons\nhall-1,5\n", ["--closed", "h1-foyer"], "reach no exit: no way from 'hall-1'"),
        ("node,persons\nhall-1,5\n", ["--step", "-1"], "--step: -1; allowed: seconds above 0"),
        ("node,persons\nhall-1,5\n", ["--step", "1e9"], "step 1e+09 s; allowed: 0.1 … 3600"),
        ("node,persons\nhall-1,5\n", ["--within", "nan"], "--within: nan; allowed: seconds above 0"),
        ("node,persons\nhall-1,5\n", ["--exits", " ,,"], "--exits: ' ,,'; allowed: nodes, or a file"),
        ("node,persons\nhall-1,5\n", ["--exits", "./"], "is a folder; allowed: a file"),
        ("node,persons\nhall-1,5\n", ["--exits", "none.csv"], "none.csv: cannot be read"),
        ("node,persons\nhall-1,5\n", ["--closed", "l"], "closed link 'l' is not in the network"),
        ("node,persons\nhall-1,1e30\n", [], "a whole number from 0 to 10,000,000"),
        ("node,persons\nhall-1,-4\n", [], "a whole number from 0 to 10,000,000"),
        ("node,node,persons\nhall-1,hall-1,3\n", [], "column node stands twice"),
        ("", [], "is empty; allowed: a table with headings"),
    ],
)
def test_a_mistake_is_one_line(
    venue: Path, capsys: pytest.CaptureFixture[str], people: str, options: list[str], said: str
) -> None:
    (venue / "people.csv").write_text(people, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["evacuate", str(venue / "venue"), "--people", str(venue / "people.csv"), *options])
    told = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in told and told.count("\n") == 1


def test_a_folder_without_a_network_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "people.csv").write_text("node,persons\n", "utf-8")
    with pytest.raises(SystemExit):
        main(["evacuate", str(tmp_path), "--people", str(tmp_path / "people.csv")])
    assert "has no nodes.csv; allowed: network.geojson" in capsys.readouterr().err
