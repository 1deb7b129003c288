"""Which of the two languages a reader has chosen, and the text in it."""

from __future__ import annotations

from django.utils.translation import get_language, gettext


def reads_chinese(language: str | None = None) -> bool:
    """Whether ``language`` (default: the one of this request) is Chinese."""
    return (language or get_language() or "").startswith("zh")


def in_language(english: str, chinese: str) -> str:
    """The text in the reader's language; the other one where it has none."""
    return (chinese or english) if reads_chinese() else (english or chinese)


def allowed_by(error: Exception) -> str:
    """What an error of a format or an engine says is allowed, in the reader's language where it is known in it.

    Those packages speak English only; their fixed sentences stand in the catalogues word for word.
    """
    return gettext(str(error)) if str(error) else ""
