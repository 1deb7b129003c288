"""What is expected of the event is said on a form, checked, counted in forecasts from then on, and taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.passengers.test_forecasts import act, issue, show, signed_in
from tests.desks.passengers.test_forecasts import supplied as supplied
from tests.harbour import Harbour
from tminus.platform.access import NotAllowed
from tminus.platform.models import Event, RecordLine
from tminus.platform.registry import BadInput

ADDRESS = "/e/harbour/forecast/outlook/"
EXPECTED = {
    "expected_visits": 60_000, "capacity": 12_000, "opens": "10:00", "last_entry": "16:30", "closes": "17:30",
    "country": "CN", "choice_share": 0.5, "capacity_days": {"2026-11-07": 15_000},
}  # fmt: skip


def further() -> Any:
    return Event.objects.get(slug="harbour").settings.get("further", {})


def test_it_counts_in_the_next_forecast_and_is_taken_back(supplied: Harbour) -> None:
    supplied.event.settings = {"further": {"city": "there"}}
    supplied.event.save()
    before = issue(supplied)
    act(supplied, "passengers.outlook.change", EXPECTED)
    assert further()["attendance"]["capacity"]["2026-11-07"] == 15_000
    assert {day: room for day, room in further()["attendance"]["capacity"].items() if room != 12_000} == {
        "2026-11-07": 15_000
    }
    assert further()["visiting_hours"] == {"open": "10:00", "close": "17:30", "last_entry": "16:30"}
    assert further()["city"] == "there", "what else the folder said stays"
    assert show(supplied, "passengers.forecast")["issue"]["stale"]
    supplied.event.refresh_from_db()
    after = issue(supplied)
    assert after.inputs["event.json"] != before.inputs["event.json"]
    assert max(day["p90"] for day in after.result["days"]) <= 15_000
    assert any("expectation of 60,000 visits" in line for line in after.result["rests_on"])
    assert show(supplied, "passengers.outlook") == {**EXPECTED, "daily_level": None}
    act(supplied, "passengers.outlook.undo", {})
    assert further() == {"city": "there"}
    with pytest.raises(BadInput, match="no change to take back"):
        act(supplied, "passengers.outlook.undo", {})
    lines = RecordLine.objects.filter(code="passengers.outlook.change")
    assert lines.count() == 1 and lines[0].after["expected_visits"] == 60_000


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"expected_visits": -1}, "expected_visits", "greater than 0"),
        ({"opens": "18:00", "closes": "09:00"}, "last_entry", "one after the other"),
        ({"opens": "09:00", "closes": "18:00", "last_entry": "19:00"}, "last_entry", "one after the other"),
        ({"last_entry": "17:00"}, "opens", "an opening and a closing"),
        ({"opens": "nine"}, "opens", "pattern"),
        ({"country": "Narnia"}, "country", "Narnia"),
        ({"capacity_days": {"2026-12-24": 5}}, "capacity_days", "a day of the event"),
        ({"choice_share": 2}, "choice_share", "less than or equal to 1"),
    ],
)
def test_what_cannot_be_is_named_at_its_field(planned: Harbour, given: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        act(planned, "passengers.outlook.change", given)
    assert refused.value.field == field
    assert further() == {}


def test_only_headquarters_changes_it(planned: Harbour) -> None:
    for who in ("leader", "roads_head", "observer"):
        with pytest.raises(NotAllowed):
            act(planned, "passengers.outlook.change", {}, who)
    assert b'<form class="panel"' not in signed_in(planned, "leader").get(ADDRESS).content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(planned: Harbour, language: str) -> None:
    client = signed_in(planned)
    client.cookies["django_language"] = language
    typed = {"expected_visits": "70000", "opens": "09:00", "closes": "18:00", "capacity_days": "2026-11-06 9,000\n"}
    wrong = client.post(ADDRESS, {**typed, "capacity_days": "soon"})
    assert wrong.status_code == 422 and 'value="70000"' in wrong.content.decode()
    assert ("allowed: a day and a number" if language == "en" else "一个日期和一个数") in wrong.content.decode()
    assert further() == {}
    for text, status in (("x", 422), ("150", 422), ("50", 303)):
        assert client.post(ADDRESS, {**typed, "choice_percent": text}).status_code == status
    assert further()["attendance"] == {
        "expected_visits": 70_000, "choice_share": 0.5, "capacity": {"2026-11-06": 9000},
    }  # fmt: skip
    page = client.get(ADDRESS).content.decode()
    assert "2026-11-06 9000" in page and 'value="50"' in page
    assert ("Undo" if language == "en" else "撤销") in page
    assert client.post(f"{ADDRESS}undo/").status_code == 303
    assert further() == {}
