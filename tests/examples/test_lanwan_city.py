"""The metro, the venue and the drawn map."""

import math
from collections import defaultdict

from tests.examples.lanwan_folder import document, table

NODES = {row["id"]: row for row in table("nodes")}
LINKS = table("links")
STATIONS = {id_: row for id_, row in NODES.items() if row["kind"] == "station"}
MAP = document("map.geojson")["features"]


def _reached(start: str, kinds: set[str]) -> set[str]:
    near = defaultdict(set)
    for link in LINKS:
        if link["kind"] in kinds:
            near[link["from"]].add(link["to"])
            near[link["to"]].add(link["from"])
    seen, todo = {start}, [start]
    while todo:
        for other in near[todo.pop()] - seen:
            seen.add(other)
            todo.append(other)
    return seen


def _metres(a: dict[str, str], b: dict[str, str]) -> float:
    east = (float(a["lon"]) - float(b["lon"])) * math.cos(math.radians(30.9))
    return 111_195 * math.hypot(east, float(a["lat"]) - float(b["lat"]))


def test_about_three_hundred_stations_on_fifteen_lines() -> None:
    assert 290 <= len(STATIONS) <= 310
    lines = {line for row in STATIONS.values() for line in row["line"].split(";")}
    assert lines == {str(n) for n in range(1, 16)}
    for column in ("name_en", "name_zh"):
        assert len({row[column] for row in STATIONS.values()}) == len(STATIONS)


def test_metro_is_connected() -> None:
    reached = _reached("expo-west-station", {"rail", "access", "interchange"})
    platforms = {id_ for id_, row in NODES.items() if row["kind"] == "platform"}
    assert set(STATIONS) | platforms <= reached


def test_interchanges_are_linked_on_foot() -> None:
    linked = {(link["from"], link["to"]) for link in LINKS if link["kind"] == "interchange"}
    for id_, row in STATIONS.items():
        lines = row["line"].split(";")
        pairs = {(f"{id_}.{a}", f"{id_}.{b}") for n, a in enumerate(lines) for b in lines[n + 1 :]}
        assert pairs <= linked


def test_rides_have_believable_lengths_speeds_and_capacities() -> None:
    for link in (link for link in LINKS if link["kind"] == "rail"):
        length, seconds = float(link["length_m"]), float(link["travel_s"])
        assert length >= 0.99 * _metres(NODES[link["from"]], NODES[link["to"]]) - 60, link
        assert 400 < length < 4500, link
        assert 20 < 3.6 * length / seconds < 60, link
        assert 3 < float(link["capacity_p_s"]) < 20, link


def test_links_join_nodes_and_walks_are_not_shorter_than_straight() -> None:
    assert len({link["id"] for link in LINKS}) == len(LINKS)
    for link in LINKS:
        first, second = NODES[link["from"]], NODES[link["to"]]
        assert link["from"] != link["to"]
        if link["kind"] not in ("rail", "access", "interchange"):
            assert float(link["length_m"]) >= _metres(first, second) - 1.5, link
            assert float(link["width_m"]) > 0


def test_venue_has_what_was_asked() -> None:
    kinds = [row["kind"] for row in NODES.values()]
    halls = [row for row in NODES.values() if row["kind"] == "hall"]
    assert len(halls) == 16
    assert sorted(row["level"] for row in halls) == ["1"] * 8 + ["2"] * 8
    assert 340_000 < sum(float(row["area_m2"]) for row in halls) < 380_000
    for kind, least in {"gate": 4, "plaza": 5, "dock": 6, "shuttle_stop": 2, "car_park": 4, "hotel": 6}.items():
        assert kinds.count(kind) >= least, kind


def test_every_hall_is_reached_on_foot_from_both_stations() -> None:
    on_foot = {"walk", "gate", "corridor", "door", "escalator", "stairs", "ramp"}
    for station in ("expo-west-station", "expo-east-station"):
        assert {f"hall-{n}" for n in range(1, 17)} <= _reached(station, on_foot)


def test_places_lie_in_the_frame_of_open_sea() -> None:
    for row in NODES.values():
        assert 122.6 < float(row["lon"]) < 123.6
        assert 30.5 < float(row["lat"]) < 31.3


def test_map_features_are_whole() -> None:
    assert len({feature["id"] for feature in MAP}) == len(MAP)
    for feature in MAP:
        assert {"kind", "id", "name_en", "name_zh", "level"} <= set(feature["properties"])
        geometry = feature["geometry"]
        if geometry["type"] == "Polygon":
            assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in geometry["coordinates"]), feature["id"]


def test_map_and_network_name_the_same_places() -> None:
    drawn = {feature["id"] for feature in MAP}
    wanted = {row["Place"] for row in table("plan") if row["Place"]}
    assert wanted - drawn - {"bridge-upper"} == set()
    units = {row["id"] for row in table("units")}
    districts = [feature["properties"] for feature in MAP if feature["properties"]["kind"] == "district"]
    assert len(districts) == 5
    assert {district["unit"] for district in districts} <= units
