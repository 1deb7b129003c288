"""What nodes are called in both languages and which line a way belongs to, as the tables of an event folder say."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tminus.formats.problems import BadFile, read_bytes

WAY_OUT = "-out"
"""Ends the id of a gate's node to leave by, which no table names."""


@dataclass(frozen=True, slots=True)
class ElementNames:
    """``nodes``: English and Chinese name by id, either may be empty; ``lines``: line by the id of a way."""

    nodes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)

    def of(self, node: str) -> tuple[str, str]:
        """Both names; one stands in for the other, the id for both. Who leaves by a gate, does so by its way out."""
        told = self.nodes.get(node)
        gate = self.nodes.get(node.removesuffix(WAY_OUT))
        if told is None and gate is not None:
            en, zh = self.of(node.removesuffix(WAY_OUT))
            return f"{en}, way out", f"{zh}（出）"
        en, zh = told or ("", "")
        return en or zh or node, zh or en or node


def read_element_names(folder: Path) -> ElementNames:
    """Of ``nodes.csv`` and ``links.csv``; a folder without them names nothing.

    :raises BadFile: a table that is not UTF-8.
    """
    nodes = {row["id"]: _names(row) for row in _rows(folder / "nodes.csv") if row.get("id")}
    lines = {row["id"]: row["line"] for row in _rows(folder / "links.csv") if row.get("id") and row.get("line")}
    return ElementNames({code: both for code, both in nodes.items() if any(both)}, lines)


def _names(row: Mapping[str, str]) -> tuple[str, str]:
    plain = row.get("name") or ""
    return row.get("name_en") or plain, row.get("name_zh") or plain


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    try:
        return [*csv.DictReader(io.StringIO(read_bytes(path).decode("utf-8-sig")))]
    except UnicodeDecodeError as error:
        raise BadFile(f"{path.name}: {error}; allowed: UTF-8") from error
