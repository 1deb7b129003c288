"""Forecasts: made from files handed in through a dry run, issued by a job, kept as they were, shown with intervals."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils.translation import override

from tests.harbour import Harbour
from tminus.desks.passengers.forecast_words import resting_on, rounded
from tminus.desks.passengers.forecasting.figures import unpacked
from tminus.desks.passengers.forecasting.kept_folder import current
from tminus.desks.passengers.models import ForecastFile, Issue, IssuedDay
from tminus.platform import jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, Job, RecordLine
from tminus.platform.registry import BadInput, ask, perform
from tminus.platform.ticker import tick

OPENING = date(2026, 11, 5)
FILES = {
    "nodes": "id,kind,lon,lat,name_en,name_zh\n"
    "gate-1,gate,121.0,31.0,Gate 1,一号门\n"
    "gate-2,gate,121.001,31.0,Gate 2,二号门\n"
    "st-1,station,121.002,31.001,Harbour,港湾\n",
    "gates": "node,day,from,to,lanes,service_s\ngate-1,,08:30,17:00,12,3\ngate-2,,08:30,17:00,6,3\n",
    "audiences": "id,name_en,name_zh,share,modes,waves,stay_min,stay_sd_min\n"
    "visitor,Visitors,观众,1,metro:1,08:30/09:40/40/1,200,60\n",
    "registrations": "Registered,Visit date,Audience,Persons\n"
    + "".join(
        f"2026-0{month}-0{day},{OPENING + timedelta(days=n)},visitor,{900 + 300 * n}\n"
        for month in (7, 8) for day in (1, 8) for n in range(6)
    ),
}  # fmt: skip


def hand_in(harbour: Harbour, what: str, text: str | bytes, name: str = "") -> Any:
    content = text.encode() if isinstance(text, str) else text
    file = {"name": name or f"{what}.csv", "content": base64.b64encode(content).decode()}
    return act(harbour, "passengers.forecast.read", {"what": what, "file": file})


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def show(harbour: Harbour, code: str, args: dict[str, Any] | None = None, who: str = "hq") -> Any:
    return ask(code, args or {}, event=harbour.event, person=harbour.people[who])


def signed_in(harbour: Harbour, who: str = "hq") -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def run_jobs() -> list[Job]:
    return [jobs.run(pk) for pk in Job.objects.filter(state="waiting").values_list("pk", flat=True)]


@pytest.fixture
def supplied(planned: Harbour, settings: Any, tmp_path: Path) -> Iterator[Harbour]:
    """The harbour with everything a day's curves need handed in and taken."""
    settings.MEDIA_ROOT = tmp_path / "files"
    for what, text in FILES.items():
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, text)["file"]})
    yield planned


def issue(harbour: Harbour, **args: Any) -> Issue:
    act(harbour, "passengers.forecast.start", {"samples": 100, **args})
    (done,) = run_jobs()
    assert Job.objects.get(pk=done.pk).state == "done", Job.objects.get(pk=done.pk).message
    found = Issue.objects.first()
    assert found is not None
    return found


def test_before_anything_is_known_the_page_says_what_to_hand_in(planned: Harbour) -> None:
    page = signed_in(planned).get("/e/harbour/forecast/")
    assert b"Hand in registrations" in page.content
    assert b"Hand in registrations" not in signed_in(planned, "leader").get("/e/harbour/forecast/").content


def test_a_dry_run_says_what_a_file_would_change_and_changes_nothing(supplied: Harbour) -> None:
    before = show(supplied, "passengers.forecast")["files"]
    more = FILES["registrations"] + "2026-08-09,2026-11-05,visitor,5000\n"
    found = hand_in(supplied, "registrations", more)
    assert found["says"]["persons"] == found["before"]["persons"] + 5000
    assert found["says"]["days"]["2026-11-05"] == found["before"]["days"]["2026-11-05"] + 5000
    assert show(supplied, "passengers.forecast")["files"] == before
    act(supplied, "passengers.forecast.take", {"file": found["file"]})
    after = {row["name"]: row["digest"] for row in show(supplied, "passengers.forecast")["files"]}
    assert after["registrations.csv"] != {row["name"]: row["digest"] for row in before}["registrations.csv"]
    assert ForecastFile.objects.filter(name="registrations.csv").count() == 2, "what it replaces stays kept"
    with pytest.raises(BadInput, match="taken already"):
        act(supplied, "passengers.forecast.take", {"file": found["file"]})


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("registrations", "Registered,Visit date\nsoon,2026-11-05\n", "soon"),
        ("gates", "node,day,from,to,lanes,service_s\nnowhere,,08:30,17:00,12,3\n", "nowhere"),
        ("audiences", "id,name_en,name_zh,share,modes\nvisitor,V,众,lots,metro:1\n", "lots"),
    ],
)
def test_what_cannot_be_taken_is_named_and_not_taken(supplied: Harbour, what: str, text: str, said: str) -> None:
    found = hand_in(supplied, what, text)
    assert any(said in row["message"] for row in found["problems"])
    with pytest.raises(BadInput, match=said):
        act(supplied, "passengers.forecast.take", {"file": found["file"]})
    page = signed_in(supplied).get(f"/e/harbour/forecast/files/{found['file']}/")
    assert said in page.content.decode() and "Make forecasts from this file" not in page.content.decode()


