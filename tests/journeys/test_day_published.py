"""From a what-if to a duty on a phone: a planner loses a gate, walks the day, publishes; the unit's head sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.server import Server, python, tminus
from tests.journeys.conftest import Console
from tests.journeys.test_axe import SIZES, examine
from tests.journeys.test_print import printed
from tests.studies.small_event import write_small_event

pytestmark = [pytest.mark.browser, pytest.mark.slow]
UNITS = "id,name_en,name_zh,kind,parent\nhq,Headquarters,指挥部,headquarters,\ngates,Gates,入口组,department,hq\n"
PEOPLE = (
    "id,name_en,name_zh,email,language\n"
    "plan,Planner,策划,plan@example.org,en\ngate,Gate Head,入口组长,gate@example.org,zh\n"
)
POSTS = (
    "id,unit,title_en,title_zh,rank,reach,holder\n"
    "p1,hq,Planner,策划,head,event,plan\np2,gates,Head of gates,入口组长,head,subtree,gate\n"
)
READY = """
from datetime import datetime, timezone
from django.contrib.auth.hashers import make_password
from django.utils import timezone as zones
from tminus.demo.load import PASSWORD
from tminus.platform.models import ClockShift, Event, Person
Person.objects.update(password=make_password(PASSWORD))
Person.objects.filter(username="plan").update(is_administrator=True)
at = datetime(2026, 11, 5, 2, 0, tzinfo=timezone.utc)
ClockShift.objects.create(event=Event.objects.get(), real_from=zones.now(), event_from=at, rate=1.0)
"""


@pytest.fixture(scope="module")
def fair(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Console]:
    """The small fair, a day before the one to be planned, served."""
    place = tmp_path_factory.mktemp("fair")
    folder, home = write_small_event(place / "small"), place / "home"
    for name, text in (("units", UNITS), ("people", PEOPLE), ("posts", POSTS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    assert tminus(home, "init", str(home)).returncode == 0
    loaded = tminus(home, "import", str(folder), "--home", str(home), "--json")
    assert loaded.returncode == 0, loaded.stderr
    assert json.loads(loaded.stdout)["event"] == "small"
    python(home, READY)
    with Server(home) as server:
        yield Console(f"http://127.0.0.1:{server.port}", chromium, "plan")


@pytest.fixture(scope="module")
def axe() -> Any:
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def walked(page: Any, event: str, count: int) -> list[str]:
    """Keys of the scenarios once so many of them have figures."""
    for _turn in range(120):
        page.goto(f"{event}/day/")
        if page.locator("td[data-label='Longest queue at a gate']").count() >= count:
            break
        page.wait_for_timeout(2_000)
    links = page.locator("a[href*='/edit/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return [str(link).split("/")[-3] for link in links]


def test_a_what_if_is_walked_published_and_seen_by_who_carries_it_out(fair: Console, axe: Any, tmp_path: Path) -> None:
    event, page = f"{fair.base}/e/small", fair.page()
    page.goto(f"{event}/day/new/")
    page.fill("[name=name_en]", "Gate B lost")
    page.select_option("[name=day]", "2026-11-06")
    page.locator("button[value='add-h-gate_lost']").click()
    page.select_option("[name=h-0-element]", "gate-b")
    page.locator("button[value='add-m-lanes']").click()
    page.select_option("[name=m-0-element]", "gate-a")
    page.fill("[name=m-0-value]", "6")
    page.fill("[name=m-0-from]", "08:30")
    page.fill("[name=m-0-to]", "16:00")
    page.select_option("[name=m-0-unit]", "gates")
    page.locator("button.primary[value=walk]").click()
    page.wait_for_url("**/jobs/**")
    (key,) = walked(page, event, 1)

    page.goto(f"{event}/day/{key}/publish/")
    assert "1 duty would be issued" in page.locator("main").inner_text()
    examine(page, page.url, axe)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/day/published/2026-11-06/", timeout=120_000)
    assert "Gate A: 6 lanes open" in page.locator("main").inner_text()
    sheets = printed(page, "A4")
    assert "Gate A: 6 lanes open" in sheets[0] and "The map at its worst quarter of an hour" in "".join(sheets)
    for unwanted in ("Withdraw all", "Plan as PDF", "Watch the whole day", "My duties"):
        assert unwanted not in "".join(sheets), "what is for the hand is no part of the paper"
    with page.expect_download() as paper:
        page.get_by_role("link", name="Plan as PDF", exact=True).click()
    kept = tmp_path / "plan.pdf"
    paper.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF")

    holder = Console(fair.base, fair.browser, "gate")
    phone = holder.page(*SIZES["phone"], language="zh-hans")
    phone.goto(f"{event}/duties/")
    phone.get_by_role("link", name="甲入口：开放6条通道").click()
    phone.wait_for_selector(".papers")
    papers = phone.locator(".papers a").all_inner_texts()
    assert any(name.endswith("plan.pdf") for name in papers) and any(name.endswith("gates.xlsx") for name in papers)
    examine(phone, phone.url, axe)
    phone.locator("form[action$='/acknowledge/'] button").click()
    phone.wait_for_selector(".flash-success")
    phone.goto(f"{event}/day/published/2026-11-06/")
    assert "已签收" in phone.locator("main").inner_text()
    examine(phone, phone.url, axe)

    page.reload()
    page.locator(".published a", has_text="acknowledged").wait_for()
    examine(page, page.url, axe)

    page.goto(f"{event}/day/{key}/edit/")
    page.locator("button[value=recommended]").click()
    page.wait_for_url("**/jobs/**")
    better = next(one for one in walked(page, event, 2) if one != key)
    page.goto(f"{event}/day/{better}/publish/")
    page.locator(".publish-steps strong").first.wait_for()
    examine(page, page.url, axe)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/day/published/2026-11-06/", timeout=120_000)
    page.get_by_role("button", name="Undo").click()
    page.locator(".published a", has_text="acknowledged").or_(
        page.locator(".published a", has_text="assigned")
    ).wait_for()
    assert "Gate A: 6 lanes open" in page.locator("main").inner_text(), "taken back, it is as it was"
    assert not fair.errors and not holder.errors
