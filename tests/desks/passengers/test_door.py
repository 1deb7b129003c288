"""The counters' own door: a key opens it, good lines are kept, each bad line has its one error, nothing is doubled."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.passengers.counters import T0, new_counter, state, totals
from tests.harbour import Harbour, build_harbour
from tminus.desks.passengers import door
from tminus.desks.passengers.intake.throttle import Throttle
from tminus.desks.passengers.models import Counter, IntakeTally, RefusedReading
from tminus.platform.models import RecordLine
from tminus.platform.registry import perform


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BATCHES", Throttle(120))
    monkeypatch.setattr(door, "WRONG_KEYS", Throttle(30))


def add(harbour: Harbour, code: str = "g1", **more: Any) -> str:
    args = {"code": code, "node": "gate-1", **more}
    return str(perform("passengers.counter.add", args, event=harbour.event, person=harbour.hq)["key"])


def send(key: str, body: Any, **headers: str) -> Any:
    content = body if isinstance(body, str) else json.dumps(body)
    return Client().post("/counts/", content, "application/json", headers={"X-Counter-Key": key, **headers})


READING = {"time": "2026-08-17T08:00:00+08:00", "in": 12, "out": 3, "seq": 1}


def test_one_reading_is_taken_once_however_often_it_is_sent(planned: Harbour) -> None:
    key = add(planned)
    assert send(key, READING).json() == {"new": 1, "corrected": 0, "known": 0, "refused": []}
    assert send(key, READING).json() == {"new": 0, "corrected": 0, "known": 1, "refused": []}
    assert totals(Counter.objects.get()) == (12, 3)


@pytest.mark.parametrize("body", [READING, [READING], {"readings": [READING]}, json.dumps(READING) + "\n\n"])
def test_each_form_of_a_batch_is_the_same(planned: Harbour, body: Any) -> None:
    assert send(add(planned), body).json()["new"] == 1


def test_times_without_an_offset_are_the_events_own(planned: Harbour) -> None:
    key = add(planned)
    send(key, READING)
    assert send(key, {**READING, "time": "2026-08-17 08:00"}).json()["known"] == 1


def test_good_lines_are_kept_and_each_bad_one_has_its_error(planned: Harbour) -> None:
    key = add(planned)
    bad = [
        ("time", {**READING, "time": "soon"}),
        ("time", {**READING, "time": "2026-08-17T23:00:00+08:00"}),  # it is 09:00
        ("in", {**READING, "in": -1}),
        ("in", {**READING, "in": 1001}),
        ("out", {**READING, "out": 2.5}),
        ("out", {"time": READING["time"], "in": 1}),
        ("seq", {**READING, "seq": "x"}),
        ("counter", {**READING, "counter": "g2"}),
        ("in", {**READING, "in": True}),
        ("in", {**READING, "in": float("inf")}),
    ]
    lines = [json.dumps(line) for _, line in bad] + ["{not json", "7", json.dumps(READING)]
    answer = send(key, "\n".join(lines))
    assert answer.status_code == 200
    refused = answer.json()["refused"]
    assert [one["field"] for one in refused] == [field for field, _ in bad] + ["line", "line"]
    assert [one["line"] for one in refused] == list(range(1, 13))
    assert all("allowed:" in one["message"] for one in refused)
    assert totals(Counter.objects.get()) == (12, 3)
    assert RefusedReading.objects.count() == 12
    assert "soon" in RefusedReading.objects.last().line  # type: ignore[union-attr]


def test_a_batch_of_which_nothing_can_be_taken_is_422(planned: Harbour) -> None:
    assert send(add(planned), "nonsense").status_code == 422


@pytest.mark.parametrize(
    "body", ["\x00", '"\\ud800"', "[" * 100_000, "9" * 5000, '{"time": {}, "in": [], "out": null}', ""]
)
def test_hostile_bodies_are_refused_in_words(planned: Harbour, body: str) -> None:
    answer = send(add(planned), body)
    assert answer.status_code in {200, 422}
    assert totals(Counter.objects.get()) == (0, 0)


def test_a_channel_that_is_not_counted_is_refused_unless_nothing(planned: Harbour) -> None:
    key = add(planned, channels="in")
    assert send(key, {"time": READING["time"], "in": 4}).json()["new"] == 1
    assert send(key, READING).json()["refused"][0]["field"] == "out"


@pytest.mark.parametrize("key", ["", "wrong", ",", "x" * 5000])
def test_wrong_keys_open_nothing(planned: Harbour, key: str) -> None:
    add(planned)
    assert send(key, READING).status_code == 401


def test_a_gateway_sends_for_several_counters_of_one_event(planned: Harbour) -> None:
    keys = [add(planned, "g1"), add(planned, "g2")]
    rows = [{**READING, "counter": code} for code in ("g1", "g2", "g2", "g3")] + [READING]
    answer = send(", ".join(keys), rows).json()
    assert (answer["new"], answer["known"], [one["field"] for one in answer["refused"]]) == (2, 1, ["counter"] * 2)
    other = build_harbour("elsewhere")
    new_counter(other.event, "foreign")
    assert send(f"{keys[0]},foreign", READING).status_code == 401, "one wrong key and nothing is taken"


def test_another_key_shuts_the_old_one_out_and_a_retired_counter_sends_nothing(planned: Harbour) -> None:
    old = add(planned)
    new = perform("passengers.counter.new_key", {"code": "g1"}, event=planned.event, person=planned.hq)["key"]
    assert (send(old, READING).status_code, send(new, READING).status_code) == (401, 200)
    perform("passengers.counter.retire", {"code": "g1"}, event=planned.event, person=planned.hq)
    assert send(new, READING).status_code == 401
    perform("passengers.counter.restore", {"code": "g1"}, event=planned.event, person=planned.hq)
    assert send(new, READING).json()["known"] == 1
    planned.event.archived = True
    planned.event.save()
    assert send(new, READING).status_code == 401


def test_throttled_by_counter_and_by_wrong_keys(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BATCHES", Throttle(2))
    monkeypatch.setattr(door, "WRONG_KEYS", Throttle(3))
    key, other = add(planned), add(planned, "g2")
    assert [send(key, READING).status_code for _ in range(3)] == [200, 200, 429]
    assert send(other, READING).status_code == 200
    assert 0 < int(send(key, READING)["Retry-After"]) <= 60
    assert [send("wrong", READING).status_code for _ in range(4)] == [401, 401, 401, 429]
    assert send(other, READING).status_code == 200, "wrong keys shut nobody else out"


def test_too_much_at_once_and_other_methods(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    key = add(planned)
    assert Client().get("/counts/").status_code == 405
    monkeypatch.setattr(door, "MOST_LINES", 2)
    assert send(key, [READING] * 3).status_code == 413
    monkeypatch.setattr(door, "MOST_BYTES", 10)
    assert send(key, READING).status_code == 413


def test_no_session_is_opened_and_only_the_hash_of_the_key_is_kept(planned: Harbour) -> None:
    key = add(planned)
    assert not send(key, READING).cookies
    kept = json.dumps([vars(one) for one in Counter.objects.all()], default=str)
    said = json.dumps([[line.before, line.after] for line in RecordLine.objects.all()])
    assert key not in kept and key not in said


def test_the_record_has_a_line_an_hour_not_one_a_batch(planned: Harbour) -> None:
    key = add(planned)
    lines = RecordLine.objects.count()
    for n in range(5):
        send(key, [{**READING, "time": f"2026-08-17T08:0{n}:00+08:00"}, {"time": "never"}])
    assert RecordLine.objects.count() == lines
    IntakeTally.objects.update(since=timezone.now() - timedelta(hours=2))
    send(key, READING)
    line = RecordLine.objects.get(code="passengers.counts.sum_up")
    assert {name: line.after[name] for name in ("batches", "new", "known", "refused")} == {
        "batches": 6, "new": 5, "known": 1, "refused": 5,
    }  # fmt: skip
    assert (line.actor, line.channel) == (None, "counters")
    assert IntakeTally.objects.get().batches == 0


def test_refused_lines_are_kept_up_to_a_few_hundred(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    from tminus.desks.passengers.intake import receive

    monkeypatch.setattr(receive, "KEPT_REFUSALS", 5)
    key = add(planned)
    send(key, "a\nb\nc\nd")
    send(key, "e\nf\ng")
    assert [row.line[-1] for row in RefusedReading.objects.all()] == list("gfedc")


def test_changing_what_readings_mean_counts_them_anew(planned: Harbour) -> None:
    key = add(planned)
    send(key, [{**READING, "in": 100}, {**READING, "in": 130, "time": "2026-08-17T08:05:00+08:00"}])
    counter = Counter.objects.get()
    assert totals(counter) == (230, 6)
    before = state(counter)[0]
    perform("passengers.counter.change", {"code": "g1", "kind": "cumulative"}, event=planned.event, person=planned.hq)
    assert totals(counter) == (30, 0) and state(counter)[0] == before
    assert T0 // 3600 in before
