"""Readings that are totals, or everybody twice, are told on Counters and Today and not believed until told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.desks.passengers.counters import new_counter
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
