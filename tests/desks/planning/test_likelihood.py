"""Likelihood: simulated in a job, kept only by it, shown with its causes; the same draws for scenarios."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from tests.harbour import Harbour
from tminus.desks.planning.causes import cause_of
from tminus.desks.planning.models import RiskRun, Scenario
from tminus.formats.drivers_file import read_drivers
from tminus.platform import jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import ClockShift, Job, RecordLine
from tminus.platform.registry import BadInput, ask, perform
from tminus.platform.ticker import tick

LATE = [
    {"probability": "50 %", "optimistic": "30d", "likely": "40d", "pessimistic": "60d", "units": "roads"},
]
YEAR = dict.fromkeys(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), "10 %")


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def likelihood(harbour: Harbour, t: str = "", who: str = "hq") -> Any:
    return ask("planning.likelihood", {"t": t}, event=harbour.event, person=harbour.people[who])


def run_jobs() -> None:
    for pk in Job.objects.filter(state="waiting").values_list("pk", flat=True):
        jobs.run(pk)


def simulate(harbour: Harbour, samples: int = 2000) -> Any:
    act(harbour, "planning.simulate.start", {"samples": samples})
    run_jobs()
    return likelihood(harbour)


def signed_in(harbour: Harbour, who: str = "hq") -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def opening_of(found: Any) -> Any:
    return next(one for one in found["checkpoints"] if one["t_minus"] == 0)


def test_before_the_first_simulation_the_page_says_so(planned: Harbour) -> None:
    assert likelihood(planned)["run"] is None
    page = signed_in(planned).get(f"/e/{planned.event.slug}/likelihood/")
    assert b"has not been simulated yet" in page.content


def test_a_cause_that_happens_half_the_time_costs_half_the_probability(planned: Harbour) -> None:
    sure = opening_of(simulate(planned))["p"]
    act(planned, "planning.cause.set", {"code": "permits", "name_en": "Late permits", "definition": LATE})
    found = simulate(planned)
    assert opening_of(found)["p"] == pytest.approx(sure * 0.5, abs=0.04)
    only = likelihood(planned, "T-0")["causes"]
    assert [row["code"] for row in only] == ["permits"]
    assert only[0]["p_without"] == pytest.approx(sure, abs=0.001)  # the same draws without it
    assert only[0]["tasks"] == 3, "the unit and what stands under it"


def test_the_same_plan_gives_the_same_figures_and_a_changed_plan_is_told(planned: Harbour) -> None:
    first = simulate(planned)
    second = simulate(planned)
    strip = [{**one, "change": None} for one in second["checkpoints"]]
    assert strip == [{**one, "change": None} for one in first["checkpoints"]]
    assert not second["run"]["stale"]
    act(planned, "planning.task.change", {"task": "R2", "field": "duration", "value": "21d"})
    assert likelihood(planned)["run"]["stale"]


def test_only_a_job_keeps_what_was_computed(planned: Harbour) -> None:
    args = {"version": "", "samples": 1, "seed": 0, "elapsed_s": 0, "result": {"probabilities": {}}}
    with pytest.raises(NotAllowed, match="the job that computes it"):
        act(planned, "planning.simulate.keep", args)
    assert not RiskRun.objects.exists()


def test_a_simulation_under_way_is_not_begun_twice(planned: Harbour) -> None:
    first = act(planned, "planning.simulate.start", {})
    assert act(planned, "planning.simulate.start", {}) == first
    assert likelihood(planned)["job"] == first["job"]


def test_each_night_the_clock_simulates_and_the_trend_grows(planned: Harbour) -> None:
    for night in (1, 2, 3):
        at = datetime(2026, 8, 17 + night, 2, 30, tzinfo=planned.event.zone)
        ClockShift.objects.filter(event=planned.event).update(event_from=at)
        tick(planned.event)
        run_jobs()
    found = likelihood(planned, "T-0")
    assert [point["t"] for point in found["trend"]] == [-79, -78, -77]
    assert RecordLine.objects.filter(code="planning.simulate.night").count() == 3
    after = datetime.combine(planned.event.opening + timedelta(days=1), datetime.min.time()) + timedelta(hours=3)
    ClockShift.objects.filter(event=planned.event).update(event_from=after.replace(tzinfo=planned.event.zone))
    tick(planned.event)
    assert RecordLine.objects.filter(code="planning.simulate.night").count() == 3, "opening is past"


@pytest.mark.parametrize(
    ("definition", "said"),
    [
        ([], "at least 1"),
        ([{"kind": "meteor", "likely": "2d"}], "driver, weather or branch"),
        ([{**LATE[0], "probability": "200 %"}], "0.3 or 30 %"),
        ([{**LATE[0], "pessimistic": "1d"}], "Optimistic ≤ Most likely ≤ Pessimistic"),
        ([{"kind": "weather", **YEAR, "may": "120 %"}], "May"),
    ],
)
def test_a_cause_that_cannot_be_is_refused_with_what_is_allowed(
    planned: Harbour, definition: list[dict[str, Any]], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        act(planned, "planning.cause.set", {"code": "x", "name_en": "X", "definition": definition})


def causes(harbour: Harbour) -> Any:
    return ask("planning.causes", {}, event=harbour.event, person=harbour.hq)["rows"]


def test_causes_are_set_up_on_their_page_and_a_bad_figure_stays_at_its_field(planned: Harbour) -> None:
    client, address = signed_in(planned), f"/e/{planned.event.slug}/likelihood/causes/"
    typed = {"code": "rain", "name_en": "Rain", "kind": "weather", "probability": "1% 2% 3%", "active": "on"}
    refused = client.post(address, typed)
    assert refused.status_code == 200 and b"twelve figures" in refused.content and b"1% 2% 3%" in refused.content
    typed["probability"] = "1% 2% 3% 4% 5% 6% 7% 8% 9% 10% 11% 12%"
    assert client.post(address, typed).status_code == 303
    page = client.get(f"{address}?edit=rain").content.decode()
    assert "1 … 12 % of days" in page and "9% 10% 11% 12%" in page
    typed |= {"code": "permits", "kind": "driver", "probability": "40 %", "likely": "5d", "areas": "RD"}
    assert client.post(address, typed).status_code == 303
    kept = causes(planned)[0]["definition"]
    assert kept == [{"kind": "driver", "probability": "40 %", "likely": "5d", "areas": "RD"}]
    assert b'value="5d"' in client.get(f"{address}?edit=permits").content
    assert client.post(f"{address}remove/", {"code": "rain", "back": address}).status_code == 303
    assert [row["code"] for row in causes(planned)] == ["permits"]


def test_causes_come_from_a_file_all_or_none_and_go_into_one_that_reads_back(planned: Harbour) -> None:
    client, address = signed_in(planned), f"/e/{planned.event.slug}/likelihood/causes/"
    lines = ["ID,Cause,Probability,Most likely,Area", "permits,Late permits,40 %,5d,RD", "steel,Steel late,0.2,1.4,"]
    file = SimpleUploadedFile("drivers.csv", "\n".join(lines).encode())
    assert client.post(f"{address}import/", {"file": file}, follow=True).status_code == 200
    assert [row["code"] for row in causes(planned)] == ["permits", "steel"]
    written = client.get(f"{address}?form=csv").content
    before = [cause_of(row["code"], row["definition"], row["name_en"]) for row in causes(planned)]
    assert list(read_drivers(Path("x.csv"), written)) == before
    changed = [lines[0], lines[1].replace("40 %", "50 %"), "moon,Moon,7,2d,"]
    bad = SimpleUploadedFile("drivers.csv", "\n".join(changed).encode())
    answered = client.post(f"{address}import/", {"file": bad}, follow=True).content.decode()
    assert "row 3" in answered and "0.3 or 30 %" in answered
    assert [cause_of(row["code"], row["definition"], row["name_en"]) for row in causes(planned)] == before


def test_pages_and_the_workbook_show_the_last_simulation(planned: Harbour) -> None:
    act(planned, "planning.cause.set", {"code": "permits", "name_en": "Late permits", "definition": LATE})
    simulate(planned)
    client = signed_in(planned)
    page = client.get(f"/e/{planned.event.slug}/likelihood/")
    assert b"is in danger" in page.content and b"Late permits" in page.content
    zh = client.get(f"/e/{planned.event.slug}/likelihood/", headers={"accept-language": "zh-hans"})
    assert "有危险" in zh.content.decode()
    book = load_workbook(BytesIO(client.get(f"/e/{planned.event.slug}/likelihood/export.xlsx?t=T-0").content))
    assert book["Causes"]["A2"].value == "Late permits"
    assert len(list(book["Checkpoints"].rows)) == 1 + len(likelihood(planned)["checkpoints"])


def test_a_scenario_is_compared_under_the_same_draws(planned: Harbour) -> None:
    act(planned, "planning.cause.set", {"code": "permits", "name_en": "Late permits", "definition": LATE})
    same = {"code": "same", "name_en": "As it is", "lines": "H1 duration 10d"}
    act(planned, "planning.scenario.set", same)
    act(planned, "planning.scenario.set", {"code": "short", "name_en": "Shorter", "lines": "R2 duration 2d"})
    act(planned, "planning.scenario.start", {})
    run_jobs()
    found = ask("planning.scenarios", {}, event=planned.event, person=planned.hq)
    results = {row["code"]: row["result"]["checkpoints"] for row in found["rows"]}
    assert results["same"] == found["base"]["checkpoints"]
    assert results["short"][-1]["p"] >= found["base"]["checkpoints"][-1]["p"]
    assert not any(row["stale"] for row in found["rows"])
    page = signed_in(planned).get(f"/e/{planned.event.slug}/scenarios/")
    assert b"As it is" in page.content and b"Paving takes 2d" in page.content
    book = load_workbook(BytesIO(signed_in(planned).get(f"/e/{planned.event.slug}/scenarios/?form=xlsx").content))
    assert book.sheetnames == ["Probability, %", "Changes"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("R2 duration soon", "line 1"),
        ("R1 after R3", "circle"),
        ("", "allowed: 1"),
        ("R9 duration 3d", "ID of a task"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused_and_nothing_kept(planned: Harbour, lines: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        act(planned, "planning.scenario.set", {"code": "x", "name_en": "X", "lines": lines})
    assert not Scenario.objects.exists()


def test_what_buys_days_is_tried_under_the_same_draws_and_can_be_proposed(planned: Harbour) -> None:
    act(planned, "planning.cause.set", {"code": "permits", "name_en": "Late permits", "definition": LATE})
    act(planned, "planning.reschedule", {"policy": "alap_total"})
    found = simulate(planned)
    opening = likelihood(planned, "T-0")
    assert opening["repairs"], "as late as possible, something can always begin earlier"
    for repair in opening["repairs"]:
        assert repair["gain"]["p_after"] >= repair["gain"]["p_before"] + 0.01
    best = opening["repairs"][0]
    made = act(planned, "planning.proposal.make", {"run": found["run"]["id"], "repair": best["number"]})
    act(planned, "planning.proposal.adopt", {"number": made["number"]})
    after = opening_of(simulate(planned))
    assert after["p"] == pytest.approx(best["gain"]["p_after"], abs=0.05), "the gain told is the gain had"


def test_a_checkpoint_out_of_danger_has_nothing_to_buy_back(planned: Harbour) -> None:
    act(planned, "planning.reschedule", {"policy": "asap"})
    assert opening_of(simulate(planned))["p"] > 0.8
    assert likelihood(planned, "T-0")["repairs"] == []


def test_a_repair_is_kept_as_a_scenario_and_changed_there(planned: Harbour) -> None:
    act(planned, "planning.cause.set", {"code": "permits", "name_en": "Late permits", "definition": LATE})
    found = simulate(planned)
    number = likelihood(planned, "T-0")["repairs"][0]["number"]
    client, address = signed_in(planned), f"/e/{planned.event.slug}/scenarios/"
    answered = client.post(f"{address}keep/", {"run": found["run"]["id"], "repair": number}, follow=True)
    assert b"Kept as a scenario" in answered.content
    kept = Scenario.objects.get()
    assert kept.name_zh and kept.edits == RiskRun.objects.get().result["repairs"][number]["edits"]
    refused = client.post(f"{address}keep/", {"run": found["run"]["id"], "repair": 999}, follow=True)
    assert b"no such repair" in refused.content
