"""The text of a TaskJuggler project as statements: macros put in, comments left out, words and blocks told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tminus.formats.problems import BadFile

MOST_WORDS = 2_000_000
MOST_DEPTH = 60
"""Blocks in blocks, and macros in macros."""

_SKIPPED = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-8<-.*?->8-)|#[^\n]*|/\*.*?\*/|//[^\n]*""", re.DOTALL)
_WORD = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|-8<-.*?->8-)"""
    r"""|(?P<mark>[{}\[\],!]|-(?=\s))|(?P<word>[^\s{}\[\],!"']+)|(?P<line>\n)|[^\S\n]+|(?P<stray>.)""",
    re.DOTALL,
)
_WITHIN = re.compile(r"""[^\s{}\[\],!"']+|[{}\[\],!]|"(?:\\.|[^"\\])*"|[^\s]""")
_MARKS = frozenset("{}[],!-")
_MACRO = re.compile(r"\bmacro\s+(\w+)\s*\[")
_USE = re.compile(r"\$\{(\??)(\w+)((?:\s+\"[^\"]*\")*)\}")


class Word(NamedTuple):
    """``kind``: text (quoted), word or mark; ``line`` counts from 1 and is that of the text with macros put in."""

    kind: str
    value: str
    line: int


@dataclass(slots=True)
class Statement:
    """``keyword args { block }``; ``line`` is where it begins."""

    keyword: str
    args: list[Word]
    line: int
    block: list[Statement] = field(default_factory=list)

    def words(self) -> list[str]:
        return [word.value for word in self.args]


Include = Callable[[str], str | None]


def statements_of(text: str, file: str, include: Include, known: frozenset[str]) -> list[Statement]:
    """Parse a whole file. ``known`` keywords begin a new statement within a line; ``include`` gives a file's text.

    :raises BadFile: blocks that do not close, macros without end or too deep.
    """
    return _Parser(_words(with_macros(_without_comments(text), file, include)), file, known).block(top=True)


def _without_comments(text: str) -> str:
    return _SKIPPED.sub(lambda found: found[1] if found[1] is not None else "\n" * found[0].count("\n"), text)


def with_macros(text: str, file: str, include: Include) -> str:
    """The text with what its macros stand for; definitions are taken out."""
    macros: dict[str, str] = {}
    text = _included(text, include)
    while found := _MACRO.search(text):
        end = _closing(text, found.end(), file)
        macros[found[1]] = text[found.end() : end]
        text = text[: found.start()] + text[end + 1 :]
    for _ in range(MOST_DEPTH):
        if "${" not in text:
            return text
        text = _USE.sub(lambda use: _put_in(use, macros, file), text)
        if len(text) > 20 * MOST_WORDS:
            break
    raise BadFile(f"{file}: macros stand for each other without end; allowed: macros that end in plain text")


def _included(text: str, include: Include) -> str:
    def put_in(found: re.Match[str]) -> str:
        content = include(found[1])
        return "" if content is None else _without_comments(content)

    return re.sub(r'^\s*include\s+"([^"]+)"', put_in, text, flags=re.MULTILINE)


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


def _words(text: str) -> list[tuple[str, str, int]]:
    """Kind, value and line of each word; plain, there are many of them."""
    found: list[tuple[str, str, int]] = []
    lines = text.split("\n")
    if "-8<-" in text or any(line.count('"') % 2 or "'" in line for line in lines):
        return _with_long_texts(text)
    for number, line in enumerate(lines, start=1):
        for value in _WITHIN.findall(line):
            if value[0] == '"':
                found.append(("text", value[1:-1], number))
            else:
                found.append(("mark" if value in _MARKS else "word", value, number))
    return found


def _with_long_texts(text: str) -> list[tuple[str, str, int]]:
    """As :func:`_words`, where texts may go over several lines."""
    found: list[tuple[str, str, int]] = []
    line = 1
    for match in _WORD.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            line += 1
        elif kind == "text":
            value = match[0]
            found.append(("text", value[4:-4] if value.startswith("-8<-") else value[1:-1], line))
            line += value.count("\n")
        elif kind is not None:
            found.append((kind, match[0], line))
    return found


class _Parser:
    """Statements end with their line, unless a comma, a dash or a bracket says that they go on."""

    def __init__(self, words: list[tuple[str, str, int]], file: str, known: frozenset[str]) -> None:
        self.words, self.file, self.known = words, file, known
        self.at = 0
        if len(words) > MOST_WORDS:
            raise BadFile(f"{file}: {len(words):,} words; allowed: at most {MOST_WORDS:,}")

    def block(self, *, top: bool, depth: int = 0) -> list[Statement]:
        found: list[Statement] = []
        if depth > MOST_DEPTH:
            raise BadFile(f"{self.file}: blocks within blocks, more than {MOST_DEPTH} deep")
        words, count = self.words, len(self.words)
        while self.at < count:
            kind, value, line = words[self.at]
            if value == "}" and kind == "mark":
                if top:
                    raise BadFile(f"{self.file}, line {line}: a }} that closes nothing")
                self.at += 1
                return found
            found.append(self._statement(depth))
        if not top:
            raise BadFile(f"{self.file}: a block that is not closed; allowed: a }} for every {{")
        return found

    def _statement(self, depth: int) -> Statement:
        words, count, at = self.words, len(self.words), self.at + 1
        _, keyword, line = words[self.at]
        made = Statement(keyword, [], line)
        args, joins, head = made.args, False, keyword == "project"
        while at < count:
            kind, value, here = words[at]
            if kind == "mark" and value in "{}":
                self.at = at
                if value == "}" or not self._block_of(made, depth):
                    return made
                at, line = self.at, words[self.at][2]
                continue
            begins = here != line or (args and kind == "word" and value in self.known)
            if begins and not (joins or head or value in (",", "-")):
                break
            args.append(Word(kind, value, here))
            joins = kind == "mark" and value in (",", "-", "!")
            line, at = here, at + 1
        self.at = at
        return made

    def _block_of(self, made: Statement, depth: int) -> bool:
        """Read the block that begins here into the statement; whether the statement goes on behind it."""
        line = self.words[self.at][2]
        self.at += 1
        made.block += self.block(top=False, depth=depth + 1)
        if self.at >= len(self.words) or self.words[self.at][:2] != ("mark", ","):
            return False
        made.args.append(Word("block", str(len(made.block)), line))
        return True
