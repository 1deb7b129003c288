"""English and Simplified Chinese are both complete: every string pages say has a Chinese one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

SRC = Path(__file__).parents[2] / "src" / "tminus"
APPS = [path.parent for path in sorted(SRC.rglob("locale"))]
SAID = re.compile(r"""{%\s*translate\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")


def catalogue(app: Path) -> dict[str, object]:
    with (app / "locale/zh_Hans/LC_MESSAGES/django.po").open("rb") as source:
        return {_key(message.id): message for message in read_po(source) if message.id}


def _key(id: object) -> str:
    return id if isinstance(id, str) else id[0]  # type: ignore[index]  # plural forms


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_nothing_is_left_untranslated_or_in_doubt(app: Path) -> None:
    wanting = [key for key, message in catalogue(app).items() if not _said(message) or message.fuzzy]  # type: ignore[attr-defined]
    assert not wanting


def _said(message: object) -> bool:
    said = message.string  # type: ignore[attr-defined]
    return all(said) if isinstance(said, tuple) else bool(said)


def test_every_string_of_a_template_has_its_chinese() -> None:
    known = set().union(*(catalogue(app) for app in APPS))
    missing = {
        f"{path.relative_to(SRC)}: {text}"
        for path in SRC.rglob("*.html")
        for match in SAID.finditer(path.read_text(encoding="utf-8"))
        if (text := (match[1] or match[2]).replace("%", "%%")) not in known
    }
    assert not missing


def test_every_string_of_the_code_has_its_chinese() -> None:
    known = set().union(*(catalogue(app) for app in APPS))
    keywords = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    missing = {
        f"{path.relative_to(SRC)}: {_key(found[1])}"
        for path in SRC.rglob("*.py")
        for found in extract_from_file("python", path, keywords=keywords)
        if _key(found[1]) not in known
    }
    assert not missing
