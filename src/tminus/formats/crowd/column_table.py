"""A CSV table column by column: a million rows in a second, and still row, column and value of what cannot be taken."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from tminus.formats.problems import BadFile, Problem, Rejected, read_bytes

BLOCK = 1 << 24
CLOCK = r"^\d{1,3}:[0-5]\d(:[0-5]\d)?$"
CLOCK_ALLOWED = "HH:MM or HH:MM:SS, past 24:00 too"
Floats = NDArray[np.float64]


class ColumnTable:
    """The columns of a file by heading; ``warnings`` names those nobody asked for.

    ``others``: columns a file of this kind may well have that are of no use here.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        needed: Sequence[str],
        content: bytes | None = None,
        others: Sequence[str] = (),
    ) -> None:
        """:raises BadFile: not such a table, a heading twice, or a needed column is not there."""
        self.name, self._columns = path.name, tuple(columns)
        raw = read_bytes(path) if content is None else content
        self._text = raw if _plain(raw) else _decoded(path, raw)
        self._table = _read(path.name, self._text)
        self.headings = tuple(name.strip() for name in self._table.column_names)
        if twice := [name for name in self.headings if name and self.headings.count(name) > 1]:
            raise BadFile(f"{self.name}: column {twice[0]} stands twice; allowed: each column once")
        if missing := [name for name in needed if name not in self.headings]:
            raise BadFile(f"{self.name}: has no column {missing[0]}; allowed: {', '.join(self._columns)}")
        unknown = [name for name in self.headings if name not in self._columns and name not in others]
        known = ", ".join(self._columns)
        self.warnings = [f"{self.name}: column {name!r} is not known and not read; known: {known}" for name in unknown]

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __contains__(self, column: str) -> bool:
        return column in self.headings

    def _column(self, column: str) -> pa.ChunkedArray:
        found = self._table.column(self.headings.index(column))
        return pc.ascii_trim_whitespace(found)

    def texts(self, column: str) -> list[str]:
        """Every cell; an empty text where it is empty or the column is not there."""
        return list(self._column(column).to_pylist()) if column in self else [""] * len(self)

    def coded(self, column: str) -> tuple[list[str], NDArray[np.int32]]:
        """Different texts of a column, and which of them each row has."""
        one = self._column(column).combine_chunks().dictionary_encode()
        return list(one.dictionary.to_pylist()), np.asarray(one.indices.to_numpy(zero_copy_only=False), np.int32)

    def arrow(self, column: str) -> pa.ChunkedArray:
        """The column as trimmed texts."""
        return self._column(column)

    def numbers(self, column: str, allowed: str = "a number", *, otherwise: float | None = None) -> Floats:
        """[row]; ``otherwise`` where empty, which is refused where there is none. Column not there: all ``otherwise``.

        :raises Rejected: an empty cell, or no finite number.
        """
        if column not in self:
            return np.full(len(self), np.nan if otherwise is None else otherwise)
        texts = self._column(column)
        empty = pc.equal(texts, "")
        try:
            cast = pc.cast(pc.if_else(empty, pa.scalar(None, pa.string()), texts), pa.float64())
            values = np.array(cast.to_numpy(), np.float64)
        except pa.ArrowInvalid:
            told = texts.to_pylist()
            self.refuse_where(column, np.array([not _number(text) for text in told], bool), allowed)
            values = np.array([float(text) if text else np.nan for text in told])  # as "+5", which Arrow does not take
        blank = empty.to_numpy()
        if otherwise is None:
            self.refuse_where(column, blank, allowed)
        else:
            values[blank] = otherwise
        self.refuse_where(column, ~np.isfinite(values) & ~blank, allowed)
        return values

    def within(self, column: str, low: float, high: float, allowed: str, *, otherwise: float | None = None) -> Floats:
        """As :meth:`numbers`, each from ``low`` to ``high``."""
        values = self.numbers(column, allowed, otherwise=otherwise)
        off = (values < low) | (values > high)
        self.refuse_where(column, off if otherwise is None else off & (values != otherwise), allowed)
        return values

    def clock(self, column: str, zero_s: float = 0.0, *, otherwise: float | None = None) -> Floats:
        """[row] seconds after ``zero_s`` (of the day) of times of the day.

        :raises Rejected: not HH:MM or HH:MM:SS.
        """
        texts = self._column(column)
        wrong = ~np.asarray(pc.match_substring_regex(texts, CLOCK).to_numpy(), bool)
        if otherwise is not None:
            wrong &= ~np.asarray(pc.equal(texts, "").to_numpy(), bool)
        self.refuse_where(column, wrong, CLOCK_ALLOWED)
        different, which = self.coded(column)
        seconds = [np.nan if text == "" else clock_seconds(text) - zero_s for text in different]
        values = np.array([*seconds, 0.0])[which]
        return values if otherwise is None else np.where(np.isnan(values), otherwise, values)

    def row(self, number: int) -> int:
        """Where data row ``number`` stands in the file; empty lines count there."""
        lines = io.BytesIO(self._text)
        filled = (at for at, line in enumerate(lines, start=1) if line.strip())
        return next((at for n, at in enumerate(filled) if n == number + 1), number + 2)

    def refuse(self, number: int, column: str, allowed: str, value: str | None = None) -> Rejected:
        """What to raise for data row ``number``."""
        told = self._column(column)[number].as_py() if value is None and column in self else (value or "")
        return Rejected([Problem(self.name, self.row(number), column, str(told)[:80], allowed)])

    def refuse_where(self, column: str, wrong: NDArray[np.bool_], allowed: str) -> None:
        """:raises Rejected: any is wrong; the first is named, and how many there are."""
        bad = np.flatnonzero(wrong)
        if len(bad):
            problems = self.refuse(int(bad[0]), column, allowed).problems
            raise Rejected(problems * min(len(bad), 1000))


