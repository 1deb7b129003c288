"""On the page of resources: one chosen, the plan levelled, its dates adopted into the draft, and taken back."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_plan_is_levelled_adopted_and_taken_back(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/resources/", wait_until="domcontentloaded")
    page.locator("main").get_by_role("button", name="Level now").first.press("Enter")
    page.wait_for_selector("#running progress, #levelling")
    page.wait_for_selector("#levelling", timeout=60_000)  # the page learns by itself that it is done
    page.get_by_role("link", name="Mobile cranes").first.press("Enter")
    page.wait_for_selector("#load .load-chart")
    assert "Mobile cranes" in page.inner_text("#load h2") and page.locator("#load .load-over").count() > 1
    first = page.inner_text("#moved tbody tr td:nth-child(3)")
    page.get_by_role("button", name="Adopt into the draft").press("Enter")
    page.wait_for_selector(".flash-success")
    assert "nothing is published" in page.inner_text(".flash-success")
    assert "is adopted into the draft" in page.inner_text("#levelling h2")
    page.click(".flash-success button")
    page.wait_for_selector(".flash-success")
    page.goto(f"{console.event}/resources/", wait_until="domcontentloaded")
    assert page.locator("#levelling button").inner_text() == "Adopt into the draft"
    assert page.inner_text("#moved tbody tr td:nth-child(3)") == first
    assert console.errors == []
