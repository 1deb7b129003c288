"""``tminus forecast live``: lines in, lines out; the end is the same whatever the order of the lines."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.formats.event_folder.documented import documented_folder
from tminus.cli import main

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "forecast.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documented_folder(tmp_path / "event")


def _line(minute: int, node: str, entered: int, left: int = 0, **more: Any) -> str:
    time = f"2026-11-06 {minute // 60:02}:{minute % 60:02}"
    return json.dumps({"time": time, "node": node, "in": entered, "out": left, "counter": f"{node}-1", **more})


def _morning() -> list[str]:
    draw = random.Random(5)
    return [
        _line(minute, gate, round((9 if gate == "gate-w" else 2) * draw.uniform(8, 12)), seq=minute)
        for minute in range(510, 690, 5)
        for gate in ("gate-w", "gate-e")
    ]


def _live(
    folder: Path, lines: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> list[dict[str, Any]]:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    main(["forecast", "live", str(folder), "--day", "2026-11-06", "--attendance", "9000", "--samples", "30", *more])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_update_every_hour_and_the_end(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _live(folder, _morning(), capsys, monkeypatch)
    updates = [line for line in told if line["type"] == "reforecast"]
    assert [line["at"][-5:] for line in updates] == ["09:00", "10:00", "11:00"]
    end = told[-1]
    assert end["type"] == "end" and end["refused"] == 0
    counted = sum(json.loads(line)["in"] for line in _morning() if json.loads(line)["time"] < "2026-11-06 11:00")
    assert updates[-1]["entered_so_far"]["mean"] == pytest.approx(counted, abs=1)
    assert end["visits"]["p10"] <= end["visits"]["mean"] <= end["visits"]["p90"]
    page = REFERENCE.read_text(encoding="utf-8")
    keys = {key for line in told for key in line} | {key for line in told if line["type"] == "alarm" for key in line}
    assert all(f"`{key}`" in page for key in keys)


def test_late_twice_and_out_of_order_end_in_the_same_state(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _morning()
    mixed = [*lines, *lines[:20]]
    random.Random(1).shuffle(mixed)
    assert _live(folder, lines, capsys, monkeypatch)[-1] == _live(folder, mixed, capsys, monkeypatch)[-1]


def test_a_bad_line_is_refused_and_the_others_count(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = ["{", "[]", _line(600, "", 3), _line(600, "gate-w", 3, seq="x"), '{"time": "noon", "node": "gate-w"}',
           _line(600, "gate-w", True), '{"time": "2026-12-24 10:00", "node": "gate-w"}']  # fmt: skip
    lines = _morning()
    told = _live(folder, [*lines[:10], *bad, *lines[10:]], capsys, monkeypatch)
    refused = [line for line in told if line["type"] == "refused"]
    assert [line["line"] for line in refused] == list(range(11, 18))
    assert all("allowed: " in line["why"] for line in refused)
    clean = _live(folder, lines, capsys, monkeypatch)[-1]
    assert {**told[-1], "refused": 0} == clean


def test_times_of_other_zones_are_taken_for_what_they_are(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [_line(600 + at, "gate-w", 40) for at in range(0, 60, 5)]
    there = [line.replace("2026-11-06 10:", "2026-11-06T02:").replace('", "node', '+00:00", "node') for line in here]
    assert here != there
    assert _live(folder, here, capsys, monkeypatch)[-1] == _live(folder, there, capsys, monkeypatch)[-1]


def test_without_a_line_it_is_the_forecast_of_the_day_before(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (end,) = _live(folder, [], capsys, monkeypatch)
    assert end["visits"]["mean"] == pytest.approx(9_000, rel=0.1) and end["alarms"] == []


def test_a_counter_that_counts_far_too_many_is_told_once(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [_line(minute, "gate-w", 2_000, minute % 7) for minute in range(540, 720, 5)]
    told = _live(folder, lines, capsys, monkeypatch)
    alarms = [line for line in told if line["type"] == "alarm" and line["kind"] == "impossible"]
    assert len(alarms) == 1 and alarms[0]["fault"] and alarms[0]["node"] == "gate-w"
    assert [line["kind"] for line in told[-1]["alarms"]].count("impossible") == 1


def test_counts_of_days_after_as_of_are_not_looked_at(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"2026-11-05 {hour:02}:{minute:02},gate-{gate},{40 if hour < 12 else 400},0\n"
            for hour in range(9, 16) for minute in (0, 15, 30, 45) for gate in "we"]  # fmt: skip
    (folder / "history.csv").write_text("time,node,in,out\n" + "".join(rows), encoding="utf-8")
    with_it = _live(folder, _morning(), capsys, monkeypatch)[-1]
    without = _live(folder, _morning(), capsys, monkeypatch, "--as-of", "2026-11-04")[-1]
    (folder / "history.csv").unlink()
    never = _live(folder, _morning(), capsys, monkeypatch)[-1]
    assert without == never != with_it
