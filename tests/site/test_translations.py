"""English and Simplified Chinese are both complete: every string pages say has a Chinese one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
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
        if (text := match[1] or match[2]) not in known
    }
    assert not missing


@pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is not installed")
def test_every_string_of_the_code_has_its_chinese(tmp_path: Path) -> None:
    known = set().union(*(catalogue(app) for app in APPS))
    files = [str(path) for path in SRC.rglob("*.py") if "gettext" in path.read_text(encoding="utf-8")]
    keywords = ["_", "gettext", "gettext_lazy", "ngettext:1,2", "pgettext:1c,2"]
    said = tmp_path / "said.po"
    command = ["xgettext", "-L", "Python", "--from-code=UTF-8", "-o", str(said), *(f"-k{word}" for word in keywords), *files]
    subprocess.run(command, check=True, capture_output=True)
    with said.open("rb") as source:
        missing = {_key(message.id) for message in read_po(source) if message.id} - known
    assert not missing
