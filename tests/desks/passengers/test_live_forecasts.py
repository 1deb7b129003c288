"""The rest of the day re-forecast each hour, kept as issued; its accuracy by hours of lead and the curves' by slot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_counted_days import count
from tests.desks.passengers.test_forecasts import act, issue, run_jobs, show, signed_in
from tests.desks.passengers.test_watching import NOW, counted, with_counters
from tests.desks.passengers.test_watching import open_day as open_day
from tests.harbour import Harbour
from tminus.desks.passengers.models import LiveIssue
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, Job, RecordLine
from tminus.platform.ticker import tick


def set_clock(harbour: Harbour, at: datetime) -> None:
    ClockShift.objects.filter(event=harbour.event).update(event_from=at.replace(tzinfo=harbour.event.zone))


def test_each_hour_is_re_forecast_once_and_kept(open_day: Harbour) -> None:
    with_counters(open_day)
    tick(open_day.event)
    assert not Job.objects.filter(kind="passengers.forecast.live").exists(), "no counter at the gates has spoken"
    counted(open_day, {"gate-1": 1.0, "gate-2": 1.0})
    for minutes in (0, 5, 10):
        set_clock(open_day, NOW + timedelta(minutes=minutes))
        tick(open_day.event)
        run_jobs()
    (kept,) = LiveIssue.objects.filter(event=open_day.event)
    assert (kept.day, kept.minute, kept.at.astimezone(open_day.event.zone).hour) == (NOW.date(), 11 * 60, 11)
    assert RecordLine.objects.filter(code="passengers.forecast.hour").count() == 1
    result, before = kept.result, kept.inputs["counts"]
    assert result["visits"]["now"] == show(open_day, "passengers.forecast.today")["visits"]["now"]
    assert result["minutes"][0] == 11 * 60 and len(result["entries"]) == 3
    assert all(len(one["mean"]) == len(result["minutes"]) for one in result["entries"])
    counted(open_day, {"gate-1": 3.0, "gate-2": 3.0})
    act(open_day, "passengers.forecast.hour", {"at": NOW.isoformat()})
    run_jobs()
    (again,) = LiveIssue.objects.filter(event=open_day.event)
    assert (again.result, again.inputs["counts"]) == (result, before), "kept as issued, whatever came in later"
    set_clock(open_day, NOW + timedelta(hours=1))
    tick(open_day.event)
    run_jobs()
    later = LiveIssue.objects.get(minute=12 * 60)
    assert later.inputs["counts"] != before
    assert later.result["visits"]["now"]["mean"] > result["visits"]["now"]["mean"]


def test_only_the_job_keeps(open_day: Harbour) -> None:
    args = {"day": "2026-11-06", "minute": 660, "at": NOW.isoformat(), "model": "", "inputs": {}, "result": {}}
    with pytest.raises(NotAllowed, match="the job that computes it"):
        act(open_day, "passengers.forecast.live.keep", args)


def test_before_and_after_the_event_nothing_is_re_forecast(open_day: Harbour) -> None:
    with_counters(open_day)
    counted(open_day, {"gate-1": 1.0, "gate-2": 1.0})
    set_clock(open_day, datetime(2026, 11, 11, 9))
    tick(open_day.event)
    assert not Job.objects.filter(kind="passengers.forecast.live").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_accuracy_by_lead_and_slot(open_day: Harbour, language: str) -> None:
    set_clock(open_day, datetime(2026, 11, 6, 2, 31))
    issue(open_day)
    for code, each in (("gate-1", 800), ("gate-2", 400)):
        new_counter(open_day.event, code, node=code, edge=True, every_s=900, most_per_min=9999, key_hash=code)
        count(open_day, code, NOW.date(), each)
    for hour in (9, 10, 11):
        keep_hour(open_day, datetime(2026, 11, 6, hour, 5))
    found = show(open_day, "passengers.forecast.accuracy")
    assert found["curves"] == {"levels": [], "hours": []}, "the day is not over"
    leads = {(row["first"], row["last"]): row for row in found["lead"]}
    assert leads[0, 1]["n"] == 4 + 4 + 2, "quarters of an hour that are over and were still to come then"
    assert leads[1, 2]["n"] == 4 + 2 and 0 <= leads[1, 2]["covered"] <= 1
    assert leads[0, 1]["error"] > 0
    Job.objects.all().delete()
    set_clock(open_day, datetime(2026, 11, 7, 2, 31))
    issue(open_day)
    found = show(open_day, "passengers.forecast.accuracy")
    assert found["counted"] == 1, "what the counters counted, too"
    levels = {row["level"]: row for row in found["curves"]["levels"]}
    assert levels.keys() == {"site", "gate"}
    assert levels["gate"]["n"] > levels["site"]["n"] > 20
    assert {row["hour"] for row in found["curves"]["hours"]} >= {8, 9, 10, 11}
    assert [row["hour"] for row in found["day_at"]] == [9, 10, 11]
    assert found["days"][0]["kind"] == "workday"
    near = next(row for row in found["kinds"] if row["kind"] == "workday" and row["first"] == 1)
    assert near["n"] == 1
    client = signed_in(open_day, "leader")
    client.cookies["django_language"] = language
    page = client.get("/e/harbour/forecast/accuracy/").content.decode()
    words = ("slot by slot", "within the hour", "workday") if language == "en" else ("逐时段", "一小时之内", "工作日")
    assert all(word in page for word in words)


def keep_hour(harbour: Harbour, at: datetime) -> Any:
    """As the worker does at an hour."""
    set_clock(harbour, at)
    Job.objects.all().delete()
    act(harbour, "passengers.forecast.hour", {"at": at.isoformat()})
    (done,) = run_jobs()
    assert done.state == "done", done.error
    set_clock(harbour, NOW)
    return done.result