def test_a_workbook_of_registrations_is_taken_as_its_table(supplied: Harbour) -> None:
    from tminus.formats.book_writer import workbook

    rows = [[date(2026, 8, 1), date(2026, 11, 6), "visitor", 1_250_000]]
    book = workbook([("a", ["Registered", "Visit date", "Audience", "Persons"], rows, [12] * 4)])
    assert hand_in(supplied, "registrations", book, "list.xlsx")["says"]["days"] == {"2026-11-06": 1_250_000}
    with pytest.raises(BadInput, match="allowed"):
        hand_in(supplied, "history", b"x", "counts.exe")


def test_an_issue_has_days_curves_and_the_files_it_was_made_from(supplied: Harbour) -> None:
    made = issue(supplied)
    assert made.as_of == date(2026, 8, 16), "what was known at the end of yesterday"
    files = {row.name: row.digest for row in ForecastFile.objects.all()}
    assert {name: digest for name, digest in made.inputs.items() if name != "event.json"} == files
    found = show(supplied, "passengers.forecast")
    assert [day["day"] for day in found["days"]] == [OPENING + timedelta(days=n) for n in range(6)]
    assert all(day["curves"] and 0 < day["p10"] < day["mean"] < day["p90"] for day in found["days"])
    assert not found["issue"]["stale"]
    day = show(supplied, "passengers.forecast.day", {"day": "2026-11-06", "level": "gate"})
    site = show(supplied, "passengers.forecast.day", {"day": "2026-11-06"})
    assert {row["node"] for row in day["rows"]} == {"gate-1", "gate-2"}
    gates = sum(row["measures"]["entries"]["mean"] for row in day["rows"])
    assert gates == pytest.approx(site["node"]["measures"]["entries"]["mean"], abs=1)
    expected = next(one["mean"] for one in found["days"] if one["day"] == date(2026, 11, 6))
    assert gates == pytest.approx(expected, rel=0.1), "the same visits, of fewer draws"
    entries = next(one for one in site["curves"] if one["measure"] == "entries")
    assert all(low <= high for low, high in zip(entries["p10"], entries["p90"], strict=True))
    assert sum(entries["mean"]) == pytest.approx(gates, rel=0.001)


def test_figures_are_kept_as_they_were_issued(supplied: Harbour) -> None:
    first = issue(supplied)
    kept = {row.day: bytes(row.figures) for row in IssuedDay.objects.filter(issue=first)}
    fewer = "\n".join(FILES["registrations"].splitlines()[:8]) + "\n"
    act(supplied, "passengers.forecast.take", {"file": hand_in(supplied, "registrations", fewer)["file"]})
    assert show(supplied, "passengers.forecast")["issue"]["stale"]
    second = issue(supplied)
    assert second.result["total"]["mean"] != first.result["total"]["mean"]
    assert {row.day: bytes(row.figures) for row in IssuedDay.objects.filter(issue=first)} == kept
    asked = {"day": "2026-11-06", "issue": first.pk}
    assert show(supplied, "passengers.forecast.day", asked)["issue"]["id"] == first.pk
    listed = show(supplied, "passengers.forecast.issues")
    assert [row["id"] for row in listed] == [second.pk, first.pk]
    assert listed[0]["inputs"]["registrations.csv"] != listed[1]["inputs"]["registrations.csv"]


def test_the_same_files_give_the_same_figures_and_a_what_if_is_not_the_forecast(supplied: Harbour) -> None:
    first, second = issue(supplied), issue(supplied)
    assert first.result == second.result
    more = issue(supplied, levers={"attendance_percent": 20})
    assert more.levers["attendance_percent"] == 20
    ratio = more.result["total"]["mean"] / first.result["total"]["mean"]
    assert ratio == pytest.approx(1.2, rel=0.001)
    assert show(supplied, "passengers.forecast")["issue"]["id"] == second.pk
    figures = [unpacked(bytes(one.days.get(day="2026-11-06").figures), 0)[0].sum() for one in (second, more)]
    assert figures[1] / figures[0] == pytest.approx(1.2, rel=0.02)


