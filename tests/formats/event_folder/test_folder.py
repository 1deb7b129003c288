"""The event folder: checked whole, and the same after writing and reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tminus.formats.book_writer import table_csv
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.event_folder.causes import table_of
from tminus.formats.problems import BadFile, Rejected

EVENT = {
    "schema": "tminus-event/1", "id": "harbour", "name": {"en": "Harbour fair", "zh": "港口博览会"},
    "timezone": "Asia/Shanghai", "opening": "2026-11-05", "closing": "2026-11-10", "checkpoint_days": 10,
    "phases": [{"id": "preparation", "name": {"en": "Preparation", "zh": "筹备"}, "from_t": -150, "to_t": -8}],
}  # fmt: skip
FILES = {
    "units.csv": "id,name_en,name_zh,kind,parent,temporary,from,until\nHQ,Headquarters,指挥部,headquarters,,0,,\nRD,Roads,道路,department,HQ,0,,\n",  # noqa: E501 - one row of a file
    "people.csv": "id,name_en,name_zh,email,phone,language\nli,Li Wei,李伟,li@example.org,,zh\n",
    "posts.csv": "id,unit,title_en,title_zh,rank,reach,holder,from,until,home_unit\nRD-1,RD,Head,主任,head,subtree,li,,,\n",  # noqa: E501 - one row of a file
    "areas.csv": "id,name_en,name_zh,dimension,weight\nroads,Roads,道路,safe,1\n",
    "plan.csv": "ID,Task,Task (zh),Duration,Predecessors,Unit,Responsible,Area\nA,Pave,铺路,5d,,RD,li,roads\n\nB,Paint,划线,2d,A,RD,li,roads\n",  # noqa: E501 - one row of a file
    "progress.csv": "ID,Actual start,Actual finish,Remaining,Progress,Reported\nA,2026-08-03,,3d,40 %,2026-08-17\n",
    "nodes.csv": "id,kind,lon,lat,name_en,name_zh\nn1,hall,121.3,31.2,Hall 1,一号馆\nn2,gate,121.3,31.21,Gate 1,一号门\n",  # noqa: E501 - one row of a file
    "links.csv": "id,from,to,length_m,width_m,kind\nl1,n1,n2,120,8,corridor\n",
    "services.csv": "id,name\ns1,Help desk\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "event"
    path.mkdir()
    (path / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    (path / "calendar.json").write_text('{"working_weekdays": [0, 1, 2, 3, 4], "holidays": ["2026-10-01"]}')
    (path / "map.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    return path


def test_it_is_the_same_after_writing_and_reading(folder: Path, tmp_path: Path) -> None:
    found = read_folder(folder)
    write_folder(found, tmp_path / "again")
    assert read_folder(tmp_path / "again") == found
    assert found.plan is not None
    assert found.plan.progress["A"].percent == 40


def test_everything_but_event_json_is_optional(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    assert read_folder(tmp_path).plan is None


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "value"),
    [
        ("units.csv", "department,HQ", "department,HX", 3, "parent", "HX"),
        ("units.csv", "headquarters,,", "headquarters,RD,", 2, "parent", "RD"),
        ("units.csv", ",headquarters,", ",palace,", 2, "kind", "palace"),
        ("units.csv", "RD,Roads", "HQ,Roads", 3, "id", "HQ"),
        ("posts.csv", "RD-1,RD", "RD-1,XX", 2, "unit", "XX"),
        ("posts.csv", "subtree,li", "subtree,wu", 2, "holder", "wu"),
        ("areas.csv", "safe,1", "safe,-1", 2, "weight", "-1"),
        ("links.csv", "n1,n2", "n1,n9", 2, "to", "n9"),
        ("nodes.csv", "121.3,31.2,Hall", "east,31.2,Hall", 2, "lon", "east"),
        ("plan.csv", "2d,A,RD", "2d,A,XX", 4, "Unit", "XX"),
        ("plan.csv", "2d,A,RD", "2d,Q,RD", 4, "Predecessors", "Q"),
        ("plan.csv", "2d,A,RD,li,roads", "2d,A,RD,li,moon", 4, "Area", "moon"),
        ("progress.csv", "A,2026-08-03", "Z,2026-08-03", 2, "ID", "Z"),
        ("progress.csv", "40 %", "400 %", 2, "Progress", "400 %"),
        ("units.csv", "id,name_en", "code,name_en", 1, "id", ""),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_taken_is_named(
    folder: Path, file: str, old: str, new: str, row: int, column: str, value: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        read_folder(folder)
    named = {(problem.file, problem.row, problem.column, problem.value) for problem in caught.value.problems}
    assert (file, row, column, value) in named


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.update(schema="tminus-event/9"),
        lambda event: event.update(timezone="Mars/Olympus"),
        lambda event: event.update(opening="5 November"),
        lambda event: event.update(closing="2026-11-01"),
        lambda event: event.update(checkpoint_days=0),
        lambda event: event.update(name="Fair"),
        lambda event: event.update(phases=[{"id": "x"}]),
        lambda event: event.pop("id"),
    ],
)
def test_event_json_names_what_is_allowed(folder: Path, change: Callable[[dict[str, object]], object]) -> None:
    event = dict(EVENT)
    change(event)
    (folder / "event.json").write_text(json.dumps(event))
    with pytest.raises(BadFile, match=r"event\.json, \w+.*allowed"):
        read_folder(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe\xff", b"[" * 100_000])
def test_a_broken_event_json_is_one_clear_error(folder: Path, content: bytes) -> None:
    (folder / "event.json").write_bytes(content)
    with pytest.raises(BadFile, match=r"event\.json"):
        read_folder(folder)


DRIVERS = (
    "ID,Cause,Cause (zh),Kind,Probability,Optimistic,Most likely,Pessimistic,Tasks,Unit,Area,Aug,Sep,Watched by,"
    "Active\n"
    "permits,Permits late,审批延迟,driver,30 %,1.1,1.3,1.8,,RD,,,,HQ,\n"
    "rain,Rain,降雨,weather,,,,,A,,roads,8 %,0.06,RD,no\n"
    "rework,Rework,返工,branch,20 %,,,,B,,,,,,\n"
)


def test_causes_of_risk_come_with_who_watches_them(folder: Path, tmp_path: Path) -> None:
    (folder / "drivers.csv").write_text(DRIVERS, encoding="utf-8")
    found = read_folder(folder)
    told = [(one.cause.id, one.cause.name_zh, one.watched_by, one.active) for one in found.causes]
    assert told == [("permits", "审批延迟", "HQ", True), ("rain", "降雨", "RD", False), ("rework", "返工", "", True)]
    write_folder(found, tmp_path / "again")
    again = read_folder(tmp_path / "again")
    assert again == found
    (folder / "drivers.csv").write_text(table_csv(*table_of(found.causes)).decode("utf-8-sig"), encoding="utf-8")
    assert read_folder(folder).causes == found.causes


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "value"),
    [
        (",A,,roads", ",Z,,roads", 3, "Tasks", "Z"),
        (",RD,,,,HQ", ",RX,,,,HQ", 2, "Unit", "RX"),
        (",roads,", ",rails,", 3, "Area", "rails"),
        (",HQ,", ",HX,", 2, "Watched by", "HX"),
        (",no\n", ",never\n", 3, "Active", "never"),
        ("permits,", "per mits,", 2, "ID", "per mits"),
        ("30 %", "30 in 100", 2, "Probability", "30 in 100"),
        ("1.8", "0.8", 2, "Pessimistic", "0.8"),
    ],
)
def test_a_cause_that_names_what_there_is_not(
    folder: Path, old: str, new: str, row: int, column: str, value: str
) -> None:
    assert DRIVERS.count(old) == 1
    (folder / "drivers.csv").write_text(DRIVERS.replace(old, new), encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        read_folder(folder)
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column, problem.value) == ("drivers.csv", row, column, value)
