"""The operations map in a real browser: drawn by WebGL, else by the server, and never from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Console

BUNDLE = Path(__file__).parents[2] / "src/tminus/site/static/dist/map.js"
needs_bundle = pytest.mark.skipif(not BUNDLE.exists(), reason="the browser bundle is not built")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest);
};
"""


def opened(console: Console, day: str, **size: int) -> Any:
    page = console.page(**size)
    page.goto(f"{console.event}/map/?t={day}")
    page.wait_for_selector("[data-map][data-ready]")
    return page


@needs_bundle
def test_the_map_needs_no_network_and_leads_to_a_task(console: Console) -> None:
    page = opened(console, "T-30")
    page.click("text=Venue")
    card = page.locator(".place-card").first
    card.locator("summary").click()
    card.locator("li a").first.click()
    page.wait_for_url("**/book/t/**")
    outside = [url for url in console.asked if not url.startswith((console.base, "data:", "blob:"))]
    assert console.asked and outside == []
    assert console.errors == []


@needs_bundle
def test_the_slider_replays_the_plan_without_a_new_page(console: Console) -> None:
    page = opened(console, "T-80")
    page.evaluate("window.same = true")
    before = page.inner_text("[data-list]")
    page.locator("#t").focus()
    page.keyboard.press("ArrowLeft")
    page.locator("[data-label]", has_text="T−81").wait_for()
    page.select_option("[data-speed]", "10")
    page.click("[data-play]")
    for _ in range(100):
        page.wait_for_timeout(100)
        if int(page.locator("#t").input_value()) > -76:
            break
    page.keyboard.press("Escape")
    assert page.get_attribute("[data-play]", "aria-pressed") == "false"
    assert page.evaluate("window.same") and page.inner_text("[data-list]") != before
    shown = page.locator("#t").input_value()
    assert int(shown) > -76
    page.wait_for_url(lambda url: url.endswith(f"?t=T{shown}"))
    page.click("form.language button")
    page.wait_for_selector("html[lang^=zh]")
    assert page.url.endswith(f"?t=T{shown}"), "the other language shows another day"


@needs_bundle
def test_layers_leave_out_what_is_not_asked_for(console: Console) -> None:
    page = opened(console, "T-80")
    every = page.locator(".place-card:visible").count()
    page.check("[data-layer=lagging]")
    lagging = page.locator(".place-card:visible").count()
    assert 0 < lagging < every
    assert page.locator(".place-card:visible[data-status=on_time]").count() == 0
    page.uncheck("[data-layer=lagging]")
    page.uncheck("[data-layer=tasks]")
    posts = page.locator(".place-card:visible")
    assert 0 < posts.count() < every
    assert all(int(card.get_attribute("data-posts")) > 0 for card in posts.all())


@pytest.mark.parametrize("width", [1440, 390])
def test_without_webgl_the_servers_map_stays(console: Console, width: int) -> None:
    page = console.page(width=width)
    page.add_init_script(NO_WEBGL)
    page.goto(f"{console.event}/map/?t=T-30")
    assert page.locator("svg.map .ground path").count() > 50
    mark = page.locator("svg.map .place").last
    mark.dispatch_event("click")
    page.wait_for_selector(".place-card[open] li")
    assert page.is_visible("svg.map") and page.locator(".map-gl").count() == 0
