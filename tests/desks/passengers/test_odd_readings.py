"""Readings that are totals, or everybody twice, are told on Counters and Today and not believed until told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.desks.passengers.counters import T0, new_counter
from tests.desks.passengers.counters import totals as counted
from tests.desks.passengers.test_forecasts import act, show, signed_in
from tests.desks.passengers.test_live_forecasts import keep_hour
from tests.desks.passengers.test_watching import NOW
from tests.desks.passengers.test_watching import open_day as open_day
from tests.harbour import Harbour
from tminus.desks.passengers.forecasting import watching
from tminus.desks.passengers.intake.blocks import Reading
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter
from tminus.desks.passengers.odd_readings import odd_now, odd_of
from tminus.platform.registry import BadInput

Figures = Callable[[np.ndarray], np.ndarray]
BEGIN = datetime(2026, 11, 6, 8, 30)


def plain(counts: np.ndarray) -> np.ndarray:
    return counts


def twice(counts: np.ndarray) -> np.ndarray:
    return 2 * counts


def totals(counts: np.ndarray) -> np.ndarray:
    return np.asarray(100 + np.cumsum(counts, axis=0))


def counts_of(seed: int) -> np.ndarray:
    """[reading, channel] of three hours, a reading every five minutes."""
    random = np.random.default_rng(seed)
    return np.stack([random.poisson(60, 36), random.poisson(6, 36)], axis=1)


def send(harbour: Harbour, code: str, figures: np.ndarray) -> None:
    counter = Counter.objects.get(event=harbour.event, code=code)
    begin = int(BEGIN.replace(tzinfo=harbour.event.zone).timestamp())
    store({counter: [Given(begin + 300 * n, -1, int(a), int(b)) for n, (a, b) in enumerate(figures)]}, begin)


def gates(harbour: Harbour, first: Figures) -> None:
    for number, (code, node) in enumerate((("g1", "gate-1"), ("g2", "gate-2"))):
        new_counter(harbour.event, code, node=node, edge=True, every_s=300, key_hash=code)
        send(harbour, code, (first if code == "g1" else plain)(counts_of(number)))


@pytest.mark.parametrize(("figures", "kind"), [(totals, "totals"), (twice, "doubled"), (plain, None)])
def test_counters_and_today_tell_it_and_do_not_believe_it(
    open_day: Harbour, figures: Figures, kind: str | None
) -> None:
    gates(open_day, figures)
    (row,) = [one for one in show(open_day, "passengers.counters")["counters"] if one["code"] == "g1"]
    assert row["state"] == (kind or "sending")
    found = show(open_day, "passengers.today")
    assert [one["kind"] for one in found["left_out"]] == ([kind] if kind else [])
    persons = {gate["node"]: gate["in"] for gate in found["gates"]}
    assert persons["gate-2"] == counts_of(1)[:, 0].sum()
    assert persons["gate-1"] == (0 if kind else counts_of(0)[:, 0].sum())
    client = signed_in(open_day)
    pages = [
        client.get(f"/e/harbour/{address}").content.decode() for address in ("counters/", "today/", "counters/c/g1/")
    ]
    words = {"totals": "sends totals that grow", "doubled": "all its figures are even"}
    for page in pages:
        assert (words[kind] in page) if kind else not any(word in page for word in words.values())


@pytest.mark.parametrize(("figures", "kind"), [(totals, "running_total"), (twice, "double_counting")])
def test_the_day_is_watched_without_it(open_day: Harbour, figures: Figures, kind: str) -> None:
    gates(open_day, figures)
    found = show(open_day, "passengers.forecast.today")
    rows = {row["node"]: row for row in found["gates"]}
    assert rows["gate-1"]["counted"] is None and rows["gate-2"]["counted"] is not None
    told = [(one["kind"], one["node"], one["from"], one["until"]) for one in found["alarms"] if one["node"] == "gate-1"]
    assert (kind, "gate-1", "08:30", "11:30") in told and "silent" not in {one[0] for one in told}
    keep_hour(open_day, datetime.combine(NOW.date(), datetime.min.time()) + timedelta(hours=11, minutes=5))
    today = show(open_day, "passengers.today")
    instead = next(one for one in today["doubtful"] if one["channel"] == "in")
    assert instead["counted"] > 0 and today["left_out"] == []
    (gate,) = [one for one in today["gates"] if one["node"] == "gate-1"]
    assert gate["in"] == pytest.approx(instead["instead"] * 12 / 10, rel=0.25), "and goes on until now"


def test_told_that_it_is_a_meter_all_it_sent_is_counted(open_day: Harbour) -> None:
    gates(open_day, totals)
    act(open_day, "passengers.counter.change", {"code": "g1", "kind": "cumulative"})
    watching._AT_HAND.clear()
    found = show(open_day, "passengers.today")
    (gate,) = [one for one in found["gates"] if one["node"] == "gate-1"]
    assert gate["in"] == counts_of(0)[1:, 0].sum() and found["left_out"] == []


def test_told_that_figures_are_right_they_are_believed_until_told_otherwise(open_day: Harbour) -> None:
    gates(open_day, twice)
    client = signed_in(open_day)
    for name, believed in (("believe", True), ("doubt", False)):
        client.post(f"/e/harbour/counters/c/g1/{name}/")
        found: Any = show(open_day, "passengers.today")
        assert (found["left_out"] == []) == believed
        (gate,) = [one for one in found["gates"] if one["node"] == "gate-1"]
        assert gate["in"] == (2 * counts_of(0)[:, 0].sum() if believed else 0)


def halved_gate(harbour: Harbour) -> tuple[int, Any]:
    """Persons Today says came in at gate-1, and what it says besides."""
    watching._AT_HAND.clear()
    found: Any = show(harbour, "passengers.today")
    (gate,) = [one for one in found["gates"] if one["node"] == "gate-1"]
    return gate["in"], found


def test_told_that_it_saw_everybody_twice_it_counts_half_until_undone(open_day: Harbour) -> None:
    gates(open_day, twice)
    client, once = signed_in(open_day), counts_of(0)[:, 0].sum()
    page = client.get("/e/harbour/counters/c/g1/").content.decode()
    assert "count half from 08:30 on" in page
    told = show(open_day, "passengers.counter", {"code": "g1"})["odd"]["from"].isoformat()
    client.post("/e/harbour/counters/c/g1/halve/", {"begin": told})
    persons, found = halved_gate(open_day)
    assert persons == once and found["left_out"] == [] and not found["doubtful"]
    one = show(open_day, "passengers.counter", {"code": "g1"})
    assert one["state"] == "sending" and all(row["half"] for row in one["readings"]), "the readings are as they came"
    assert one["readings"][0]["in"] == 2 * counts_of(0)[-1, 0]
    alarms = show(open_day, "passengers.forecast.today")["alarms"]
    assert not [one for one in alarms if one["kind"] == "double_counting"]
    for address in ("counters/", "counters/c/g1/", "record/"):
        assert "ounts half" in client.get(f"/e/harbour/{address}").content.decode()
    client.post("/e/harbour/counters/c/g1/whole/", {"begin": told})
    persons, found = halved_gate(open_day)
    assert persons == 0 and [one["code"] for one in found["left_out"]] == ["g1"], "doubled again, and not believed"
    assert show(open_day, "passengers.counter", {"code": "g1"})["halved"] == []


def test_what_the_hour_found_doubled_before_it_was_told_is_not_halved_once_more(open_day: Harbour) -> None:
    gates(open_day, twice)
    keep_hour(open_day, datetime.combine(NOW.date(), datetime.min.time()) + timedelta(hours=11, minutes=5))
    assert halved_gate(open_day)[1]["doubtful"]
    act(open_day, "passengers.counter.halve", {"code": "g1", "begin": "2026-11-06T08:30"})
    persons, found = halved_gate(open_day)
    assert persons == counts_of(0)[:, 0].sum() and found["doubtful"] == []


def test_only_readings_of_the_time_told_count_half_however_they_come(open_day: Harbour) -> None:
    gates(open_day, twice)
    act(open_day, "passengers.counter.halve", {"code": "g1", "begin": "2026-11-06T09:00", "until": "2026-11-06T10:00"})
    act(open_day, "passengers.counter.believe", {"code": "g1"})
    counts = counts_of(0)[:, 0]
    wanted = 2 * counts.sum() - counts[6:18].sum()
    assert halved_gate(open_day)[0] == wanted
    send(open_day, "g1", twice(counts_of(0)))
    assert halved_gate(open_day)[0] == wanted, "delivered again"
    begin = int(BEGIN.replace(tzinfo=open_day.event.zone).timestamp())
    store({Counter.objects.get(code="g1"): [Given(begin + 300 * 7, 1, 101, 0)]}, begin)
    assert halved_gate(open_day)[0] == wanted - counts[7] + 50, "a correction counts half too"


@pytest.mark.parametrize(
    ("begin", "until", "field"),
    [("2026-11-06T09:00", "2026-11-06T09:00", "until"), ("2026-11-06T07:00", "2026-11-06T08:31", "begin"),
     ("2026-11-06T12:00", None, "begin")],
)  # fmt: skip
def test_halves_that_cannot_be_are_one_clear_error(
    open_day: Harbour, begin: str, until: str | None, field: str
) -> None:
    gates(open_day, twice)
    act(open_day, "passengers.counter.halve", {"code": "g1", "begin": "2026-11-06T08:30"})
    with pytest.raises(BadInput) as caught:
        act(open_day, "passengers.counter.halve", {"code": "g1", "begin": begin, "until": until})
    assert caught.value.field == field
    with pytest.raises(BadInput, match="no halves begin at"):
        act(open_day, "passengers.counter.whole", {"code": "g1", "begin": "2026-11-06T08:31"})


def test_a_meters_differences_count_half_too(planned: Harbour) -> None:
    meter = new_counter(planned.event, "m", kind="cumulative", halved=[[T0 + 600, None]])
    store({meter: [Given(T0 + 300 * n, -1, 20 * n, 0) for n in range(13)]}, T0)
    assert counted(meter) == (40 + 100, 0)


def test_a_counter_that_counts_again_is_believed_from_then_on(planned: Harbour) -> None:
    counter = new_counter(planned.event, "g1", every_s=300)
    figures = np.concatenate([twice(counts_of(0)), np.maximum(counts_of(1) | 1, 1)])
    timed = [(300 * n, Reading(-1, int(a), int(b))) for n, (a, b) in enumerate(figures)]
    (odd,) = odd_of(counter, timed)
    assert (odd.kind, odd.begin_s, odd.end_s) == ("doubled", 0, 300 * 36)
    assert odd.ins == 2 * counts_of(0)[:, 0].sum()
    assert odd_now(counter, timed) is None and odd_now(counter, timed[:36]) == odd


@pytest.mark.parametrize("seed", range(6))
def test_honest_figures_of_any_size_are_believed(planned: Harbour, seed: int) -> None:
    counter = new_counter(planned.event, "g1", every_s=60)
    random = np.random.default_rng(seed)
    for mean in (0.0, 0.1, 1.0, 8.0, 200.0):
        figures = random.poisson(mean * np.linspace(0.5, 1.5, 200)[:, None], (200, 2))
        timed = [(60 * n, Reading(-1, int(a), int(b))) for n, (a, b) in enumerate(figures)]
        assert odd_now(counter, timed) is None and odd_of(counter, timed) == []
