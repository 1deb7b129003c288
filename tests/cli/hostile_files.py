"""Files made to hurt whoever reads them."""

from __future__ import annotations

import io
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

BOOK = "ID,Task,Duration,Predecessors\nA,Pave,3d,\nB,Light,2d,A\n"
MSPDI = '<Project xmlns="http://schemas.microsoft.com/project">{}</Project>'
PIECE = 1 << 26
"""Zeros compressed once and repeated: 4 GB of them take no time to make."""


def workbook(**more: bytes) -> bytes:
    """A good workbook, and whatever else the archive shall hold."""
    import xlsxwriter

    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(BOOK.splitlines()):
            sheet.write_row(number, 0, line.split(","))
    with zipfile.ZipFile(kept, "a") as archive:
        for name, content in more.items():
            archive.writestr(name, content)
    return kept.getvalue()


def bomb(said: int) -> bytes:
    """A workbook whose sheet is 4 GB of zeros and says it is ``said`` bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(PIECE)) + packer.flush(zlib.Z_FULL_FLUSH)
    stream = piece * 64 + packer.flush()
    name = b"xl/worksheets/sheet1.xml"
    sizes = struct.pack("<LLL", zlib.crc32(b""), len(stream), said)
    fixed = struct.pack("<HHHHH", 20, 0, 8, 0, 33)
    local = b"PK\3\4" + fixed + sizes + struct.pack("<HH", len(name), 0) + name
    central = b"PK\1\2\24\0" + fixed + sizes + struct.pack("<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local) + len(stream), 0)
    return local + stream + central + end


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE Project [<!ENTITY l0 "ha">{entities}]>{MSPDI.format("<Title>&l11;</Title>")}'.encode()


def external() -> bytes:
    title = MSPDI.format("<Title>&secret;</Title>")
    return f'<!DOCTYPE Project [<!ENTITY secret SYSTEM "file:///etc/passwd">]>{title}'.encode()


def deep_xml() -> bytes:
    return MSPDI.format("<Task>" * 100_000 + "</Task>" * 100_000).encode()


def plan(**given: object) -> bytes:
    """Our own JSON with one task, fields of it or of the plan replaced; what JSON itself cannot say goes through."""
    one = {"id": "A", "name": "Pave", "duration": 480}
    task = one | {name: value for name, value in given.items() if name in one}
    rest = {name: value for name, value in given.items() if name not in one}
    return json.dumps({"format": "tminus-plan/1", "tasks": [task], **rest}).encode()


def row(duration: str = "1d", start: str = "") -> bytes:
    return f"ID,Task,Duration,Start\nA,Pave,{duration},{start}\n".encode()


DIGITS = "9" * 10_000

BAD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "bomb": ("a.xlsx", lambda: bomb(0xFFFFFFF0)),
    "bomb_that_lies": ("a.xlsx", lambda: bomb(1000)),
    "truncated_zip": ("a.xlsx", lambda: workbook()[:3000]),
    "zip_of_nothing": ("a.xlsx", lambda: b"PK\5\6" + bytes(18)),
    "not_a_workbook": ("a.xlsx", lambda: os.urandom(5000)),
    "laughs": ("a.xml", laughs),
    "external_entity": ("a.xml", external),
    "deep_xml": ("a.xml", deep_xml),
    "no_tasks": ("a.xml", lambda: b"<html/>"),
    "nuls": ("a.csv", lambda: BOOK.encode() + b"C\0,x\0,1d,\n"),
    "one_long_line": ("a.csv", lambda: b"x" * 50_000_000),
    "one_long_cell": ("a.csv", lambda: BOOK.encode() + b"C," + b"x" * 50_000_000 + b",1d,\n"),
    "many_cells": ("a.csv", lambda: b"," * 50_000_000),
    "many_lines": ("a.csv", lambda: b"\n" * 25_000_000 + b"x\n" * 12_000_000),
    "neither_encoding": ("a.csv", lambda: b"Task\n\xff\xff\xff\n"),
    "empty": ("a.csv", lambda: b""),
    "blanks": ("a.csv", lambda: b" \n\n\t\n"),
    "only_headings": ("a.csv", lambda: b"ID,Colour\n1,red\n"),
    "empty_workbook": ("a.xlsx", lambda: b""),
    "empty_xml": ("a.xml", lambda: b""),
    "empty_json": ("a.json", lambda: b""),
    "mpp": ("a.mpp", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)),
    "mpp_as_xlsx": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)),
    "unknown_ending": ("a.exe", lambda: b"MZ"),
    "deep_json": ("a.json", lambda: b"[" * 100_000 + b"]" * 100_000),
    "deep_json_object": ("a.json", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "json_nan": ("a.json", lambda: plan(duration=float("nan"))),
    "json_infinity": ("a.json", lambda: plan(duration=float("inf"))),
    "json_many_digits": ("a.json", lambda: plan().replace(b"480", DIGITS.encode())),
    "json_huge": ("a.json", lambda: plan(duration=10**18)),
    "json_year_0": ("a.json", lambda: plan(opening="0000-01-01")),
    "json_year_9999999": ("a.json", lambda: plan(opening="9999999-01-01")),
    "json_lists_of_numbers": ("a.json", lambda: plan(links=[1, 2])),
    "json_tasks_no_list": ("a.json", lambda: plan(tasks=7)),
    "json_calendars_no_object": ("a.json", lambda: plan(calendars=[1])),
    "csv_many_digits": ("a.csv", lambda: row(duration=DIGITS + "d")),
    "csv_nan": ("a.csv", lambda: row(duration="nan")),
    "csv_infinity": ("a.csv", lambda: row(duration="inf")),
    "csv_year_0": ("a.csv", lambda: row(start="0000-01-01")),
    "csv_year_9999999": ("a.csv", lambda: row(start="9999999-01-01")),
    "csv_30_february": ("a.csv", lambda: row(start="2026-02-30")),
}
"""What to call the file and what is in it; none of it can be taken."""

GOOD: dict[str, tuple[str, Callable[[], bytes]]] = {
    "gb18030": ("a.csv", lambda: "编号,任务,工期\nA,铺设码头,3d\n".encode("gb18030")),
    "utf16": ("a.csv", lambda: "编号,任务,工期\nA,铺设码头,3d\n".encode("utf-16")),
    "utf8_with_mark": ("a.csv", lambda: "编号,任务,工期\nA,铺设码头,3d\n".encode("utf-8-sig")),
    "names_that_climb": ("a.xlsx", lambda: workbook(**{"../../climbed": b"x", "/tmp/climbed": b"x"})),
}
"""What may look hostile and can be taken."""


def write(folder: Path, given: tuple[str, Callable[[], bytes]]) -> Path:
    path = folder / given[0]
    path.write_bytes(given[1]())
    return path


def event_folder(folder: Path, file: str = "", content: bytes = b"") -> Path:
    """A good event folder, one file of it replaced."""
    folder.mkdir()
    event = {
        "schema": "tminus-event/1",
        "id": "small",
        "name": {"en": "Small"},
        "timezone": "Asia/Shanghai",
        "opening": "2026-11-05",
        "closing": "2026-11-10",
    }
    (folder / "event.json").write_text(json.dumps(event))
    (folder / "units.csv").write_text("id,name_en,name_zh,parent,kind\nhq,Headquarters,,,headquarters\n")
    (folder / "plan.csv").write_text(BOOK)
    if file:
        (folder / file).write_bytes(content)
    return folder
