"""The demonstration's day under way: the gates' counters have sent what they had by the hour it is, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from tminus.demo.load import load_demo
from tminus.desks.passengers.models import Counter, CounterPulse, ForecastFile
from tminus.formats.event_folder import read_folder
from tminus.platform.models import Event, Job, TDay
from tminus.platform.registry import ask

FOLDER = Path(__file__).parents[2] / "examples" / "lanwan-expo"


@pytest.fixture
def event(db: None, settings: Any, tmp_path: Path) -> Iterator[Event]:
    settings.MEDIA_ROOT = tmp_path / "files"
    yield load_demo(read_folder(FOLDER), TDay(2), time(10, 30)).event


@pytest.mark.slow
def test_at_half_past_ten_the_gates_have_counted_the_morning(event: Event) -> None:
    found = ask("passengers.today", event=event, system=True)
    assert found["entries"] > 100_000 and found["edge"] == Counter.objects.filter(event=event).count() == 8
    now = datetime(2026, 11, 7, 10, 30, tzinfo=event.zone).timestamp()
    assert all(pulse.last_s <= now for pulse in CounterPulse.objects.all()), "nothing of the afternoon is known yet"
    assert ForecastFile.objects.filter(event=event, taken_at__isnull=False).count() == 12
    assert Job.objects.filter(event=event, kind="passengers.forecast").count() == 1
    assert Job.objects.get(event=event, kind="passengers.day").args == {"key": "normal-peak"}
    hours = Job.objects.get(event=event, kind="passengers.forecast.live").args["past"]
    assert [hour[11:16] for hour in hours] == ["08:00", "09:00", "10:00"], "re-forecast as it would have been then"
