"""Scenarios of a day: what is read is what was written, and what cannot be is refused with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.formats.event_folder.day_scenarios import (
    ALLOWED,
    FILE,
    WITH_OTHER,
    Befalls,
    DayScenario,
    Does,
    Elements,
    Happening,
    Measure,
    check_elements,
    clock_of,
    day_scenarios_json,
    read_day_scenarios,
    scenario_json,
    scenario_of,
)
from tminus.formats.problems import BadFile

RAIN = DayScenario(
    "rain", {"en": "Heavy rain", "zh": "大雨"}, date(2026, 11, 7),
    (
        Happening(Befalls.RAIN, value=12.0), Happening(Befalls.STAY, value=40.0),
        Happening(Befalls.GATE_LOST, "gate-w", 50.0, 480.0, 720.0),
    ),
    (
        Measure(Does.LANES, "gate-e", 24.0, 480.0, 720.0, unit="GATET"),
        Measure(Does.SHUTTLE, "shuttle-n", 300.0, 1020.0, 1500.0, "hotel-3", 50, "BUS"),
        Measure(Does.ONE_WAY, "l0963", 0.0, 480.0, 660.0, "plaza-w"),
        Measure(Does.ADVICE, value=80.0),
    ),
    {"en": "Half the lanes of the west gate are out."},
)  # fmt: skip

minutes = st.integers(300, 1739).flatmap(lambda a: st.tuples(st.just(float(a)), st.integers(a + 1, 1740).map(float)))


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    kind = draw(st.sampled_from(Does))
    low, high = ALLOWED.get(kind, (0, 0))
    begin, end = draw(minutes)
    return Measure(
        kind, "" if kind is Does.ADVICE else draw(st.sampled_from(["a", "11", "gate-w"])),
        float(draw(st.integers(int(low), int(high)))), begin, end,
        "node-b" if kind in WITH_OTHER else "",
        draw(st.integers(1, 200)) if kind is Does.SHUTTLE else 0,
        draw(st.sampled_from(["", "BUS"])),
    )  # fmt: skip


def test_a_file_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(day_scenarios_json([RAIN]))
    assert read_day_scenarios(tmp_path) == (RAIN,)


def test_no_file_no_scenarios(tmp_path: Path) -> None:
    assert read_day_scenarios(tmp_path) == ()


@given(st.lists(measures(), max_size=4))
def test_any_measures_come_back(found: list[Measure]) -> None:
    one = DayScenario("any", {}, date(2026, 11, 7), measures=tuple(found))
    assert scenario_of(json.loads(json.dumps(scenario_json(one))), "here") == one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": "two words"}, "here, id: 'two words'"),
        ({"day": "7 November"}, "here, day: '7 November'; allowed: YYYY-MM-DD"),
        ({"name": "Rain"}, "here, name: 'Rain'"),
        ({"plan": []}, "here: 'plan'; allowed: about, day"),
        ({"happenings": {}}, "here, happenings: '{}'; allowed: a list"),
        ({"happenings": [{"kind": "snow"}]}, "here, happening 1, kind: 'snow'; allowed: visitors, rain"),
        ({"happenings": [{"kind": "rain", "value": -1}]}, "here, happening 1, value: -1; allowed with rain: 0 … 100"),
        ({"happenings": [{"kind": "line_closed"}]}, "here, happening 1, element: ''; allowed with line_closed: a line"),
        (
            {"measures": [{"kind": "lanes", "element": "g", "value": 4, "from": "9"}]},
            "measure 1, from: '9'; allowed: HH",
        ),
        (
            {"measures": [{"kind": "lanes", "element": "g", "value": 4, "from": "10:00", "to": "09:00"}]},
            "measure 1, to: '09:00'; allowed: after 10:00",
        ),
        (
            {"measures": [{"kind": "shuttle", "element": "a", "other": "b", "value": 300}]},
            "measure 1, capacity_p: 0; allowed: 1 … 4000",
        ),
        ({"measures": [{"kind": "one_way", "element": "l1"}]}, "measure 1, other: ''; allowed with one_way: a node"),
        ({"measures": [{"kind": "advice", "value": True}]}, "measure 1, value: True; allowed with advice: 0 … 100"),
        ({"measures": ["lanes"]}, "measure 1: 'lanes'; allowed: an object"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadFile) as refused:
        scenario_of({"id": "a", "name": {}, "day": "2026-11-07"} | change, "here")
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[", b"[]", b'{"scenarios": 1}'])
def test_a_file_that_is_none_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(BadFile, match=FILE):
        read_day_scenarios(tmp_path)


def test_an_id_stands_once(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(day_scenarios_json([RAIN, RAIN]))
    with pytest.raises(BadFile, match="'rain' stands twice"):
        read_day_scenarios(tmp_path)


def test_elements_must_be_there() -> None:
    known = Elements(lines={"11"}, gates={"gate-w", "gate-e"}, ways={"l0963"}, nodes={"shuttle-n", "plaza-w"})
    with pytest.raises(BadFile, match=r"here, shuttle, other: 'hotel-3'; allowed: "):
        check_elements(RAIN, known, "here")


def test_clock_goes_on_after_midnight() -> None:
    assert [clock_of(minute) for minute in (300, 1740)] == ["05:00", "29:00"]
