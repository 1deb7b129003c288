"""The assignment book in a real browser: found by typing, typed into, ticked, pasted into; plain without scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import Console

BUNDLE = Path(__file__).parents[2] / "src/tminus/site/static/dist/book.js"
needs_bundle = pytest.mark.skipif(not BUNDLE.exists(), reason="the browser bundle is not built")
pytestmark = [pytest.mark.browser, pytest.mark.slow]
GRID = "[role=treegrid]"
ROW = "[role=treegrid] [data-id='{}']"
PASTE = """text => { const data = new DataTransfer(); data.setData("text/plain", text);
document.querySelector("[role=treegrid]").dispatchEvent(
  new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })); }"""


def opened(console: Console, query: str = "", **size: Any) -> Any:
    page = console.page(**size)
    page.goto(f"{console.event}/book/{query}")
    page.wait_for_selector(GRID)
    return page


def count(page: Any) -> int:
    return int(page.get_attribute(GRID, "aria-rowcount")) - 1


def cell(page: Any, key: str, heading: str) -> Any:
    """The cell of a task under a heading; the row must be in sight."""
    heads = page.locator("[role=columnheader]").all_inner_texts()
    at = next(n for n, text in enumerate(heads) if text.startswith(heading))
    return page.locator(ROW.format(key)).locator("> *").nth(at)


def go_to(page: Any, key: str, heading: str) -> None:
    """Put the cursor on a cell with the keyboard's own means: a click that opens nothing."""
    cell(page, key, heading).click(position={"x": 3, "y": 3})
    page.focus(GRID)


def leaf(page: Any) -> str:
    """The first task in sight that is no summary and not done."""
    found = page.locator(f"{GRID} [role=row]:not([aria-expanded])", has_text="on time").first
    return str(found.get_attribute("data-id"))


@needs_bundle
def test_typing_finds_and_the_address_keeps_the_view(console: Console) -> None:
    page = opened(console)
    every = count(page)
    page.keyboard.press("/")
    page.keyboard.type("harbour road")
    found = count(page)
    assert 0 < found < every
    assert f"{found} rows" in page.inner_text("[data-count]")
    page.click("[role=columnheader][data-key=finish]")
    assert "text=harbour+road" in page.url and "sort=finish" in page.url
    assert "text=harbour+road" in page.locator("a[data-export]").first.get_attribute("href")
    page.reload()
    page.wait_for_selector(GRID)
    assert count(page) == found
    assert page.get_attribute("[role=columnheader][data-key=finish]", "aria-sort") == "ascending"
    page.fill("[data-filter]", "nothing is called so")
    assert count(page) == 0 and page.is_visible("text=No task fits these filters.")
    assert console.errors == []


@needs_bundle
def test_columns_are_chosen_and_stay_in_the_address(console: Console) -> None:
    page = opened(console)
    page.click(".book-tools summary")
    page.check("[data-column=deadline]")
    page.uncheck("[data-column=float]")
    heads = page.locator("[role=columnheader]").all_inner_texts()
    assert "Deadline" in heads and "Float" not in heads
    page.select_option("select[name=status]", "done")
    page.wait_for_url("**status=done**")
    page.wait_for_selector(GRID)
    assert page.locator("[role=columnheader]").all_inner_texts() == heads


@needs_bundle
def test_a_cell_is_typed_into_refused_kept_and_taken_back(console: Console) -> None:
    page = opened(console, "?leaves=1")
    key = leaf(page)
    before = cell(page, key, "Accountable").inner_text()
    go_to(page, key, "Accountable")
    page.keyboard.press("e")
    page.keyboard.type("Nobody Known")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cell-problem")
    assert "allowed" in page.inner_text(".cell-problem")
    assert page.input_value("input.editing") == "Nobody Known", "what was typed stays"
    other = next(
        name for name in page.locator("#cell-choices option").evaluate_all("all => all.map(one => one.value)")
        if name != before and "(" not in name
    )  # fmt: skip
    page.fill("input.editing", other)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-flash] button")
    page.wait_for_function("([s, t]) => document.querySelector(s)?.innerText.includes(t)", arg=[ROW.format(key), other])
    page.click("[data-flash] button")
    page.wait_for_function(
        "([s, t]) => document.querySelector(s)?.innerText.includes(t)", arg=[ROW.format(key), before]
    )


@needs_bundle
def test_escape_leaves_the_cell_and_tab_goes_on(console: Console) -> None:
    page = opened(console, "?leaves=1")
    key = leaf(page)
    before = cell(page, key, "Start").inner_text()
    go_to(page, key, "Start")
    page.keyboard.press("e")
    page.keyboard.type("2026-12-24")
    page.keyboard.press("Escape")
    assert cell(page, key, "Start").inner_text() == before
    page.keyboard.press("e")
    page.keyboard.press("Tab")
    assert page.locator(".cursor").get_attribute("id") == cell(page, key, "Finish").get_attribute("id")


