"""An XER file taken apart: tables of text cells, as the export of Primavera writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from tminus.formats.problems import BadFile

Row = list[str]
HEADER = "ERMHDR"
_HIGH = re.compile(rb"[\x80-\xff]+")


@dataclass(slots=True)
class Table:
    """Rows of one table. Each is one cell longer than ``fields``: the last is empty and stands for missing fields."""

    name: str
    fields: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)

    def cells(self, *names: str) -> Callable[[Row], tuple[str, ...]]:
        """Picks the cells of ``names`` (two or more) out of a row; a field the table lacks is empty."""
        place = {name: number for number, name in enumerate(self.fields)}
        return itemgetter(*(place.get(name, len(self.fields)) for name in names))

    def picked(self, *names: str) -> Iterator[tuple[str, ...]]:
        """The cells of ``names``, row by row."""
        return map(self.cells(*names), self.rows)


Tables = Mapping[str, Table]


def text_of(content: bytes) -> str:
    """The text of a file that does not say its encoding: UTF-8, else Chinese (GB18030), else Western (cp1252).

    Western letters above ASCII stand mostly alone; in Chinese text they come in pairs.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        chinese = content.decode("gb18030")
    except UnicodeDecodeError:
        chinese = ""
    if chinese and all(len(run) % 2 == 0 for run in _HIGH.findall(content)):
        return chinese
    return content.decode("cp1252", errors="replace")


def read_tables(name: str, content: bytes, wanted: Mapping[str, Collection[str]]) -> dict[str, Table]:
    """The tables named in ``wanted`` that the file has, with at least the fields wanted of each (none: all of them);
    others are passed over.

    A line without a mark of its own goes on from the row before it. Rows too short or too long are filled up or cut.

    :raises BadFile: not such a file, or a table without its fields.
    """
    text = text_of(content).replace("\r\n", "\n")
    if not text.startswith(HEADER):
        raise BadFile(f"{name}: begins with {text[:12]!r}; allowed: a Primavera XER file, which begins with {HEADER}")
    tables: dict[str, Table] = {}
    for part in ("\n" + text).split("\n%T\t")[1:]:
        code, _, body = part.partition("\n")
        code = code.strip()
        if code in wanted:
            read = _table(name, code, body, wanted[code])
            if code in tables and tables[code].fields == read.fields:
                tables[code].rows += read.rows
            else:
                tables[code] = read
    return tables


def _table(name: str, code: str, body: str, wanted: Collection[str]) -> Table:
    heading, *rows = ("\n" + body).split("\n%R\t")
    fields = tuple(cell.strip() for cell in heading.partition("%F\t")[2].split("\t"))
    if not any(fields):
        if rows:
            raise BadFile(f"{name}, table {code}: rows without a line %F of fields before them")
        return Table(code)
    if rows:
        rows[-1] = rows[-1].partition("\n%E")[0].rstrip("\n")
    width = max((place for place, field in enumerate(fields) if not wanted or field in wanted), default=0) + 1
    return Table(code, fields[:width], _filled([line.split("\t", width) for line in rows], width))


def _filled(rows: list[Row], width: int) -> list[Row]:
    """Rows of ``width`` cells and an empty one, in place of what is missing and of what nobody asks for."""
    for cells in rows:
        if len(cells) > width:
            cells[width] = ""
        elif len(cells) == width:
            cells.append("")
        else:
            cells += [""] * (width + 1 - len(cells))
    return rows
