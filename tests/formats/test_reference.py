"""The reference pages name what the readers take."""

from __future__ import annotations

from pathlib import Path

from tminus.formats.columns import COLUMNS
from tminus.formats.event_folder.schema import KEPT, SCHEMA_VERSION, TABLES

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def test_every_heading_is_documented() -> None:
    page = (REFERENCE / "plan-files.md").read_text(encoding="utf-8")
    for code, names in COLUMNS.items():
        assert f"| `{code}` | {' · '.join(names)} |" in page


def test_every_table_and_column_is_documented() -> None:
    page = (REFERENCE / "event-folder.md").read_text(encoding="utf-8")
    assert SCHEMA_VERSION in page
    assert all(f"`{name}.csv`" in page for name in KEPT)
    for table in TABLES.values():
        line = next(line for line in page.splitlines() if line.startswith(f"| `{table.file}`"))
        assert all(f"`{column.name}`" in line for column in table.columns)
