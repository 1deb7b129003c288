"""``tminus forecast attendance`` as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tminus.cli import main

EVENT = {
    "schema": "tminus-event/1", "id": "fair", "name": {"en": "Fair"}, "timezone": "Europe/London",
    "opening": "2026-11-05", "closing": "2026-11-08",
    "attendance": {"expected_visits": 200_000, "capacity": {"2026-11-07": 60_000}, "country": "GB"},
}  # fmt: skip
REGISTRATIONS = "Registered,Visit date,Audience,Persons\n" + "".join(
    f"2026-{month:02}-01,2026-11-{day:02},{audience},{number}\n"
    for month, number in ((8, 4000), (9, 8000), (10, 16000))
    for day in (5, 6, 7, 8)
    for audience in ("visitor", "group")
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    (tmp_path / "registrations.csv").write_text(REGISTRATIONS)
    (tmp_path / "attendance.csv").write_text("Day,Visits\n2026-11-05,41000\n2026-11-06,44000\n")
    return tmp_path


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["forecast", "attendance", *arguments, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["forecast", "attendance", *arguments])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_the_document_has_the_documented_keys(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = answered(capsys, str(folder), "--as-of", "2026-10-10")
    assert set(document) == {"event", "as_of", "days", "total", "turned_away", "rests_on", "seed", "elapsed_s"}
    assert [row["t"] for row in document["days"]] == [0, 1, 2, 3]
    for row in document["days"]:
        assert set(row) == {"date", "t", "mean", "demand", "quantiles", "counted", "audiences"}
        values = list(row["quantiles"].values())
        assert values == sorted(values)
        assert set(row["audiences"]) == {"visitor", "group"}
        assert row["counted"] is None
    assert max(document["days"][2]["quantiles"].values()) <= 60_000
    assert document["total"]["quantiles"]["0.1"] < document["total"]["mean"] < document["total"]["quantiles"]["0.9"]
    page = (Path(__file__).parents[2] / "docs" / "reference" / "forecast.md").read_text(encoding="utf-8")
    assert all(f"`{key}`" in page for key in (*document, "demand", "counted", "audiences"))


def test_counted_days_stand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = answered(capsys, str(folder), "--as-of", "T-1")
    after = answered(capsys, str(folder), "--as-of", "T+1")
    assert [row["counted"] for row in before["days"]] == [None] * 4
    assert [row["counted"] for row in after["days"]] == [41_000, 44_000, None, None]
    assert after["days"][1]["quantiles"]["0.05"] == after["days"][1]["mean"] == 44_000


def test_same_call_same_answer_and_files(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    arguments = (str(folder), "--as-of", "2026-10-10", "--seed", "3")
    one = answered(capsys, *arguments, "--out", str(out), "--samples", "7")
    two = answered(capsys, *arguments)
    del one["elapsed_s"], two["elapsed_s"]
    assert one == two
    assert sorted(path.name for path in out.iterdir()) == [
        "attendance.csv", "attendance.json", "attendance_samples.csv",
    ]  # fmt: skip
    assert len((out / "attendance_samples.csv").read_text(encoding="utf-8-sig").splitlines()) == 8
    assert (out / "attendance.csv").read_text(encoding="utf-8-sig").startswith("Day,Mean,Demand,P5,P10")


def test_registrations_of_another_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.csv"
    other.write_text(REGISTRATIONS.replace("visitor", "观众").replace("group", "采购商"))
    document = answered(capsys, str(folder), "--as-of", "2026-10-10", "--registrations", str(other))
    assert set(document["days"][0]["audiences"]) == {"visitor", "buyer"}
    assert "missing.csv" in refused(capsys, str(folder), "--registrations", str(tmp_path / "missing.csv"))


def test_rain_takes_visitors_away(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "weather.csv").write_text("Day,rain_mm\n2026-11-08,60\n")
    plain = answered(capsys, str(folder), "--as-of", "2026-10-10")
    wet = answered(capsys, str(folder), "--as-of", "2026-10-10", "--weather", str(folder / "weather.csv"))
    assert wet["days"][3]["quantiles"]["0.1"] != plain["days"][3]["quantiles"]["0.1"]
    assert any("rain mm" in line for line in wet["rests_on"])


def test_a_table_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["forecast", "attendance", str(folder), "--as-of", "2026-10-10"])
    said = capsys.readouterr().out
    assert "all days" in said
    assert "no day of this event has been counted" in said.replace("\n", " ")


@pytest.mark.parametrize(
    ("attendance", "said"),
    [
        ({"expected_visits": "many"}, "expected_visits: 'many'; allowed: a number"),
        ({"expected_visits": -1}, "expected_visits -1"),
        ({"visits": 1}, "attendance, visits: no such key"),
        ({"capacity": {"soon": 1}}, "capacity"),
        ({"country": "XX"}, "no such country"),
        ([1], "attendance: [1]"),
    ],
)
def test_what_event_json_cannot_say(
    folder: Path, capsys: pytest.CaptureFixture[str], attendance: object, said: str
) -> None:
    (folder / "event.json").write_text(json.dumps(EVENT | {"attendance": attendance}))
    assert said in refused(capsys, str(folder), "--as-of", "2026-10-10")


def test_what_cannot_be_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--as-of" in refused(capsys, str(folder), "--as-of", "soon")
    assert "event.json" in refused(capsys, str(folder / "nothing"))
    assert "--samples" in refused(capsys, str(folder), "--samples", "9999999", "--out", str(folder / "out"))
    (folder / "registrations.csv").write_text("Registered,Visit date\n2026-01-01,never\n")
    assert "registrations.csv, row 2, column Visit date: 'never'" in refused(capsys, str(folder))
    (folder / "weather.csv").write_text("Day,rain_mm\n2020-01-01,3\n")
    (folder / "registrations.csv").unlink()
    assert "no row for a day of the event" in refused(capsys, str(folder), "--weather", str(folder / "weather.csv"))


def test_the_folder_check_names_rows(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "analogues.csv").write_text("Event,What,Value,Source\nFair,ramp,-1,press\n")
    with pytest.raises(SystemExit):
        main(["validate", str(folder)])
    assert "analogues.csv, row 2, column Value: '-1'" in capsys.readouterr().err
