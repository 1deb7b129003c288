"""On the timetable: a link drawn by mouse and by keyboard, taken away, taken back; the calendar turned and opened."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PRED, SUCC = "RD0506", "RD0508"
"""Two of one road's tasks, not linked to one another, the first well before the other."""
LINK = f"path.link[data-pred='{PRED}'][data-succ='{SUCC}']"


def opened(console: Console) -> Any:
    page = console.page()
    assert page.goto(f"{console.event}/timetable/?view=ten&text=RD05", wait_until="domcontentloaded").status == 200
    page.wait_for_timeout(300)  # the chart scrolls to today when it opens
    return page


def middle(page: Any, what: str) -> tuple[float, float]:
    box = page.locator(what).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def released(page: Any) -> str:
    """Send the form of the side sheet; the line the page then says."""
    page.click(".sheet .add-link button.primary")
    page.wait_for_selector(".flash-success")
    return str(page.inner_text(".flash-success"))


def taken_back(page: Any) -> None:
    page.click(".flash-success button")
    page.wait_for_function(f'!document.querySelector("{LINK}")')


def test_a_link_is_drawn_by_mouse_and_undone(console: Console) -> None:
    page = opened(console)
    assert page.locator(LINK).count() == 0
    page.hover(f"g[data-key='{PRED}'] .bar-box")
    page.mouse.move(*middle(page, ".handle[data-side='F']"))
    page.mouse.down()
    box = page.locator(f"g[data-key='{SUCC}'] .bar-box").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=6)
    assert page.locator(f"g.linking[data-key='{SUCC}']").count() == 1
    page.mouse.up()
    page.wait_for_selector(".sheet:not([hidden]) .new-link")
    assert page.input_value(".sheet .add-link [name=predecessor]") == PRED
    assert page.input_value(".sheet .add-link [name=kind]") == "FS"
    assert page.locator(LINK).count() == 0, "nothing is kept before the form is sent"
    assert released(page).startswith("Linked")
    assert page.locator(LINK).count() == 1
    taken_back(page)


def test_a_link_is_drawn_and_taken_away_by_keyboard_and_that_is_undone(console: Console) -> None:
    page = opened(console)
    page.focus(f"g[data-key='{PRED}']")
    page.keyboard.press("l")
    page.wait_for_selector(".sheet:not([hidden])")
    page.focus(f"g[data-key='{SUCC}']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet .new-link")
    assert page.evaluate("document.activeElement.matches('.add-link button.primary')"), "one Enter sends it"
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash-success")
    assert page.locator(LINK).count() == 1
    # What it waits for, and one of them away.
    page.focus(f"g[data-key='{SUCC}']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sheet:not([hidden]) .links-table")
    page.focus(f".sheet [aria-label='Take away the link to {PRED}']")
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash-success >> text=Link taken away")
    assert page.locator(LINK).count() == 0
    page.click(".flash-success button")
    page.wait_for_selector(LINK, state="attached")
    # As it was before this test.
    page.focus(f"g[data-key='{SUCC}']")
    page.keyboard.press("Enter")
    page.click(f".sheet [aria-label='Take away the link to {PRED}']")
    page.wait_for_selector(".flash-success >> text=Link taken away")


def test_the_calendar_is_opened_turned_and_a_task_of_it_looked_at(console: Console) -> None:
    page = opened(console)
    page.goto(f"{console.event}/timetable/", wait_until="domcontentloaded")
    page.click(".segmented >> text=Calendar")
    page.wait_for_selector("table.month")
    assert page.inner_text("h1") == "August 2026"
    page.click("[data-next]")
    page.wait_for_selector("h1 >> text=September 2026")
    page.click(".page-acts details.menu summary")
    shown = page.locator(".page-acts .menu a").first.get_attribute("href")
    assert shown.endswith("plan.ics?month=2026-09")
    page.keyboard.press("Escape")
    link = page.locator("table.month td:not(.beside) .finishes a").first
    name = link.get_attribute("title").split(" · ")[0]
    link.click()
    page.wait_for_selector("#links")
    assert page.inner_text("h1").endswith(name)
