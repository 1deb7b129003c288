"""Baselines of plan files: told in the dry run, kept, shown beside today's dates, exported, withdrawn, undone."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation

from tests.desks.planning.test_import import apply, hand_in
from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.baselines import with_baselines
from tminus.desks.planning.event_folder import folder_of, load_event
from tminus.desks.planning.models import Baseline, BaselineTask, Task
from tminus.engines import schedule as engine
from tminus.formats.book_writer import book_csv
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.mspdi import mspdi_bytes
from tminus.formats.plan_json import plan_json_bytes
from tminus.formats.primavera import pmxml_bytes, read_xer, xer_bytes
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, ask, perform

STARTED = datetime(2026, 8, 10, 9)
THEN = {"R1": (STARTED, datetime(2026, 8, 14, 17)), "R2": (None, datetime(2026, 9, 11, 17))}
CONTRACT = engine.Baseline(1, {"R1": (datetime(2026, 8, 3, 9), datetime(2026, 8, 7, 17))}, "As contracted")


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: LazySettings) -> None:
    settings.MEDIA_ROOT = tmp_path


def plan(harbour: Harbour, *baselines: engine.Baseline) -> engine.Plan:
    return replace(adapter.plan_of(harbour.event), baselines=baselines or (engine.Baseline(0, THEN),))


def brought(harbour: Harbour, *baselines: engine.Baseline) -> dict[str, Any]:
    read = hand_in(harbour, plan_json_bytes(plan(harbour, *baselines)), "plan.json")
    return apply(harbour, read["id"])


def kept(harbour: Harbour) -> tuple[engine.Baseline, ...]:
    return with_baselines(harbour.event, adapter.plan_of(harbour.event)).baselines


def timetable(harbour: Harbour, baseline: str = "", person: str = "hq") -> dict[str, Any]:
    args = {"baseline": baseline}
    found: dict[str, Any] = ask("planning.timetable", args, event=harbour.event, person=harbour.people[person])
    return found


# Kept -------------------------------------------


@pytest.mark.parametrize(
    ("name", "write"),
    [("plan.json", plan_json_bytes), ("plan.xml", mspdi_bytes), ("p6.xml", pmxml_bytes), ("plan.xer", xer_bytes)],
)
def test_each_form_brings_its_baselines(planned: Harbour, name: str, write: Any) -> None:
    content = write(plan(planned, engine.Baseline(0, THEN), CONTRACT))
    read = hand_in(planned, content, name)
    assert not Baseline.objects.filter(event=planned.event).exists()
    assert [(one["number"], one["new"]) for one in read["difference"]["baselines"]] == [(0, True), (1, True)]
    assert apply(planned, read["id"])["baselines"] == 2
    first, second = kept(planned)
    assert first.dates.items() >= THEN.items()  # Primavera has planned dates of every activity
    assert second == (CONTRACT if name != "plan.xml" else replace(CONTRACT, name=""))
    assert {one.source for one in Baseline.objects.filter(event=planned.event)} == {name}
    assert hand_in(planned, content, name)["difference"]["baselines"] == []


def test_the_file_s_baseline_replaces_what_stood_under_its_number(planned: Harbour) -> None:
    brought(planned)
    other = engine.Baseline(0, {"R1": (STARTED, datetime(2026, 8, 17, 17)), "H1": THEN["R1"]})
    read = hand_in(planned, plan_json_bytes(plan(planned, other)), "plan.json")
    told = {"number": 0, "name": "", "new": False, "tasks": 2, "added": 1, "changed": 1, "gone": 1}
    assert read["difference"]["baselines"] == [told]
    apply(planned, read["id"])
    assert kept(planned) == (other,)
    line = RecordLine.objects.filter(code="planning.baseline.imported").latest("seq")
    assert line.after == told


def test_a_table_says_which_dates_it_means_and_leaves_the_others(planned: Harbour) -> None:
    brought(planned, engine.Baseline(0, THEN), CONTRACT)
    whole = plan(planned, engine.Baseline(0, THEN), CONTRACT)
    assert hand_in(planned, book_csv(whole))["difference"]["baselines"] == []  # of the contract, which has a name
    changed = "ID,Task,Baseline finish\nR1,Survey,2026-08-20\n"
    read = hand_in(planned, changed)
    assert [(one["number"], one["changed"], one["gone"]) for one in read["difference"]["baselines"]] == [(0, 1, 0)]
    apply(planned, read["id"])
    assert kept(planned)[0].dates == {**THEN, "R1": (None, datetime(2026, 8, 20, 17))}


def test_numbers_and_names_that_cannot_be_kept_are_refused(planned: Harbour) -> None:
    with pytest.raises(BadInput, match="baseline 1001; allowed: numbers 0 to 1000"):
        brought(planned, engine.Baseline(1001, THEN))
    with pytest.raises(BadInput, match="its name has 201 characters; allowed: 200"):
        brought(planned, engine.Baseline(1, THEN, "x" * 201))


def test_the_event_folder_keeps_them(planned: Harbour, tmp_path: Path) -> None:
    gone = engine.Baseline(3, {"GONE": THEN["R1"], "R1": THEN["R1"]}, "Spring, 春")
    brought(planned, engine.Baseline(0, THEN), CONTRACT, gone)
    write_folder(folder_of(planned.event), tmp_path / "one")
    folder = read_folder(tmp_path / "one")
    second = load_event(replace(folder, event=dict(folder.event) | {"id": "second"})).event
    assert with_baselines(second, adapter.plan_of(second)).baselines == (engine.Baseline(0, THEN), CONTRACT, gone)
    write_folder(folder_of(second), tmp_path / "two")
    files = [(tmp_path / name / "baselines.csv").read_bytes() for name in ("one", "two")]
    assert files[0] == files[1]
    assert b"Baseline start" not in (tmp_path / "one" / "plan.csv").read_bytes()


# Shown ------------------------------------------


def test_the_timetable_tells_the_days_between(planned: Harbour) -> None:
    task = Task.objects.get(event=planned.event, key="R1")
    brought(planned)
    found = timetable(planned)
    row = {one["key"]: one for one in found["rows"]}
    assert found["baseline"]["number"] == 0
    assert row["R1"]["baseline_start"] == STARTED
    assert task.planned_finish is not None
    assert row["R1"]["baseline_days"] == (task.planned_finish - THEN["R1"][1]).days  # type: ignore[operator]
    assert row["H1"]["baseline_finish"] is None
    assert row["H1"]["baseline_days"] is None
    assert found["first"] <= STARTED.date()  # the baseline is drawn whole


def test_the_named_one_is_the_main_one_and_another_may_be_asked_for(planned: Harbour) -> None:
    brought(planned, engine.Baseline(0, THEN), CONTRACT)
    assert timetable(planned)["baseline"]["title"] == "As contracted"
    assert [one["number"] for one in timetable(planned)["baselines"]] == [1, 0]
    assert timetable(planned, "0")["baseline"]["title"] == "Baseline 0"
    assert timetable(planned, "none")["baseline"] is None
    with pytest.raises(BadInput, match="baseline 7; allowed: none, 1, 0"):
        timetable(planned, "7")


def test_only_rows_in_reach_tell_their_baseline(planned: Harbour) -> None:
    brought(planned)
    keys = {one["key"]: one["baseline_finish"] for one in timetable(planned, person="paver")["rows"]}
    assert set(keys) == {"R2"}
    assert keys["R2"] == THEN["R2"][1]


def test_the_page_shows_it_and_exports_what_it_shows(planned: Harbour, client: Client) -> None:
    brought(planned, engine.Baseline(0, THEN), CONTRACT)
    client.force_login(planned.hq)
    page = client.get("/e/harbour/timetable/").content.decode()
    assert "08-07" in page
    assert 'class="then"' in page
    assert 'class="then"' not in client.get("/e/harbour/timetable/?baseline=none").content.decode()
    assert client.get("/e/harbour/timetable/?baseline=9").status_code == 404
    for asked, finish in (("", "2026-08-07 17:00"), ("?baseline=0", "2026-08-14 17:00")):
        text = client.get(f"/e/harbour/export/plan.csv{asked}").content.decode("utf-8-sig")
        row = next(one for one in csv.DictReader(io.StringIO(text)) if one["ID"] == "R1")
        assert row["Baseline finish"] == finish
        assert float(row["Finish against baseline (days)"]) != 0
    none = client.get("/e/harbour/export/plan.csv?baseline=none").content.decode("utf-8-sig")
    assert "Baseline finish" not in none


def test_an_export_has_no_dates_of_rows_it_does_not_have(planned: Harbour, client: Client) -> None:
    brought(planned)
    client.force_login(planned.paver)
    found = client.get("/e/harbour/export/plan.json").json()
    assert [list(one["dates"]) for one in found["baselines"]] == [["R2"]]
    client.force_login(planned.hq)
    again = read_xer(Path("plan.xer"), client.get("/e/harbour/export/plan.xer").content)
    assert again.baselines[0].dates.items() >= THEN.items()


def test_pages_in_chinese(planned: Harbour, client: Client) -> None:
    brought(planned)
    client.force_login(planned.hq)
    client.cookies["django_language"] = "zh-hans"
    assert "基线 0" in client.get("/e/harbour/timetable/").content.decode()
    assert "基线 0" in client.get("/e/harbour/baselines/").content.decode()
    with translation.override("zh-hans"):
        assert Baseline.objects.get(event=planned.event).title == "基线 0"


# Withdrawn --------------------------------------


def test_withdrawn_it_is_shown_nowhere_and_undone_it_stands_again(planned: Harbour, client: Client) -> None:
    brought(planned)
    client.force_login(planned.hq)
    page = client.post("/e/harbour/baselines/withdraw/", {"number": "0"}, follow=True).content.decode()
    assert "Undo" in page
    assert timetable(planned)["baselines"] == []
    assert kept(planned) == ()
    assert BaselineTask.objects.filter(baseline__event=planned.event).count() == 2
    perform("planning.undo", {}, event=planned.event, person=planned.hq)
    assert kept(planned) == (engine.Baseline(0, THEN),)


def test_imported_again_it_stands_again_and_the_old_withdrawal_is_past(planned: Harbour) -> None:
    brought(planned)
    perform("planning.baseline.withdraw", {"number": 0}, event=planned.event, person=planned.hq)
    brought(planned)
    assert kept(planned) == (engine.Baseline(0, THEN),)
    with pytest.raises(BadInput, match="cannot be undone"):
        perform("planning.undo", {}, event=planned.event, person=planned.hq)


@pytest.mark.parametrize("person", ["roads_head", "leader", "observer"])
def test_only_headquarters_withdraws(planned: Harbour, person: str) -> None:
    brought(planned)
    with pytest.raises(NotAllowed):
        perform("planning.baseline.withdraw", {"number": 0}, event=planned.event, person=planned.people[person])
