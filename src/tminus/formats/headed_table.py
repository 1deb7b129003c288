"""The first table of a file, its columns recognised by their headings, its cells taken or refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from tminus.formats.book_row import empty
from tminus.formats.columns import plain
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected
from tminus.formats.tables import read_tables
from tminus.formats.values import Cell

T = TypeVar("T")
Fields = dict[str, Cell]
MOST_PROBLEMS = 1000
"""Named at most; a file whose every row is wrong is wrong as a whole."""


class HeadedTable:
    """A file's rows as fields, and what of them could not be taken."""

    def __init__(
        self,
        path: Path,
        columns: Mapping[str, Sequence[str]],
        needed: Sequence[str],
        content: bytes | None = None,
    ) -> None:
        """:raises BadFile: not a table, or a needed column is not there."""
        self.name, self.columns, self.problems = path.name, columns, list[Problem]()
        sheet = next((sheet for sheet in read_tables(path, content) if sheet.rows), None)
        known = {plain(name): code for code, names in columns.items() for name in (code, *names)}
        heads = sheet.rows[0] if sheet else []
        self._fields = {at: known[plain(head)] for at, head in enumerate(heads) if plain(head) in known}
        self._rows = sheet.rows[1:] if sheet else []
        self._first_row = (sheet.first_row if sheet else 1) + 1
        if missing := [code for code in needed if code not in self._fields.values()]:
            headings = " or ".join(columns[missing[0]][:2])
            raise BadFile(
                f"{path.name}: has no column headed {headings}; allowed: {', '.join(map(self._heading, columns))}"
            )

    def _heading(self, code: str) -> str:
        return self.columns[code][0]

    def rows(self) -> Iterator[tuple[int, Fields]]:
        """Number in the file and filled cells of each row that has any."""
        for number, row in enumerate(self._rows, start=self._first_row):
            cells = {code: row[at] for at, code in self._fields.items() if at < len(row) and not empty(row[at])}
            if cells:
                yield number, cells

    def take(self, number: int, cells: Fields, code: str, read: Callable[[Cell], T], otherwise: T) -> T:
        """The cell's value; ``otherwise`` where it is empty, or cannot be taken, which is kept as a problem."""
        if code not in cells:
            return otherwise
        try:
            return read(cells[code])
        except BadValue as error:
            self.refuse(number, code, str(cells[code]), str(error))
            return otherwise

    def need(self, number: int, cells: Fields, code: str, read: Callable[[Cell], T], otherwise: T) -> T:
        """As :meth:`take`, but an empty cell is a problem too."""
        if code not in cells:
            self.refuse(number, code, "", "a value")
        return self.take(number, cells, code, read, otherwise)

    def refuse(self, number: int, code: str, value: str, allowed: str) -> None:
        """Keep a problem.

        :raises Rejected: there are too many.
        """
        self.problems.append(Problem(self.name, number, self._heading(code), value[:80], allowed))
        if len(self.problems) >= MOST_PROBLEMS:
            raise Rejected(self.problems)

    def done(self) -> None:
        """:raises Rejected: something could not be taken."""
        if self.problems:
            raise Rejected(self.problems)
