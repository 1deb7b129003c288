"""Frozen checkpoints: kept as they stood, compared, and found out when somebody changes them."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.acts.frozen import ended
from tminus.desks.planning.models import FrozenCheckpoint
from tminus.platform import clock, jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, Job, RecordLine
from tminus.platform.registry import BadInput, Missing, ask, perform
from tminus.platform.ticker import tick


def freeze(harbour: Harbour, t: str = "T-0", who: str = "hq", note: str = "") -> Any:
    args = {"t": t, "note": note}
    return perform("planning.checkpoint.freeze", args, event=harbour.event, person=harbour.people[who])


def show(harbour: Harbour, number: int = 1, who: str = "hq") -> Any:
    return ask("planning.frozen.show", {"number": number}, event=harbour.event, person=harbour.people[who])


def compare(harbour: Harbour, number: int = 1, against: str = "now", who: str = "hq") -> Any:
    args = {"number": number, "against": against}
    return ask("planning.frozen.compare", args, event=harbour.event, person=harbour.people[who])


def set_clock(harbour: Harbour, at: datetime) -> None:
    ClockShift.objects.filter(event=harbour.event).update(event_from=at.replace(tzinfo=harbour.event.zone))


def finish(harbour: Harbour, key: str) -> None:
    done = task(harbour, key)
    done.actual_start, done.actual_finish, done.percent = done.planned_start, done.planned_finish, 100
    done.save()
    perform("planning.reschedule", {"policy": "as_planned"}, event=harbour.event, person=harbour.hq)


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_frozen_says_the_same_as_the_living_checkpoint_did(planned: Harbour) -> None:
    living = ask("planning.checkpoint", {"t": "T-0"}, event=planned.event, person=planned.hq)
    made = freeze(planned, note="Plenary")
    assert (made["number"], made["checkpoint"]) == (1, "T−0")
    frozen = show(planned)
    for name in ("due", "done", "at_risk", "failed", "verdict", "open_total", "met", "decide_total", "date", "t"):
        assert frozen[name] == living[name], name
    by_unit = {one["code"]: (one["due"], one["done"], one["failed"]) for one in living["by"]["unit"]}
    assert {one["code"]: (one["due"], one["done"], one["failed"]) for one in frozen["by"]["unit"]} == by_unit
    assert [item["row"]["key"] for item in frozen["open"]] == [item["row"]["key"] for item in living["open"]]
    assert sorted((item["kind"], item["row"]["key"]) for item in frozen["decide"]) == sorted(
        (item["kind"], item["row"]["key"]) for item in living["decide"]
    )
    assert (frozen["note"], frozen["frozen_by"], frozen["fault"]) == ("Plenary", planned.hq.name, "")


def test_frozen_stays_as_it_was_when_the_plan_goes_on(planned: Harbour) -> None:
    freeze(planned)
    before = show(planned)
    finish(planned, "R1")
    row = task(planned, "H1")
    row.name_en = "Renamed"
    row.save()
    after = show(planned)
    assert after["done"] == before["done"] == 0
    assert "First-aid posts" in {item["row"]["name"] for item in after["open"]}


def test_twice_at_the_same_instant_is_refused_and_nothing_kept(planned: Harbour) -> None:
    freeze(planned)
    with pytest.raises(BadInput, match=r"very instant already: no\. 1"):
        freeze(planned)
    assert FrozenCheckpoint.objects.count() == 1
    set_clock(planned, datetime(2026, 8, 17, 9, 2))
    assert freeze(planned)["number"] == 2


def test_freezing_warns_before_the_day_has_ended_and_long_after_it(planned: Harbour) -> None:
    assert any("not ended" in text for text in freeze(planned)["warnings"])
    set_clock(planned, datetime(2026, 11, 6, 0, 10))
    assert freeze(planned)["warnings"] == [], "the day after is the right moment"
    set_clock(planned, datetime(2026, 11, 9, 8))
    assert any("3 days ago" in text for text in freeze(planned)["warnings"])


def test_only_headquarters_freezes_and_only_what_is_a_checkpoint(planned: Harbour) -> None:
    for who in ("leader", "roads_head", "observer"):
        with pytest.raises(NotAllowed):
            freeze(planned, who=who)
    with pytest.raises(Missing, match="T−10"):
        freeze(planned, "T-71")
    with pytest.raises(BadInput):
        freeze(planned, "tomorrow")
    assert not FrozenCheckpoint.objects.exists()


def test_readers_see_their_own_part_and_only_whole_readers_get_the_document(planned: Harbour) -> None:
    freeze(planned)
    assert {item["row"]["key"] for item in show(planned, who="health_head")["open"]} <= {"H1", "H2"}
    everything = {item["row"]["key"] for item in show(planned, who="leader")["open"]}
    assert {item["row"]["key"] for item in show(planned, who="health_head")["open"]} < everything
    with pytest.raises(NotAllowed):
        ask("planning.frozen.document", {"number": 1}, event=planned.event, person=planned.health_head)
    changes = compare(planned, who="health_head")
    assert changes["totals"]["became_done"] == 0


def test_document_holds_no_name_of_a_person(planned: Harbour) -> None:
    freeze(planned)
    text = FrozenCheckpoint.objects.get().text
    for who in ("roads_head", "paver", "health_head"):
        person = planned.people[who]
        assert person.name_en not in text and f'"{person.username}"' not in text
    rows = {row["key"]: row for row in json.loads(text)["tasks"]}
    assert rows["R2"]["holder"] == planned.paver.pk
    assert show(planned)["by"]["person"], "yet the page names them"


def test_changed_document_row_signature_or_record_is_found_out(planned: Harbour) -> None:
    freeze(planned)
    kept = FrozenCheckpoint.objects.get()
    text = kept.text.replace('"failed":0', '"failed":1')
    assert text != kept.text
    FrozenCheckpoint.objects.update(text=text)
    assert show(planned)["fault"] == "document"
    # With a fitting fingerprint it still is not signed …
    digest = hashlib.sha256(text.encode()).hexdigest()
    FrozenCheckpoint.objects.update(sha256=digest)
    assert show(planned)["fault"] == "signature"
    # … and whoever has the key as well is found out by the record.
    from tminus.desks.planning.frozen.sealed import signature_of

    FrozenCheckpoint.objects.update(signature=signature_of(digest))
    assert show(planned)["fault"] == "record"
    set_clock(planned, datetime(2026, 8, 17, 9, 2))
    freeze(planned)
    checked = ask("planning.frozen.verify", event=planned.event, person=planned.hq)
    assert checked == {"whole": False, "checked": 2, "faults": [{"number": 1, "fault": "record"}]}
    page = signed_in(planned, "hq").get("/e/harbour/frozen/1/").content.decode()
    assert "The record does not know this document" in page
    assert signed_in(planned, "hq").get("/e/harbour/frozen/1/report.pdf").status_code == 404


def test_comparison_names_what_became_done_failed_moved_and_changed_hands(planned: Harbour) -> None:
    freeze(planned)
    finish(planned, "R1")
    moved = task(planned, "H2")
    assert moved.planned_finish is not None
    moved.planned_finish -= timedelta(days=3)
    moved.responsible = planned.health_head
    moved.save()
    perform("planning.reschedule", {"policy": "as_planned"}, event=planned.event, person=planned.hq)
    changes = compare(planned)
    assert [item["row"]["key"] for item in changes["changes"]["became_done"]] == ["R1"]
    assert [(item["row"]["key"], item["days"]) for item in changes["changes"]["moved"]] == [("H2", -3)]
    hands = [(one["before"], one["row"]) for one in changes["changes"]["changed_hands"]]
    assert [(was["responsible_name"], row["responsible_name"]) for was, row in hands] == [
        ("", planned.health_head.name)
    ]
    assert changes["totals"]["newly_failed"] == 0
    finish_was = task(planned, "H2").planned_finish
    assert finish_was is not None
    set_clock(planned, finish_was + timedelta(days=1))
    assert [item["row"]["key"] for item in compare(planned)["changes"]["newly_failed"]] == ["H2"]


def test_two_frozen_states_are_compared_from_the_earlier_to_the_later(planned: Harbour) -> None:
    freeze(planned)
    finish(planned, "R1")
    set_clock(planned, datetime(2026, 8, 18, 9))
    freeze(planned)
    for number, against in ((1, "2"), (2, "1")):
        found = compare(planned, number, against)
        assert (found["before"]["number"], found["after"]["number"]) == (1, 2)
        assert found["totals"]["became_done"] == 1
    with pytest.raises(Missing):
        compare(planned, 1, "9")
    with pytest.raises(BadInput, match="allowed: now or a number"):
        compare(planned, 1, "yesterday")


def test_clock_freezes_once_when_the_day_has_ended_and_not_when_told_so(planned: Harbour) -> None:
    set_clock(planned, datetime(2026, 10, 27, 0, 6))  # T−10 was on the 26th
    now = clock.now(planned.event)
    for _ in range(3):
        tick(planned.event, now)
    kept = FrozenCheckpoint.objects.get()
    assert (kept.day, kept.person) == (date(2026, 10, 26), None)
    line = RecordLine.objects.get(event=planned.event, code="planning.checkpoint.freeze_ended")
    assert (line.channel, line.after["sha256"]) == ("clock", kept.sha256)
    assert show(planned)["fault"] == ""
    perform("planning.checkpoint.automatic", {"on": False}, event=planned.event, person=planned.hq)
    set_clock(planned, datetime(2026, 11, 6, 0, 6))
    tick(planned.event, clock.now(planned.event))
    assert FrozenCheckpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "wanted"), [("2026-08-27", False), ("2026-08-28", True), ("2026-08-29", False), ("2026-11-06", True)]
)
def test_only_the_day_after_a_checkpoint_asks_for_it(planned: Harbour, day: str, wanted: bool) -> None:
    assert ended(planned.event, datetime.fromisoformat(f"{day}T00:10").replace(tzinfo=planned.event.zone)) is wanted


def test_pages_freeze_show_compare_and_print_in_both_languages(planned: Harbour) -> None:
    client = signed_in(planned, "hq")
    answer = client.post("/e/harbour/checkpoints/T-0/freeze/", {"note": "Plenary"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][1] == 303
    assert "Unchanged since it was frozen" in page and "Plenary" in page and "not ended" in page
    assert 'href="/e/harbour/frozen/1/"' in client.get("/e/harbour/checkpoints/T-0/").content.decode()
    assert 'href="/e/harbour/frozen/1/"' in client.get("/e/harbour/checkpoints/").content.decode()
    file = client.get("/e/harbour/frozen/1/document.json").content
    assert hashlib.sha256(file).hexdigest() == FrozenCheckpoint.objects.get().sha256
    finish(planned, "R1")
    assert "1 task became done" in client.get("/e/harbour/frozen/1/compare/").content.decode()
    pdf = client.get("/e/harbour/frozen/1/report.pdf").content
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages)
    assert "0 of 5 tasks due are done" in " ".join(text.split()), "as it stood, not as it stands"
    book = load_workbook(BytesIO(client.get("/e/harbour/frozen/1/report.xlsx").content))
    assert any("SHA-256" in str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)
    client.cookies["django_language"] = "zh-hans"
    for address in ("frozen/1/", "frozen/1/compare/", "checkpoints/T-0/"):
        chinese = client.get(f"/e/harbour/{address}").content.decode()
        for english in ("Unchanged since", "frozen no.", "Frozen by", "What changed", "became done", "Freeze it now"):
            assert english not in chinese, (address, english)


def test_page_cost_does_not_grow_with_the_plan(planned: Harbour, django_assert_max_num_queries: Any) -> None:
    from tminus.desks.planning.models import Task

    model = task(planned, "R2")
    Task.objects.bulk_create(
        Task(
            event=planned.event, key=f"X{n}", position=100 + n, name_en=f"Extra {n}", unit=model.unit, area=model.area,
            planned_start=model.planned_start, planned_finish=model.planned_finish, responsible=planned.paver,
        )
        for n in range(200)
    )  # fmt: skip
    perform("planning.reschedule", {"policy": "alap_total"}, event=planned.event, person=planned.hq)
    freeze(planned)
    client = signed_in(planned, "hq")
    for address in ("frozen/1/", "frozen/1/compare/"):
        with django_assert_max_num_queries(30):
            assert client.get(f"/e/harbour/{address}").status_code == 200


def test_observer_and_stranger_see_nothing(planned: Harbour) -> None:
    freeze(planned)
    assert signed_in(planned, "observer").get("/e/harbour/frozen/1/").status_code == 403
    assert signed_in(planned, "stranger").get("/e/harbour/frozen/1/").status_code == 404
    assert signed_in(planned, "hq").get("/e/harbour/frozen/7/").status_code == 404


def test_a_large_plan_is_frozen_by_a_job_and_only_once(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tminus.desks.planning.acts.frozen.AT_ONCE", 3)
    went = signed_in(planned, "hq").post("/e/harbour/checkpoints/T-0/freeze/", {"note": "Plenary"})
    started = Job.objects.get()
    assert went["Location"] == f"/e/harbour/jobs/{started.pk}/"
    assert not FrozenCheckpoint.objects.exists()
    done = jobs.run(started.pk)
    assert (done.state, done.result["number"]) == ("done", 1), done.error
    frozen = FrozenCheckpoint.objects.get()
    assert (frozen.note, frozen.person) == ("Plenary", planned.hq)
    assert show(planned)["fault"] == ""
    with pytest.raises(BadInput, match="at this very instant already"):
        freeze(planned)
    lines = RecordLine.objects.filter(code__startswith="planning.checkpoint").order_by("seq")
    assert list(lines.values_list("code", flat=True)) == [
        "planning.checkpoint.freeze_started",
        "planning.checkpoint.freeze",
    ]