def clock_seconds(text: str) -> float:
    """Seconds after midnight of HH:MM or HH:MM:SS."""
    parts = [int(part) for part in text.split(":")]
    return float(parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) > 2 else 0))


def _number(text: str) -> bool:
    try:
        float(text or "0")
    except ValueError:
        return False
    return text.isascii() and "_" not in text


def _plain(content: bytes) -> bool:
    """Whether it is ASCII: the usual case of large files, for which nothing need be decoded."""
    return content.isascii() and b"\x00" not in content


def _decoded(path: Path, content: bytes) -> bytes:
    from tminus.formats.tables import decode  # a second to import, and rarely needed

    return decode(path, content).lstrip("\ufeff").encode()


_EXPECTED = re.compile(r"Expected (\d+) columns, got (\d+)")


def _read(name: str, text: bytes) -> pa.Table:
    if not text.strip():
        raise BadFile(f"{name}: is empty; allowed: a table with headings")
    head = text.split(b"\n", 1)[0]
    delimiter = max(",;\t", key=lambda one: head.count(one.encode()))
    headings = [cell.strip().strip('"') for cell in head.decode().strip().split(delimiter)]
    options = csv.ConvertOptions(
        column_types=dict.fromkeys(_unique(headings), pa.string()),
        strings_can_be_null=False,
        quoted_strings_can_be_null=False,
    )
    try:
        return csv.read_csv(
            io.BytesIO(text),
            read_options=csv.ReadOptions(
                use_threads=False, block_size=BLOCK, column_names=_unique(headings), skip_rows=1
            ),
            parse_options=csv.ParseOptions(delimiter=delimiter),
            convert_options=options,
        ).rename_columns(headings)
    except pa.ArrowInvalid as error:
        if "Empty CSV file" in str(error):
            return pa.table({heading: pa.array([], pa.string()) for heading in _unique(headings)}).rename_columns(
                headings
            )
        raise _told(name, str(error)) from error


def _unique(headings: list[str]) -> list[str]:
    return [f"{number} {heading}" for number, heading in enumerate(headings)]


def _told(name: str, message: str) -> BadFile:
    line = message.splitlines()[0]
    place = re.search(r"Row #(\d+)", line)
    where = f"{name}, row {place[1]}" if place else name
    if cells := _EXPECTED.search(line):
        return BadFile(
            f"{where}: {cells[2]} cells; allowed: {cells[1]}, one for every heading ({line[-60:].strip()!r})"
        )
    return BadFile(f"{where}: cannot be read as CSV ({line})")
