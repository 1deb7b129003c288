"""A measure whose scenario names no unit: one is proposed, told, and nothing is published until somebody names it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.desks.passengers.test_day_publishing import LOOK, PUBLISH
from tests.desks.passengers.test_day_publishing_pages import LOOK as PAGE
from tests.desks.passengers.test_day_publishing_pages import text
from tests.desks.passengers.test_forecasts import act, show, signed_in
from tests.desks.passengers.walked_days import DAY, LANES, MORE_LANES, ONE_WAY, SHUTTLE, scenario, walked
from tests.desks.passengers.walked_days import walkable as walkable
from tests.harbour import Harbour
from tminus.desks.passengers.models import PublishedMeasure
from tminus.desks.passengers.publishing.plan import measures_of
from tminus.desks.passengers.publishing.unit_proposals import UnitProposals
from tminus.platform.models import Unit
from tminus.platform.registry import BadInput

NOBODYS: dict[str, Any] = {**LANES, "unit": ""}


def unit(harbour: Harbour, code: str, name_en: str, name_zh: str = "", **given: Any) -> None:
    Unit.objects.create(
        event=harbour.event, code=code, name_en=name_en, name_zh=name_zh, parent=harbour.units["hq"],
        path=f"/hq/{code}/", **given,
    )  # fmt: skip


def proposed(harbour: Harbour, row: dict[str, Any]) -> str:
    return UnitProposals(harbour.event, DAY).with_units(measures_of([{**row, "unit": ""}], DAY))[0].unit


@pytest.mark.parametrize(
    ("name_en", "name_zh", "row"),
    [
        ("Gate Screening Team", "", LANES), ("Ops 1", "西入口临时工作组", LANES), ("Security Group", "", LANES),
        ("Bus and Shuttle Co.", "", SHUTTLE), ("Ops 2", "公交客运公司", SHUTTLE), ("Guides", "", ONE_WAY),
        ("Metro Co.", "", {"kind": "headway", "element": "1", "value": 120.0}),
        ("Halls Group", "", {"kind": "release", "value": 40.0}), ("Volunteers", "", {"kind": "advice", "value": 80.0}),
    ],
)  # fmt: skip
def test_the_name_of_a_unit_says_what_it_carries_out(
    walkable: Harbour, name_en: str, name_zh: str, row: dict[str, Any]
) -> None:
    unit(walkable, "business", "Business and Investigation Bureau", "商务局")
    assert proposed(walkable, row) == ""
    unit(walkable, "over", name_en, name_zh, until_date=date(2026, 11, 6))
    assert proposed(walkable, row) == "", "it no longer stands on the day"
    unit(walkable, "it", name_en, name_zh)
    assert proposed(walkable, row) == "it"


def test_who_does_so_elsewhere_goes_before_a_name(walkable: Harbour) -> None:
    unit(walkable, "gates", "Gates Group")
    scenario(walkable, "such", [{**LANES, "element": "gate-2", "unit": "roads"}] * 2)
    assert proposed(walkable, LANES) == "roads"
    scenario(walkable, "there", [MORE_LANES])
    assert proposed(walkable, LANES) == "paving"


def test_a_measure_of_nobody_is_told_and_not_published_silently(walkable: Harbour) -> None:
    walked(walkable, "a", [NOBODYS, ONE_WAY])
    said = "no unit carries out measure 1: name one, else it is not published"
    assert show(walkable, LOOK, {"key": "a"})["warnings"] == [said]
    with pytest.raises(BadInput, match="measure 1: the scenario names no unit") as refused:
        act(walkable, PUBLISH, {"key": "a"})
    assert refused.value.field == "units.1" and not PublishedMeasure.objects.exists()
    act(walkable, PUBLISH, {"key": "a", "units": {1: "paving"}})
    row = PublishedMeasure.objects.get(number=1)
    assert row.unit is not None and row.unit.code == row.what["unit"] == "paving"
    assert row.duty is not None and row.duty.holder == walkable.people["paver"]
    found = show(walkable, LOOK, {"key": "a"})
    assert (found["changes"], found["warnings"]) == (0, []), "whom it was given to is remembered"


def test_the_page_proposes_one_that_can_be_changed(walkable: Harbour) -> None:
    unit(walkable, "gates", "Gate Screening Team")
    walked(walkable, "a", [NOBODYS, ONE_WAY])
    client = signed_in(walkable)
    page = client.get(PAGE)
    assert "names no unit for measure 1: Gate Screening Team is proposed" in text(page)
    content = page.content.decode()
    assert 'name="unit-1" list="units" value="gates"' in content and 'name="unit-2" list="units" value=""' in content
    typed = {"lead_h": "12", "seen": page.context["seen"], "unit-1": "", "unit-2": ""}
    refused = client.post(PAGE, typed)
    assert refused.status_code == 422 and "names no unit" in text(refused)
    other = client.post(PAGE, {**typed, "unit-1": "health"})
    assert other.status_code == 422 and "look again" in text(other), "another unit than was seen"
    assert 'value="health"' in other.content.decode(), "what was typed stands"
    assert client.post(PAGE, {**typed, "unit-1": "gates"}).status_code == 303
    assert PublishedMeasure.objects.get(number=1).what["unit"] == "gates"
