"""A new installation to its first checkpoints in five minutes: the way a newcomer goes, in a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from tests.cli.server import Server, tminus

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SECONDS = 5 * 60
TASKS = 40
OPENING = datetime.now(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=120)
"""In the zone a new event is offered: there it may be tomorrow already."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A new home, served; its address with the first administrator's token."""
    home = tmp_path_factory.mktemp("first-run") / "home"
    made = tminus(home, "init", str(home))
    assert made.returncode == 0, made.stderr
    token = (home / "setup.token").read_text().strip()
    with Server(home) as server:
        yield f"http://127.0.0.1:{server.port}/setup/?token={token}"


def filled(template: Path) -> Path:
    """The empty template with forty tasks in chains of four, and two headings nobody knows."""
    book = openpyxl.load_workbook(template)
    sheet = book["Tasks"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    sheet.cell(1, columns["Deadline"], "Ready by")
    budget = sheet.max_column + 1
    sheet.cell(1, budget, "Budget line")
    for number in range(TASKS):
        row = number + 2
        given = {"ID": f"P{number:02}", "Task": f"Prepare hall {number}", "Duration": "5d", "Unit": "Headquarters"}
        if number % 4:
            given["Predecessors"] = f"P{number - 1:02}"
        for name, value in given.items():
            sheet.cell(row, columns[name], value)
        if number % 4 == 3:
            sheet.cell(row, columns["Deadline"], (OPENING - timedelta(days=30)).isoformat())
        sheet.cell(row, budget, f"B-{number % 3}")
    path = template.with_name("filled.xlsx")
    book.save(path)
    return path


def test_from_nothing_to_checkpoints(address: str, chromium: Any, tmp_path: Path) -> None:
    begun = time.monotonic()
    page = chromium.new_page(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    set_up(page, address)
    new_event(page)
    template = download_template(page, tmp_path)
    hand_in(page, filled(template))
    say_what_a_column_is(page)
    apply(page)
    see_checkpoints(page)
    page.click("nav.rail >> text=My duties")
    page.click("text=First steps")
    assert page.locator(".steps .mark-done").count() == 3
    assert "40 tasks without a holder" in page.inner_text(".steps")
    assert time.monotonic() - begun < SECONDS
    page.close()


def set_up(page: Any, address: str) -> None:
    page.goto(address)
    page.fill("#f-username", "chief")
    page.fill("#f-name_en", "Wang Chief")
    page.fill("#f-password", "a long enough one")
    page.click("main button.primary")
    page.wait_for_url("**/events/new/")


def new_event(page: Any) -> None:
    page.fill("#f-name_en", "Port Fair")
    page.fill("#f-opening", OPENING.isoformat())
    page.fill("#f-closing", (OPENING + timedelta(days=5)).isoformat())
    page.click("main button.primary")
    page.wait_for_url("**/e/port-fair/next/")
    assert page.inner_text(".countdown b") == "T−120"


def download_template(page: Any, folder: Path) -> Path:
    with page.expect_download() as started:
        page.click("text=Download the empty template")
    path = folder / "template.xlsx"
    started.value.save_as(path)
    return path


def hand_in(page: Any, plan: Path) -> None:
    page.click("main >> text=Import a plan")
    page.set_input_files("#file", plan)
    page.click("text=Read and compare >> nth=0")
    page.wait_for_url("**/import/*/")
    assert "Nothing is changed yet" in page.inner_text(".page-head")
    assert figure(page, "Added") == str(TASKS)


def say_what_a_column_is(page: Any) -> None:
    panel = page.locator("#unclaimed")
    assert "2 columns" in panel.inner_text()
    panel.get_by_label("“Ready by”").select_option(label="Deadline")
    panel.get_by_text("Compare anew").click()
    page.wait_for_selector(".flash >> text=Compared anew")
    assert "1 column is known by no name here" in page.inner_text("#unclaimed")
    assert "Budget line" in page.inner_text("#unclaimed")
    assert figure(page, "Added") == str(TASKS)


def apply(page: Any) -> None:
    page.click("text=Apply the import")
    page.wait_for_url("**/book/")
    assert f"{TASKS} added" in page.inner_text(".flash")
    page.click("main a:has-text('Prepare hall 3') >> nth=0")
    page.wait_for_url("**/book/t/**")
    assert f"{OPENING - timedelta(days=30):%-d %b}" in page.inner_text("dt:has-text('Deadline') + dd")


def see_checkpoints(page: Any) -> None:
    page.click("nav.rail >> text=Checkpoints")
    page.wait_for_selector("#checkpoints table")
    headers = page.locator("#checkpoints thead").locator("th, td").all_inner_texts()
    place = [header.strip().lower() for header in headers].index("due") + 1
    cells = page.locator(f"#checkpoints tbody td:nth-child({place})").all_inner_texts()
    due = [int(re.sub(r"\D", "", text)) for text in cells]
    assert due == sorted(due), "cumulative"
    assert due[-1] == TASKS and due[0] < TASKS


def figure(page: Any, label: str) -> str:
    return str(page.locator(f".strip > div:has-text('{label}') .figure-big").first.inner_text())
