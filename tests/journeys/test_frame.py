"""The frame of every page: the narrow rail, one line with undo after an act, and nothing typed ever lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]
REMARK = "The quay wall is wet; paint on Thursday."


@pytest.fixture
def task(console: Console) -> Any:
    """The page of one open task."""
    page = console.page()
    page.goto(f"{console.event}/book/?status=on_time&leaves=1", wait_until="domcontentloaded")
    page.goto(
        page.locator("main a[href*='/book/t/']").first.evaluate("link => link.href"), wait_until="domcontentloaded"
    )
    yield page


def field(page: Any, name: str) -> Any:
    return page.locator(f"#f-{name}")


def set_field(page: Any, name: str, value: str) -> None:
    field(page, name).fill(value)
    page.locator(f"form:has(#f-{name}) > button").click()
    page.wait_for_selector(".flash")


def send_remark(page: Any) -> None:
    with page.expect_navigation(wait_until="domcontentloaded"):
        page.click("form:has(#remark) > button")


def test_the_narrow_rail_is_drawn_so_from_the_first_byte(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/duties/", wait_until="domcontentloaded")
    wide = page.locator("nav.rail").bounding_box()["width"]
    page.click(".rail-fold")
    assert page.locator("nav.rail").bounding_box()["width"] < wide / 2
    assert 'class="slim"' in page.request.get(f"{console.event}/notices/").text()
    page.click(".rail-fold")
    assert 'class="slim"' not in page.request.get(f"{console.event}/notices/").text()


def test_the_line_after_an_act_names_it_and_takes_it_back(task: Any) -> None:
    before, heading = field(task, "phase").input_value(), task.inner_text("h1")
    set_field(task, "phase", "rehearsal")
    line = task.inner_text(".flash")
    assert "Phase is now rehearsal" in line and heading in line
    task.click(".flash >> text=Undo")
    task.wait_for_selector(".flash >> text=Taken back")
    assert "/book/t/" in task.url, "one is where one was"
    assert field(task, "phase").input_value() == before


def test_an_old_line_does_not_undo_something_else(task: Any) -> None:
    set_field(task, "phase", "first")
    other = task.context.new_page()
    other.goto(task.url, wait_until="domcontentloaded")
    set_field(other, "phase", "second")
    task.click(".flash >> text=Undo")
    task.wait_for_selector(".flash-error >> text=no longer your last change")
    assert field(task, "phase").input_value() == "second"


def test_a_refused_value_stands_in_its_field_beside_what_is_allowed(task: Any) -> None:
    set_field(task, "duration", "a fortnight or so")
    assert "allowed" in task.inner_text(".flash-error")
    assert field(task, "duration").input_value() == "a fortnight or so"
    task.click("text=Discard it")
    assert field(task, "duration").input_value() != "a fortnight or so"


def test_what_was_typed_outlives_a_closed_page(task: Any) -> None:
    task.fill("#remark", REMARK)
    task.wait_for_timeout(400)
    again = task.context.new_page()
    again.goto(task.url, wait_until="domcontentloaded")
    assert again.input_value("#remark") == REMARK
    assert "not saved yet" in again.inner_text(".kept")
    send_remark(again)
    assert REMARK in again.inner_text("main")
    assert again.input_value("#remark") == "", "what has been taken is not put back"


def test_a_lost_connection_loses_nothing(task: Any) -> None:
    task.fill("#remark", REMARK)
    task.context.set_offline(True)
    task.click("form:has(#remark) > button")
    task.wait_for_selector("#offline >> text=No connection")
    assert task.input_value("#remark") == REMARK
    task.context.set_offline(False)
    task.wait_for_selector("#offline", state="detached")
    send_remark(task)
    assert task.input_value("#remark") == ""


def test_an_expired_session_leads_back_with_what_was_typed(console: Console, task: Any) -> None:
    from tminus.demo.load import PASSWORD

    where = task.url
    task.fill("#remark", REMARK)
    task.context.clear_cookies(name="sessionid")
    send_remark(task)
    assert "what you typed is kept" in task.inner_text(".flash")
    task.fill("#id_username", console.planner)
    task.fill("#id_password", PASSWORD)
    task.press("#id_password", "Enter")
    task.wait_for_selector("#remark")
    assert task.url == where
    assert task.input_value("#remark") == REMARK
    send_remark(task)
    assert task.input_value("#remark") == ""


def test_a_page_from_before_signing_in_again_saves_nothing_and_loses_nothing(task: Any) -> None:
    task.fill("#remark", REMARK)
    task.evaluate("document.querySelector('form:has(#remark) [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    send_remark(task)
    task.wait_for_selector(".flash-error >> text=out of date")
    assert task.input_value("#remark") == REMARK


def test_signing_out_leaves_nothing_on_the_device(task: Any) -> None:
    task.fill("#remark", REMARK)
    task.wait_for_timeout(400)
    assert "tminus-typed" in task.evaluate("Object.keys(localStorage).join()")
    task.click(".me summary")
    task.click("text=Sign out")
    task.wait_for_selector("#id_username")
    assert "tminus-typed" not in task.evaluate("Object.keys(localStorage).join()")


@pytest.mark.parametrize("width", [701, 820, 1100])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_frame_fits_between_phone_and_desk(console: Console, width: int, language: str) -> None:
    page = console.page(width, 1000, language)
    for address in ("duties/", "board/", "book/t/RD0108/", "import/"):
        page.goto(f"{console.event}/{address}", wait_until="domcontentloaded")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


FOCUSED = """() => { const one = document.activeElement; if (one === document.body) return null;
const box = one.getBoundingClientRect(), look = getComputedStyle(one);
const name = one.getAttribute("aria-label") || one.innerText || one.labels?.[0]?.innerText || one.name || "";
return { tag: one.tagName, name: name.trim(), seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
  ring: look.outlineStyle !== "none" || one.matches(".skip") }; }"""


@pytest.mark.parametrize("address", ["duties/", "board/", "book/?status=late&leaves=1", "record/"])
def test_a_page_is_walked_by_keyboard_alone(console: Console, address: str) -> None:
    """First the way past the frame, then everything in order, each in sight, named and with its ring; never a trap."""
    page = console.page()
    page.goto(f"{console.event}/{address}", wait_until="domcontentloaded")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["name"] == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.reload(wait_until="domcontentloaded")
    walked = []
    for _ in range(400):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        walked.append(focused)
    assert focused is None, "the walk comes to an end"
    bad = [one for one in walked if not (one["seen"] and one["ring"] and one["name"])]
    assert bad == []
    assert {"My duties", "Board", "Record"} <= {one["name"] for one in walked}