def test_nothing_known_later_is_looked_at(supplied: Harbour) -> None:
    before = issue(supplied).result
    later = FILES["registrations"] + "2026-08-17,2026-11-05,visitor,90000\n"
    act(supplied, "passengers.forecast.take", {"file": hand_in(supplied, "registrations", later)["file"]})
    found = issue(supplied).result
    assert found["total"] == before["total"]


def test_only_a_job_keeps_and_only_headquarters_starts(supplied: Harbour) -> None:
    args = {
        "as_of": "2026-08-16", "model": "", "inputs": {}, "levers": {}, "seed": 0, "samples": 1, "elapsed_s": 0,
        "result": {"total": {"p10": 0, "p90": 0}}, "days": [],
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="the job that computes it"):
        act(supplied, "passengers.forecast.keep", args)
    for who in ("roads_head", "leader", "observer"):
        with pytest.raises(NotAllowed):
            act(supplied, "passengers.forecast.start", {}, who)


def test_each_night_the_coming_days_are_forecast_by_themselves(supplied: Harbour) -> None:
    ClockShift.objects.filter(event=supplied.event).update(
        event_from=datetime(2026, 8, 18, 2, 31, tzinfo=supplied.event.zone)
    )
    tick(supplied.event)
    assert Job.objects.filter(kind="passengers.forecast").count() == 1
    tick(supplied.event)
    assert Job.objects.filter(kind="passengers.forecast").count() == 1
    assert RecordLine.objects.filter(code="passengers.forecast.night").count() == 1


def test_after_the_event_there_is_nothing_to_forecast(supplied: Harbour) -> None:
    ClockShift.objects.filter(event=supplied.event).update(
        event_from=datetime(2026, 11, 11, 9, tzinfo=supplied.event.zone)
    )
    with pytest.raises(BadInput, match="over"):
        act(supplied, "passengers.forecast.start", {})


