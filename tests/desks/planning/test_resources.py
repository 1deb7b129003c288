"""Resources: taken from a file all or none, levelled by a job that alone keeps, adopted and undone as one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override
from openpyxl import load_workbook

from tests.harbour import Harbour
from tminus.desks.planning.event_folder import folder_of, load_event
from tminus.desks.planning.levelling import book_of
from tminus.desks.planning.load_chart import load_chart
from tminus.desks.planning.models import Levelling, ResourceBook, Task
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.problems import Rejected
from tminus.platform import jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import Job, RecordLine
from tminus.platform.registry import BadInput, ask, perform

BOOK = {
    "resources": [
        {"resource": "gang", "name": "Gang / 班组", "capacity": 2},
        {"resource": "van", "kind": "equipment", "capacity": 1},
    ],
    "needs": [
        {"task": "R2", "resource": "gang", "units": 2},
        {"task": "H1", "resource": "gang", "units": 1},
        {"task": "H2", "resource": "van"},
    ],
    "masks": [{"mark": "noise", "hours": "22:00-07:00"}],
    "marks": [{"task": "area=RD", "mark": "noise"}],
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Pages asked for in Chinese leave the thread speaking it."""
    with override("en"):
        yield


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def read(harbour: Harbour, code: str, args: dict[str, Any] | None = None, who: str = "hq") -> Any:
    return ask(code, args or {}, event=harbour.event, person=harbour.people[who])


def file_of(document: Any, name: str = "resources.json") -> dict[str, Any]:
    return {"file": {"name": name, "content": base64.b64encode(json.dumps(document).encode()).decode()}}


def stocked(harbour: Harbour) -> None:
    act(harbour, "planning.resources.import", file_of(BOOK))


def level(harbour: Harbour) -> Any:
    act(harbour, "planning.levelling.start", {"iterations": 30})
    for pk in Job.objects.filter(state="waiting").values_list("pk", flat=True):
        jobs.run(pk)
    assert not Job.objects.filter(state="failed").exists(), Job.objects.values_list("error", flat=True)
    return read(harbour, "planning.levelling", {"resource": "gang"})


def dates(harbour: Harbour) -> dict[str, Any]:
    rows = Task.objects.filter(event=harbour.event).exclude(kind="summary")
    return {task.key: (task.planned_start, task.planned_finish) for task in rows}


def signed_in(harbour: Harbour, who: str = "hq") -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_without_resources_the_page_says_what_would_fill_it_and_nothing_can_be_levelled(planned: Harbour) -> None:
    page = signed_in(planned).get(f"/e/{planned.event.slug}/resources/")
    assert b"No crews or machines are set up yet" in page.content
    with pytest.raises(BadInput, match="no task needs a resource"):
        act(planned, "planning.levelling.start", {})


def test_a_crew_asked_for_by_two_at_once_is_shared_out_and_the_answer_says_whom_it_moves(planned: Harbour) -> None:
    stocked(planned)
    before = dates(planned)
    found = level(planned)
    assert dates(planned) == before, "levelling changes nothing of the plan"
    worth, load = found["levelling"], found["load"]
    assert load["peak_before"] == 3 and load["hours_before"] == 80, "ten days of eight hours with one too many"
    assert load["peak_after"] == 2 and load["hours_after"] == 0
    assert (worth["overload_before"], worth["overload_after"]) == (80, 0)
    assert not worth["faults"] and not worth["stale"]
    assert {row["key"] for row in found["moved"]} <= {"R1", "R2", "R3", "H1", "H2"}
    assert any(row["waits_for"] == "Gang" for row in found["moved"])
    assert found["total"] == worth["tasks"] == len(found["moved"])
    assert [row["name"] for row in found["binding"]] == ["Gang"]


