"""The form of a scenario in a browser: rows come and go without a new page, what was typed stays, it is saved."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_rows_come_and_go_in_place_and_are_saved(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/day/new/")
    page.fill("[name=name_en]", "Gate West halved")
    page.evaluate("window.same = true")
    page.click("button[value='add-h-gate_lost']")
    page.wait_for_selector("[name='h-0-element']")
    assert page.evaluate("document.activeElement.name") == "h-0-element"
    page.select_option("[name='h-0-element']", "gate-w")
    page.click("button[value='add-m-lanes']")
    page.wait_for_selector("[name='m-0-element']")
    page.click("button[value='add-m-lanes']")
    page.wait_for_selector("[name='m-1-element']")
    page.select_option("[name='m-1-element']", "gate-e")
    page.fill("[name='m-1-value']", "20")
    page.click("button[value='drop-m-0']")
    page.wait_for_selector("[name='m-0-element']", state="detached")
    assert page.evaluate("window.same"), "the page is the same"
    assert page.input_value("[name=name_en]") == "Gate West halved"
    assert page.input_value("[name='h-0-element']") == "gate-w"
    page.click("button.plain[value=save]")
    page.wait_for_url("**/day/")
    row = page.locator("tr", has_text="Gate West halved")
    assert "Gate East: 20 lanes open" in row.inner_text() and "not walked yet" in row.inner_text()
    row.locator("details.menu summary").click()
    row.get_by_role("button", name="Withdraw").click()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector("tr:has-text('Gate West halved')")
    page.context.close()
