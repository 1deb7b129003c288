"""The reference page names every column, kind, key and field the reader takes."""

from __future__ import annotations

from pathlib import Path

from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.scenario import Field
from tminus.formats.crowd import read_demand, read_metro, read_network, read_services, settings
from tminus.formats.crowd.element_kinds import LINK_KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "simulate.md").read_text(encoding="utf-8")
INPUT = PAGE.partition("## JSON")[0]


def test_every_column_stands_in_its_row():
    for file, columns in (
        ("nodes.csv", read_network.NODE_COLUMNS),
        ("links.csv", read_network.LINK_COLUMNS),
        ("trips.csv", read_demand.TRIP_COLUMNS),
        ("od.csv", read_demand.OD_COLUMNS),
        ("gates.csv", read_services.GATE_COLUMNS),
        ("controls.csv", read_services.CHANGE_COLUMNS),
        ("timetable.csv", read_services.RUN_COLUMNS),
    ):
        line = next(line for line in INPUT.splitlines() if line.startswith(f"| `{file}`"))
        assert [column for column in columns if f"`{column}`" not in line] == [], file


def test_metro_columns_settings_fields_and_kinds():
    needed = ("node_id", "lon", "lat", "node_type", "origin", "destination", "capacity", "traveltime", "category")
    assert set(needed) <= {*read_metro.STATION_COLUMNS, *read_metro.ARC_COLUMNS}
    named = (*needed, *settings.KEYS, *(field.value for field in Field))
    assert [name for name in named if f"`{name}`" not in INPUT] == []
    kinds = (*(kind.value for kind in NodeKind), *(kind for kind in LINK_KINDS if kind and kind != "road"))
    assert [kind for kind in kinds if kind not in INPUT] == []
    assert all(f"`{name}`" in INPUT for name in settings.published())