def test_adopted_dates_are_the_drafts_and_are_undone_as_one(planned: Harbour) -> None:
    stocked(planned)
    before, found = dates(planned), level(planned)
    done = act(planned, "planning.levelling.adopt", {"number": 1})
    assert done["tasks"] == found["total"] > 0
    after = dates(planned)
    for row in found["moved"]:
        assert after[row["key"]] == (row["start"], row["finish"])
    still = {key for key in before if before[key] == after[key]}
    assert still == set(before) - {row["key"] for row in found["moved"]}
    last = read(planned, "planning.last_act")
    assert last["code"] == "planning.levelling.adopt" and last["undoable"]
    with pytest.raises(BadInput, match="nothing of this levelling is left to adopt"):
        act(planned, "planning.levelling.adopt", {"number": 1})
    act(planned, "planning.undo", {})
    assert dates(planned) == before
    assert Levelling.objects.get().adopted_at is None


def test_adopting_is_refused_once_a_task_has_been_moved_and_nothing_changes(planned: Harbour) -> None:
    stocked(planned)
    found = level(planned)
    key = found["moved"][0]["key"]
    Task.objects.filter(event=planned.event, key=key).update(planned_start=datetime_of(2026, 9, 1))
    before = dates(planned)
    with pytest.raises(BadInput, match=f"{key} has begun, moved or gone since"):
        act(planned, "planning.levelling.adopt", {"number": 1})
    assert dates(planned) == before


def test_undo_is_refused_once_somebody_has_moved_on(planned: Harbour) -> None:
    stocked(planned)
    found = level(planned)
    act(planned, "planning.levelling.adopt", {"number": 1})
    key = found["moved"][0]["key"]
    Task.objects.filter(event=planned.event, key=key).update(planned_start=datetime_of(2026, 9, 1))
    with pytest.raises(BadInput, match=f"{key} has been moved since"):
        act(planned, "planning.undo", {})


def datetime_of(year: int, month: int, day: int) -> Any:

    return datetime(year, month, day, 9)


def test_a_faulty_levelling_cannot_be_adopted(planned: Harbour) -> None:
    stocked(planned)
    level(planned)
    kept = Levelling.objects.get()
    Levelling.objects.filter(pk=kept.pk).update(result={**kept.result, "faults": ["R2 before R1"]})
    with pytest.raises(BadInput, match="R2 before R1"):
        act(planned, "planning.levelling.adopt", {"number": 1})


def test_only_a_job_keeps_what_was_computed_and_only_headquarters_starts_it(planned: Harbour) -> None:
    stocked(planned)
    with pytest.raises(NotAllowed, match="the job that computes it"):
        act(planned, "planning.levelling.keep", {"version": "", "seed": 0, "result": {"moved": [], "proved": True}})
    assert not Levelling.objects.exists()
    for code, args in [("levelling.start", {}), ("supply.set", {"resource": "gang", "capacity": 9})]:
        with pytest.raises(NotAllowed):
            act(planned, f"planning.{code}", args, who="roads_head")


def test_who_reads_a_part_of_the_plan_sees_only_those_tasks_move(planned: Harbour) -> None:
    stocked(planned)
    everything = {row["key"] for row in level(planned)["moved"]}
    for who, prefix in (("health_head", "H"), ("roads_head", "R"), ("leader", "")):
        seen = read(planned, "planning.levelling", who=who)
        assert {row["key"] for row in seen["moved"]} == {key for key in everything if key.startswith(prefix)}, who
        assert seen["total"] == len(seen["moved"])


def test_a_levelling_is_stale_after_the_plan_or_the_resources_change(planned: Harbour) -> None:
    stocked(planned)
    assert not level(planned)["levelling"]["stale"]
    act(planned, "planning.supply.set", {"resource": "gang", "capacity": 3})
    assert read(planned, "planning.levelling")["levelling"]["stale"]
    assert level(planned)["levelling"]["overload_before"] == 0, "three are enough"
    act(planned, "planning.task.change", {"task": "R2", "field": "duration", "value": "21d"})
    assert read(planned, "planning.levelling")["levelling"]["stale"]
    numbers = [row["number"] for row in read(planned, "planning.levellings")["rows"]]
    assert numbers == [2, 1]


