"""The words of a TaskJuggler file as they stand: what is quoted keeps a quote before and behind it.

Lines come again and again: each is looked at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_WORD = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-8<-.*?->8-)"""
    r"""|(?P<word>[{}\[\],!]|[^\s{}\[\],!"']+)|(?P<line>\n)|[^\S\n]+|(?P<stray>.)""",
    re.DOTALL,
)
_WITHIN = re.compile(r"""[^\s{}\[\],!"']+|[{}\[\],!]|"(?:\\.|[^"\\])*"|[^\s]""")
_MARKS = frozenset("{}[],!-")
GOES_ON = frozenset(",-!")
"""Behind these a statement does not end with its line."""

Line = tuple[list[str], bool, bool]
"""The words of a line; whether they are one statement as they stand; and whether its block opens."""


@dataclass(slots=True)
class Words:
    """All words of a text, the line of each (from 1), and the lines that are a statement, by their first word."""

    all: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    whole: dict[int, Line] = field(default_factory=dict)


def is_word(word: str) -> bool:
    """Neither quoted nor a mark."""
    return word[0] != '"' and word not in _MARKS


def said(word: str) -> str:
    """Without the quotes."""
    return word[1:-1] if word[0] == '"' else word


def words_of(text: str, known: frozenset[str]) -> Words:
    """``known``: keywords that begin a statement within a line. Texts may go over several lines."""
    found, shapes, over, at = Words(), _Lines(known), 0, 0
    words, numbers, whole = found.all, found.lines, found.whole
    for number, line in enumerate(text.split("\n"), start=1):
        shape = shapes[line]
        if number > over:
            if shape is None:
                over = _long(text, at, number, found)
            elif shape[0]:
                if shape[1]:
                    whole[len(words)] = shape
                words += shape[0]
                numbers += [number] * len(shape[0])
        at += len(line) + 1
    return found


class _Lines(dict[str, Line | None]):
    """What each line is; none: it may hold texts that go on, or other quotes."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known

    def __missing__(self, line: str) -> Line | None:
        made = None if "'" in line or "-8<-" in line or line.count('"') % 2 else self._seen(line)
        self[line] = made
        return made

    def _seen(self, line: str) -> Line:
        words = _WITHIN.findall(line)
        if not words or words[0] == "project" or words[0][0] in '{}[],!-"' or words[-1] in GOES_ON:
            return words, False, False
        braces = line.count("{") + line.count("}")
        opens = words[-1] == "{"
        known = len(words) > 2 and not self.known.isdisjoint(words[2:])
        return words, not known and braces == opens, opens


def _long(text: str, at: int, line: int, found: Words) -> int:
    """Words from ``at``, where ``line`` begins, to the first end of a line that is in no text; that line's number."""
    for match in _WORD.finditer(text, at):
        kind, value = match.lastgroup, match[0]
        if kind == "line":
            break
        if kind is not None:
            found.all.append(_quoted(value) if kind == "text" else value)
            found.lines.append(line)
        line += value.count("\n")
    return line


def _quoted(text: str) -> str:
    return f'"{text[4:-4] if text.startswith("-8<-") else text[1:-1]}"'
