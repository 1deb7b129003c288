"""Which of the two languages a reader has chosen, and the text in it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext


def reads_chinese(language: str | None = None) -> bool:
    """Whether ``language`` (default: the one of this request) is Chinese."""
    return (language or get_language() or "").startswith("zh")


def in_language(english: str, chinese: str) -> str:
    """The text in the reader's language; the other one where it has none."""
    return (chinese or english) if reads_chinese() else (english or chinese)


def day_text(at: date | datetime) -> str:
    """``Mon 17 Aug``, or as Chinese readers write it."""
    if reads_chinese():
        return f"{at.month}月{at.day}日 周{'一二三四五六日'[at.weekday()]}"
    return date_format(at, "D j M")


def allowed_by(error: Exception) -> str:
    """What an error of a format or an engine says is allowed, in the reader's language where it is known in it.

    Those packages speak English only; their fixed sentences stand in the catalogues word for word.
    """
    return gettext(str(error)) if str(error) else ""
