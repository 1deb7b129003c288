"""The map of stations: played, chosen from, moved by the keyboard, and whole without any script."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.journeys.conftest import Console
from tests.journeys.test_axe import SIZES, examine
from tests.journeys.test_map import needs_bundle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ADDRESS = "forecast/map/?day=2026-11-07"
FORECAST_S = 240
"""The demonstration's first forecast waits for the simulation of its plan."""


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.fixture(scope="module")
def drawn(console: Console) -> str:
    """The address of the map once the day has been forecast."""
    page, until = console.page(), time.monotonic() + FORECAST_S
    while True:
        page.goto(f"{console.event}/{ADDRESS}", wait_until="domcontentloaded")
        if page.locator("[data-stations]").count() or time.monotonic() > until:
            break
        time.sleep(2)
    assert page.locator("[data-stations]").count(), "no forecast came"
    page.context.close()
    return f"{console.event}/{ADDRESS}"


@needs_bundle
def test_the_day_is_played_and_a_station_chosen(console: Console, drawn: str) -> None:
    page = console.page()
    page.goto(f"{drawn}&at=08:00")
    page.wait_for_selector(".station-map.scripted")
    assert page.locator(".places .place:not(.place-gate)").count() == 302
    before = page.locator(".places .load-0").count()
    page.select_option("[data-pace]", "8")
    page.click("[data-run]")
    page.wait_for_function("() => (document.querySelector('.station-map').dataset.shown ?? '') >= '09:30'")
    page.keyboard.press("Escape")
    assert page.locator("[data-at]").inner_text() >= "09:30" and page.locator("[data-run]").inner_text() == "Play"
    assert page.locator(".places .load-0").count() != before, "marks take another class"
    link = page.locator("[data-side] tbody th a").nth(4)
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("name => document.querySelector('.chosen-place h3').innerText.startsWith(name)", arg=name)
    assert page.locator(".place.chosen").count() == 1 and name in page.locator(".place.chosen text").text_content()
    at = page.locator("[data-at]").inner_text()
    page.locator("#slot").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("at => document.querySelector('[data-at]').textContent > at", arg=at)
    page.wait_for_function("() => location.search.includes('node=')")
    assert name in page.locator(".chosen-place h3").inner_text(), "the place chosen stays"
    page.wait_for_function("() => document.querySelector('.station-map').dataset.shown === "
                           "document.querySelector('[data-at]').textContent")  # fmt: skip
    exported = page.locator("a[data-export]").first.get_attribute("href")
    assert page.locator("[data-at]").inner_text().replace(":", "%3A") in exported, "what is exported is what is shown"
    assert not console.errors and all(one.startswith((console.base, "data:", "blob:")) for one in console.asked)


def test_without_a_script_every_slot_and_every_station_is_a_link(console: Console, drawn: str) -> None:
    signed_in = console.page()
    context = console.browser.new_context(java_script_enabled=False, storage_state=signed_in.context.storage_state())
    page = context.new_page()
    page.goto(f"{drawn}&at=08:00")
    page.get_by_role("link", name="17", exact=True).click()
    page.get_by_role("link", name="17:45", exact=True).click()
    assert page.locator("[data-at]").inner_text() == "17:45"
    page.locator("[data-side] tbody th a").nth(2).click()
    name = page.locator("[data-side] tbody tr[aria-current] th a").inner_text()
    assert name in page.locator(".chosen-place h3").inner_text() and "at=17:45" in page.url
    page.get_by_label("Place").select_option("gate-w")
    page.get_by_role("button", name="Show", exact=True).click()
    assert "Gate West" in page.locator(".chosen-place h3").inner_text()
    page.get_by_role("link", name="T+3").click()
    assert "day=2026-11-08" in page.url and "node=gate-w" in page.url
    context.close()
    signed_in.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_is_cut_off_and_axe_is_content(
    console: Console, drawn: str, axe: Any, language: str, size: str
) -> None:
    page = console.page(*SIZES[size], language=language)
    examine(page, f"{drawn}&at=09:15&node=gate-w", axe)
    if size == "phone":
        canvas, side = (page.locator(one).bounding_box() for one in (".map-canvas", "[data-side]"))
        assert canvas["y"] + canvas["height"] <= side["y"], "the map first, the list below"
    page.context.close()