def test_levelling_twice_from_the_same_plan_gives_the_same_dates(planned: Harbour) -> None:
    stocked(planned)
    first = level(planned)["moved"]
    assert level(planned)["moved"] == first


def test_a_levelling_under_way_is_not_begun_twice(planned: Harbour) -> None:
    stocked(planned)
    first = act(planned, "planning.levelling.start", {})
    assert act(planned, "planning.levelling.start", {}) == first
    assert read(planned, "planning.resources")["job"] == first["job"]


def test_why_a_levelling_came_to_nothing_is_told_on_the_page(planned: Harbour) -> None:
    stocked(planned)
    act(planned, "planning.supply.set", {"resource": "gang", "capacity": 1})
    act(planned, "planning.levelling.start", {})
    jobs.run(Job.objects.get().pk)
    why = read(planned, "planning.resources")["failed"]
    assert "gang" in why.lower()
    page = signed_in(planned).get(f"/e/{planned.event.slug}/resources/").content.decode()
    assert "came to nothing" in page and not Levelling.objects.exists()


def test_needs_of_a_task_that_has_gone_are_left_out_and_told(planned: Harbour) -> None:
    stocked(planned)
    act(planned, "planning.task.remove", {"task": "H2"})
    assert level(planned)["levelling"]["gone"] == ["H2"]
    assert read(planned, "planning.resources.export")["content"]


