"""Statements of a TaskJuggler file: a keyword, what stands behind it, and a block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tminus.formats.problems import BadFile
from tminus.formats.taskjuggler.macros import Include, with_macros, without_comments
from tminus.formats.taskjuggler.words import GOES_ON, Line, said, words_of

MOST_WORDS = 2_000_000
MOST_DEPTH = 60
"""Blocks in blocks."""
BLOCK = "{"
_ATTACHED = frozenset(",-{")
"""What belongs to the statement before it, even in the next line."""


@dataclass(slots=True)
class Statement:
    """``keyword args { block }``; ``line`` is where it begins, ``lines`` where those of ``args`` are that stand below.

    What is quoted has its quotes; ``BLOCK`` and a number among ``args`` stands for so much of ``block``.
    """

    keyword: str
    args: Sequence[str]
    line: int
    block: Sequence[Statement] = ()
    lines: dict[int, int] | None = None

    def words(self) -> list[str]:
        """``args`` without quotes."""
        return [said(word) for word in self.args]

    def line_of(self, arg: int) -> int:
        return self.lines.get(arg, self.line) if self.lines else self.line


def statements_of(text: str, file: str, include: Include, known: frozenset[str]) -> list[Statement]:
    """Parse a whole file. ``known`` keywords begin a new statement within a line; ``include`` gives a file's text.

    :raises BadFile: blocks that do not close, macros without end or too deep.
    """
    return _Parser(with_macros(without_comments(text), file, include), file, known).block(top=True)


class _Parser:
    """Statements end with their line, unless a comma, a dash or a bracket says that they go on."""

    def __init__(self, text: str, file: str, known: frozenset[str]) -> None:
        found = words_of(text, known)
        self.words, self.lines, self.whole = found.all, found.lines, found.whole
        self.file, self.known = file, known
        self.at = 0
        if len(self.words) > MOST_WORDS:
            raise BadFile(f"{file}: {len(self.words):,} words; allowed: at most {MOST_WORDS:,}")

    def block(self, *, top: bool, depth: int = 0) -> list[Statement]:
        found: list[Statement] = []
        if depth > MOST_DEPTH:
            raise BadFile(f"{self.file}: blocks within blocks, more than {MOST_DEPTH} deep")
        words, count, whole = self.words, len(self.words), self.whole
        while self.at < count:
            line = whole.get(self.at)
            if line is not None:
                found.append(self._line(line, depth))
                continue
            if words[self.at] == "}":
                if top:
                    raise BadFile(f"{self.file}, line {self.lines[self.at]}: a }} that closes nothing")
                self.at += 1
                return found
            found.append(self._statement(depth))
        if not top:
            raise BadFile(f"{self.file}: a block that is not closed; allowed: a }} for every {{")
        return found

    def _line(self, line: Line, depth: int) -> Statement:
        """The statement that is a line, unless it goes on in the next."""
        words, _, opens = line
        at = self.at
        self.at += len(words)
        if opens:
            made = Statement(words[0], words[1:-1], self.lines[at])
            self.at -= 1
            behind = self._block_of(made, depth)
            return self._args(made, [*made.args, behind], depth) if behind else made
        if self.at < len(self.words) and self.words[self.at] in _ATTACHED:
            self.at = at
            return self._statement(depth)
        return Statement(words[0], words[1:], self.lines[at])

    def _statement(self, depth: int) -> Statement:
        made = Statement(said(self.words[self.at]), [], self.lines[self.at])
        self.at += 1
        return self._args(made, [], depth)

    def _args(self, made: Statement, args: list[str], depth: int) -> Statement:
        """Take what belongs to the statement from here on, behind ``args``."""
        words, lines, count, at = self.words, self.lines, len(self.words), self.at
        line, made.args = lines[at - 1], args
        joins, head = False, made.keyword == "project"
        while at < count:
            word, here = words[at], lines[at]
            if word in ("{", "}"):
                self.at = at
                block = self._block_of(made, depth) if word == "{" else None
                if block is None:
                    return made
                args.append(block)
                at, line = self.at, lines[self.at]
                continue
            begins = here != line or (args and word in self.known)
            if begins and not (joins or head or word in (",", "-")):
                break
            if here != made.line:
                made.lines = {**(made.lines or {}), len(args): here}
            args.append(word)
            joins = word in GOES_ON
            line, at = here, at + 1
        self.at = at
        return made

    def _block_of(self, made: Statement, depth: int) -> str | None:
        """Read the block that begins here into the statement; what stands for it, if the statement goes on behind."""
        self.at += 1
        made.block = [*made.block, *self.block(top=False, depth=depth + 1)]
        if self.at >= len(self.words) or self.words[self.at] != ",":
            return None
        return f"{BLOCK}{len(made.block)}"
