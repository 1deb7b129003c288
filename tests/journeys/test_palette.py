"""Search and commands: by keyboard, on a phone, without scripts; nothing for axe to report."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def opened(console: Console, *size: int, language: str = "en") -> Any:
    page = console.page(*size, language=language)
    page.goto(f"{console.event}/duties/", wait_until="domcontentloaded")
    return page


def test_by_keyboard_to_a_task(console: Console) -> None:
    page = opened(console)
    page.keyboard.press("Control+k")
    page.keyboard.type("metro timetable")
    page.wait_for_selector("[role=option] >> text=Metro timetable")
    field = page.locator("[role=combobox]")
    assert field.get_attribute("aria-expanded") == "true"
    active = page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/t/**")
    assert "Metro timetable" in page.inner_text("h1")


def test_arrows_go_round_and_escape_leaves_the_page_as_it_was(console: Console) -> None:
    page = opened(console)
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=option]")
    all_of_them = page.locator("[role=option]").count()
    page.keyboard.press("ArrowUp")
    assert page.locator("[role=option][aria-selected=true]").get_attribute("id") == f"palette-{all_of_them - 1}"
    page.keyboard.press("ArrowDown")
    assert page.locator("[role=option][aria-selected=true]").get_attribute("id") == "palette-0"
    page.keyboard.press("Escape")
    assert page.locator("dialog.palette").is_hidden()
    assert page.url.endswith("/duties/")


def test_an_act_by_its_chinese_name(console: Console) -> None:
    page = opened(console, language="zh-hans")
    page.click("a[data-palette]")
    page.keyboard.type("导入计划")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/import/")


def test_on_a_phone(console: Console) -> None:
    page = opened(console, 390, 844)
    page.click("a[data-palette]")
    page.keyboard.type("no such thing anywhere")
    page.wait_for_selector("dialog.palette >> text=Nothing within your reach is called “no such thing anywhere”.")
    page.fill("[role=combobox]", "gate")
    page.wait_for_selector("[role=option]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("dialog.palette >> text=Dismiss")
    page.click(".phone-bar >> text=More")
    page.wait_for_url("**/search/")
    assert "Assignment book" in page.inner_text("main")


def test_a_lost_connection_is_said(console: Console) -> None:
    page = opened(console)
    page.keyboard.press("Control+k")
    page.wait_for_selector("[role=option]")
    page.context.set_offline(True)
    page.keyboard.type("gate")
    page.wait_for_selector("dialog.palette >> text=No connection")
    page.context.set_offline(False)
    page.keyboard.type("s")
    page.keyboard.press("Backspace")
    page.wait_for_selector("dialog.palette h3")


def test_without_scripts_the_link_leads_to_the_page(console: Console) -> None:
    context = console.browser.new_context(java_script_enabled=False)
    context.add_cookies([*console.page().context.cookies(console.base)])
    page = context.new_page()
    page.goto(f"{console.event}/duties/")
    page.click("a[data-palette]")
    page.fill("main input[name=q]", "metro timetable")
    page.click("main button:has-text('Search')")
    page.click("main >> text=Metro timetable")
    assert "/book/t/" in page.url


def test_open_it_has_nothing_for_axe_to_report(console: Console) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(console)
    page.keyboard.press("Control+k")
    page.keyboard.type("gate")
    page.wait_for_selector("[role=option] svg")
    assert [one["id"] for one in axe.run(page).response["violations"]] == []
