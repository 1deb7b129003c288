"""Today does not trust a counter that the re-forecast of the hour found at fault: what is taken instead is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_forecasts import show, signed_in
from tests.desks.passengers.test_live_forecasts import keep_hour
from tests.desks.passengers.test_watching import NOW, counted, with_counters
from tests.desks.passengers.test_watching import open_day as open_day
from tests.harbour import Harbour
from tminus.desks.passengers.models import LiveIssue
from tminus.desks.passengers.today import Day, corrected

DOUBLED = {
    "node": "gate-1", "channel": "in", "kind": "double_counting", "from_minute": 540, "until_minute": 600,
    "counted": 800, "instead": 400,
}  # fmt: skip


def kept(harbour: Harbour, minute: int, *doubtful: dict[str, Any]) -> None:
    LiveIssue.objects.create(
        event=harbour.event, day=NOW.date(), minute=minute, at=NOW.replace(tzinfo=harbour.event.zone), model="",
        inputs={}, result={"doubtful": list(doubtful)},
    )  # fmt: skip


def day_of(harbour: Harbour) -> tuple[Day, list[Any]]:
    """A hundred in and ten out in each quarter until 12:00, at each of three counters, two of them at one gate."""
    counters = [new_counter(harbour.event, code, node=node, key_hash=code) for code, node in GATES]
    return Day(0, np.tile([100.0, 10.0], (3, 32, 1))), counters


GATES = (("a", "gate-1"), ("b", "gate-1"), ("c", "gate-2"))


def test_what_is_doubtful_is_replaced_in_its_slots_alone(planned: Harbour) -> None:
    day, counters = day_of(planned)
    over = corrected(day, counters, [DOUBLED], 720).counts
    assert over[:2, 20:24, 0].tolist() == [[50] * 4] * 2, "09:00 to 10:00, both counters of the gate"
    assert over[2].tolist() == day.counts[2].tolist() and (over[..., 1] == 10).all()
    assert (over[:2, 24:, 0] == 100).all() and (over[:2, :20, 0] == 100).all()
    goes_on = corrected(day, counters, [DOUBLED], 600).counts
    assert (goes_on[:2, 20:, 0] == 50).all(), "until somebody says otherwise"
    assert day.counts[0, 20, 0] == 100, "what was counted stays as it was"


def test_a_counter_that_saw_nobody_is_filled_up(planned: Harbour) -> None:
    day, counters = day_of(planned)
    day.counts[:2, 20:24] = 0
    dead = {**DOUBLED, "kind": "dead", "counted": 0, "instead": 600}
    found = corrected(day, counters, [dead, {**dead, "node": "nowhere"}], 720).counts
    assert found[:2, 20:24, 0].sum() == 600 and found[:2, 20:24, 1].sum() == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_what_it_takes_instead(open_day: Harbour, language: str) -> None:
    with_counters(open_day)
    counted(open_day, {"gate-1": 1.0, "gate-2": 1.0})
    before = show(open_day, "passengers.today")
    kept(open_day, 600, {**DOUBLED, "instead": 600})
    found = show(open_day, "passengers.today")
    gates = {gate["node"]: gate["in"] for gate in before["gates"]}
    changed = {gate["node"]: gate["in"] for gate in found["gates"]}
    assert changed["gate-2"] == gates["gate-2"] and changed["gate-1"] < gates["gate-1"]
    assert before["entries"] - found["entries"] == gates["gate-1"] - changed["gate-1"]
    client = signed_in(open_day)
    client.cookies["django_language"] = language
    page = client.get("/e/harbour/today/").content.decode()
    said = "It says 800; 600 are taken instead" if language == "en" else "其数为 800；改用 600"
    assert said in page


def test_a_doubled_counter_is_found_by_the_hour_and_not_trusted(open_day: Harbour) -> None:
    with_counters(open_day)
    counted(open_day, {"gate-1": 30.0, "gate-2": 1.0})  # more than its lanes let in
    told = show(open_day, "passengers.today")["entries"]
    keep_hour(open_day, datetime.combine(NOW.date(), datetime.min.time()) + timedelta(hours=11, minutes=5))
    found = show(open_day, "passengers.today")
    assert {one["node"] for one in found["doubtful"]} == {"gate-1"}
    assert found["entries"] < told / 3
