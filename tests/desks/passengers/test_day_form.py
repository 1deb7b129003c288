"""The form of a scenario: rows come and go without a script, errors stand at their fields, nothing typed is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.desks.passengers.small_days import DAY, LANES, LOST, save
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.models import DayScenarioKept
from tminus.desks.passengers.views.day_rows import COLUMNS
from tminus.formats.event_folder.day_scenarios import Befalls, Does
from tminus.platform.models import Job

NEW = "/e/harbour/day/new/"
NAMED = {"name_en": "A wet day", "day": f"{DAY}"}
LANE_ROW = {
    "m-0-kind": "lanes", "m-0-element": "gate-a", "m-0-value": "6", "m-0-from": "08:30", "m-0-to": "13:00",
    "m-0-unit": "roads",
}  # fmt: skip


def fields(page: str) -> dict[str, str]:
    """What a browser would send of the page's form."""
    form = page[page.index('id="scenario"') :]
    inputs = re.findall(r'<input[^>]*? name="([^"]+)" value="([^"]*)"', form)
    chosen = re.findall(r'<select[^>]*? name="([^"]+)".*?</select>', form, re.DOTALL)
    found = dict(inputs) | dict.fromkeys(chosen, "")
    for name in chosen:
        part = form[form.index(f'name="{name}"') :]
        if one := re.search(r'value="([^"]*)" selected', part[: part.index("</select>")]):
            found[name] = one[1]
    return {name: value for name, value in found.items() if name != "csrfmiddlewaretoken"}


def send(client: Client, address: str, given: dict[str, Any], do: str) -> Any:
    return client.post(address, given | {"do": do})


def test_every_kind_has_its_row() -> None:
    assert COLUMNS.keys() == {*Befalls, *Does}


def test_rows_come_and_go_and_what_was_typed_stays(small: Harbour) -> None:
    client = signed_in(small)
    given = fields(client.get(NEW).content.decode()) | NAMED | {"rain": "8"}
    for kind in ("h-gate_lost", "m-lanes", "m-lanes", "m-one_way", "m-shuttle", "m-inflow", "m-advice"):
        page = send(client, NEW, given, f"add-{kind}").content.decode()
        given = fields(page)
    assert (given["name_en"], given["rain"], given["h-0-value"], given["m-3-capacity_p"]) == (
        "A wet day",
        "8",
        "50",
        "80",
    )
    assert "Gate A (planned: 3 × 08:30–16:00)" in page and '<datalist id="list-ways">' in page
    given |= {"m-1-element": "gate-b"}
    page = send(client, NEW, given, "drop-m-0").content.decode()
    assert "m-0-kind" not in page and fields(page)["m-1-element"] == "gate-b"
    assert not DayScenarioKept.objects.exists()


def test_a_form_becomes_a_scenario_and_is_changed(small: Harbour) -> None:
    client = signed_in(small)
    given = NAMED | LANE_ROW | {"visitors": "30", "rain": "2.5"}
    answer = send(client, NEW, given, "save")
    assert (answer.status_code, answer["Location"]) == (303, "/e/harbour/day/")
    row = DayScenarioKept.objects.get()
    assert row.happenings == [{"kind": "visitors", "value": 30.0}, {"kind": "rain", "value": 2.5}]
    assert row.measures == [LANES]
    edit = f"/e/harbour/day/{row.key}/edit/"
    given = fields(client.get(edit).content.decode())
    assert (given["visitors"], given["rain"], given["m-0-unit"]) == ("30", "2.5", "roads")
    answer = send(client, edit, given | {"visitors": "0", "m-0-value": "8"}, "walk")
    assert "/jobs/" in answer["Location"] and Job.objects.filter(kind="passengers.day").exists()
    row.refresh_from_db()
    assert row.happenings == [{"kind": "rain", "value": 2.5}] and row.measures[0]["value"] == 8.0


def test_what_befalls_part_of_the_day_stays_a_row(small: Harbour) -> None:
    key = save(small, happenings=[LOST, {"kind": "rain", "value": 5, "from": "10:00", "to": "12:00"}])
    given = fields(signed_in(small).get(f"/e/harbour/day/{key}/edit/").content.decode())
    assert given["rain"] == "" and given["h-1-kind"] == "rain" and given["h-1-from"] == "10:00"


@pytest.mark.parametrize(
    ("given", "at", "said"),
    [
        ({"m-0-value": "many"}, "e-m-0-value", "a number"),
        ({"m-0-value": "5000"}, "e-m-0-value", "0 … 4096"),
        ({"m-0-element": ""}, "e-m-0-element", "choose"),
        ({"m-0-to": "08:00"}, "e-m-0-to", "later"),
        ({"m-0-from": "morning"}, "e-m-0-from", "HH:MM"),
        ({"visitors": "900"}, "e-visitors", "-90 … 300"),
        ({"rain": "wet"}, "e-rain", "a number"),
        ({"name_en": ""}, "e-name_en", "a name"),
    ],
)
def test_an_error_stands_at_its_field(small: Harbour, given: dict[str, str], at: str, said: str) -> None:
    answer = send(signed_in(small), NEW, NAMED | LANE_ROW | given, "save")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page[page.index(f'id="{at}"') :][:300]
    name = next(iter(given))
    assert f'aria-describedby="{at}"' in page and fields(page)[name] == given[name], "nothing typed is lost"


def test_the_form_is_of_headquarters(small: Harbour) -> None:
    key = save(small)
    for address in (NEW, f"/e/harbour/day/{key}/edit/"):
        assert signed_in(small, "leader").get(address).status_code == 403
    assert signed_in(small).get("/e/harbour/day/nothing/edit/").status_code == 404


def test_somebody_elses_change_is_told(small: Harbour) -> None:
    key, client = save(small), signed_in(small)
    edit = f"/e/harbour/day/{key}/edit/"
    given = fields(client.get(edit).content.decode())
    row = DayScenarioKept.objects.get(key=key)
    DayScenarioKept.objects.filter(key=key).update(at=row.at.replace(year=2027))
    answer = send(client, edit, given, "save")
    assert answer.status_code == 422 and "somebody has changed" in answer.content.decode()
