"""Files made to hurt, and files as spreadsheets save them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile
from tminus.formats.tables import read_tables


def workbook(cells: dict[tuple[int, int], str]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for (row, column), text in cells.items():
            sheet.write_string(row, column, text)
    return target.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def altered(content: bytes, name: str, change: dict[bytes, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    for old, new in change.items():
        assert old in entries[name]
        entries[name] = entries[name].replace(old, new)
    return zipped(entries)


SHEET = "xl/worksheets/sheet1.xml"
SMALL = workbook({(0, 0): "Task", (1, 0): "Pave"})
ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY x "'
    + b"x" * 100
    + b'">'
    + b"".join(b'<!ENTITY x%d "%s">' % (n, b"&x%d;" % (n - 1) * 10 if n else b"&x;" * 10) for n in range(9))
    + b"]>"
)
HOSTILE = {
    "empty.xlsx": b"",
    "blank.csv": b" \n \n",
    "text.xlsx": b"this is no workbook",
    "cut.xlsx": SMALL[: len(SMALL) // 2],
    "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "other.xlsx": zipped({"readme.txt": b"hello"}),
    "binary.xlsx": zipped({"xl/workbook.bin": b"\0" * 40}),
    "bomb.xlsx": zipped({SHEET: b"\0" * 60_000_000}),
    "wide.xlsx": workbook({(0, 0): "Task", (0, 16383): "far"}),
    "far.xlsx": workbook({(0, 0): "Task", (1_048_575, 16_383): "far"}),
    "long.xlsx": workbook({(0, 0): "Task", (1_048_575, 0): "far"}),
    "low.xlsx": altered(workbook({(0, 0): "Task", (9, 9): "x"}), SHEET, {b'r="J10"': b"r='xfd1048576'"}),
    "nul.csv": b"ID,Task\n1,\x00\x00\n",
    "wide.csv": ("Task" + "," * 200_000).encode(),
    "notasks.csv": b"Colour,Size\nred,5\n",
    "plan.mpp": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "plan.exe": b"MZ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_hurt_is_one_clear_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(BadFile) as caught:
        read_plan(path)
    assert name in str(caught.value)
    assert len(str(caught.value)) < 600


def test_entities_of_a_workbook_are_never_expanded(tmp_path: Path) -> None:
    path = tmp_path / "entities.xlsx"
    path.write_bytes(altered(SMALL, "xl/sharedStrings.xml", {b"<sst": ENTITIES + b"<sst", b"Pave": b"&x8;"}))
    try:
        names = [task.name for task in read_plan(path).tasks]
    except BadFile as error:
        names = [str(error)]
    assert all(len(name) < 600 for name in names)


def test_mpp_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "plan.mpp"
    path.write_bytes(HOSTILE["plan.mpp"])
    with pytest.raises(BadFile, match="Save As → XML"):
        read_plan(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_in_the_encodings_people_have(encoding: str, delimiter: str) -> None:
    content = delimiter.join(["编号", "任务"]) + "\r\n" + delimiter.join(["1", "铺路（中山路）"]) + "\r\n"
    [sheet] = read_tables(Path("book.csv"), content.encode(encoding))
    assert sheet.rows == [["编号", "任务"], ["1", "铺路（中山路）"]]


def test_merged_cells_are_filled() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Unit", "Task"])
        sheet.merge_range(1, 0, 2, 0, "Roads")
        sheet.write_column(1, 1, ["Pave", "Paint"])
    [found] = read_tables(Path("book.xlsx"), target.getvalue())
    assert found.rows == [["Unit", "Task"], ["Roads", "Pave"], ["Roads", "Paint"]]
