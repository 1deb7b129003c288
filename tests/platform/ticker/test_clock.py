"""The clock is shifted by headquarters or an administrator, recorded, and daily acts happen once a day of the event."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pydantic import BaseModel

from tests.harbour import Harbour
from tminus.platform import clock
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import ACTS, BadInput, Context, Grant, act, perform
from tminus.platform.ticker import daily, hourly, tick
from tminus.platform.ticker.daily import _DAILY
from tminus.platform.ticker.hourly import _HOURLY


class DayArgs(BaseModel):
    day: str


def test_the_clock_is_shifted_and_set_right_again(harbour: Harbour) -> None:
    perform("clock.shift", {"at": "T-30 14:00", "rate": 0}, event=harbour.event, person=harbour.admin)
    assert clock.now(harbour.event) == datetime(2026, 10, 6, 14, 0, tzinfo=harbour.event.zone)
    perform("clock.reset", event=harbour.event, person=harbour.admin)
    assert clock.shift_of(harbour.event) is None
    assert [line.code for line in RecordLine.objects.all()] == ["clock.shift", "clock.reset"]
    with pytest.raises(BadInput, match="not shifted"):
        perform("clock.reset", event=harbour.event, person=harbour.admin)


def test_headquarters_shifts_it_by_its_page_and_every_page_says_so(harbour: Harbour) -> None:
    client = Client()
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    address = "/e/harbour/settings/clock/"
    refused = client.post(address, {"at": "soon", "rate": "1", "reason": "exercise"}).content.decode()
    assert "allowed: T-30" in refused and 'value="soon"' in refused, "what was typed is not lost"
    assert client.post(address, {"at": "T-30 14:00", "rate": "0", "reason": "exercise"}).status_code == 303
    for page in (address, "/e/harbour/notices/"):
        text = client.get(page).content.decode()
        assert "clock-band" in text and "EXERCISE" in text
    assert client.post(address, {"reset": "1"}).status_code == 303
    assert "clock-band" not in client.get(address).content.decode()


@pytest.mark.parametrize("who", ["roads_head", "leader", "observer"])
def test_only_headquarters_or_an_administrator_shifts_it(harbour: Harbour, who: str) -> None:
    with pytest.raises(NotAllowed):
        perform("clock.shift", {"at": "T-30"}, event=harbour.event, person=harbour.people[who])


@pytest.mark.parametrize("text", ["tomorrow", "T-", "T-30 25:00", "2026-13-01", "T-99999999"])
def test_an_instant_that_is_none_is_named(harbour: Harbour, text: str) -> None:
    with pytest.raises(BadInput, match="allowed: T-30"):
        perform("clock.shift", {"at": text}, event=harbour.event, person=harbour.admin)


def test_a_daily_act_happens_once_a_day_of_the_event(harbour: Harbour) -> None:
    days = []

    @act("test.daily", grants=Grant.HEADQUARTERS)
    def snapshot(ctx: Context, args: DayArgs) -> None:
        days.append(args.day)
        ctx.record(harbour.event, None, {"day": args.day})

    daily("test.daily")
    others = {code: at for code, at in _DAILY.items() if code != "test.daily"}
    for code in others:
        del _DAILY[code]
    try:
        for hours in (0, 0, 5, 24, 24, 72):
            at = datetime(2026, 8, 17, 8, 0, tzinfo=harbour.event.zone) + timedelta(hours=hours)
            perform("clock.shift", {"at": at.isoformat(), "rate": 0}, event=harbour.event, person=harbour.admin)
            tick(harbour.event)
    finally:
        del ACTS["test.daily"], _DAILY["test.daily"]
        _DAILY.update(others)
    assert days == ["2026-08-17", "2026-08-18", "2026-08-20"]


class AtArgs(BaseModel):
    at: datetime


def test_an_hourly_act_happens_once_an_hour_while_there_is_anything_to_do(harbour: Harbour) -> None:
    @act("test.hour", grants=Grant.HEADQUARTERS)
    def hour(ctx: Context, args: AtArgs) -> None:
        ctx.record(harbour.event, None, {"at": args.at})

    hourly("test.hour", when=lambda event, now: now.hour >= 9)
    try:
        for text in ("T-30 08:59", "T-30 09:01", "T-30 09:59", "T-30 10:00", "T-29 10:00"):
            perform("clock.shift", {"at": text, "rate": 0}, event=harbour.event, person=harbour.admin)
            tick(harbour.event)
            tick(harbour.event)
    finally:
        _HOURLY.pop("test.hour")
        ACTS.pop("test.hour")
    done = [line.at.astimezone(harbour.event.zone) for line in RecordLine.objects.filter(code="test.hour")]
    assert [f"{at:%d %H:%M}" for at in done] == ["06 09:01", "06 10:00", "07 10:00"]
