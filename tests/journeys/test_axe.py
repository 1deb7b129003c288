"""Every page of the console, in both languages, wide and on a phone: nothing for axe to report, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver, resolve

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
EVENT_PAGES = [
    "duties/", "duties/units/", "duties/units/?all=1", "duties/{duty}/", "board/", "board/weights/", "book/",
    "book/?status=late&leaves=1", "book/?text=nothing-is-called-so", "book/t/{task}/", "book/t/{summary}/",
    "timetable/", "timetable/?view=month", "map/", "map/?t=T-30", "checkpoints/", "checkpoints/T-70/",
    "checkpoints/T-70/?by=person", "baselines/", "import/", "organisation/", "organisation/units/hq/",
    "organisation/people/", "organisation/people/{person}/", "organisation/import/", "notices/",
    "notices/settings/", "jobs/", "record/", "next/", "settings/", "search/", "search/?q=gate",
    "search/?q=nothing-is-called-so", "nowhere/", "walls/", "timetable/publish/", "timetable/calendar/",
    "timetable/?group=unit", "settings/areas/", "settings/places/", "settings/calendars/", "settings/clock/",
    "settings/scheduling/",
    "resources/", "resources/?resource=crane", "likelihood/", "likelihood/?t=T-20", "likelihood/causes/",
    "likelihood/causes/?edit=typhoon", "proposals/", "scenarios/",
    "today/", "counters/", "counters/import/", "forecast/", "forecast/day/2026-11-07/", "forecast/map/",
    "forecast/files/", "forecast/accuracy/", "forecast/outlook/", "forecast/like/", "forecast/like/?edit=2",
    "today/forecast/", "day/published/2026-11-07/", "day/", "day/new/", "day/compare/",
]  # fmt: skip
OTHER_PAGES = ["/", "/account/", "/account/password/", "/accounts/"]
SIGNED_OUT_PAGES = ["/sign-in/", "/reset/"]
SEEN_ELSEWHERE = {
    "event-new", "event-copy", "setup", "link", "event-home",  # forms of fields; the first run walks through them
    "plan-import-one", "job",  # need an import under way: the first run
    "frozen", "frozen-compare", "wall",  # need a frozen checkpoint or a screen's secret: their own journeys
    "counter", "counters-import-one",  # need a counter with counts: the journey of counters
    "forecast-file",  # a file handed in: the journey of forecasts
    "day-scenario-edit", "day-publish", "day-scenario",  # need a scenario or a walk: the journey of the day's map
}  # fmt: skip
NO_PAGES = {
    "live", "healthz", "calendar", "sign-out", "set_language", "demo-sign-in",
    "search-palette", "job-progress", "wall-now", "map-day", "map-ground", "book-rows", "frozen-document",
    "duty-evidence", "remark-file", "organisation-export", "organisation-template", "record-export", "plan-export",
    "plan-template", "plan-import-problems", "checkpoint-report", "frozen-report", "baselines-export",
    "resources-export", "levelling-export", "likelihood-export",
    "day-compare-export", "day-scenario-act", "day-replay-data", "day-ground", "day-export",
    "forecast-accuracy-export", "analogues-export", "today-now", "today-forecast-export", "counters-export",
    "counts-door", "forecast-export",
    "day-published-export", "day-paper", "duty-paper",
    "forecast-map-slot", "forecast-map-ground", "forecast-map-export",
    "timetable-what-if", "timetable-links",  # a piece of a page
}  # fmt: skip
"""Streams, files and answers to scripts."""


@pytest.fixture(
    scope="module", params=[(language, size) for language in ("en", "zh-hans") for size in SIZES], ids="-".join
)
def looked(request: pytest.FixtureRequest, console: Console) -> Iterator[Any]:
    """One page of one language and size for all addresses, signed in."""
    language, size = request.param
    page = console.page(*SIZES[size], language=language)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def given(console: Console) -> dict[str, str]:
    """One duty, task, summary and person of the demonstration to look at."""
    page = console.page()

    def first(address: str, selector: str) -> str:
        page.goto(f"{console.event}/{address}", wait_until="domcontentloaded")
        return str(page.locator(selector).first.get_attribute("href")).rstrip("/").rsplit("/", 1)[-1]

    found = {
        "duty": first("duties/units/?all=1", "main .duties a[href*='/duties/']"),
        "task": first("search/?q=road", "main a[href*='/book/t/']"),
        "summary": first("book/", "tr.summary a[href*='/book/t/'], main a[href*='/book/t/']"),
        "person": first("organisation/people/", "main a[href*='/people/']"),
    }
    page.context.close()
    return found


def names() -> set[str]:
    """The name of every address that is neither of the API nor only posted to."""
    found = set()

    def walk(resolver: Any, prefix: str) -> None:
        for one in resolver.url_patterns:
            route = prefix + str(one.pattern)
            if route.startswith("api/"):
                continue
            if hasattr(one, "url_patterns"):
                walk(one, route)
            elif "GET" in allowed(one.callback):
                found.add(str(one.name))

    walk(get_resolver(), "")
    return found


def allowed(view: Any) -> set[str]:
    """The methods a view takes, as one of its decorators says."""
    while view is not None:
        for cell in getattr(view, "__closure__", None) or ():
            said = cell.cell_contents
            if isinstance(said, list) and said and set(said) <= {"GET", "POST", "HEAD"}:
                return set(said)
        view = getattr(view, "__wrapped__", None)
    return {"GET"}


def test_every_page_is_looked_at() -> None:
    given = {"duty": "1", "task": "T", "summary": "S", "person": "1"}
    addresses = [f"/e/x/{one.format(**given)}".partition("?")[0] for one in EVENT_PAGES if one != "nowhere/"]
    seen = {resolve(one).url_name for one in [*addresses, *OTHER_PAGES, *SIGNED_OUT_PAGES]}
    assert names() - seen - SEEN_ELSEWHERE - NO_PAGES == set()


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


@pytest.mark.parametrize("address", EVENT_PAGES)
def test_a_page_of_the_event(looked: Any, console: Console, given: dict[str, str], axe: Any, address: str) -> None:
    examine(looked, f"{console.event}/{address.format(**given)}", axe)


@pytest.mark.parametrize("address", OTHER_PAGES)
def test_a_page_of_the_installation(looked: Any, console: Console, axe: Any, address: str) -> None:
    examine(looked, console.base + address, axe)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("address", SIGNED_OUT_PAGES)
def test_a_page_before_signing_in(console: Console, axe: Any, address: str, size: str) -> None:
    width, height = SIZES[size]
    page = console.browser.new_page(viewport={"width": width, "height": height})
    examine(page, console.base + address, axe)
    page.close()


def examine(page: Any, address: str, axe: Any) -> None:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_timeout(150)  # islands draw
    violations = axe.run(page).response["violations"]
    told = [f"{one['id']} ×{len(one['nodes'])}: {one['nodes'][0]['html'][:200]}" for one in violations]
    assert not told, "\n".join(told)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], "wider than the screen"
