"""Pages on paper: the board on one sheet, nothing of the frame or of forms, the day and hour it was known."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import Console

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def printed(page: Any, size: str) -> list[str]:
    """Text of each sheet."""
    pdf = page.pdf(format=size, landscape=True, print_background=True)
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.parametrize(
    ("language", "title", "frame"), [("en", "Board", "My duties"), ("zh-hans", "就绪看板", "我的职责")]
)
def test_board_stands_on_one_sheet_of_a4_or_a3(console: Console, language: str, title: str, frame: str) -> None:
    page = console.page(language=language)
    page.goto(f"{console.event}/board/")
    for size in ("A4", "A3"):
        sheets = printed(page, size)
        assert len(sheets) == 1, size
        assert title in sheets[0] and "T−80" in sheets[0] and "2026-08-17" in sheets[0]
        assert frame not in sheets[0] and "Ctrl" not in sheets[0]


def test_checkpoint_and_task_print_their_tables_and_no_form(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/checkpoints/T-80/")
    text = "\n".join(printed(page, "A4"))
    for wanted in ("Checkpoint T−80", "things to decide", "demands not met yet", "Who owns what is not"):
        assert wanted in text
    for unwanted in ("Freeze it now", "Why, or for which meeting", "Report (PDF)"):
        assert unwanted not in text
    page.goto(f"{console.event}/book/t/RD0207/")
    text = "\n".join(printed(page, "A4"))
    assert "Street lighting on Expo Avenue" in text and "History" in text
    for unwanted in ("Keep the remark", "Report progress", "Break it down", "Set\n"):
        assert unwanted not in text


def test_map_prints_the_drawing_on_the_first_sheet_and_what_lags_after_it(console: Console) -> None:
    page = console.page()
    page.goto(f"{console.event}/map/")
    sheets = printed(page, "A4")
    assert "Operations map" in sheets[0] and "Speed" not in sheets[0] and "Whole city" not in sheets[0]
    assert "Gate West canopy, lanes" in "\n".join(sheets[1:])
