"""Sheets of cells out of xlsx, xls, ods and CSV files, defended against files made to hurt."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound

from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.values import Cell

MOST_ROWS, MOST_COLUMNS = 500_000, 512
MOST_UNPACKED = 1_500_000_000
SHEET_FILES = frozenset({".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"})
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
    _unpacked_size(path, content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(workbook, name) for name in workbook.sheet_names]
    except (CalamineError, WorksheetNotFound, OSError, ValueError, OverflowError) as error:
        raise BadFile(f"{path.name}: cannot be read as a workbook ({error}); allowed: xlsx, xls, ods, csv") from error


def _unpacked_size(path: Path, content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile as error:
        raise BadFile(f"{path.name}: is a damaged workbook ({error})") from error
    if size > MOST_UNPACKED or size > 2000 * len(content) + 10_000_000:
        raise BadFile(f"{path.name}: unpacks to {size} bytes; allowed: at most {MOST_UNPACKED}")


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
    sample = "\n".join(text.splitlines()[:20])
    delimiter = max(",;\t", key=sample.count) if sample else ","
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
        rows: list[list[Cell]] = [[cell.strip() or None for cell in row] for row in reader]
    except csv.Error as error:
        raise BadFile(f"{path.name}: cannot be read as CSV ({error})") from error
    return [Sheet("", rows)]


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
