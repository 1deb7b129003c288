"""A wall screen hung up: made in the console, turning by itself, paused by a key, honest when the server is gone."""

from __future__ import annotations

import re

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def view_is(name: str) -> str:
    return f"#wall-head[data-view={name}]"


def test_screen_turns_follows_the_record_pauses_and_says_when_it_is_cut_off(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/walls/")
    page.fill("#wall-name", "Duty room")
    page.click("main form button.primary")
    address = page.locator("code.secret").inner_text()
    path = re.sub(r"^https?://[^/]+", "", address).replace("every=20", "every=5")
    context = console.browser.new_context(viewport={"width": 1920, "height": 1080})  # nobody is signed in there
    wall = context.new_page()
    errors: list[str] = []
    wall.on("pageerror", lambda error: errors.append(str(error)))
    wall.goto(console.base + path)
    assert wall.locator("a, form, nav, button").count() == 0
    wall.wait_for_selector(view_is("checkpoint"), timeout=9000)
    wall.keyboard.press(" ")
    assert wall.locator(".paused").is_visible()
    wall.keyboard.press("ArrowLeft")
    wall.wait_for_selector(view_is("board"))
    wall.wait_for_timeout(6000)
    assert wall.locator(view_is("board")).count() == 1, "it stands while paused"
    assert wall.locator("html").evaluate("(page) => page.scrollHeight <= innerHeight"), "nothing to scroll"
    before = wall.locator("#wall-head").get_attribute("data-seq")
    page.goto(f"{console.event}/walls/")
    page.fill("#wall-name", "Another")
    page.click("main form button.primary")  # an act like any other
    wall.wait_for_selector(f"#wall-head:not([data-seq='{before}'])", timeout=9000)
    assert not wall.locator(".lost").is_visible()
    context.set_offline(True)
    wall.wait_for_selector(".lost", state="visible", timeout=20000)
    assert "CONNECTION LOST" in wall.locator(".lost").inner_text()
    context.set_offline(False)
    wall.wait_for_selector(".lost", state="hidden", timeout=9000)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("tr", has_text="Duty room").locator("button").click()
    wall.wait_for_selector("#wall-head", state="detached", timeout=12000)
    assert not errors
    context.close()
