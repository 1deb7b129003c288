"""English and Simplified Chinese are both complete: every string pages say has a Chinese one."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation import override
from django.utils.translation.template import templatize

from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.formats import calendar_sheet, predecessors, values
from tminus.platform.languages import allowed_by
from tminus.platform.registry import BadInput, perform

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
    "gettext_noop": None,
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


@pytest.mark.parametrize(
    "allowed",
    [
        values.DURATION_ALLOWED,
        values.DATE_ALLOWED,
        values.PROGRESS_ALLOWED,
        values.CONSTRAINT_ALLOWED,
        predecessors.ALLOWED,
        calendar_sheet.DAY_ALLOWED,
        calendar_sheet.HOURS_ALLOWED,
    ],
)
def test_what_a_format_allows_is_said_in_chinese_too(allowed: str) -> None:
    with override("zh-hans"):
        assert allowed_by(ValueError(allowed)) != allowed


def test_a_refused_cell_speaks_the_readers_language(harbour: Harbour) -> None:
    Task.objects.create(event=harbour.event, key="T1", name_en="One", unit=harbour.units["roads"])
    change = {"task": "T1", "field": "duration", "value": "soon"}
    for language, said in (("en", "allowed: 5d working days"), ("zh-hans", "可用：5d 工作日")):
        with override(language), pytest.raises(BadInput, match=said):
            perform("planning.task.change", change, event=harbour.event, person=harbour.hq)
