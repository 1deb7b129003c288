"""The text of a TaskJuggler project as it is meant: comments left out, files included, macros put in."""

from __future__ import annotations

import re
from collections.abc import Callable

from tminus.formats.problems import BadFile

MOST_LETTERS = 40_000_000
MOST_DEPTH = 60
"""Macros in macros."""

_SKIPPED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-8<-.*?->8-)|#[^\n]*|/\*.*?\*/|//[^\n]*""", re.DOTALL)
_INCLUDE = re.compile(r'^\s*include\s+"([^"]+)"', re.MULTILINE)
_MACRO = re.compile(r"\bmacro\s+(\w+)\s*\[")
_USE = re.compile(r"\$\{(\??)(\w+)((?:\s+\"[^\"]*\")*)\}")

Include = Callable[[str], str | None]


def without_comments(text: str) -> str:
    if not any(mark in text for mark in ("#", "/*", "//")):
        return text
    return _SKIPPED.sub(lambda found: found[1] if found[1] is not None else "\n" * found[0].count("\n"), text)


def with_macros(text: str, file: str, include: Include) -> str:
    """The text with what its macros stand for; definitions are taken out.

    :raises BadFile: macros without end, too deep or not known.
    """
    macros: dict[str, str] = {}
    text = _included(text, include)
    while (found := _MACRO.search(text) if "macro" in text else None) is not None:
        end = _closing(text, found.end(), file)
        macros[found[1]] = text[found.end() : end]
        text = text[: found.start()] + text[end + 1 :]
    for _ in range(MOST_DEPTH):
        if "${" not in text:
            return text
        text = _USE.sub(lambda use: _put_in(use, macros, file), text)
        if len(text) > MOST_LETTERS:
            break
    raise BadFile(f"{file}: macros stand for each other without end; allowed: macros that end in plain text")


def _included(text: str, include: Include) -> str:
    def put_in(found: re.Match[str]) -> str:
        content = include(found[1])
        return "" if content is None else without_comments(content)

    return _INCLUDE.sub(put_in, text) if "include" in text else text


def _closing(text: str, at: int, file: str) -> int:
    depth = 1
    for found in re.finditer(r"[\[\]]", text[at:]):
        depth += 1 if found[0] == "[" else -1
        if depth == 0:
            return at + found.start()
    raise BadFile(f"{file}: a macro has no closing ]")


def _put_in(use: re.Match[str], macros: dict[str, str], file: str) -> str:
    if use[2] not in macros:
        if use[1] or use[2] in ("projectstart", "projectend", "now", "today"):
            return ""
        raise BadFile(f"{file}: no macro {use[2]!r}; allowed: {', '.join(sorted(macros)[:8]) or 'none is defined'}")
    text = macros[use[2]]
    for number, argument in enumerate(re.findall(r'"([^"]*)"', use[3]), start=1):
        text = text.replace(f"${{{number}}}", argument)
    return text
