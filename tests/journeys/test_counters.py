"""From no counter to people on the site: a planner adds a counter, the device sends, *Today* follows by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.journeys.conftest import Console
from tests.journeys.test_axe import SIZES, examine

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def send(console: Console, key: str, readings: list[dict[str, Any]]) -> dict[str, Any]:
    headers = {"X-Counter-Key": key, "Content-Type": "application/json"}
    with urlopen(Request(f"{console.base}/counts/", json.dumps(readings).encode(), headers)) as answer:
        return dict(json.load(answer))


def test_a_counter_is_added_sends_and_is_seen(console: Console, axe: Any) -> None:
    from datetime import datetime

    page = console.page()
    page.goto(f"{console.event}/counters/")
    page.fill("#f-code", "gate-w-1")
    page.locator("#f-node option").nth(1).wait_for(state="attached")
    page.select_option("#f-node", index=1)
    page.select_option("#f-edge", "true")
    page.get_by_role("button", name="Add it and make its key").click()
    key = page.locator("code.secret").inner_text()
    page.goto(f"{console.event}/today/")
    assert "No counter has spoken today" in page.locator("#today").inner_text()
    shown = page.locator(".countdown .print-only").text_content() or ""
    now = datetime.fromisoformat(shown.strip()[-16:])
    rows = [{"time": (now - timedelta(minutes=k)).isoformat(), "in": 7, "out": 2, "seq": 100 - k} for k in range(1, 61)]
    assert send(console, key, rows)["new"] == 60
    page.locator("#today .figure-big", has_text="300").first.wait_for(timeout=15_000)  # by itself
    assert not console.errors
    for language in ("en", "zh-hans"):
        for width, height in SIZES.values():
            looked = console.page(width, height, language=language)
            for address in ("today/", "counters/", "counters/c/gate-w-1/"):
                examine(looked, f"{console.event}/{address}", axe)
            looked.context.close()
    page.goto(f"{console.event}/counters/import/")
    page.fill("#pasted", f"time,counter,in,out\n{now - timedelta(hours=2)},gate-w-1,5,1\nsoon,gate-w-1,1,1\n")
    page.locator("form:has(#pasted) button").click()
    page.wait_for_selector("text=Count these readings")
    examine(page, page.url, axe)
    page.get_by_role("button", name="Count these readings").click()
    page.wait_for_selector(".flash-success")
    page.goto(f"{console.event}/counters/c/gate-w-1/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Retire it").click()
    page.wait_for_selector(".flash-success")
    page.context.close()