# Files -------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"resources": [{"resource": "gang", "capacity": "many"}]}, "a number, 0 or more"),
        ({"needs": [{"task": "R9", "resource": "gang"}]}, "R9"),
        ({"needs": [{"task": "R2", "resource": "ghost"}]}, "ghost"),
        ({"masks": [{"mark": "noise", "hours": "late"}]}, "22:00-07:00"),
        ({"cranes": []}, "an object of resources"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_leaves_everything(
    planned: Harbour, change: dict[str, Any], said: str
) -> None:
    stocked(planned)
    before = book_of(planned.event)
    for code in ("planning.resources.check", "planning.resources.import"):
        with pytest.raises(BadInput, match=said):
            (read if code.endswith("check") else act)(planned, code, file_of({**BOOK, **change}))
    assert book_of(planned.event) == before


def test_a_dry_run_tells_what_would_change_and_writes_nothing(planned: Harbour) -> None:
    stocked(planned)
    lines = RecordLine.objects.count()
    other = {
        **BOOK,
        "resources": [{"resource": "gang", "capacity": 5}, {"resource": "mast"}],
        "needs": BOOK["needs"][:2],
    }
    found = read(planned, "planning.resources.check", file_of(other))
    assert (found["added"], found["changed"], found["removed"]) == (["mast"], ["gang"], ["van"])
    assert (found["before"]["needs"], found["counts"]["needs"]) == (3, 2)
    assert RecordLine.objects.count() == lines
    assert read(planned, "planning.resources.check", file_of(BOOK))["same"]


def test_the_exported_workbook_reads_back_in_both_languages(planned: Harbour) -> None:
    full = {
        **BOOK,
        "resources": [
            {"resource": "gang", "name": "Gang / 班组", "capacity": 2, "calendar": "late", "overtime": 1, "held": True},
            {"resource": "van", "kind": "equipment", "from": "2026-08-01", "until": "2026-10-30"},
            {"resource": "Ann", "kind": "person", "skills": ["weld", "sign"], "cost_per_hour": 40},
            {"resource": "money", "kind": "budget", "capacity": 5000},
        ],
        "capacity": [{"resource": "gang", "from": "2026-09-01", "until": "2026-09-03", "capacity": 1}],
        "needs": [
            *BOOK["needs"],
            {"task": "R1", "resource": "weld"},
            {"task": "R1", "resource": "money", "units": 900},
        ],
        "modes": [{"task": "R1", "mode": "usual"}, {"task": "R1", "mode": "fast", "duration": "3d", "cost": 700}],
        "places": [{"place": "gate-1", "most_tasks": 2, "most_people": 30}],
        "masks": [{"mark": "noise", "hours": "22:00-07:00", "days": "Sunday", "from": "2026-09-01"}],
        "calendars": {"late": {"working_weekdays": [0, 1, 2, 3, 4, 5], "hours": [["12:00", "20:00"]]}},
    }
    act(planned, "planning.resources.import", file_of(full))
    before = book_of(planned.event)
    for language in ("en", "zh-hans"):
        page = signed_in(planned).get(
            f"/e/{planned.event.slug}/resources/export.xlsx", headers={"accept-language": language}
        )
        given = {"file": {"name": "r.xlsx", "content": base64.b64encode(page.content).decode()}}
        assert read(planned, "planning.resources.check", given)["same"], language
    assert act(planned, "planning.resources.import", given)["modes"] == 2
    assert book_of(planned.event) == before


def test_an_event_folder_carries_the_resources_there_and_back(planned: Harbour, tmp_path: Path) -> None:
    stocked(planned)
    folder = tmp_path / "event"
    write_folder(folder_of(planned.event), folder)
    planned.event.slug = "before"
    planned.event.save()
    loaded = load_event(read_folder(folder))
    assert book_of(loaded.event) == book_of(planned.event)
    document = json.loads((folder / "resources.json").read_text("utf-8"))
    ResourceBook.objects.filter(event=planned.event).update(document=BOOK)  # as a folder of one's own may have it
    assert read(planned, "planning.resources.check", file_of(document))["same"], "usual values left out or not"
    document["needs"][0]["units"] = "few"
    (folder / "resources.json").write_text(json.dumps(document), "utf-8")
    with pytest.raises(Rejected) as refused:
        read_folder(folder)
    assert [(one.file, one.row, one.value) for one in refused.value.problems] == [("resources.json", 1, "few")]


# How many there are ------------------------------------------------


def test_how_many_there_are_is_set_for_good_or_for_some_days_and_a_supply_taken_away(planned: Harbour) -> None:
    stocked(planned)
    act(planned, "planning.supply.set", {"resource": "gang", "capacity": 4})
    days = {"start": "2026-09-01", "until": "2026-09-05"}
    act(planned, "planning.supply.set", {"resource": "gang", "capacity": 1, **days})
    act(planned, "planning.supply.set", {"resource": "gang", "capacity": 0, **days})
    gang = next(row for row in read(planned, "planning.resources")["rows"] if row["resource"] == "gang")
    assert gang["capacity"] == 4 and gang["name"] == "Gang"
    assert gang["steps"] == [{"start": date(2026, 9, 1), "until": date(2026, 9, 5), "capacity": 0}]
    assert act(planned, "planning.supply.set", {"resource": "mast", "capacity": 1})["added"]
    assert act(planned, "planning.supply.remove", {"resource": "gang"}) == {"resource": "gang", "needs": 2}
    book = book_of(planned.event)
    assert [row["resource"] for row in book["resources"]] == ["van", "mast"]
    assert [row["task"] for row in book["needs"]] == ["H2"] and not book["capacity"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"resource": "gang", "capacity": -1}, "greater than or equal to 0"),
        ({"resource": "gang", "capacity": 1, "start": "2026-09-01"}, "both"),
        ({"resource": "gang", "capacity": 1, "start": "2026-09-05", "until": "2026-09-01"}, "not before from"),
        ({"resource": "gong", "capacity": 1, "start": "2026-09-01", "until": "2026-09-05"}, "allowed: gang, van"),
        ({"resource": "gang", "capacity": 1, "calendar": "moon"}, "moon"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_what_is_allowed(
    planned: Harbour, args: dict[str, Any], said: str
) -> None:
    stocked(planned)
    before = book_of(planned.event)
    with pytest.raises(BadInput, match=said):
        act(planned, "planning.supply.set", args)
    assert book_of(planned.event) == before


# Pages -------------------------------------------------------------


def test_the_page_levels_adopts_and_undoes(planned: Harbour) -> None:
    stocked(planned)
    client, address = signed_in(planned), f"/e/{planned.event.slug}/resources/"
    assert b"Not levelled yet" in client.get(address).content
    assert client.post(f"{address}level/").status_code == 303
    assert b"is being levelled" in client.get(address).content
    level(planned)
    page = client.get(f"{address}?resource=gang").content.decode()
    assert "Gang is overloaded" in page and "80 unit-hours too many" in page and "load-capacity" in page
    assert "班组" in client.get(address, headers={"accept-language": "zh-hans"}).content.decode()
    before = dates(planned)
    told = client.post(f"{address}adopt/", {"number": "1"}, follow=True).content.decode()
    assert "nothing is published" in told and "is adopted into the draft" in told
    assert "before the levelling was adopted" in told and "is overloaded" not in told
    assert dates(planned) != before
    client.post(f"/e/{planned.event.slug}/book/undo/")
    assert dates(planned) == before


def test_the_page_takes_a_file_in_two_steps_and_keeps_what_was_typed(planned: Harbour) -> None:
    client, address = signed_in(planned), f"/e/{planned.event.slug}/resources/"
    given = SimpleUploadedFile("resources.json", json.dumps(BOOK).encode())
    looked = client.post(address, {"file": given})
    assert b"would replace the resources there are" in looked.content and not ResourceBook.objects.exists()
    hidden = {"name": "resources.json", "content": looked.context["checked"]["content"]}
    assert client.post(f"{address}take/", hidden).status_code == 303
    assert len(book_of(planned.event)["needs"]) == 3
    bad = client.post(address, {"file": SimpleUploadedFile("resources.json", b"[]")})
    assert b"cannot be taken" in bad.content
    typed = client.post(address, {"resource": "gang", "capacity": "lots"})
    assert b'value="lots"' in typed.content
    assert client.post(address, {"resource": "gang", "capacity": "7"}).status_code == 303
    assert book_of(planned.event)["resources"][0]["capacity"] == 7


def test_the_workbook_holds_what_the_page_shows(planned: Harbour) -> None:
    stocked(planned)
    found = level(planned)
    content = signed_in(planned).get(f"/e/{planned.event.slug}/resources/levelling.xlsx?resource=gang").content
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["Resources", "Worth", "What binds", "Gang", "Tasks moved"]
    assert [row[0].value for row in book["Tasks moved"].iter_rows(min_row=2)] == [row["key"] for row in found["moved"]]
    assert len(list(book["Gang"].rows)) == 1 + len(found["load"]["days"])


# The drawing -------------------------------------------------------


def day_of(day: int, capacity: float, before: float, after: float) -> dict[str, Any]:
    return {"date": date(2026, 9, day), "capacity": capacity, "before": before, "after": after}


def test_bars_stand_for_units_and_days_without_use_are_gaps() -> None:
    chart = load_chart([day_of(1, 2, 4, 2), day_of(2, 2, 1, 2), day_of(5, 3, 0, 1)], date(2026, 11, 5))
    assert chart is not None
    tall, second, last = chart["bars"]
    assert tall["height"] == second["height"] == pytest.approx(2 * last["height"], abs=0.02)
    assert last["x"] - second["x"] == pytest.approx(3 * (second["x"] - tall["x"]), abs=0.05)
    assert len(chart["over"]) == 1 and chart["over"][0]["height"] == pytest.approx(tall["height"], abs=0.02)
    assert chart["before"].count("M") == 2, "one outline before the gap, one after"
    assert chart["last"]["units"] == 3
    assert load_chart([], date(2026, 11, 5)) is None


def test_ticks_are_tenth_days_from_opening() -> None:
    days = [day_of(number, 2, 1, 1) for number in (1, 30)]
    chart = load_chart(days, date(2026, 11, 5))
    assert chart is not None
    assert [tick["label"] for tick in chart["ticks"]] == ["T−60", "T−50", "T−40"]
