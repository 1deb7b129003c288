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


def _words(text: str) -> list[Word]:
    found: list[Word] = []
    line = 1
    for match in _WORD.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            line += 1
        elif kind is not None:
            value = match[0]
            if kind == "text":
                found.append(Word("text", value[4:-4] if value.startswith("-8<-") else value[1:-1], line))
                line += value.count("\n")
            else:
                found.append(Word(kind, value, line))
    return found


class _Parser:
    """Statements end with their line, unless a comma, a dash or a bracket says that they go on."""

    def __init__(self, words: list[Word], file: str, known: frozenset[str]) -> None:
        self.words, self.file, self.known = words, file, known
        self.at = 0
        if len(words) > MOST_WORDS:
            raise BadFile(f"{file}: {len(words):,} words; allowed: at most {MOST_WORDS:,}")

    def block(self, *, top: bool, depth: int = 0) -> list[Statement]:
        found: list[Statement] = []
        if depth > MOST_DEPTH:
            raise BadFile(f"{self.file}: blocks within blocks, more than {MOST_DEPTH} deep")
        while self.at < len(self.words):
            word = self.words[self.at]
            if word.value == "}" and word.kind == "mark":
                if top:
                    raise BadFile(f"{self.file}, line {word.line}: a }} that closes nothing")
                self.at += 1
                return found
            found.append(self._statement(depth))
        if not top:
            raise BadFile(f"{self.file}: a block that is not closed; allowed: a }} for every {{")
        return found

    def _statement(self, depth: int) -> Statement:
        first = self.words[self.at]
        self.at += 1
        made = Statement(first.value, [], first.line)
        line = first.line
        while self.at < len(self.words):
            word = self.words[self.at]
            before = self.words[self.at - 1]
            if word.kind == "mark" and word.value == "{":
                self.at += 1
                inner = self.block(top=False, depth=depth + 1)
                if self._goes_on():
                    made.block += inner  # of one of several dependencies: kept with it below
                    made.args.append(Word("block", str(len(made.block)), word.line))
                    line = self.words[self.at].line
                    continue
                made.block += inner
                return made
            if word.kind == "mark" and word.value == "}":
                return made
            joins = before.value in (",", "-", "!") and before.kind == "mark"
            joins |= word.kind == "mark" and word.value in (",", "-")
            if word.line != line and not joins and first.value != "project":
                return made
            if (
                made.args
                and not joins
                and first.value != "project"
                and word.kind == "word"
                and word.value in self.known
            ):
                return made
            made.args.append(word)
            line = word.line
            self.at += 1
        return made

    def _goes_on(self) -> bool:
        return self.at < len(self.words) and self.words[self.at].value == "," and self.words[self.at].kind == "mark"
