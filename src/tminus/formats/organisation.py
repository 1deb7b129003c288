"""The organisation sheet: units, people and posts in one workbook, headings in English or Chinese."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

import xlsxwriter

from tminus.formats.columns import plain
from tminus.formats.event_folder.schema import TABLES, Table
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected
from tminus.formats.tables import Sheet, read_tables
from tminus.formats.values import Cell, moment

Row = dict[str, str]
Tables = dict[str, list[Row]]

SHEETS: dict[str, tuple[str, str]] = {
    "units": ("Units", "单位"),
    "people": ("People", "人员"),
    "posts": ("Posts", "岗位"),
}
HEADINGS: dict[str, tuple[str, ...]] = {
    "id": ("ID", "编号", "Code", "代码"),
    "name_en": ("Name (English)", "名称（英文）", "Name", "姓名（英文）", "name_en"),
    "name_zh": ("Name (Chinese)", "名称（中文）", "名称", "姓名", "姓名（中文）", "name_zh"),
    "kind": ("Kind", "类别", "类型"),
    "parent": ("Parent", "上级", "上级单位"),
    "temporary": ("Temporary", "临时", "是否临时"),
    "from": ("From", "起", "开始"),
    "until": ("Until", "止", "结束"),
    "email": ("E-mail", "邮箱", "Email", "电子邮件"),
    "phone": ("Phone", "电话", "手机"),
    "language": ("Language", "语言"),
    "unit": ("Unit", "单位", "所属单位"),
    "title_en": ("Title (English)", "职务（英文）", "Title", "title_en"),
    "title_zh": ("Title (Chinese)", "职务（中文）", "职务", "title_zh"),
    "rank": ("Rank", "级别", "层级"),
    "reach": ("Reach", "权限范围", "权限"),
    "holder": ("Holder", "任职人", "人员"),
    "home_unit": ("Home unit", "原单位", "派出单位"),
    "place": ("Place", "地点", "所在地点"),
}
_KNOWN = {plain(name): code for code, names in HEADINGS.items() for name in (code, *names)}
DATES = frozenset({"from", "until"})
WORDS = {
    "是": "1",
    "否": "0",
    "yes": "1",
    "no": "0",
    "true": "1",
    "false": "0",
    "1.0": "1",
    "0.0": "0",
    "zh-hans": "zh",
}


def read_organisation(name: str, content: bytes, known: Mapping[str, Collection[str]]) -> Tables:
    """The rows of a workbook's three sheets, or of one CSV table told by its headings.

    :param known: codes that stand already, by table: a row may refer to them.
    :raises BadFile: no such workbook; :class:`Rejected` names every value that cannot be taken.
    """
    found: Tables = {}
    problems: list[Problem] = []
    places: dict[str, tuple[str, list[int]]] = {}
    for sheet in read_tables(Path(PurePath(name).name), content):
        table = _table_of(sheet)
        if table is not None:
            rows, numbers = _rows(name, sheet, table, problems)
            found[table.name] = rows
            places[table.name] = (sheet.name, numbers)
    if not found:
        sheets = ", ".join(english for english, _ in SHEETS.values())
        raise BadFile(f"{name}: no organisation in it; allowed: sheets {sheets} with the headings of the template")
    codes = {one: {*known.get(one, ()), *(row["id"] for row in found.get(one, []))} for one in SHEETS}
    for table_name, rows in found.items():
        sheet_name, numbers = places[table_name]
        _check(name, sheet_name, TABLES[table_name], list(zip(numbers, rows, strict=True)), codes, problems)
    if problems:
        raise Rejected(problems)
    return found


def _table_of(sheet: Sheet) -> Table | None:
    headed = {_KNOWN.get(plain(cell)) for cell in (sheet.rows[0] if sheet.rows else [])}
    for name, titles in SHEETS.items():
        if plain(sheet.name) in {plain(title) for title in (*titles, name)}:
            return TABLES[name]
    if {"title_en", "unit"} <= headed:
        return TABLES["posts"]
    if "kind" in headed:
        return TABLES["units"]
    return TABLES["people"] if "email" in headed else None


def _rows(name: str, sheet: Sheet, table: Table, problems: list[Problem]) -> tuple[list[Row], list[int]]:
    wanted = {column.name for column in table.columns}
    columns = {
        code: n for n, cell in reversed(list(enumerate(sheet.rows[0]))) if (code := _KNOWN.get(plain(cell))) in wanted
    }
    for column in table.columns:
        if column.needed and column.name not in columns:
            problems.append(Problem(name, sheet.first_row, column.name, "", "a column with this heading", sheet.name))
    rows, numbers = [], []
    for number, cells in enumerate(sheet.rows[1:], start=sheet.first_row + 1):
        row = {code: _text(code, cells[n] if n < len(cells) else None) for code, n in columns.items()}
        if any(row.values()):
            rows.append({column.name: row.get(column.name, "") for column in table.columns})
            numbers.append(number)
    return rows, numbers


def _text(code: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if code in DATES:
        try:
            return moment(cell)[0].date().isoformat()
        except BadValue:
            return str(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return WORDS.get(text.lower(), text) if code in {"temporary", "language"} else text.removeprefix("'")


def _check(
    file: str,
    sheet: str,
    table: Table,
    rows: Sequence[tuple[int, Row]],
    codes: Mapping[str, Collection[str]],
    problems: list[Problem],
) -> None:
    seen: set[str] = set()
    for number, row in rows:
        for column in table.columns:
            value = row[column.name]
            allowed = _refused(value, column.needed, column.takes)
            if not allowed and value and column.to in SHEETS and value not in codes.get(column.to, ()):
                allowed = f"the ID of a row of {SHEETS[column.to][0]}"
            if allowed:
                problems.append(Problem(file, number, column.name, value, allowed, sheet))
        if table.name != "posts" and row["id"] in seen:
            problems.append(Problem(file, number, "id", row["id"], "an ID that stands once", sheet))
        seen.add(row["id"])


def _refused(value: str, needed: bool, takes: Callable[[str], None]) -> str:
    if not value:
        return "a value" if needed else ""
    try:
        takes(value)
    except BadValue as error:
        return str(error)
    return ""


def organisation_xlsx(tables: Mapping[str, Sequence[Mapping[str, Any]]], language: str = "en") -> bytes:
    """The workbook of ``tables``, or the empty template; what begins like a formula is text."""
    target = io.BytesIO()
    index = 1 if language == "zh" else 0
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        for name, titles in SHEETS.items():
            sheet = book.add_worksheet(titles[index])
            sheet.freeze_panes(1, 1)
            columns = TABLES[name].columns
            for n, column in enumerate(columns):
                sheet.write_string(0, n, HEADINGS[column.name][index], head)
                sheet.set_column(n, n, 30 if "name" in column.name or "title" in column.name else 14)
            for r, row in enumerate(tables.get(name, ()), start=1):
                for n, column in enumerate(columns):
                    sheet.write_string(r, n, _written(row.get(column.name)))
    return target.getvalue()


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
