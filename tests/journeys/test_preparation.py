"""What headquarters does in a morning: from my duties over the board to a moved task and the checkpoint report."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAGES = ["duties/", "board/", "board/weights/", "book/", "timetable/", "map/", "checkpoints/", "checkpoints/T-70/"]


def go(page: Any, address: str) -> None:
    """Live pages keep a stream open, so loading is over when the document is."""
    assert page.goto(address, wait_until="domcontentloaded").status == 200


def test_from_the_board_into_a_task(console: Console) -> None:
    page = console.page()
    go(page, f"{console.event}/duties/")
    page.click("nav.rail >> text=Board")
    assert page.inner_text(".countdown b") == "T−80"
    task = page.locator("#board table tbody tr td a[href*='/book/t/']").first
    name = task.inner_text()
    task.click()
    assert name in page.inner_text("main")


def test_a_dragged_bar_says_what_would_happen_and_is_put_back_or_released(console: Console) -> None:
    page = console.page()
    go(page, f"{console.event}/timetable/?view=week")
    page.wait_for_timeout(300)  # the chart scrolls to today when it opens
    bars = page.locator("g.movable.task:has(rect.bar-box)")
    # Wide enough to be taken in the middle: its ends are where links begin.
    widths = bars.evaluate_all("all => all.map(one => Number(one.querySelector('.bar-box').getAttribute('width')))")
    bar = bars.nth(next(number for number, width in enumerate(widths) if width > 60))
    key = bar.get_attribute("data-key")
    bar.scroll_into_view_if_needed()
    bar.locator(".bar-box").hover()
    box = bar.locator(".bar-box").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 22 * 3, y, steps=4)
    page.mouse.up()
    page.wait_for_selector(".sheet:not([hidden])")
    assert "Who moves" in page.inner_text(".sheet")
    page.keyboard.press("Escape")
    assert page.locator(".sheet").is_hidden()
    # The same by keyboard, and released.
    before = bar.get_attribute("data-start")
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".sheet:not([hidden])")
    page.click("text=Release into the draft")
    page.wait_for_selector(".flash")
    assert "Moved in the draft" in page.inner_text(".flash")
    assert page.locator(f"g[data-key='{key}']").first.get_attribute("data-start") != before


def test_a_bar_that_is_late_already_leaves_its_place_and_one_that_cannot_says_why(console: Console) -> None:
    """HL0704 is planned for days gone by and waits for a late one; a day later it goes to where it can begin."""
    page = console.page()
    go(page, f"{console.event}/timetable/?view=week&text=HL0704")
    bar = page.locator("g[data-key='HL0704']")
    before = bar.get_attribute("data-start")
    bar.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".sheet:not([hidden]) .landing")
    assert "It waits for" in page.inner_text(".sheet .landing")
    page.click("text=Release into the draft")
    page.wait_for_selector(".flash")
    after = bar.get_attribute("data-start")
    assert before < "2026-08-17" < after
    bar.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector(".sheet:not([hidden]) .landing")
    assert page.inner_text(".sheet .landing").startswith("It stays where it is. Sun 23 Aug is a day off")
    assert page.locator("text=Release into the draft").is_hidden()
    page.click("text=Put back")
    assert page.locator(".sheet").is_hidden() and bar.get_attribute("data-start") == after


def test_the_checkpoint_report_is_a_pdf(console: Console) -> None:
    page = console.page()
    go(page, f"{console.event}/checkpoints/T-70/")
    answer = page.request.get(page.locator("a[href$='report.pdf']").evaluate("link => link.href"))
    assert answer.ok and answer.body().startswith(b"%PDF")


@pytest.mark.parametrize("address", PAGES)
def test_fits_a_phone(console: Console, address: str) -> None:
    page = console.page(390, 844, "zh-hans")
    go(page, f"{console.event}/{address}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("address", PAGES)
def test_nothing_for_axe_to_report(console: Console, address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = console.page()
    go(page, f"{console.event}/{address}")
    violations = axe.run(page).response["violations"]
    told = [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:160]}" for one in violations]
    assert told == []


def test_no_page_raised_an_error_in_the_browser(console: Console) -> None:
    page = console.page()
    for address in PAGES:
        go(page, f"{console.event}/{address}")
        page.wait_for_timeout(100)
    assert console.errors == []