def test_without_gates_there_are_visits_but_no_curves_and_it_says_why(
    planned: Harbour, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    taken = hand_in(planned, "registrations", FILES["registrations"])
    act(planned, "passengers.forecast.take", {"file": taken["file"]})
    made = issue(planned)
    assert made.result["total"]["mean"] > 0 and not made.days.exists()
    assert "gate" in made.result["degraded"][0]
    assert b"No curves of the days" in signed_in(planned).get("/e/harbour/forecast/").content
    page = signed_in(planned).get("/e/harbour/forecast/day/2026-11-06/")
    assert page.status_code == 200 and b"no curves of this day" in page.content


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_pages_say_the_interval_first(supplied: Harbour, language: str) -> None:
    issue(supplied)
    client = signed_in(supplied, "roads_head")
    client.cookies["django_language"] = language
    found = show(supplied, "passengers.forecast")["days"][1]
    page = client.get("/e/harbour/forecast/").content.decode()
    assert f"{found['p10']:,}–{found['p90']:,}" in page
    day = client.get("/e/harbour/forecast/day/2026-11-06/?level=gate&node=gate-2")
    told = show(supplied, "passengers.forecast.day", {"day": "2026-11-06", "level": "gate", "node": "gate-2"})
    entries = told["node"]["measures"]["entries"]
    assert f"{rounded(entries['p10']):,}–{rounded(entries['p90']):,}" in day.content.decode()
    assert ("Gate 2 expects" if language == "en" else "二号门") in day.content.decode()
    assert client.get("/e/harbour/forecast/day/2026-11-06/?level=nothing").status_code == 404
    assert client.get("/e/harbour/forecast/day/soon/").status_code == 404
    for who, status in (("leader", 200), ("observer", 403), ("stranger", 404)):
        assert signed_in(supplied, who).get("/e/harbour/forecast/day/2026-11-06/").status_code == status
    book = client.get("/e/harbour/forecast/day/2026-11-06/export/?level=gate")
    assert book.content[:2] == b"PK"
    table = client.get("/e/harbour/forecast/day/2026-11-06/export/?level=gate&as=csv").content.decode("utf-8-sig")
    assert len(table.splitlines()) == len(told["times"]) + 1


def test_a_file_is_handed_in_and_taken_on_the_pages(supplied: Harbour) -> None:
    client = signed_in(supplied)
    assert client.post("/e/harbour/forecast/files/", {"what": "registrations"}).status_code == 422
    pasted = "Registered\tVisit date\tAudience\tPersons\n2026-08-01\t2026-11-05\tvisitor\t7000\n"
    answer = client.post("/e/harbour/forecast/files/", {"what": "registrations", "pasted": pasted})
    assert answer.status_code == 303
    assert "7,000" in client.get(answer.url).content.decode()
    client.post(f"{answer.url}take/")
    row = ForecastFile.objects.first()
    assert row is not None and row.taken_at is not None and row.person == supplied.hq


def test_what_it_rests_on_is_said_in_chinese_too(supplied: Harbour) -> None:
    made = issue(supplied)
    lines = [*made.result["rests_on"], *made.days.all()[0].content["rests_on"]]
    with override("zh-hans"):
        left = [line for line, told in zip(lines, resting_on(lines), strict=True) if told == line]
    assert not left
    assert resting_on(lines) == lines


def test_three_figures_are_as_many_as_a_forecast_knows() -> None:
    assert [rounded(value) for value in (0, 7.4, 123.6, 12_349, 250_499)] == [0, 7, 124, 12_300, 250_000]
    assert np.isclose(rounded(999.6), 1000)


def test_a_what_if_is_computed_at_once_and_kept_nowhere(supplied: Harbour) -> None:
    made = issue(supplied)
    asked = {"day": "2026-11-06", "level": "gate", "levers": {"attendance_percent": 50}}
    found = show(supplied, "passengers.forecast.what_if", asked, "roads_head")
    issued = show(supplied, "passengers.forecast.day", {"day": "2026-11-06", "level": "gate"})
    ratio = found["node"]["measures"]["entries"]["mean"] / issued["node"]["measures"]["entries"]["mean"]
    assert ratio == pytest.approx(1.5, rel=0.1), "half as many draws"
    assert [row.pk for row in Issue.objects.all()] == [made.pk]
    rain = show(supplied, "passengers.forecast.what_if", {**asked, "levers": {"rain_mm": 40}})
    dry = show(supplied, "passengers.forecast.what_if", {**asked, "levers": {}})
    assert rain["visits"]["mean"] < dry["visits"]["mean"]
    with pytest.raises(BadInput, match="metro"):  # nobody can come any more: said, not guessed
        show(supplied, "passengers.forecast.what_if", {**asked, "levers": {"closed": ["st-1"]}})
    with pytest.raises(BadInput, match="allowed"):
        show(supplied, "passengers.forecast.what_if", {**asked, "day": "2026-12-01"})


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_day_page_shows_a_what_if_beside_the_forecast_and_keeps_it_when_asked(
    supplied: Harbour, language: str
) -> None:
    issue(supplied)
    client = signed_in(supplied)
    client.cookies["django_language"] = language
    address = "/e/harbour/forecast/day/2026-11-06/"
    page = client.get(f"{address}?level=gate&attendance_percent=20").content.decode()
    assert ("visits +20 %" if language == "en" else "参观人次 +20 %") in page
    assert page.count('class="line-target"') == 3, "as forecast, beside each of the three measures"
    wrong = client.get(f"{address}?attendance_percent=900").content.decode()
    assert 'role="alert"' in wrong and 'value="900"' in wrong
    client.post("/e/harbour/forecast/start/", {"attendance_percent": "20", "closed": ""})
    run_jobs()
    kept = Issue.objects.first()
    assert kept is not None and kept.levers["attendance_percent"] == 20
    listed = client.get("/e/harbour/forecast/").content.decode()
    assert f"?issue={kept.pk}" in listed
    assert ("visits +20 %" if language == "en" else "参观人次 +20 %") in client.get(
        f"/e/harbour/forecast/?issue={kept.pk}"
    ).content.decode()


def test_more_visits_do_not_exceed_what_a_day_has_room_for(supplied: Harbour) -> None:
    event = supplied.event
    event.settings["further"] = {"attendance": {"capacity": 5000}}
    event.save()
    found = issue(supplied, levers={"attendance_percent": 200}).result
    assert all(day["p90"] <= 5000 and day["mean"] <= 5000 for day in found["days"])


def test_a_file_taken_later_counts_also_where_the_clock_was_set_back(supplied: Harbour) -> None:
    later = FILES["gates"] + "gate-2,2026-11-06,09:00,16:00,8,3\n"
    clock = ClockShift.objects.filter(event=supplied.event)
    clock.update(event_from=clock.get().event_from - timedelta(days=30))
    given = hand_in(supplied, "gates", later)
    act(supplied, "passengers.forecast.take", {"file": given["file"]})
    assert current(supplied.event)["gates.csv"].pk == given["file"]


def test_timed_registrations_are_told_in_both_languages() -> None:
    line = "times that registrations have booked: buyer 75%, visitor 20%"
    assert resting_on([line]) == [line]
    with override("zh-hans"):
        assert resting_on([line]) == ["登记中预约的时段：buyer 75%, visitor 20%"]
