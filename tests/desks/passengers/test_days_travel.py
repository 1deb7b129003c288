"""Scenarios of days go with the event: out of its folder, into another one, and along to the next event."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.desks.passengers.small_days import LANES, LOST, save
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import act, hand_in
from tests.harbour import Harbour
from tests.studies.small_event import TABLES, write_small_event
from tminus.desks.passengers.days.kept_scenarios import load_day_scenarios, write_day_scenarios
from tminus.desks.passengers.forecasting.kept_folder import current, files_in
from tminus.desks.passengers.models import DayScenarioKept
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.day_scenarios import FILE, read_day_scenarios
from tminus.formats.problems import BadFile
from tminus.platform.models import Event
from tminus.platform.registry import perform

GIVEN = {"scenarios": [
    {"id": "wet", "name": {"en": "A wet day", "zh": "雨天"}, "day": "2026-11-06", "about": {"en": "It rains."},
     "happenings": [{"kind": "rain", "value": 8.0}], "measures": [LANES]},
]}  # fmt: skip


def folder_with(path: Path, document: object) -> Path:
    folder = write_small_event(path / "small")
    (folder / FILE).write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_out_of_the_folder_and_into_another_the_very_same(small: Harbour, tmp_path: Path) -> None:
    folder = read_folder(folder_with(tmp_path, GIVEN))
    assert load_day_scenarios(small.event, folder) == {"day_scenarios": 1}
    row = DayScenarioKept.objects.get(key="wet")
    assert (row.origin, row.name_zh, row.about_en) == ("folder", "雨天", "It rains.")
    assert write_day_scenarios(small.event, tmp_path) == 1
    assert json.loads((tmp_path / FILE).read_text(encoding="utf-8")) == GIVEN
    assert "services.csv" in files_in(folder), "the timetable is kept with what forecasts are made from"


def test_what_cannot_be_taken_is_said_and_nothing_is_loaded(small: Harbour, tmp_path: Path) -> None:
    bad = {"scenarios": [*GIVEN["scenarios"], {"id": "dry", "day": "2026-11-06", "happenings": [{"kind": "frogs"}]}]}
    with pytest.raises(BadFile, match="scenario 2, happening 1, kind: 'frogs'"):
        load_day_scenarios(small.event, read_folder(folder_with(tmp_path, bad)))
    assert not DayScenarioKept.objects.exists()
    assert load_day_scenarios(small.event, read_folder(write_small_event(tmp_path / "none"))) == {"day_scenarios": 0}


def test_what_is_withdrawn_is_not_exported(small: Harbour, tmp_path: Path) -> None:
    act(small, "passengers.day.withdraw", {"key": save(small)})
    kept = save(small, measures=[LANES])
    assert write_day_scenarios(small.event, tmp_path) == 1
    (one,) = read_day_scenarios(tmp_path)
    assert one.id == kept and one.happenings[0].from_min == 540


def test_the_next_event_begins_with_them_on_its_own_days(small: Harbour) -> None:
    save(small, measures=[LANES])
    args = {"source": "harbour", "slug": "harbour-2027", "name_en": "Harbour 2027", "opening": "2027-11-04"}
    done = perform("event.copy", args, person=small.people["admin"])
    assert done["copied"]["day_scenarios"] == 1
    event = Event.objects.get(slug="harbour-2027")
    row = DayScenarioKept.objects.get(event=event)
    assert (row.key, row.day, row.happenings, row.measures) == ("gate-b-lost", date(2027, 11, 5), [LOST], [LANES])
    assert "services.csv" in current(event)
    assert DayScenarioKept.objects.get(event=small.event).day == date(2026, 11, 6)


def test_a_timetable_is_looked_at_before_it_counts(small: Harbour) -> None:
    found = hand_in(small, "services", TABLES["services"])
    assert found["problems"] == [] and found["says"]["rows"] == 2
    bad = hand_in(small, "services", TABLES["services"].replace("1,far.1", "9,far.1", 1))
    assert "'9'" in bad["problems"][0]["message"] and bad["problems"][0]["line"] == 2
