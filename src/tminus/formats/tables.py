"""Sheets of cells out of xlsx, xls, ods and CSV files, defended against files made to hurt."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.values import Cell

MOST_ROWS, MOST_COLUMNS = 500_000, 512
MOST_CELLS = 30_000_000
"""Of the rectangle a sheet's cells span: one stray cell in the last row and column would take 17 thousand million."""
MOST_DELIMITERS = 1_000_000
"""Of one line; a quoted cell may well hold more than a line has columns."""
MOST_UNPACKED = 1_500_000_000
SHEET_FILES = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TEXT_FILES = frozenset({".csv", ".tsv", ".txt"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; ``first_row`` is the number of the first one as the program that made the file shows it."""

    name: str
    rows: list[list[Cell]]
    first_row: int = 1


def read_tables(path: Path, content: bytes | None = None) -> list[Sheet]:
    """Every sheet of a workbook, or the one table of a text file.

    :raises BadFile: not such a file, too large, or nothing in it.
    """
    content = read_bytes(path) if content is None else content
    suffix = path.suffix.lower()
    if not content.strip():
        raise BadFile(f"{path.name}: is empty; allowed: a table with headings")
    sheets = _text_table(path, content) if suffix in TEXT_FILES else _workbook(path, content)
    for sheet in sheets:
        _limit(path, sheet)
    return sheets


def _limit(path: Path, sheet: Sheet) -> None:
    widest = max((len(row) for row in sheet.rows), default=0)
    if len(sheet.rows) > MOST_ROWS or widest > MOST_COLUMNS:
        raise BadFile(
            f"{path.name}, sheet {sheet.name}: {len(sheet.rows)} rows × {widest} columns;"
            f" allowed: at most {MOST_ROWS} × {MOST_COLUMNS}"
        )


def _workbook(path: Path, content: bytes) -> list[Sheet]:
    if content.startswith(b"PK"):
        _unpacked_size(path, content)
        _span(path, content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(workbook, name) for name in workbook.sheet_names]
    except (CalamineError, WorksheetNotFound, OSError, ValueError, OverflowError) as error:
        raise BadFile(f"{path.name}: cannot be read as a workbook ({error}); allowed: xlsx, xls, ods, csv") from error


def _unpacked_size(path: Path, content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadFile(f"{path.name}: is a damaged workbook ({error})") from error
    if size > MOST_UNPACKED or size > 2000 * len(content) + 10_000_000:
        raise BadFile(f"{path.name}: unpacks to {size} bytes; allowed: at most {MOST_UNPACKED}")


_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})(\d{1,9})["']""")
CHUNK = 1 << 22


def _span(path: Path, content: bytes) -> None:
    """Refuse a workbook whose cells span more than can be held: the reader lays out the whole rectangle."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.bin" in archive.namelist():
                raise BadFile(f"{path.name}: is a binary workbook; allowed: xlsx, xls, ods, csv")
            for entry in archive.infolist():
                if not entry.is_dir() and not entry.filename.endswith((".png", ".jpeg", ".jpg", ".emf", ".wmf")):
                    _span_of(path, archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{path.name}: is a damaged workbook ({error})") from error


def _span_of(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    last_row, last_column, tail = 0, 0, b""
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            found = _PLACE.findall(tail + chunk)
            last_row = max(last_row, max((int(row) for _, row in found), default=0))
            last_column = max(last_column, max((_column(name) for name in {name for name, _ in found}), default=0))
            tail = chunk[-64:]
    if last_row * last_column > MOST_CELLS or last_row > MOST_ROWS or last_column > MOST_COLUMNS:
        raise BadFile(
            f"{path.name}, {entry.filename}: cells up to row {last_row}, column {last_column};"
            f" allowed: at most {MOST_ROWS} × {MOST_COLUMNS} and {MOST_CELLS} in all"
        )


def _column(letters: bytes) -> int:
    """``B`` is 2, ``AA`` 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _sheet(workbook: CalamineWorkbook, name: str) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
        return Sheet(name, [[None] * sheet.width] * sheet.height)  # refused by its size
    rows: list[list[Cell]] = [
        [None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)
    ]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top : bottom + 1]:
                row[left : right + 1] = [rows[top][left]] * (min(right + 1, len(row)) - left)
    return Sheet(name, rows)


def _text_table(path: Path, content: bytes) -> list[Sheet]:
    text = decode(path, content)
    sample = "".join(islice(io.StringIO(text[:1_000_000], newline=""), 20))
    delimiter = max(",;\t", key=sample.count) if sample else ","
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(_lines(path, text, delimiter), delimiter=delimiter, strict=False):
            if len(rows) > MOST_ROWS:
                break  # refused by its size
            rows.append([_unguarded(cell.strip()) or None for cell in row])
    except csv.Error as error:
        raise BadFile(f"{path.name}: cannot be read as CSV ({error})") from error
    return [Sheet("", rows)]


def _lines(path: Path, text: str, delimiter: str) -> Iterator[str]:
    """One at a time: a line of fifty million delimiters is refused before it is cut into cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if (cells := line.count(delimiter)) > MOST_DELIMITERS:
            raise BadFile(f"{path.name}, line {number}: {cells} columns; allowed: at most {MOST_COLUMNS}")
        yield line


_GUARDED = re.compile(r"'+[=+\-@\t\r]", re.DOTALL)


def _unguarded(text: str) -> str:
    """Without the apostrophe our own writer sets before what a spreadsheet would run as a formula."""
    return text[1:] if _GUARDED.match(text) else text


def decode(path: Path, content: bytes) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, else GB 18030.

    :raises BadFile: none of them.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        return text
    raise BadFile(f"{path.name}: is not text; allowed: UTF-8 or GB 18030")
