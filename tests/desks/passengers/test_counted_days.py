"""What the console's own counters counted on days that are over feeds the forecast, if it can be believed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_forecasts import FILES, OPENING, act, hand_in, issue, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.forecast_words import counters_said
from tminus.desks.passengers.forecasting.counted_days import counted_days
from tminus.desks.passengers.forecasting.kept_folder import current, laid_out
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter, ForecastFile, LiveIssue
from tminus.formats.event_folder.attendance import counted_visits
from tminus.formats.event_folder.history import read_history
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, RecordLine

THIRD = OPENING + timedelta(days=2)
GATES = {"gate-1": 900, "gate-2": 450}
"""Persons in a quarter of an hour while open."""


def count(harbour: Harbour, code: str, day: date, each: int, **more: Any) -> None:
    """A counter says ``each`` persons and a few in every quarter from 08:30 to 17:00, nobody else the day long."""
    drawn = np.random.Generator(np.random.Philox([day.toordinal(), sum(code.encode())]))
    times, hours = more.get("times", 1), more.get("hours", (4, 28))
    readings = []
    for slot in range(4 * hours[0], int(4 * hours[1])):
        at = datetime.combine(day, datetime.min.time(), harbour.event.zone) + timedelta(minutes=15 * slot)
        ins, outs = (int(drawn.poisson(each)), int(drawn.poisson(each / 2))) if 34 <= slot < 68 else (0, 0)
        readings.append(Given(int(at.timestamp()), -1, times * ins, times * outs))
    store({Counter.objects.get(event=harbour.event, code=code): readings}, 0)


@pytest.fixture
def counting(planned: Harbour, settings: Any, tmp_path: Path) -> Iterator[Harbour]:
    """The harbour in the night to its third day, with files for a forecast and a counter at each gate."""
    settings.MEDIA_ROOT = tmp_path / "files"
    for what, text in FILES.items():
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, text)["file"]})
    for node in GATES:
        new_counter(planned.event, node, node=node, edge=True, every_s=900, most_per_min=10_000, key_hash=node)
    ClockShift.objects.filter(event=planned.event).update(
        event_from=datetime.combine(THIRD, datetime.min.time(), planned.event.zone) + timedelta(hours=2, minutes=30)
    )
    yield planned


def test_days_counted_here_teach_the_forecast_and_are_kept_with_it(counting: Harbour) -> None:
    before = issue(counting)
    assert before.result["counters"] is None
    for day in (OPENING, OPENING + timedelta(days=1)):
        for code, each in GATES.items():
            count(counting, code, day, each)
    assert show(counting, "passengers.forecast")["issue"]["stale"] is False, "taken up when it is forecast"
    after = issue(counting)
    told = after.result["counters"]
    assert (told["days"], told["nodes"], told["said"]) == (2, 2, [])
    expected = 34 * sum(GATES.values())
    assert told["visits"] == {str(OPENING + timedelta(days=n)): pytest.approx(expected, rel=0.02) for n in (0, 1)}
    assert {one["counted"] for one in after.result["days"][:2]} == set(told["visits"].values())
    assert after.result["days"][3]["mean"] != before.result["days"][3]["mean"]
    third = show(counting, "passengers.forecast.day", {"day": str(THIRD), "level": "gate"})
    assert any("times of arrival at gates from 2 counted days" in line for line in third["rests_on"])
    assert set(after.inputs) - set(before.inputs) == {"counted_flows.parquet", "counted_visits.csv"}
    line = RecordLine.objects.get(code="passengers.forecast.gather")
    assert line.after["digests"]["counted_visits.csv"] == after.inputs["counted_visits.csv"]
    again = issue(counting)
    assert again.inputs == after.inputs and RecordLine.objects.filter(code=line.code).count() == 1
    page = signed_in(counting).get("/e/harbour/forecast/").content.decode()
    assert "counted here: 2 days at 2 places until 2026-11-06, visits of 2 of them" in page


def test_late_counts_are_taken_up_and_what_was_used_stays_kept(counting: Harbour) -> None:
    count(counting, "gate-1", OPENING, 900)
    count(counting, "gate-2", OPENING, 450, hours=(4, 12))
    first = issue(counting)
    assert first.result["counters"]["visits"] == {}
    opening, next_day = first.result["counters"]["said"]
    assert opening["what"] == next_day["what"] == "day_left_out"
    assert 60 < opening["percent"] < 80 and next_day["percent"] == 0
    count(counting, "gate-2", OPENING, 450)
    second = issue(counting)
    assert set(second.result["counters"]["visits"]) == {str(OPENING)}
    rows = ForecastFile.objects.filter(name="counted_flows.parquet")
    assert {row.digest for row in rows} == {one.inputs["counted_flows.parquet"] for one in (first, second)}


def test_a_day_nearly_whole_is_filled_up_and_says_so(counting: Harbour) -> None:
    for day in (OPENING, OPENING + timedelta(days=1)):
        for code, each in GATES.items():
            count(counting, code, day, each, hours=(4, 28) if day == OPENING else (4, 16.75))
    found = counted_days(counting.event, THIRD - timedelta(days=1))
    whole, filled = found.visits.values()
    assert filled == pytest.approx(whole, rel=0.03)
    assert [one["what"] for one in found.said] == ["day_filled_up"]


def test_a_gate_nobody_counts_makes_the_day_unknown(counting: Harbour) -> None:
    count(counting, "gate-1", OPENING, 900)
    found = counted_days(counting.event, OPENING)
    assert found.visits == {} and found.days == 1
    assert found.said == ({"what": "gate_not_counted", "day": str(OPENING), "gates": ["gate-2"]},)
    assert counters_said(found.as_json())[1] == f"visits of {OPENING} are not known: no counter at gate-2"


def test_a_counter_that_counts_everybody_twice_is_not_believed(counting: Harbour) -> None:
    days = [OPENING - timedelta(days=n) for n in range(5, 0, -1)] + [OPENING]
    for day in days:
        for code, each in GATES.items():
            count(counting, code, day, each, times=2 if (code, day) == ("gate-2", OPENING) else 1)
    found = counted_days(counting.event, OPENING)
    assert any("everybody counted twice" in one.get("text", "") for one in found.said)
    assert found.visits == {}, "half of its gate is not known"
    with laid_out(counting.event, current(counting.event)) as path:
        for name, content in found.files.items():
            (path / name).write_bytes(content)
        history = read_history(path)
    assert history is not None
    at = history.nodes.index("gate-2")
    assert np.nansum(history.values[-1, :, at]) == 0 < np.nansum(history.values[-2, :, at])


def test_hours_found_at_fault_while_they_went_on_teach_nothing(counting: Harbour) -> None:
    for code, each in GATES.items():
        count(counting, code, OPENING, each)
    before = counted_days(counting.event, OPENING).visits[OPENING]
    fault = {"node": "gate-2", "kind": "double_counting", "from_minute": 600, "until_minute": 660, "counted": 1800}
    for minute, some in ((660, []), (720, [{**fault, "channel": "in", "instead": 900}])):
        LiveIssue.objects.create(
            event=counting.event, day=OPENING, minute=minute, at=datetime(2026, 11, 5, 12, tzinfo=counting.event.zone),
            model="", inputs={}, result={"doubtful": some},
        )  # fmt: skip
    found = counted_days(counting.event, OPENING)
    assert found.visits[OPENING] == pytest.approx(before - 900, rel=0.01)
    words = counters_said(found.as_json())
    assert f"visits of {OPENING}: at gate-2 900 taken instead of 1800, as its counter seemed at fault" in words
    with laid_out(counting.event, current(counting.event)) as path:
        (path / "counted_flows.parquet").write_bytes(found.files["counted_flows.parquet"])
        history = read_history(path)
    assert history is not None
    begin, at = (600 - history.first_minute) // 15, history.nodes.index("gate-2")
    assert np.isnan(history.values[0, begin : begin + 4, at, 0]).all(), "a guess teaches no time of arrival"
    assert np.isfinite(history.values[0, begin : begin + 4, at, 1]).all()
    assert np.isfinite(history.values[0, begin - 1, at, 0]) and np.isfinite(history.values[0, begin + 4, at, 0])


def test_what_is_handed_in_goes_before_what_is_counted_here(counting: Harbour) -> None:
    for code, each in GATES.items():
        count(counting, code, OPENING, each)
    told = hand_in(counting, "attendance", f"Day,Visits\n{OPENING},50000\n")
    act(counting, "passengers.forecast.take", {"file": told["file"]})
    history = "time,node,in,out\n" + "".join(
        f"{OPENING} {hour:02}:{minute:02},gate-1,7,7\n" for hour in range(9, 11) for minute in (0, 30)
    )
    act(counting, "passengers.forecast.take", {"file": hand_in(counting, "history", history)["file"]})
    made = issue(counting)
    assert made.result["days"][0]["counted"] == 50_000
    with laid_out(counting.event, current(counting.event)) as path:
        found = read_history(path)
        assert found is not None and counted_visits(path)[OPENING] == 50_000
    assert found.slot_minutes == 30, "counts are added up to the slots of what was handed in"
    at = (9 * 60 - found.first_minute) // 30
    gate = found.nodes.index("gate-1")
    assert found.values[0, at : at + 4, gate, 0].tolist() == [7] * 4
    assert found.values[0, at + 4, gate, 0] == pytest.approx(1800, rel=0.1)


def test_only_the_job_gathers(counting: Harbour) -> None:
    args = {"until": str(OPENING), "files": [{"name": "counted_visits.csv", "content": "eA=="}], "found": {}}
    with pytest.raises(NotAllowed, match="the job that computes it"):
        act(counting, "passengers.forecast.gather", args)


def test_nothing_counted_is_nothing_gathered(planned: Harbour) -> None:
    assert counted_days(planned.event, OPENING).files == {}
    new_counter(planned.event, "gate-1", edge=True)
    assert counted_days(planned.event, OPENING).files == {}


def test_a_counter_that_sends_totals_is_not_believed_and_said_so_in_both_languages(counting: Harbour) -> None:
    count(counting, "gate-1", OPENING, 900)
    counter = Counter.objects.get(event=counting.event, code="gate-2")
    drawn = np.random.default_rng(4).poisson(60, 36).cumsum()
    begin = datetime.combine(OPENING, datetime.min.time(), counting.event.zone) + timedelta(hours=8)
    at = [int((begin + timedelta(minutes=15 * n)).timestamp()) for n in range(36)]
    store({counter: [Given(when, -1, int(n), 0) for when, n in zip(at, drawn, strict=True)]}, 0)
    found = counted_days(counting.event, THIRD - timedelta(days=1))
    (said,) = [one for one in found.said if one["what"] == "doubt"]
    assert said["text"].startswith("running totals: ") and "gate-2" in said["text"]
    assert OPENING not in found.visits, "a gate is not known"
    with override("zh-hans"):
        assert any("累计数：gate-2 的" in line for line in counters_said({**found.as_json(), "said": [said]}))
