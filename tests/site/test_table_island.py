"""The table of many rows in a browser: order, filter, folding, keyboard; quick at 10,000 rows."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tminus.site.templatetags.bundle import parts_of

STATIC = Path(__file__).parents[2] / "src/tminus/site/static"
BUNDLE = STATIC / "dist/table.js"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not BUNDLE.exists(), reason="the browser bundle is not built"),
]

PAGE = """<!doctype html><html lang="en"><title>Tasks</title>
<link rel="stylesheet" href="/console/tokens.css"><link rel="stylesheet" href="/console/console.css">
STYLES
<script type="module" src="/dist/table.js"></script>
<input data-filter aria-label="Filter">
<div data-table data-source="/rows.json"><table><tr><td>plain</table></div></html>"""


def sample_rows() -> dict[str, Any]:
    columns = [{"key": "name", "label": "Task"}, {"key": "unit", "label": "Unit"}]
    columns += [{"key": "days", "label": "Days", "number": True}]
    rows = []
    for index in range(10_000):
        parent = None if index % 100 == 0 else f"r{index - index % 100}"
        cells = {"name": f"Task {index}", "unit": f"Unit {index % 37}", "days": (index * 7919) % 1000}
        rows.append({"id": f"r{index}", "parent": parent, "url": f"/opened.html?{index}", "cells": cells})
    return {"columns": columns, "rows": rows}


def styles() -> str:
    sheets, _script = parts_of(STATIC / "dist/manifest.json", "table")
    return "".join(f'<link rel="stylesheet" href="/dist/{sheet}">' for sheet in sheets)


class Handler(SimpleHTTPRequestHandler):
    rows = json.dumps(sample_rows())

    def do_GET(self) -> None:
        own = {
            "/page.html": ("text/html", PAGE.replace("STYLES", styles())),
            "/rows.json": ("application/json", self.rows),
        }
        path = self.path.partition("?")[0]
        if path == "/opened.html":
            own[path] = ("text/html", "<title>opened</title>")
        if path not in own:
            super().do_GET()
            return
        kind, text = own[path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header(
            "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
        )
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def page(chromium: Any, address: str) -> Iterator[Any]:
    opened = chromium.new_page(viewport={"width": 1440, "height": 900})
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(f"{address}/page.html")
    opened.wait_for_selector("[role=treegrid] [data-index]")
    yield opened
    opened.close()
    assert errors == []


def first_cell(page: Any, index: int) -> str:
    return str(page.locator(f"[data-index='{index}'] > :first-child").inner_text())


def count(page: Any) -> int:
    return int(page.get_attribute("[role=treegrid]", "aria-rowcount")) - 1


def test_draws_only_what_is_in_sight(page: Any) -> None:
    assert count(page) == 10_000
    assert page.locator("[data-index]").count() < 100
    page.focus("[role=treegrid]")
    page.keyboard.press("End")
    assert first_cell(page, 9999) == "Task 9999"


def test_filter_keeps_the_branch_above_a_match_and_goes_into_the_address(page: Any) -> None:
    page.fill("[data-filter]", "task 4321")
    assert count(page) == 2
    assert [first_cell(page, 0), first_cell(page, 1)] == ["Task 4300", "Task 4321"]
    assert "q=task+4321" in page.url
    page.fill("[data-filter]", "nothing of the kind")
    assert count(page) == 0


def test_folding_hides_what_is_below(page: Any) -> None:
    page.focus("[role=treegrid]")
    page.keyboard.press("ArrowLeft")
    assert count(page) == 10_000 - 99
    assert first_cell(page, 1) == "Task 100"
    page.keyboard.press("ArrowRight")
    assert count(page) == 10_000


def test_numbers_sort_by_size_within_their_branch(page: Any) -> None:
    page.click("[role=columnheader][data-key=days]")
    days = [int(page.locator(f"[data-index='{index}'] > :last-child").inner_text()) for index in range(1, 30)]
    assert days == sorted(days)
    assert "sort=days" in page.url


def test_enter_opens_the_record(page: Any) -> None:
    page.focus("[role=treegrid]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/opened.html?1")


def test_scrolling_and_filtering_stay_quick(page: Any) -> None:
    """Processor time of the page's main thread, which is what the table costs whatever else the machine is doing.

    Frame times by the clock are measured by ``benchmarks/table.py``.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy_ms(session)
    page.evaluate(SCROLL)
    assert (busy_ms(session) - before) / 120 <= 25, "ms a frame, half of what a frame may take"
    assert min(page.evaluate(FILTER) for _ in range(3)) <= 150, "ms"


def busy_ms(session: Any) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")


SCROLL = """async () => { const grid = document.querySelector("[role=treegrid]"); grid.scrollTop = 0;
for (let step = 0; step < 120; step++) { grid.scrollTop += 400; await new Promise(requestAnimationFrame); } }"""
FILTER = """() => { const field = document.querySelector("[data-filter]"); const from = performance.now();
field.value = "unit 7"; field.dispatchEvent(new Event("input")); document.body.offsetHeight;
return performance.now() - from; }"""
