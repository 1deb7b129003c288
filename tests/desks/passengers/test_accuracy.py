"""Accuracy: what was issued before a day beside what was counted on it, by how far ahead, what-ifs left out."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.desks.passengers.test_forecasts import act, hand_in, run_jobs, show, signed_in
from tests.desks.passengers.test_forecasts import supplied as supplied
from tests.harbour import Harbour
from tminus.desks.passengers.models import Issue
from tminus.platform.models import ClockShift, Job


def issued(harbour: Harbour, as_of: date, visits: dict[str, tuple[int, int, int]], **more: Any) -> None:
    days = [
        {"day": day, "p10": low, "mean": mean, "p50": mean, "p90": high} for day, (low, mean, high) in visits.items()
    ]
    Issue.objects.create(
        event=harbour.event, at=datetime(2026, 8, 17, tzinfo=harbour.event.zone), as_of=as_of, model="", inputs={},
        samples=1, elapsed_s=0, result={"days": days}, **more,
    )  # fmt: skip


def count_days(harbour: Harbour, text: str) -> None:
    ClockShift.objects.filter(event=harbour.event).update(
        event_from=datetime(2026, 11, 8, 9, tzinfo=harbour.event.zone)
    )
    act(harbour, "passengers.forecast.take", {"file": hand_in(harbour, "attendance", text)["file"]})


def test_errors_and_coverage_by_how_far_ahead(supplied: Harbour) -> None:
    issued(supplied, date(2026, 11, 4), {"2026-11-05": (80, 110, 120), "2026-11-06": (80, 100, 120)})
    issued(supplied, date(2026, 11, 4), {"2026-11-05": (0, 9999, 9999)}, levers={"rain_mm": 9})
    issued(supplied, date(2026, 11, 5), {"2026-11-06": (150, 190, 195)})
    issued(supplied, date(2026, 11, 6), {"2026-11-06": (200, 200, 200)})  # over by then: no forecast of it
    assert show(supplied, "passengers.forecast.accuracy")["counted"] == 0
    count_days(supplied, "Day,Visits\n2026-11-05,100\n2026-11-06,200\n2026-11-09,5000\n")
    found = show(supplied, "passengers.forecast.accuracy", who="leader")
    assert found["counted"] == 2, "what is said of a day to come is not looked at"
    near, week = found["horizons"][:2]
    assert (near["n"], near["covered"]) == (2, 0.5), "100 within 80 … 120, 200 beyond 195"
    assert near["error"] == pytest.approx((10 + 10) / 300)
    assert near["bias"] == pytest.approx((10 - 10) / 300)
    assert (week["n"], week["error"], week["covered"]) == (1, pytest.approx(0.5), 0.0)
    assert [(row["day"].day, row["mean"]) for row in found["days"]] == [(5, 110), (6, 190)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_it_in_words(supplied: Harbour, language: str) -> None:
    client = signed_in(supplied)
    client.cookies["django_language"] = language
    empty = client.get("/e/harbour/forecast/accuracy/").content.decode()
    assert ("has been counted yet" if language == "en" else "尚无实际数字") in empty
    issued(supplied, date(2026, 11, 4), {"2026-11-05": (80, 110, 120)})
    count_days(supplied, "Day,Visits\n2026-11-05,100\n")
    page = client.get("/e/harbour/forecast/accuracy/").content.decode()
    assert ("off by 10 % on average, 100 % of days" if language == "en" else "平均偏差 10 %，100 % 的日子") in page


def test_mornings_before_are_forecast_from_what_was_known_then(supplied: Harbour) -> None:
    past = datetime(2026, 8, 3, 9, tzinfo=supplied.event.zone)
    act(supplied, "passengers.forecast.start", {"samples": 100})
    Job.objects.update(args={"samples": 100, "past": [past.isoformat()]})
    run_jobs()
    today, before = Issue.objects.all()
    assert (before.as_of, before.at, before.days.count()) == (date(2026, 8, 2), past, 0)
    assert before.result["total"] != today.result["total"], "the registrations of August were not known then"
    assert show(supplied, "passengers.forecast")["issue"]["id"] == today.pk


def test_it_goes_out_as_a_workbook_and_as_csv(supplied: Harbour) -> None:
    issued(supplied, date(2026, 11, 4), {"2026-11-05": (80, 110, 120), "2026-11-06": (80, 100, 120)})
    count_days(supplied, "Day,Visits\n2026-11-05,100\n2026-11-06,200\n")
    client = signed_in(supplied)
    plain = client.get("/e/harbour/forecast/accuracy/export/?as=csv").content.decode("utf-8-sig")
    lines = plain.splitlines()
    assert lines[0].startswith("Day,Kind of day,Days ahead,P10,P90,Expected,Counted")
    assert lines[1:] == ["2026-11-05,workday,1,80,120,110,100,1", "2026-11-06,workday,2,80,120,100,200,0"]
    book = load_workbook(io.BytesIO(client.get("/e/harbour/forecast/accuracy/export/").content))
    assert book.sheetnames[0] == "Day by day" and len(book.sheetnames) == 7
    visits = [[cell.value for cell in row] for row in book["Visits"].iter_rows(min_row=2)]
    assert visits == [["the day before", 1, pytest.approx(0.1), pytest.approx(0.1), 1],
                      ["2 to 7 days ahead", 1, pytest.approx(0.5), pytest.approx(-0.5), 0]]  # fmt: skip
    stranger = signed_in(supplied, "stranger")
    assert stranger.get("/e/harbour/forecast/accuracy/export/").status_code in {403, 404}
