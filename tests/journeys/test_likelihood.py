"""How likely is T−50: what would buy days is proposed, adopted by its owner and taken back; a cause; a scenario."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import Any

import pytest

from tests.examples.lanwan_folder import table
from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COMPILED_S = 240
"""The worker's first simulation compiles its loops, on two busy cores."""


def go(page: Any, address: str) -> None:
    assert page.goto(address, wait_until="domcontentloaded").status == 200


@pytest.fixture
def simulated(console: Console) -> Console:
    """The console once the worker has simulated the plan, as a demonstration has it do after its start."""
    page, until = console.page(), monotonic() + COMPILED_S
    go(page, f"{console.event}/likelihood/")
    while "is in danger" not in (told := page.inner_text("main")) or "under way" in told:
        assert monotonic() < until, told
        page.wait_for_timeout(1000)
        go(page, f"{console.event}/likelihood/")
    page.context.close()
    return console


def test_what_buys_days_is_proposed_adopted_by_its_owner_and_taken_back(simulated: Console) -> None:
    page = simulated.page()
    go(page, f"{simulated.event}/likelihood/")
    assert page.inner_text("main h2").startswith("T−50 is in danger")
    assert page.locator("svg.chart circle.dot").count() >= 5  # mornings before were simulated too
    assert "Approvals of the Transport Commission" in page.inner_text("#likelihood table.plain tbody tr")
    best = page.inner_text(".repair p")
    page.locator(".repair").first.get_by_role("button", name="Propose this").press("Enter")
    page.wait_for_selector(".flash-success")
    owner = page.inner_text(".flash-success").split("; ")[1].removesuffix(" decides").split(" decides")[0].strip()
    account = next(row["id"] for row in table("people") if row["name_en"] == owner)
    theirs = replace(simulated, planner=account).page()
    go(theirs, f"{simulated.event}/proposals/?state=open")
    assert best in theirs.inner_text("main")
    theirs.get_by_role("button", name="Adopt into the draft").first.press("Enter")
    theirs.wait_for_selector(".flash-success")
    assert "published dates stay" in theirs.inner_text(".flash-success")
    go(page, f"{simulated.event}/likelihood/")
    assert "The plan has changed since this simulation." in page.inner_text("main")
    theirs.click(".flash-success button")
    theirs.wait_for_selector(".flash-success")
    go(page, f"{simulated.event}/proposals/?state=open")
    assert best in page.inner_text("main")
    assert simulated.errors == []


def test_a_cause_is_added_and_a_wrong_figure_is_told_at_its_field(simulated: Console) -> None:
    page = simulated.page()
    go(page, f"{simulated.event}/likelihood/causes/")
    for name, value in (("code", "drivers-strike"), ("name_en", "Lorry drivers strike"), ("probability", "15 in 100")):
        page.fill(f"#form [name={name}]", value)
    page.fill("#form [name=tasks]", "FD0705")
    page.locator("#form button.primary").press("Enter")
    page.wait_for_selector(".error, .flash-error")
    assert "0.3 or 30 %" in page.inner_text("main")
    assert page.input_value("#form [name=name_en]") == "Lorry drivers strike"
    page.fill("#form [name=probability]", "15 %")
    page.locator("#form button.primary").press("Enter")
    page.wait_for_selector(".flash-success")
    row = page.locator("tbody tr", has_text="Lorry drivers strike").inner_text()
    assert "15 %" in row and "FD0705" in row


def test_a_scenario_is_written_and_computed_beside_the_plan(simulated: Console) -> None:
    page = simulated.page()
    go(page, f"{simulated.event}/scenarios/")
    for name, value in (("code", "weekends"), ("name_en", "Quick safety case"), ("lines", "PT0505 duration 3d")):
        page.fill(f"#form [name={name}]", value)
    page.locator("#form button.primary").press("Enter")
    page.wait_for_selector(".flash-success")
    page.get_by_role("button", name="Compute all").press("Enter")
    page.wait_for_url("**/jobs/**")
    until = monotonic() + COMPILED_S
    while True:
        go(page, f"{simulated.event}/scenarios/")
        line = page.locator("tbody tr", has_text="T−50")
        if line.count():
            break
        assert monotonic() < until
        page.wait_for_timeout(1000)
    assert "+" in line.inner_text()
