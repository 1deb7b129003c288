"""The ground beneath a replay by the command line is the one the console draws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tminus.formats.crowd.replay_ground import folder_ground
from tminus.formats.problems import BadFile

EXAMPLE = Path(__file__).parents[3] / "examples" / "lanwan-expo"
SEA = {"type": "Polygon", "coordinates": [[[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]]}


def test_the_console_draws_the_same(settings) -> None:
    """Paints stand in the style sheet there and in a table here."""
    from tminus.desks.passengers.day_ground import ground_document
    from tminus.desks.planning.drawing import drawn

    ground = json.loads((EXAMPLE / "map.geojson").read_text(encoding="utf-8"))
    made = ground_document({name: drawn(ground, [])[name] for name in ("shapes", "box", "height")})
    ours = folder_ground(EXAMPLE)
    seen = [one for one in made["shapes"] if one.keys() & {"fill", "stroke"}]
    assert (ours["box"], ours["width"], ours["height"]) == (made["box"], made["width"], made["height"])
    assert ours["shapes"] == seen and len(seen) > 100


def test_without_a_map_there_is_none_and_nothing_drawn_is_none(tmp_path: Path) -> None:
    assert folder_ground(tmp_path) is None
    (tmp_path / "map.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert folder_ground(tmp_path) is None


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "7", '{"features": 3}', '{"features": [{"geometry": {"type": "Polygon"}}]}',
        '{"features": [{"geometry": {"type": "Polygon", "coordinates": "no"}}]}',
        '{"features": [{"geometry": {"type": "LineString", "coordinates": [[1], [2]]}}]}', "\xff",
    ],
)  # fmt: skip
def test_what_is_no_map_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "map.geojson").write_text(text, encoding="latin-1")
    with pytest.raises(BadFile, match=r"map\.geojson: .*allowed: a GeoJSON FeatureCollection"):
        folder_ground(tmp_path)


def test_the_replay_of_an_event_folder_lies_on_its_ground(tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"kind": "sea"}, "geometry": SEA}
    (tmp_path / "map.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (shape,) = folder_ground(tmp_path)["shapes"]
    assert shape["fill"] == "#dfe8ef" and shape["d"].startswith("M0.0,") and shape["area"]
