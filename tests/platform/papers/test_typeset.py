"""Papers carry both languages as text, with a typeface that has the characters, and refuse in one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from tminus.platform.papers import PaperFault, typeset

AT = datetime(2026, 8, 17, tzinfo=UTC)


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_chinese_and_english_are_set_with_glyphs(language: str) -> None:
    data = {
        "title": "Checkpoint T−80 检查点",
        "head": ["任务", "Unit"],
        "rows": [["道路铺装", "City Works"]] * 90,
    }
    pdf = reader(typeset("table.typ", data, language=language, made_at=AT))
    text = "".join(page.extract_text() for page in pdf.pages)
    assert "Checkpoint T−80 检查点" in text
    assert text.count("道路铺装") == 90
    assert len(pdf.pages) > 1
    assert text.count("任务") == len(pdf.pages), "the head repeats on each page"
    fonts = {str(font) for page in pdf.pages for font in _fonts(page)}
    assert any("CJK" in font or "NotoSansSC" in font for font in fonts), fonts


def _fonts(page: pypdf.PageObject) -> list[object]:
    return [font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()]


def test_equal_input_gives_equal_bytes() -> None:
    data = {"title": "x", "head": ["a"], "rows": [["1"]]}
    assert typeset("table.typ", data, made_at=AT) == typeset("table.typ", data, made_at=AT)


def test_faults_name_the_template(tmp_path: Path) -> None:
    with pytest.raises(PaperFault, match=r"no paper template missing\.typ"):
        typeset("missing.typ", {})
    broken = tmp_path / "broken.typ"
    broken.write_text("#nothing-known")
    with pytest.raises(PaperFault, match=r"broken\.typ"):
        typeset(broken, {})
