"""What was counted, asked for: by slot and service day, on the site today, as the engine's panel; unknown is not 0."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client

from tests.desks.passengers.counters import T0, new_counter, totals
from tests.harbour import Harbour
from tminus.desks.passengers.adapter import counted, panel_of
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter, CountsFile
from tminus.desks.passengers.slot_tables import slots_of
from tminus.engines.forecast import ForecastError
from tminus.platform.access import NotAllowed
from tminus.platform.models import Event
from tminus.platform.registry import BadInput, ask, perform

DAY = date(2026, 8, 17)
EIGHT = 16
"""The slot of the service day that begins at 08:00."""


def minutes(counter: Counter, first: int, n: int, ins: int, outs: int = 0) -> None:
    """One reading a minute for ``n`` minutes from ``first`` minutes after 08:00."""
    store({counter: [Given(T0 + 60 * (first + k), -1, ins, outs) for k in range(n)]}, T0)


def test_the_panel_has_what_was_counted_and_nan_where_nothing_is_known(planned: Harbour) -> None:
    one, other = new_counter(planned.event), new_counter(planned.event, "h1", node="hall-1")
    minutes(one, 0, 45, 2, 1)
    minutes(other, 15, 15, 4)
    panel = panel_of(planned.event, [DAY - timedelta(days=1), DAY])
    assert panel.values.shape == (2, 96, 2, 2) and panel.nodes == ("gate-1", "hall-1")
    assert (panel.first_minute, panel.slot_minutes, panel.days[1].day) == (240, 15, DAY)
    assert panel.values[1, EIGHT : EIGHT + 3, 0].tolist() == [[30, 15]] * 3
    assert panel.values[1, EIGHT + 1, 1].tolist() == [60, 0]
    known = np.isfinite(panel.values)
    assert known.sum() == (3 + 1) * 2 and not known[0].any()
    assert panel_of(planned.event, [DAY], ["hall-1"]).values.shape == (1, 96, 1, 2)


def test_a_node_is_not_known_while_one_of_its_counters_is_silent(planned: Harbour) -> None:
    one, other = new_counter(planned.event), new_counter(planned.event, "g2")
    minutes(one, 0, 60, 1)
    minutes(other, 15, 15, 1)
    minutes(other, 45, 15, 1)
    found = counted(planned.event, [DAY])
    flows = found.panel.values[0, EIGHT : EIGHT + 4, 0, 0]
    assert flows[[0, 1, 3]].tolist() == [15, 30, 30], "not in use before its first reading"
    assert np.isnan(flows[2])
    assert any("g2 is not known in" in gap for gap in found.gaps)
    other.retired_at = datetime.fromtimestamp(T0 + 1800, UTC)
    other.save()
    flows = panel_of(planned.event, [DAY]).values[0, EIGHT : EIGHT + 4, 0, 0]
    assert flows.tolist() == [15, 30, 15, 15]


def test_a_few_missing_minutes_are_as_the_others_and_many_are_not_known(planned: Harbour) -> None:
    one = new_counter(planned.event)
    minutes(one, 0, 12, 5)
    minutes(one, 15, 11, 5)
    flows = panel_of(planned.event, [DAY]).values[0, EIGHT : EIGHT + 2, 0, 0]
    assert flows[0] == 75 and np.isnan(flows[1])


def test_channels_nobody_counts_are_nan_and_longer_slots_are_sums(planned: Harbour) -> None:
    minutes(new_counter(planned.event, channels="in"), 0, 60, 1)
    panel = panel_of(planned.event, [DAY], slot_minutes=60)
    assert panel.slots == 24
    assert panel.values[0, 4, 0, 0] == 60 and np.isnan(panel.values[0, :, 0, 1]).all()
    for bad in (0, 7, 45 * 7):
        with pytest.raises(ForecastError):
            panel_of(planned.event, [DAY], slot_minutes=bad)


def test_service_days_when_clocks_change() -> None:
    event = Event(timezone="Europe/Berlin")
    forward, back = slots_of(date(2026, 3, 28), event.zone), slots_of(date(2026, 10, 24), event.zone)
    assert (forward[:, 0] == -1).sum() == 4 and (back[:, 1] != -1).sum() == 4
    plain = slots_of(DAY, event.zone)
    assert np.diff(plain[:, 0]).tolist() == [1] * 95 and (plain[:, 1] == -1).all()
    assert sorted({*back[:, 0], *back[back[:, 1] != -1][:, 1]}) == list(range(back[0, 0], back[0, 0] + 100))


def test_today_says_who_is_on_the_site_and_how_old_that_is(planned: Harbour) -> None:
    gate = new_counter(planned.event, edge=True)
    hall = new_counter(planned.event, "h1", node="hall-1")
    minutes(gate, -15, 70, 10, 3)  # 07:45 … 08:55; it is 09:00
    minutes(hall, 0, 50, 99)
    store({gate: [Given(T0 - 5 * 3600, -1, 77, 0)]}, T0)  # 03:00 belongs to the day before
    found = ask("passengers.today", event=planned.event, person=planned.hq)
    assert (found["entries"], found["exits"], found["inside"], found["peak"]) == (700, 210, 490, 490)
    assert (found["until"].hour, found["until"].minute, found["age_min"], found["silent"]) == (8, 55, 5, [])
    assert [gate["node"] for gate in found["gates"]] == ["gate-1"]
    assert sum(slot["in"] for slot in found["slots"]) == 700


def test_when_all_are_silent_the_figures_still_say_until_when_they_reach(planned: Harbour) -> None:
    minutes(new_counter(planned.event, edge=True), 0, 10, 1)
    minutes(new_counter(planned.event, "g2", edge=True), 0, 20, 1)
    new_counter(planned.event, "g3", edge=True)
    found = ask("passengers.today", event=planned.event, person=planned.hq)
    assert found["silent"] == ["g1", "g2", "g3"]
    assert (found["until"].hour, found["until"].minute, found["age_min"]) == (8, 20, 40)


def test_who_sends_everything_twice_counts_once_and_is_named(planned: Harbour) -> None:
    gate = new_counter(planned.event, edge=True)
    store({gate: [Given(T0 + 60 * k + twice, -1, 6, 0) for k in range(60) for twice in (0, 1)]}, T0)
    found = ask("passengers.today", event=planned.event, person=planned.hq)
    assert found["entries"] == pytest.approx(360, abs=12)
    assert found["gates"][0]["amiss"] == ["g1"]


def health(planned: Harbour) -> dict[str, str]:
    rows = ask("passengers.counters", {"retired": True}, event=planned.event, person=planned.hq)["counters"]
    return {row["code"]: row["state"] for row in rows}


def test_health_tells_each_fault_apart(planned: Harbour) -> None:
    kinds = {
        "good": [(60 - k, k % 7) for k in range(60, 0, -1)],
        "silent": [(k, 1) for k in range(20)],
        "stuck": [(k, 4) for k in range(20, 60)],
        "still": [(k, 0) for k in range(60)],
    }
    for code, rows in kinds.items():
        counter = new_counter(planned.event, code)
        store({counter: [Given(T0 + 60 * k, -1, n, 0) for k, n in rows]}, T0)
    double = new_counter(planned.event, "double")
    store({double: [Given(T0 + 60 * k + d, -1, k % 5, 0) for k in range(60) for d in (0, 2)]}, T0)
    meter = new_counter(planned.event, "meter", kind="cumulative")
    store({meter: [Given(T0 + 60 * k, -1, k if k < 30 else k - 30, 0) for k in range(60)]}, T0)
    new_counter(planned.event, "never")
    ahead = new_counter(planned.event, "ahead")
    store({ahead: [Given(T0 + 3600 + 300, -1, 1, 1)]}, T0)
    new_counter(planned.event, "gone", retired_at=datetime(2026, 8, 2, tzinfo=UTC))
    assert health(planned) == {
        "good": "sending", "silent": "silent", "stuck": "stuck", "still": "still", "double": "double",
        "meter": "reset", "never": "never", "ahead": "ahead", "gone": "retired",
    }  # fmt: skip


def hand_in(planned: Harbour, text: str, name: str = "counts.csv") -> dict[str, Any]:
    file = {"name": name, "content": base64.b64encode(text.encode()).decode()}
    return dict(perform("passengers.counts.read", {"file": file}, event=planned.event, person=planned.hq))


def test_a_table_is_looked_at_before_it_is_counted(planned: Harbour) -> None:
    counter = new_counter(planned.event)
    minutes(counter, 0, 1, 5)
    rows = "时间,计数器,进,出\n"
    rows += "".join(f"2026-08-17 08:0{row}\n" for row in ("0,g1,5,0", "1,g1,7,1", "2,g9,1,1", "0,g1,6,0"))
    found = hand_in(planned, rows)
    assert (found["new"], found["corrected"], found["known"], found["refused"]) == (1, 1, 1, 1)
    assert found["problems"][0]["line"] == 4 and found["problems"][0]["field"] == "counter"
    assert totals(counter) == (5, 0), "nothing is counted yet"
    done = perform("passengers.counts.apply", {"file": found["file"]}, event=planned.event, person=planned.hq)
    assert (done["new"], done["corrected"], totals(counter)) == (1, 1, (13, 1))
    with pytest.raises(BadInput, match="taken already"):
        perform("passengers.counts.apply", {"file": found["file"]}, event=planned.event, person=planned.hq)


@pytest.mark.parametrize(
    ("name", "text"), [("x.csv", "a,b\n1,2\n"), ("x.csv", "  "), ("x.xlsx", "no workbook"), ("x.csv", "")]
)
def test_a_table_that_is_none_is_one_clear_error(planned: Harbour, name: str, text: str) -> None:
    with pytest.raises(BadInput):
        hand_in(planned, text, name)
    assert not CountsFile.objects.exists()


def test_a_large_table_is_looked_at_and_taken_by_jobs(planned: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    from tminus.desks.passengers.acts import files
    from tminus.platform import jobs

    monkeypatch.setattr(files, "AT_ONCE_BYTES", 10)
    counter = new_counter(planned.event)
    found = hand_in(planned, "time,counter,in,out\n2026-08-17 08:00,g1,5,0\n")
    with pytest.raises(BadInput, match="still being looked at"):
        perform("passengers.counts.apply", {"file": found["file"]}, event=planned.event, person=planned.hq)
    assert jobs.run(found["job"]).result == {"new": 1, "corrected": 0, "known": 0, "refused": 0}
    done = perform("passengers.counts.apply", {"file": found["file"]}, event=planned.event, person=planned.hq)
    assert totals(counter) == (0, 0)
    assert jobs.run(done["job"]).result["new"] == 1
    assert totals(counter) == (5, 0)


def test_readings_are_taken_by_act_and_asked_for_by_query(planned: Harbour) -> None:
    minutes(new_counter(planned.event), 0, 14, 1)
    rows = [{"counter": "g1", "time": "2026-08-17T08:14:00+08:00", "in": 6, "out": 1}, {"counter": "g1"}]
    done = perform("passengers.counts.take", {"readings": rows}, event=planned.event, person=planned.hq)
    assert done["new"] == 1 and [one["field"] for one in done["refused"]] == ["time"]
    found = ask("passengers.counts", event=planned.event, person=planned.hq)
    assert found["rows"] == [{"time": "2026-08-17T08:00", "node": "gate-1", "in": 20, "out": 1}]
    for bad in ({"nodes": "nowhere"}, {"first": "2026-08-17", "last": "2026-08-01"}, {"slot_minutes": 50}):
        with pytest.raises(BadInput, match="allowed"):
            ask("passengers.counts", bad, event=planned.event, person=planned.hq)


def test_only_headquarters_changes_counters_and_counts(planned: Harbour) -> None:
    for who in ("leader", "roads_head", "observer", "admin"):
        for code, args in (
            ("passengers.counter.add", {"code": "g1", "node": "gate-1"}),
            ("passengers.counts.take", {"readings": [{}]}),
            ("passengers.counts.sum_up", {}),
        ):
            with pytest.raises(NotAllowed):
                perform(code, args, event=planned.event, person=planned.people[who])
    with pytest.raises(NotAllowed):
        ask("passengers.today", event=planned.event, person=planned.observer)


@pytest.mark.parametrize(
    "bad",
    [{"code": "a b"}, {"most_per_min": 10_001}, {"node": "nowhere"}, {"every_s": 7}, {"every_s": 3601}, {"code": "g1"}],
)
def test_a_counter_that_cannot_be_is_refused(planned: Harbour, bad: dict[str, Any]) -> None:
    new_counter(planned.event)
    with pytest.raises(BadInput):
        perform(
            "passengers.counter.add", {"code": "g2", "node": "gate-1", **bad}, event=planned.event, person=planned.hq
        )


def test_pages_say_what_to_do_next_and_show_a_key_once(planned: Harbour, tmp_path: Path) -> None:
    client = Client()
    client.force_login(planned.hq, backend="django.contrib.auth.backends.ModelBackend")
    assert "Add the counters at the gates" in client.get("/e/harbour/today/").content.decode()
    assert "No counters yet" in client.get("/e/harbour/counters/").content.decode()
    form = {
        "code": "g1",
        "node": "gate-1",
        "channels": "both",
        "kind": "interval",
        "every_s": "60",
        "most_per_min": "500",
    }
    made = client.post("/e/harbour/counters/", {**form, "edge": "true"}).content.decode()
    key = made.split('class="secret">')[1].split("<")[0]
    again = client.get("/e/harbour/counters/").content.decode()
    assert key not in again and "never heard" in again
    assert client.post("/e/harbour/counters/", form).status_code == 422
    sent = Client().post(
        "/counts/", {"time": "2026-08-17T08:50:00+08:00", "in": 41, "out": 2}, "application/json",
        headers={"X-Counter-Key": key},
    )  # fmt: skip
    assert sent.status_code == 200
    today = client.get("/e/harbour/today/").content.decode()
    assert "41" in today and "Gate 1" in today
    assert client.get("/e/harbour/today/now.json").json()["seq"] > 0
    one = client.get("/e/harbour/counters/c/g1/").content.decode()
    assert "08:50:00" in one and "<polyline" in one
    for act in ("retire", "restore", "change"):
        assert client.post(f"/e/harbour/counters/c/g1/{act}/", {**form, "edge": "false"}).status_code == 303
    assert Counter.objects.get().edge is False
    other = client.post("/e/harbour/counters/c/g1/").content.decode()
    assert 'class="secret">' in other and key not in other
    text = "time,counter,in,out\n2026-08-17 08:51,g1,5,0\nx,g1,1,1\n"
    there = client.post("/e/harbour/counters/import/", {"pasted": text})
    assert there.status_code == 303
    assert "Count these readings" in client.get(there["Location"]).content.decode()
    assert client.post(f"{there['Location']}take/").status_code == 303
    assert "counted" in client.get("/e/harbour/counters/import/").content.decode()
    assert client.get("/e/harbour/counters/export.csv").status_code == 200
    client.cookies["django_language"] = "zh-hans"
    for address in ("today/", "counters/", "counters/c/g1/", "counters/import/"):
        assert client.get(f"/e/harbour/{address}").status_code == 200
