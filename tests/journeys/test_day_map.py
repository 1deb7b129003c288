"""The map of a walked day: played, moved by keys, asked about a place, taken along, two side by side, no script."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Console
from tests.journeys.test_axe import SIZES, examine
from tests.journeys.test_day_published import axe as axe
from tests.journeys.test_day_published import fair as fair

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAINTED = """(() => {
  const map = document.querySelector(".day-stage canvas");
  return new Set(map.getContext("2d").getImageData(0, 0, map.width, map.height).data).size;
})()"""


@pytest.fixture(scope="module")
def walked(fair: Console) -> str:
    """The key of a scenario of the small fair that has been walked."""
    event, page = f"{fair.base}/e/small", fair.page()
    page.goto(f"{event}/day/new/")
    page.fill("[name=name_en]", "Gate B lost")
    page.select_option("[name=day]", "2026-11-06")
    page.locator("button[value='add-h-gate_lost']").click()
    page.select_option("[name=h-0-element]", "gate-b")
    page.locator("button.primary[value=walk]").click()
    page.wait_for_url("**/jobs/**")
    for _turn in range(60):
        page.goto(f"{event}/day/")
        if page.locator("td[data-label='Longest queue at a gate']").count():
            break
        page.wait_for_timeout(2_000)
    key = str(page.locator("a[href*='/edit/']").first.get_attribute("href")).split("/")[-3]
    page.context.close()
    return key


@pytest.fixture(scope="module")
def unwalked(fair: Console, walked: str) -> str:
    """The key of a copy of it that nobody has walked."""
    page = fair.page()
    page.goto(f"{fair.base}/e/small/day/")
    page.locator("td.row-acts summary").first.click()
    page.get_by_role("button", name="Copy").first.click()
    page.wait_for_url("**/edit/")
    key = page.url.split("/")[-3]
    page.context.close()
    return key


@pytest.fixture
def expect() -> Any:
    """Looks until it is so; evaluates no text, which the pages' policy forbids."""
    return pytest.importorskip("playwright.sync_api").expect


def opened(fair: Console, address: str, **given: Any) -> Any:
    page = fair.page(**given)
    page.goto(f"{fair.base}/e/small/{address}")
    page.wait_for_selector("canvas[data-drawn]")
    return page


def test_the_day_is_played_and_moved_by_keys(fair: Console, walked: str, expect: Any) -> None:
    page = opened(fair, f"day/{walked}/")
    host = page.locator("[data-day]")
    assert page.evaluate(PAINTED) > 50, "more than plain ground"
    page.locator(".day-stage canvas").focus()
    page.keyboard.press("Home")
    begun = host.get_attribute("data-shown")
    page.keyboard.press("ArrowRight")
    assert (begun, host.get_attribute("data-shown")) == ("05:00", "05:15")
    page.select_option(".day-pace select", "8")
    page.click("[data-play]")
    expect(host).to_have_attribute("data-shown", re.compile("0[6-9]:.."))
    page.click("[data-play]")
    assert page.get_attribute("[data-play]", "aria-pressed") == "false"
    before = page.locator(".day-stage canvas").screenshot()
    page.get_by_role("button", name="City").click()
    assert any(page.locator(".day-stage canvas").screenshot() != before for _look in range(50)), "drawn anew"
    assert not fair.errors and all(one.startswith(fair.base) for one in fair.asked)
    page.context.close()


def test_a_place_opens_beside_and_the_address_keeps_it(fair: Console, walked: str, tmp_path: Path) -> None:
    page = opened(fair, f"day/{walked}/")
    page.locator("table[aria-label='Worst places and minutes'] button.link").first.click()
    name, shown = page.inner_text(".day-sheet h3"), page.get_attribute("[data-day]", "data-shown")
    assert name and "show=" in page.url and "slot=" in page.url
    page.reload()
    page.wait_for_selector("canvas[data-drawn]")
    assert page.inner_text(".day-sheet h3") == name and page.get_attribute("[data-day]", "data-shown") == shown
    page.locator(".day-exports summary").click()
    with page.expect_download() as download:
        page.locator(".day-exports a", has_text="Figures of this time").click()
    download.value.save_as(tmp_path / "now.csv")
    with (tmp_path / "now.csv").open(encoding="utf-8-sig") as file:
        times = {row["time"] for row in csv.DictReader(file)}
    assert times == {f"2026-11-06T{shown}:00"}
    page.context.close()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_for_axe_to_report(
    fair: Console, walked: str, unwalked: str, axe: Any, language: str, size: str
) -> None:
    width, height = SIZES[size]
    page = fair.page(width, height, language)
    for address in (f"day/{walked}/", f"day/compare/?a={walked}&b={walked}"):
        page.goto(f"{fair.base}/e/small/{address}")
        page.wait_for_selector("canvas[data-drawn]")
        examine(page, page.url, axe)
    for address in (f"day/{walked}/edit/", f"day/{walked}/publish/", "day/", f"day/compare/?a={walked}&b={unwalked}"):
        examine(page, f"{fair.base}/e/small/{address}", axe)
    page.context.close()


def test_two_days_lie_side_by_side_at_the_same_time(fair: Console, walked: str, expect: Any) -> None:
    page = opened(fair, f"day/compare/?a={walked}&b={walked}")
    assert page.locator(".day-pair canvas").count() == 2 and page.locator(".day-player").count() == 1
    page.locator(".day-player input").fill("20")
    for canvas in page.locator(".day-pair canvas").all():
        expect(canvas).to_have_attribute("data-drawn", "20")
    assert page.inner_text(".day-player output") == "10:00"
    page.context.close()


def test_without_script_the_day_is_a_picture_and_tables(fair: Console, walked: str) -> None:
    signed = fair.page()
    context = fair.browser.new_context(java_script_enabled=False, storage_state=signed.context.storage_state())
    page = context.new_page()
    page.goto(f"{fair.base}/e/small/day/{walked}/")
    picture = page.locator(".day-host img")
    box = picture.bounding_box()
    assert box and box["width"] > 600 and "11" in page.inner_text("main")
    answer = page.request.get(fair.base + str(picture.get_attribute("src")))
    assert answer.ok and answer.headers["content-type"].startswith("image/svg+xml")
    page.locator(".day-host .chips a", has_text="10").first.click()
    assert "Gates · 10:00" in page.inner_text("main")
    context.close()
