"""The record's export: every line the filters leave, in three forms, nothing in a table a formula."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.harbour import Harbour
from tminus.platform.record import append
from tminus.platform.recordbook import views


@pytest.fixture
def client(harbour: Harbour) -> Client:
    for number in range(7):
        append(
            event=harbour.event,
            at=timezone.now(),
            actor=harbour.hq,
            channel="web",
            code="event.change" if number % 2 else "unit.change",
            subject=harbour.event if number % 2 else harbour.units["roads"],
            before=None,
            after={"name_en": f"=1+{number}"},
            unit_path="" if number % 2 else harbour.units["roads"].path,
        )
    made = Client()
    made.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    return made


def test_three_forms_say_the_same_and_leave_out_what_the_page_leaves_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)  # asked for in several pieces, all of it given
    address = "/e/harbour/record/export."
    objects = json.loads(client.get(f"{address}json?code=event").content)
    text = client.get(f"{address}csv?code=event").content.decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    sheet = load_workbook(io.BytesIO(client.get(f"{address}xlsx?code=event").content)).active
    assert sheet is not None
    numbers = [line["seq"] for line in objects]
    assert len(numbers) == 3 and numbers == sorted(numbers, reverse=True)
    assert [int(row[0]) for row in table[1:]] == numbers
    assert [row[0].value for row in list(sheet.rows)[1:]] == numbers
    assert len(json.loads(client.get(f"{address}json").content)) == 7


def test_nothing_in_a_table_is_a_formula(client: Client) -> None:
    text = client.get("/e/harbour/record/export.csv").content.decode("utf-8-sig")
    assert not any(cell.startswith(("=", "+", "@")) for row in csv.reader(io.StringIO(text)) for cell in row)
    sheet = load_workbook(io.BytesIO(client.get("/e/harbour/record/export.xlsx").content)).active
    assert sheet is not None and not any(cell.data_type == "f" for row in sheet.rows for cell in row)


def test_another_form_is_not_there_and_the_language_is_the_readers(client: Client) -> None:
    assert client.get("/e/harbour/record/export.pdf").status_code == 404
    client.cookies["django_language"] = "zh-hans"
    head = client.get("/e/harbour/record/export.csv").content.decode("utf-8-sig").splitlines()[0]
    assert "时间" in head


def test_who_reads_no_record_exports_none(harbour: Harbour, client: Client) -> None:
    client.force_login(harbour.observer, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/e/harbour/record/export.csv").status_code == 403
