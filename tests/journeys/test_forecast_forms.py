"""What headquarters types about forecasts and counters: what is expected, events like it, a key, a line closed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console
from tests.journeys.test_axe import examine
from tests.journeys.test_forecast_map import drawn as drawn

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def test_what_is_expected_is_changed_refused_and_taken_back(console: Console, axe: Any) -> None:
    page = console.page()
    page.goto(f"{console.event}/forecast/outlook/")
    before = page.input_value("#f-capacity")
    page.fill("#f-capacity", "250000")
    page.locator("main form details summary").click()
    page.fill("#f-capacity_days", "someday many")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("[aria-invalid=true]")
    assert page.locator("main form details").get_attribute("open") is not None, "what is blamed is seen"
    page.fill("#f-capacity_days", "2026-11-07 240000")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".flash-success")
    assert page.input_value("#f-capacity") == "250000"
    page.locator(".flash-success button").click()
    page.wait_for_selector("text=As it was before")
    assert page.input_value("#f-capacity") == before
    examine(page, page.url, axe)
    page.context.close()


def test_a_figure_of_an_earlier_event_is_added_edited_taken_away_and_back(console: Console, axe: Any) -> None:
    page = console.page(390, 844)
    page.goto(f"{console.event}/forecast/like/")
    rows = page.locator("tbody tr")
    number = rows.count()
    page.fill("#f-event", "Harbour Fair 2024")
    page.select_option("#f-what", "weekend")
    page.fill("#f-value", "1.3")
    page.fill("#f-source", "Its annual report, p. 12")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector(".flash-success")
    assert rows.count() == number + 1
    page.get_by_role("link", name="Harbour Fair 2024").last.click()
    page.fill("#f-value", "1.4")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("tbody tr:has-text('1.4')")
    examine(page, page.url, axe)
    page.get_by_role("button", name="Take away: Harbour Fair 2024").last.click()
    page.wait_for_selector(".flash-success")
    assert rows.count() == number
    page.get_by_role("button", name="Take the last change back").click()
    page.wait_for_selector("text=Harbour Fair 2024")
    page.context.close()


def test_a_counters_key_is_made_anew_and_shown_once(console: Console, axe: Any) -> None:
    page = console.page()
    page.goto(f"{console.event}/counters/")
    page.fill("#f-code", "gate-e-9")
    page.select_option("#f-node", index=1)
    page.get_by_role("button", name="Add it and make its key").click()
    first = page.locator("code.secret").inner_text()
    page.goto(f"{console.event}/counters/c/gate-e-9/")
    assert first not in page.content()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Make a new key").click()
    page.wait_for_selector("code.secret")
    assert page.locator("code.secret").inner_text() not in ("", first)
    examine(page, page.url, axe)
    page.goto(page.url)
    assert page.locator("code.secret").count() == 0
    page.context.close()


def test_a_line_without_trains_is_answered_on_the_map_and_kept_nowhere(console: Console, drawn: str, axe: Any) -> None:
    page = console.page()
    page.goto(f"{drawn}&at=09:00")
    lines = page.locator("select[name=lines] option")
    line = lines.nth(1).get_attribute("value") or lines.nth(1).inner_text()
    page.select_option("select[name=lines]", line)
    page.locator(".slots form.filters button").click()
    page.wait_for_selector("text=What if:")
    assert (
        page.locator(".tracks .closed").count() == 1 and "no trains on line" in page.locator(".note").first.inner_text()
    )
    examine(page, page.url, axe)
    page.get_by_role("link", name="as forecast").click()
    page.wait_for_selector("[data-stations]")
    assert page.locator(".tracks .closed").count() == 0
    assert not console.errors
    page.context.close()
