"""The board: what it counts, how it sums up, what it says, and that its cost does not grow with the plan."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.board.models import OutcomeWeight, ReadinessPoint
from tminus.desks.board.queries import COLUMNS_SHOWN, columns_of, matrix, together, worst
from tminus.desks.planning.models import Task
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, ask, perform


def show(harbour: Harbour, who: str = "hq") -> Any:
    return ask("board.show", event=harbour.event, person=harbour.people[who])


def finish(harbour: Harbour, key: str) -> None:
    done = task(harbour, key)
    done.actual_start, done.actual_finish, done.percent = done.planned_start, done.planned_finish, 100
    done.save()
    perform("planning.reschedule", {"policy": "as_planned"}, event=harbour.event, person=harbour.hq)


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_readiness_is_weight_done_of_weight_and_a_team_counts_for_its_department(planned: Harbour) -> None:
    Task.objects.filter(event=planned.event, key="R1").update(weight=3)
    finish(planned, "R1")
    found = show(planned)
    # Five leaves: R1 of weight 3 done, R2, R3, H1, H2 of weight 1 open.
    assert found["readiness"]["whole"]["ready_percent"] == round(100 * 3 / 7, 1)
    assert found["readiness"]["whole"]["tasks"] == 5
    units = {unit["code"]: unit for unit in found["readiness"]["units"]}
    assert set(units) == {"roads", "health"}, "the paving team's work stands under its department"
    assert units["roads"]["ready_percent"] == 60.0
    assert units["health"]["ready_percent"] == 0.0


def test_dimension_without_work_is_not_measured_and_weights_change_the_mean(planned: Harbour) -> None:
    finish(planned, "R1")
    by_name = {one["dimension"]: one for one in show(planned)["outcome"]}
    assert by_name["safe"]["percent"] is None
    assert by_name["splendid"]["percent"] == 33.3
    perform(
        "board.weight", {"dimension": "splendid", "area": "RD", "weight": 0}, event=planned.event, person=planned.hq
    )
    assert {one["dimension"]: one for one in show(planned)["outcome"]}["splendid"]["percent"] is None
    line = RecordLine.objects.filter(event=planned.event, code="board.weight").get()
    assert (line.before["weight"], line.after["weight"]) == (1.0, 0.0)


def test_weight_of_an_unknown_area_names_the_allowed_ones_and_writes_nothing(planned: Harbour) -> None:
    with pytest.raises(BadInput, match="RD"):
        perform(
            "board.weight", {"dimension": "safe", "area": "XX", "weight": 1}, event=planned.event, person=planned.hq
        )
    with pytest.raises(NotAllowed):
        perform(
            "board.weight", {"dimension": "safe", "area": "RD", "weight": 1}, event=planned.event, person=planned.paver
        )
    assert not OutcomeWeight.objects.exists()


def test_snapshot_keeps_one_point_a_day_and_the_curve_shows_only_days_gone_by(planned: Harbour) -> None:
    for _ in range(2):
        perform("board.snapshot", event=planned.event, system=True)
    today = date(2026, 8, 17)
    point = ReadinessPoint.objects.get(event=planned.event)
    assert (point.day, point.ready_percent) == (today, 0.0)
    ReadinessPoint.objects.create(
        event=planned.event, day=today + timedelta(days=3), ready_percent=50, target_percent=50
    )
    curve = show(planned)["curve"]
    assert curve["actual"] == [{"t": -80, "percent": 0.0}]
    percents = [one["percent"] for one in curve["target"]]
    assert len(percents) == 101 and percents == sorted(percents) and percents[-1] == 100.0


def test_columns_beyond_the_widest_share_one(planned: Harbour) -> None:
    unit = {"done_weight": 0.0, "weight": 10.0, "name": ""}
    units = [{**unit, "code": f"u{n:02}", "due_weight": float(n)} for n in range(COLUMNS_SHOWN + 3)]
    shown = columns_of(units)
    assert [one["code"] for one in shown] == [f"u{n:02}" for n in range(COLUMNS_SHOWN + 2, 2, -1)]
    cell = {"area": "a", "ready_percent": 0.0, "weight": 10.0, "tasks": 2, "counts": {"done": 1}}
    cells = [
        {**cell, "unit": "u00", "done_weight": 5.0, "status": "on_time"},
        {**cell, "unit": "u01", "done_weight": 0.0, "status": "stale"},
        {**cell, "unit": "u09", "done_weight": 10.0, "status": "done"},
    ]
    [row] = matrix({"areas": [{"code": "a"}], "units": units, "cells": cells}, shown)
    assert row["others"] == {"ready_percent": 25.0, "status": "stale", "tasks": 4, "done": 2}
    assert sum(one is not None for one in row["cells"]) == 1
    assert together([]) is None


def test_worst_are_late_before_at_risk_then_least_float() -> None:
    row = {"finish": date(2026, 9, 1)}
    rows = [
        {**row, "status": "at_risk", "total_float_days": -9.0},
        {**row, "status": "late", "total_float_days": 2.0},
        {**row, "status": "late", "total_float_days": -3.0},
    ]
    assert [one["total_float_days"] for one in worst(rows)] == [-3.0, 2.0, -9.0]
    assert len(worst(rows * 9)) == 10


def test_each_reads_only_what_is_in_reach(planned: Harbour) -> None:
    assert {unit["code"] for unit in show(planned, "health_head")["readiness"]["units"]} == {"health"}
    with pytest.raises(NotAllowed):
        show(planned, "observer")
    assert signed_in(planned, "observer").get("/e/harbour/board/").status_code == 403
    assert signed_in(planned, "stranger").get("/e/harbour/board/").status_code == 404


@pytest.mark.parametrize("address", ["board/", "board/weights/", "checkpoints/", "checkpoints/T-0/"])
def test_pages_cost_the_same_queries_for_any_number_of_tasks(
    planned: Harbour, address: str, django_assert_max_num_queries: Any
) -> None:
    model = task(planned, "R2")
    Task.objects.bulk_create(
        Task(
            event=planned.event, key=f"X{n}", position=100 + n, name_en=f"Extra {n}", unit=model.unit, area=model.area,
            planned_start=model.planned_start, planned_finish=model.planned_finish, status="late",
        )
        for n in range(300)
    )  # fmt: skip
    perform("planning.reschedule", {"policy": "alap_total"}, event=planned.event, person=planned.hq)
    client = signed_in(planned, "hq")
    with django_assert_max_num_queries(41):
        assert client.get(f"/e/harbour/{address}").status_code == 200


def test_page_is_whole_in_chinese(planned: Harbour) -> None:
    client = signed_in(planned, "hq")
    client.cookies["django_language"] = "zh-hans"
    page = client.get("/e/harbour/board/").content.decode()
    for english in ("days to opening", "Worst ten", "target today", "no holder", "not measured yet", "All areas"):
        assert english not in page
    assert "距开幕天数" in page


def test_report_is_a_readable_paper_and_a_workbook_in_both_languages(planned: Harbour) -> None:
    client = signed_in(planned, "hq")
    page = client.get("/e/harbour/checkpoints/T-0/report.pdf")
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(page.content)).pages)
    assert "Ambulance plan" in text and "no holder" in text
    client.cookies["django_language"] = "zh-hans"
    chinese = client.get("/e/harbour/checkpoints/T-0/report.pdf")
    text = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(chinese.content)).pages)
    assert "无人负责" in text
    book = load_workbook(BytesIO(client.get("/e/harbour/checkpoints/T-0/report.xlsx").content))
    rows = [[cell.value for cell in row] for row in book["待决事项"].iter_rows()]
    assert ["H2", "Ambulance plan", "无人负责", "无人负责：由谁？"] in rows


def test_report_of_a_day_that_is_no_checkpoint_does_not_exist(planned: Harbour) -> None:
    assert signed_in(planned, "hq").get("/e/harbour/checkpoints/T-71/report.pdf").status_code == 404
