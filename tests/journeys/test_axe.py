"""Every page of the console, in both languages, wide and on a phone: nothing for axe to report, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

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
    "search/?q=nothing-is-called-so", "nowhere/",
]  # fmt: skip
OTHER_PAGES = ["/", "/account/", "/account/password/", "/accounts/"]
SIGNED_OUT_PAGES = ["/sign-in/", "/reset/"]


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
