"""A table of readings that people have: its headings in English or Chinese, each row a line as counters send it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.passengers.intake.receive import Line
from tminus.formats.problems import BadFile
from tminus.formats.tables import read_tables
from tminus.platform.registry import BadInput

HEADINGS = {
    "time": ("time", "时间", "开始时间"),
    "counter": ("counter", "计数器", "设备"),
    "in": ("in", "entries", "进", "进入", "进站"),
    "out": ("out", "exits", "出", "离开", "出站"),
    "seq": ("seq", "number", "序号"),
}


def lines_of_table(name: str, content: bytes) -> list[Line]:
    """Rows under their headings; the line's number is the row's in the file.

    :raises BadInput: no table, or no heading *time*.
    """
    try:
        sheet = next(one for one in read_tables(Path(name), content) if one.rows)
    except (BadFile, StopIteration) as error:
        raise BadInput(str(error) or _("the file holds no table"), field="file", value=name) from error
    fields = _fields(sheet.rows[0])
    if "time" not in fields.values():
        given = ", ".join(str(cell) for cell in sheet.rows[0][:10])
        raise BadInput(
            _("headings %(given)s; allowed: %(allowed)s") % {"given": given, "allowed": ", ".join(HEADINGS)},
            field="file",
            value=name,
        )
    rows = ((number, row) for number, row in enumerate(sheet.rows[1:], sheet.first_row + 1) if any(map(_said, row)))
    return [Line(number, _line(row, fields)) for number, row in rows]


def _said(cell: Any) -> bool:
    return cell not in (None, "")


def _fields(headings: list[Any]) -> dict[int, str]:
    known = {name: field for field, names in HEADINGS.items() for name in names}
    said = ((number, str(cell).strip().lower()) for number, cell in enumerate(headings))
    return {number: known[name] for number, name in said if name in known}


def _line(row: list[Any], fields: dict[int, str]) -> dict[str, Any]:
    line = {field: row[number] for number, field in fields.items() if number < len(row)}
    if isinstance(line.get("counter"), float) and line["counter"].is_integer():
        line["counter"] = str(int(line["counter"]))  # a workbook keeps the code 101 as a number
    return line
