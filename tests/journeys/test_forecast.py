"""Registrations handed in through a dry run and taken; every page of forecasts opens, in both languages and widths."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console
from tests.journeys.test_axe import SIZES, examine

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def test_registrations_are_handed_in_and_taken(console: Console, axe: Any) -> None:
    page = console.page()
    page.goto(f"{console.event}/forecast/")
    page.get_by_role("link", name="What it is made from").click()
    page.select_option("#what", "registrations")
    page.fill("#pasted", "Registered\tVisit date\tAudience\tPersons\n2026-08-01\t2026-11-05\tbuyer\t7000\n")
    page.get_by_role("button", name="Read and compare").click()
    page.wait_for_selector("text=In this file")
    examine(page, page.url, axe)
    page.get_by_role("button", name="Make forecasts from this file").click()
    page.wait_for_selector(".flash-success")
    assert not console.errors
    page.context.close()
    for language in ("en", "zh-hans"):
        for width, height in SIZES.values():
            looked = console.page(width, height, language=language)
            for address in ("forecast/", "forecast/files/", "forecast/accuracy/", "today/forecast/"):
                examine(looked, f"{console.event}/{address}", axe)
            looked.context.close()
