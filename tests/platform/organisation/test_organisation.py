"""Shaping the organisation: who may, what it keeps, and what a bad request leaves behind."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.harbour import Harbour
from tminus.formats.organisation import organisation_xlsx, read_organisation
from tminus.formats.problems import Rejected
from tminus.platform.access import NotAllowed
from tminus.platform.models import Appointment, Post, Unit
from tminus.platform.registry import BadInput, ask, perform


def test_moving_a_unit_moves_all_below_it(harbour: Harbour) -> None:
    perform("organisation.unit.move", {"unit": "roads", "parent": "health"}, event=harbour.event, person=harbour.hq)
    assert Unit.objects.get(code="paving").path == "/hq/health/roads/paving/"


def test_a_unit_cannot_stand_under_itself(harbour: Harbour) -> None:
    with pytest.raises(BadInput, match="under itself"):
        perform("organisation.unit.move", {"unit": "roads", "parent": "paving"}, event=harbour.event, person=harbour.hq)


def test_a_head_shapes_what_is_below_and_nothing_else(harbour: Harbour) -> None:
    team = {"parent": "roads", "code": "signs", "name_en": "Signs"}
    perform("organisation.unit.create", team, event=harbour.event, person=harbour.roads_head)
    for unit in ("roads", "health"):
        with pytest.raises(NotAllowed):
            perform(
                "organisation.unit.change",
                {"unit": unit, "name_en": "x"},
                event=harbour.event,
                person=harbour.roads_head,
            )


def test_a_head_cannot_make_themselves_headquarters(harbour: Harbour) -> None:
    call = {"event": harbour.event, "person": harbour.roads_head}
    post = {"unit": "roads", "code": "boss", "title_en": "Boss", "reach": "event"}
    with pytest.raises(NotAllowed):
        perform("organisation.post.create", post, **call)
    with pytest.raises(NotAllowed):
        perform("organisation.post.change", {"post": "roads-head", "title_en": "x", "reach": "leadership"}, **call)
    with pytest.raises(NotAllowed):
        perform("organisation.appointment.make", {"post": "hq-planner", "person": harbour.roads_head.pk}, **call)
    assert not Post.objects.filter(code="boss").exists()


def test_someone_stays_at_headquarters(harbour: Harbour) -> None:
    held = Appointment.objects.get(post__code="hq-planner")
    with pytest.raises(BadInput, match="headquarters"):
        perform(
            "organisation.appointment.end",
            {"appointment": held.pk, "until": date(2020, 1, 1)},
            event=harbour.event,
            person=harbour.hq,
        )
    held.refresh_from_db()
    assert held.until_date is None


def test_secondment_keeps_the_home_unit_and_the_chart_knows_days(harbour: Harbour) -> None:
    call = {"event": harbour.event, "person": harbour.hq}
    unit = {"parent": "hq", "code": "branch", "name_en": "Branch", "temporary": True, "from_date": date(2030, 1, 1)}
    perform("organisation.unit.create", unit, **call)
    perform("organisation.post.create", {"unit": "branch", "code": "b1", "title_en": "Head", "rank": "head"}, **call)
    seconded = {"post": "b1", "person": harbour.hand.pk, "home_unit": "paving"}
    perform("organisation.appointment.make", seconded, **call)
    assert ask("organisation.chart", {"day": date(2026, 6, 1)}, **call)["temporary"] == 0
    later = ask("organisation.chart", {"day": date(2030, 6, 1)}, **call)
    assert (later["temporary"], later["seconded"]) == (1, 1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_sheet_reads_back_to_the_same(harbour: Harbour, language: str) -> None:
    call = {"event": harbour.event, "person": harbour.hq}
    content = organisation_xlsx(ask("organisation.sheet", **call), language)
    tables = read_organisation("sheet.xlsx", content, {})
    done = perform("organisation.import", {**tables, "file": "sheet.xlsx"}, **call)
    assert {row["added"] + row["changed"] for row in done["counts"].values()} == {0}
    assert done["counts"]["units"]["same"] == 4


def test_an_import_adds_everything_and_the_difference_writes_nothing(harbour: Harbour) -> None:
    import json

    call = {"event": harbour.event, "person": harbour.hq}
    tables = {
        "units": [
            {"id": "port", "name_en": "Port", "parent": "hq"},
            {"id": "hq", "name_en": "Headquarters", "name_zh": "指挥部", "kind": "headquarters"},
        ],
        "people": [{"id": "n1", "name_en": "New One"}],
        "posts": [
            {"id": "port-h", "unit": "port", "title_en": "Head", "rank": "head", "reach": "subtree", "holder": "n1"}
        ],
    }
    told = ask("organisation.difference", {"tables": json.dumps(tables)}, **call)
    assert {name: row["added"] for name, row in told["counts"].items()} == {
        "units": 1,
        "people": 1,
        "posts": 1,
        "appointments": 1,
    }
    assert not Unit.objects.filter(code="port").exists()
    perform("organisation.import", tables, **call)
    assert Unit.objects.get(code="port").path == "/hq/port/"
    assert Appointment.objects.filter(post__code="port-h", person__username="n1").exists()


def test_every_rejected_value_is_named() -> None:
    rows = {
        "units": [
            {"id": "a", "name_en": "A", "kind": "castle"},
            {"id": "a", "name_en": "", "kind": "team", "parent": "zz"},
        ]
    }
    with pytest.raises(Rejected) as caught:
        read_organisation("sheet.xlsx", organisation_xlsx(rows), {})
    found = {(problem.sheet, problem.row, problem.column) for problem in caught.value.problems}
    assert found == {("Units", 2, "kind"), ("Units", 3, "name_en"), ("Units", 3, "parent"), ("Units", 3, "id")}


PAGES = [
    "organisation/",
    "organisation/units/roads/",
    "organisation/people/",
    "organisation/import/",
    "record/?verify=1",
    "settings/",
    "next/",
    "organisation/sheet.xlsx",
    "organisation/template.xlsx",
    "record/export.csv",
    "record/export.xlsx",
    "record/export.json",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_answer(harbour: Harbour, client: Client, page: str, language: str) -> None:
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = language
    assert client.get(f"/e/harbour/{page}").status_code == 200


def test_the_chart_asks_a_fixed_number_of_queries(
    harbour: Harbour, client: Client, django_assert_max_num_queries: object
) -> None:
    for n in range(40):
        Unit.objects.create(
            event=harbour.event, code=f"u{n}", name_en=f"U{n}", path=f"/hq/u{n}/", parent=harbour.units["hq"]
        )
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        client.get("/e/harbour/organisation/")


def test_import_page_shows_the_difference_then_applies(harbour: Harbour, client: Client) -> None:
    import io

    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    file = io.BytesIO(organisation_xlsx({"units": [{"id": "port", "name_en": "Port", "kind": "team", "parent": "hq"}]}))
    file.name = "org.xlsx"
    shown = client.post("/e/harbour/organisation/import/", {"file": file})
    assert "+ port Port" in shown.content.decode()
    client.post("/e/harbour/organisation/import/", {"tables": shown.context["tables_json"], "apply": "1"})
    assert Unit.objects.filter(code="port").exists()
