"""Cells of the book: many at once, tried before, taken back as one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, ask, perform


def cells(*given: tuple[str, str, str]) -> dict[str, Any]:
    return {"cells": [{"task": key, "field": field, "value": value} for key, field, value in given]}


def change(harbour: Harbour, *given: tuple[str, str, str], who: str = "hq") -> Any:
    return perform("planning.cells.change", cells(*given), event=harbour.event, person=harbour.people[who])


def test_many_cells_change_and_are_taken_back_as_one(planned: Harbour) -> None:
    fields = ("unit_id", "responsible_id", "duration_min", "percent", "actual_start", "deadline")
    before = list(Task.objects.filter(event=planned.event).order_by("pk").values(*fields))
    done = change(
        planned,
        ("R1", "responsible", "hand"),
        ("R1", "duration", "3d"),
        ("R2", "unit", "roads"),
        ("H2", "responsible", "health_head"),
        ("H1", "percent", "40%"),
        ("H1", "deadline", "2026-09-30"),
    )
    assert done == {"tasks": ["H1", "H2", "R1", "R2"], "cells": 6}
    assert (task(planned, "R1").responsible, task(planned, "R1").duration_min) == (planned.hand, 480 * 3)
    assert task(planned, "H1").percent == 40 and task(planned, "H1").actual_start is not None
    assert RecordLine.objects.filter(event=planned.event, code="planning.cells.change").count() == 6
    assert ask("planning.last_act", {}, event=planned.event, person=planned.hq)["undoable"]
    perform("planning.undo", {}, event=planned.event, person=planned.hq)
    assert list(Task.objects.filter(event=planned.event).order_by("pk").values(*fields)) == before


def test_one_bad_cell_and_nothing_changes(planned: Harbour) -> None:
    with pytest.raises(BadInput, match=r"R2, duration: 'soon'; allowed: .*\(and 2 more\)"):
        change(
            planned, ("R1", "duration", "2d"), ("R2", "duration", "soon"), ("X", "unit", ""), ("R1", "colour", "red")
        )
    assert task(planned, "R1").duration_min == 480 * 5
    assert not RecordLine.objects.filter(event=planned.event, code="planning.cells.change").exists()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("R", "responsible", "hand"), "is a summary"),
        (("R", "percent", "10%"), "is a summary"),
        (("R1", "responsible", "stranger"), "holds no post"),
        (("R1", "unit", "moon"), "code of a unit"),
        (("R1", "percent", "140%"), "percent"),
        (("R1", "start", "03/04/2026"), "03/04/2026"),
    ],
)
def test_trying_names_what_is_allowed_and_changes_nothing(
    planned: Harbour, cell: tuple[str, str, str], said: str
) -> None:
    before = list(Task.objects.order_by("pk").values())
    asked = cells(cell, ("R2", "name", "Paving of the quay"))
    found = ask("planning.cells.try", asked, event=planned.event, person=planned.hq)
    assert (found["problems"], found["changes"]) == (1, 1)
    assert said in found["cells"][0]["problem"]
    assert (found["cells"][1]["before"], found["cells"][1]["after"]) == ("Paving", "Paving of the quay")
    assert list(Task.objects.order_by("pk").values()) == before


def test_cells_beyond_reach_are_a_problem_of_the_cell(planned: Harbour) -> None:
    person = planned.people["health_head"]
    found = ask("planning.cells.try", cells(("R1", "name", "Mine")), event=planned.event, person=person)
    assert found["cells"][0]["problem"] == "beyond your reach" and found["cells"][0]["before"] == ""
    with pytest.raises(BadInput, match="beyond your reach"):
        change(planned, ("R1", "name", "Mine"), who="health_head")


def test_who_answers_for_a_task_of_another_unit_reports_on_it_and_sets_nothing_else(planned: Harbour) -> None:
    change(planned, ("R2", "responsible", "health_head"))
    change(planned, ("R2", "percent", "30%"), who="health_head")
    assert task(planned, "R2").percent == 30
    with pytest.raises(BadInput, match="beyond your reach"):
        change(planned, ("R2", "name", "Mine"), who="health_head")


def test_the_book_says_whose_rows_may_be_changed(planned: Harbour) -> None:
    everywhere = ask("planning.book", {}, event=planned.event, person=planned.hq)
    health = ask("planning.book", {}, event=planned.event, person=planned.people["health_head"])
    assert (everywhere["acts_everywhere"], everywhere["actable"]) == (True, [])
    assert not health["acts_everywhere"] and "health" in health["actable"] and "roads" not in health["actable"]


def test_the_whole_book_is_one_compact_answer_within_reach(planned: Harbour) -> None:
    client = Client()
    client.force_login(planned.hq)
    answer = client.get("/e/harbour/book/rows.json")
    document = answer.json()
    rows = [dict(zip(document["fields"], row, strict=True)) for row in document["rows"]]
    assert [row["key"] for row in rows] == ["R", "R1", "R2", "R3", "H", "H1", "H2"]
    assert (rows[1]["parent"], rows[1]["duration"], rows[1]["unit"]) == ("R", "5d", "roads")
    assert rows[0]["duration"] is None and document["opening"] == "2026-11-05"
    assert ["roads", "City Works"] in document["named"]["units"]
    assert client.get("/e/harbour/book/rows.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert len(client.get("/e/harbour/book/rows.json?unit=health&holes=1").json()["rows"]) == 1
    client.force_login(planned.people["health_head"])
    assert {row[0] for row in client.get("/e/harbour/book/rows.json").json()["rows"]} == {"H", "H1", "H2"}


def post(client: Client, address: str, body: object) -> Any:
    return client.post(f"/e/harbour/book/{address}", json.dumps(body), content_type="application/json")


def test_the_table_changes_tries_and_takes_back(planned: Harbour) -> None:
    client = Client()
    client.force_login(planned.hq)
    given = cells(("R1", "name", "Survey of the quay"))
    assert post(client, "cells/", {**given, "try": True}).json()["changes"] == 1
    done = post(client, "cells/", given)
    assert done.status_code == 200 and done.json()["said"] == "Changed: R1"
    assert task(planned, "R1").name_en == "Survey of the quay"
    assert post(client, "cells/undo/", {"line": done.json()["undo"]}).status_code == 200
    assert task(planned, "R1").name_en == "Survey"
    for body in ([], {}, {"cells": 3}, {"cells": []}, "cells"):
        assert post(client, "cells/", body).status_code == 400
    again = post(client, "cells/", given).json()["undo"]
    assert "no longer your last change" in post(client, "cells/undo/", {"line": again - 1}).json()["error"]


def test_at_the_cell_a_refusal_does_not_name_the_cell_again(planned: Harbour) -> None:
    client = Client()
    client.force_login(planned.hq, backend="django.contrib.auth.backends.ModelBackend")
    given = {"cells": [{"task": "R1", "field": "responsible", "value": "nobody-here"}]}
    refused = post(client, "cells/", given).json()
    assert refused["error"] == f"R1, responsible: {refused['here']}"
    assert "nobody-here" in refused["here"]