@needs_bundle
def test_enter_opens_and_arrows_fold(console: Console) -> None:
    page = opened(console)
    every = count(page)
    page.focus(GRID)
    page.keyboard.press("ArrowLeft")
    assert count(page) < every
    page.keyboard.press("ArrowRight")
    assert count(page) == every
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/t/**")


@needs_bundle
def test_ticked_rows_are_set_at_once_after_showing_what_changes(console: Console) -> None:
    page = opened(console, "?leaves=1")
    page.focus(GRID)
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    assert page.inner_text("[data-ticked]") == "2 ticked"
    page.select_option(".bulk select", "weight")
    page.fill(".bulk input[name=value]", "7")
    page.press(".bulk input[name=value]", "Enter")
    page.wait_for_selector("dialog[open] tbody tr")
    assert page.locator("dialog[open] tbody tr").count() == 2
    page.click("[data-apply]")
    page.wait_for_selector("[data-flash] button")
    page.wait_for_selector(".bulk", state="hidden")
    page.click("[data-flash] button")
    page.wait_for_selector("[data-flash]:not(:has(button))")


@needs_bundle
def test_a_pasted_block_is_tried_before_it_is_applied(console: Console) -> None:
    page = opened(console, "?leaves=1&cols=status,responsible_name,unit_name,percent")
    key = leaf(page)
    before = cell(page, key, "Accountable").inner_text()
    go_to(page, key, "Accountable")
    page.evaluate(PASTE, "nobody at all\tno such unit\t30%\r\n")
    page.wait_for_selector("dialog[open] tr.problem")
    assert page.locator("dialog[open] tr.problem").count() == 2
    assert "1 cells change" in page.inner_text("[data-summary]")
    page.click("dialog button[value='']")
    page.wait_for_selector("dialog:not([open])", state="attached")
    assert cell(page, key, "Accountable").inner_text() == before
    page.evaluate(PASTE, "a\tb\tc\td\n")
    page.wait_for_selector(".flash-error")
    assert "1 × 4" in page.inner_text("[data-flash]")


@needs_bundle
def test_another_persons_change_comes_without_a_reload(console: Console) -> None:
    here, there = opened(console, "?leaves=1"), opened(console, "?leaves=1")
    key = leaf(here)
    here.evaluate("window.same = true")
    there.evaluate(
        """async key => { const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
        const answer = await fetch(document.querySelector("[data-book]").dataset.cells, { method: "POST",
          headers: { "X-CSRFToken": token },
          body: JSON.stringify({ cells: [{ task: key, field: "name", value: "Renamed elsewhere" }] }) });
        if (!answer.ok) throw new Error(await answer.text()); }""",
        key,
    )
    here.wait_for_function(
        "s => document.querySelector(s)?.innerText.includes('Renamed elsewhere')", arg=ROW.format(key)
    )
    assert here.evaluate("window.same")


def test_without_the_bundle_the_servers_table_stays(console: Console) -> None:
    page = console.page()
    page.route("**/dist/**", lambda route: route.abort())
    page.goto(f"{console.event}/book/")
    assert page.locator("#book tbody tr").count() > 100
    assert page.is_visible("text=Make accountable for the ticked tasks")
    assert page.is_hidden(".book-tools") and page.locator(GRID).count() == 0


@needs_bundle
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_first_column_stays_in_sight_on_a_phone(console: Console, language: str) -> None:
    page = opened(console, width=390, height=844, language=language)
    page.evaluate(f"document.querySelector('{GRID}').scrollLeft = 600")
    page.wait_for_timeout(100)
    box = page.locator(f"{GRID} [role=rowheader]").first.bounding_box()
    assert 0 <= box["x"] < 60
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@needs_bundle
def test_the_rows_are_sent_packed_and_only_when_they_have_changed(console: Console) -> None:
    page = opened(console)
    heads = json.loads(
        page.evaluate(
            """async () => { const address = document.querySelector("[data-book]").dataset.rows;
            const first = await fetch(address, { cache: "no-store" });
            const headers = { "If-None-Match": first.headers.get("etag") };
            const again = await fetch(address, { cache: "no-store", headers });
            return JSON.stringify([first.status, first.headers.get("content-encoding"), again.status]); }"""
        )
    )
    assert heads == [200, "gzip", 304]


@needs_bundle
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_axe_finds_nothing_in_the_table_while_typing_and_before_a_change(console: Console, language: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = opened(console, "?leaves=1", language=language)

    def examine() -> None:
        told = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in axe.run(page).response["violations"]]
        assert not told, "\n".join(told)

    examine()
    page.focus(GRID)
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "e"):
        page.keyboard.press(key)
    page.fill("input.editing", "Nobody Known")
    page.press("input.editing", "Enter")
    page.wait_for_selector(".cell-problem")
    examine()
    page.press("input.editing", "Escape")
    page.keyboard.press("Space")
    page.fill(".bulk input[name=value]", "Nobody Known")
    page.press(".bulk input[name=value]", "Enter")
    page.wait_for_selector("dialog[open] tr.problem")
    examine()
