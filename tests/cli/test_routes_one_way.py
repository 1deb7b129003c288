"""``tminus routes one-way``: the example of its page, its files, and mistakes in a line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tminus.cli import main

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "routes.md"
SECTION = PAGE.read_text("utf-8").split("## `tminus routes one-way")[1]


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's files, here."""
    (tmp_path / "hall").mkdir()
    for name, text in re.findall(r"`([\w/.]+\.csv)`\n\n```csv\n(.*?)```", SECTION, re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_example_of_the_page(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["routes", "one-way", "hall", "--od", "od.csv", "--json", "--out", "out"])
    found = json.loads(capsys.readouterr().out)
    shown = json.loads(re.findall(r"```json\n(.*?)```", SECTION, re.DOTALL)[0])
    assert found["changed"] == shown["changed"]
    assert (found["left"], found["left_before"]) == pytest.approx((shown["left"], shown["left_before"]), abs=1e-6)
    assert all(f"`{key}`" in SECTION for key in found)
    rows = (there / "out" / "controls.csv").read_text("utf-8-sig").split()
    assert rows == ["at_s,element,field,value", "0,north,direction,1", "0,south,direction,-1"]


def test_what_people_read(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["routes", "one-way", "hall", "--od", "od.csv", "--corridors", "north", "--may-close"])
    told = capsys.readouterr().out
    assert "238 as it is" in told and "south │" not in told and "binds: room of way 'south'" in told


@pytest.mark.parametrize(
    ("od", "options", "said"),
    [
        ("origin,destination,persons\nstation,moon,5\n", [], "column destination: 'moon' cannot be taken"),
        ("origin,destination,persons\nfair,fair,5\n", [], "allowed: another node than origin"),
        ("origin,destination,persons\nstation,fair,5\n", ["--corridors", "west"], "choice of 'west'"),
        ("origin,destination,persons\nstation,fair,5\n", ["--slot", "0"], "slot 0 s; allowed: 1"),
    ],
)
def test_a_mistake_is_one_line(
    there: Path, capsys: pytest.CaptureFixture[str], od: str, options: list[str], said: str
) -> None:
    (there / "od.csv").write_text(od, "utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["routes", "one-way", "hall", "--od", "od.csv", *options])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_published_uses_are_compared(there: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["routes", "one-way", "hall", "--od", "od.csv", "--out", "out"])
    assert "planned 1.7 min, simulated" in capsys.readouterr().out
    main(["routes", "one-way", "hall", "--od", "od.csv", "--published", "out/controls.csv", "--json", "--no-simulate"])
    found = json.loads(capsys.readouterr().out)
    assert found["changes"] == [] and found["simulated"] is None
    (there / "told.csv").write_text("at_s,element,field,value\n0,north,open,0\n", "utf-8")
    main(["routes", "one-way", "hall", "--od", "od.csv", "--published", "told.csv", "--json", "--no-simulate"])
    changes = {one["what"]: (one["was"], one["now"]) for one in json.loads(capsys.readouterr().out)["changes"]}
    assert changes == {"north": ("closed", "forward"), "south": ("both", "back")}
    for row, said in (("0,moon,open,0", "a corridor that is decided about"), ("0,north,open,-1", "0 or 1 of open")):
        (there / "told.csv").write_text(f"at_s,element,field,value\n{row}\n", "utf-8")
        with pytest.raises(SystemExit):
            main(["routes", "one-way", "hall", "--od", "od.csv", "--published", "told.csv"])
        assert said in capsys.readouterr().err
