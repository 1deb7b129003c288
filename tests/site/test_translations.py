"""English and Simplified Chinese are both complete: every string pages say has a Chinese one."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SRC = Path(__file__).parents[2] / "src" / "tminus"
APPS = [path.parent for path in sorted(SRC.rglob("locale"))]


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


KEYWORDS: Any = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def strings(code: str) -> Iterable[str]:
    found = extract("python", BytesIO(code.encode()), keywords=KEYWORDS)
    return (_key(message) for _, message, _, _ in found)


def test_every_string_of_a_template_has_its_chinese() -> None:
    known = set().union(*(catalogue(app) for app in APPS))
    missing = {
        f"{path.relative_to(SRC)}: {text}"
        for path in SRC.rglob("*.html")
        for text in strings(templatize(path.read_text(encoding="utf-8")))
        if text not in known
    }
    assert not missing


def test_every_string_of_the_code_has_its_chinese() -> None:
    known = set().union(*(catalogue(app) for app in APPS))
    missing = {
        f"{path.relative_to(SRC)}: {text}"
        for path in SRC.rglob("*.py")
        for text in strings(path.read_text(encoding="utf-8"))
        if text not in known
    }
    assert not missing
