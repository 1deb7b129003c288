"""A plan written as XER."""

from __future__ import annotations

from collections.abc import Mapping

from tminus.engines.schedule import Plan, ScheduledTask
from tminus.formats.primavera.export import Export, Said

VERSION = "19.12"
EPOCH = "1970-01-01"
"""Files say when they were exported; ours do not, so that the same plan is the same file."""


def xer_bytes(plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None) -> bytes:
    """UTF-8; dates from ``schedule`` where given, else as the plan stores them."""
    lines = ["\t".join(("ERMHDR", VERSION, EPOCH, "Project", "tminus", "tminus", "tminus", "Project Management", ""))]
    for name, rows in Export(plan, schedule).tables().items():
        if rows:
            lines += _table(name, rows)
    return "\r\n".join([*lines, "%E", ""]).encode()


def _table(name: str, rows: list[Said]) -> list[str]:
    fields = list(dict.fromkeys(field for row in rows for field in row))
    lines = [f"%T\t{name}", "\t".join(("%F", *fields))]
    return lines + ["\t".join(("%R", *(_cell(row.get(field, "")) for field in fields))) for row in rows]


def _cell(text: str) -> str:
    """Tabs and line ends would end the cell."""
    return " ".join(text.replace("\t", " ").split("\n")).replace("\r", " ") if text else ""
