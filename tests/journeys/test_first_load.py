"""The pages people open on a phone in the street weigh at most 100 kB with everything in them, nothing cached."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES = 100_000


def weight(console: Console, cookies: Any, address: str) -> int:
    """Bytes of head and body of every answer a new visitor with these cookies gets; the open stream apart."""
    context = console.browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies(cookies)
    page = context.new_page()
    sizes: list[dict[str, int]] = []
    page.on("requestfinished", lambda one: sizes.append(one.sizes()) if not one.url.endswith("/live/") else None)
    assert page.goto(f"{console.event}/{address}", wait_until="load").status == 200
    page.wait_for_timeout(300)
    context.close()
    assert len(sizes) > 4, "page, styles and scripts"
    return sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)


@pytest.mark.parametrize("address", ["duties/", "duties/units/", "book/t/RD0108/", "notices/", "search/"])
def test_first_load(console: Console, address: str) -> None:
    page = console.page(390, 844)
    assert weight(console, page.context.cookies(), address) <= MOST_BYTES


def test_the_home_of_somebody_with_many_duties(console: Console) -> None:
    context = console.browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{console.base}/sign-in/")
    page.click("tr:has-text('Project manager') button")
    page.wait_for_selector(".duties li")
    assert page.locator(".duties li").count() >= 5
    assert weight(console, context.cookies(), "duties/") <= MOST_BYTES
