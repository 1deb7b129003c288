"""A walked day on the map: the page before any script, what the browser draws from, and what is taken along."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.desks.passengers.small_days import DAY, LANES, LOST, save
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import show, signed_in
from tests.harbour import Harbour
from tests.studies.small_event import write_small_event
from tminus.desks.passengers.day_ground import ground_document
from tminus.desks.passengers.day_labels import Labels
from tminus.desks.passengers.day_pictures import RING, picture_svg, worst_slot
from tminus.desks.passengers.days.replay_kept import packed, replay_document
from tminus.desks.passengers.days.walk_figures import figures_of
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.engines.crowd.day_result import DayResult, WithoutWay
from tminus.formats.crowd.element_names import read_element_names
from tminus.formats.crowd.replay_data import replay_data
from tminus.formats.event_folder.day_scenarios import scenario_of
from tminus.platform.kept_files import keep_file
from tminus.platform.registry import BadInput
from tminus.studies.prepared_day import prepared_day
from tminus.studies.walked_day import walk

SVG = "{http://www.w3.org/2000/svg}"
SQUARE = {"kind": "hall", "area": True, "d": "M0 0L10 0L10 10Z"}
ROAD = {"kind": "road", "area": False, "d": "M0 0L10 10"}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], DayResult]:
    """The small event's day with a gate lost, walked once for all tests: the document and the result."""
    folder = write_small_event(tmp_path_factory.mktemp("replay") / "small")
    day = prepared_day(folder, DAY)
    scenario = scenario_of({"id": "lost", "day": f"{DAY}", "happenings": [LOST], "measures": [LANES]}, "lost")
    found = walk(day, scenario)
    document = replay_data(
        {"en": "Gate B lost"}, found.scenario.network, found.result, day.start, day.shapes,
        names=read_element_names(folder), runs=found.scenario.runs, shifts=found.scenario.gates,
    )  # fmt: skip
    return document, found.result


@pytest.fixture(scope="module")
def told(found: tuple[dict[str, Any], DayResult]) -> tuple[dict[str, Any], dict[str, Any]]:
    document, result = found
    return document, figures_of(result, document)


@pytest.fixture
def lost(small: Harbour, told: tuple[dict[str, Any], dict[str, Any]]) -> Harbour:
    """That walk, kept."""
    document, figures = told
    key = save(small, measures=[LANES], name_zh="乙入口停用")
    row = DayScenarioKept.objects.get(event=small.event, key=key)
    name, _digest = keep_file(packed(document), ".gz")
    DayWalk.objects.create(
        scenario=row, at=row.at, person=row.person, as_of=DAY - timedelta(days=1), inputs={}, model="walked day 1",
        happenings=row.happenings, measures=row.measures, figures=figures, replay=name, network_digest="",
        elapsed_s=1.0,
    )  # fmt: skip
    return small


def the_walk() -> DayWalk:
    return DayWalk.objects.latest("pk")


def page_of(harbour: Harbour, address: str, **given: Any) -> Any:
    return signed_in(harbour).get(f"/e/{harbour.event.slug}/day/{address}", given)


def test_the_page_tells_the_worst_slot_without_script(lost: Harbour) -> None:
    answer = page_of(lost, "gate-b-lost/")
    assert answer.status_code == 200
    html, day = answer.content.decode(), replay_document(the_walk())
    first = day["worst"][0]
    assert "Gate B: 80 % of the lanes do not work, 09:00–13:00" in html and "Gate A: 6 lanes open" in html
    assert f'data-slot="{first["slot"]}"' in html and f"{first['minutes']:,}" in html
    assert 'data-source="/e/' in html and "as=svg&amp;inline" in html
    at = day["times"][first["slot"]][11:16]
    (gates,) = re.findall(rf"<h2>Gates · {at}</h2>(.*?)</table>", html, re.DOTALL)
    for gate in day["gates"]:
        assert f'<td class="number">{round(gate["queue"][first["slot"]]):,}</td>' in gates


def test_who_has_no_way_is_told_by_the_clock(found: tuple[dict[str, Any], DayResult]) -> None:
    document, result = found
    figures = figures_of(replace(result, without_way=(WithoutWay("end.1", 12, 45_000.0),)), document)
    assert figures["without_way"] == [{"node": "end.1", "persons": 12, "since": "17:30"}]


def test_who_has_no_way_and_where_it_nearly_tipped_is_told(lost: Harbour) -> None:
    html = page_of(lost, "gate-b-lost/").content.decode()
    assert "Without a way at the end" not in html and "Near the tip" not in html
    walk, way = the_walk(), next(one["id"] for one in replay_document(the_walk())["ways"])
    walk.figures = {
        **walk.figures, "near_tip": [way], "without_way": [{"node": "gate-a-out", "persons": 4012, "since": "17:30"}],
    }  # fmt: skip
    walk.save()
    html = page_of(lost, "gate-b-lost/").content.decode()
    assert "Gate A: 4,012 since 17:30" in html
    (tip,) = re.findall(r"<h3>Near the tip</h3>.*?<li>(.*?)</li>", html, re.DOTALL)
    assert " – " in tip


def test_every_slot_and_both_windows_are_links(lost: Harbour) -> None:
    html = page_of(lost, "gate-b-lost/", slot="3", window="city").content.decode()
    assert 'data-slot="3"' in html and "?slot=4&amp;window=city" in html
    assert page_of(lost, "gate-b-lost/", slot="9999").status_code == 404
    assert page_of(lost, "gate-b-lost/", slot="x").status_code == 404
    assert page_of(lost, "gate-b-lost/", walk="x").status_code == 404
    assert page_of(lost, "nothing/").status_code == 404


def test_a_scenario_not_walked_says_so_and_offers_it(small: Harbour) -> None:
    save(small)
    html = page_of(small, "gate-b-lost/").content.decode()
    assert "has not been walked yet" in html and "gate-b-lost/act/walk/" in html
    assert page_of(small, "gate-b-lost/replay.json").status_code == 404
    with pytest.raises(BadInput, match="not been walked"):
        show(small, "passengers.day.replay", {"key": "gate-b-lost"})


def test_the_document_is_sent_once(lost: Harbour) -> None:
    client = signed_in(lost)
    address = f"/e/{lost.event.slug}/day/gate-b-lost/replay.json"
    answer = client.get(address)
    assert answer.json() == replay_document(the_walk()) == show(lost, "passengers.day.replay", {"key": "gate-b-lost"})
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304 and not again.content
    small = client.get(address, headers={"accept-encoding": "gzip"})
    assert json.loads(gzip.decompress(small.content)) == answer.json()
    assert len(small.content) < len(answer.content) / 3
    assert client.get(address, headers={"if-none-match": small["ETag"]}).status_code == 304
    asked = page_of(lost, "gate-b-lost/replay.json", walk=str(the_walk().pk))
    assert asked.content == answer.content
    assert page_of(lost, "gate-b-lost/replay.json", walk="999999").status_code == 404


def test_a_replay_no_longer_there_is_an_error_that_says_so(lost: Harbour) -> None:
    DayWalk.objects.update(replay="evidence/00/gone.gz")
    with pytest.raises(BadInput, match="no longer kept"):
        show(lost, "passengers.day.replay", {"key": "gate-b-lost"})


def test_pictures_show_the_slot_asked_for(lost: Harbour) -> None:
    day = replay_document(the_walk())
    answer = page_of(lost, "gate-b-lost/export/", **{"as": "svg", "slot": "18"})
    assert answer["Content-Type"].startswith("image/svg+xml")
    at = day["times"][18][11:16]
    assert f'"harbour-gate-b-lost-{at.replace(":", "")}.svg"' in answer["Content-Disposition"]
    words = "".join(ElementTree.fromstring(answer.content).itertext())
    assert at in words and "Gate B lost" in words and "Worst places" in words
    png = page_of(lost, "gate-b-lost/export/", **{"as": "png"})
    assert png.content.startswith(b"\x89PNG") and png["Content-Type"] == "image/png"
    assert "Content-Disposition" not in page_of(lost, "gate-b-lost/export/", **{"as": "svg", "inline": ""})


def test_the_table_is_of_the_slot_or_of_the_whole_day(lost: Harbour) -> None:
    day = replay_document(the_walk())
    slot = worst_slot(day)

    def rows(**given: str) -> list[dict[str, str]]:
        answer = page_of(lost, "gate-b-lost/export/", **{"as": "csv", **given})
        return [*csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]

    shown = rows(slot=str(slot))
    assert {row["time"] for row in shown} == {day["times"][slot]}
    queues = {row["id"]: float(row["queue"]) for row in shown if row["kind"] == "gate" and row["queue"]}
    assert queues == {day["nodes"][one["node"]]["id"]: one["queue"][slot] for one in day["gates"]}
    ways = {row["id"]: float(row["persons"]) for row in shown if row["worst_minute_p_m2"]}
    assert ways == {
        way["id"]: day["persons"][str(n)][slot]
        for n, way in enumerate(day["ways"])
        if day["persons"].get(str(n), [0] * 999)[slot]
    }
    assert {row["time"] for row in rows(slot="all")} == {*day["times"]}


def test_the_map_and_the_page_by_itself_are_the_days(lost: Harbour) -> None:
    day = replay_document(the_walk())
    collection = json.loads(page_of(lost, "gate-b-lost/export/", **{"as": "geojson"}).content)
    assert len(collection["features"]) == len(day["ways"]) + len(day["nodes"])
    gate = day["nodes"][day["gates"][0]["node"]]
    found = next(one for one in collection["features"] if one["id"] == gate["id"])
    assert found["properties"]["queue"] == day["gates"][0]["queue"] and found["geometry"]["type"] == "Point"
    page = page_of(lost, "gate-b-lost/export/", **{"as": "html"}).content.decode()
    inside = re.search(r'id="day-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert inside and json.loads(inside[1]) == day
    assert page_of(lost, "gate-b-lost/export/", **{"as": "exe"}).status_code == 404


def test_a_picture_draws_ways_by_level_and_gates_by_queue(lost: Harbour) -> None:
    day = replay_document(the_walk())
    gate = max(day["gates"], key=lambda one: one["longest"])
    slot = gate["queue"].index(max(gate["queue"]))
    root = ElementTree.fromstring(picture_svg(day, slot))
    rings = [float(one.get("r", "0")) for one in root.iter(f"{SVG}circle")]
    assert any(abs(radius - RING * gate["queue"][slot] ** 0.5) < 0.06 for radius in rings)
    words = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    name = day["nodes"][gate["node"]]["en"]
    assert any(one.startswith(f"{name} {round(gate['queue'][slot]):,}") for one in words)
    full, calm = ({**day, "levels": [letter * len(day["ways"])] * len(day["times"])} for letter in "FA")
    assert "F" in lettered(full, slot) and not lettered(calm, slot)


def lettered(day: dict[str, Any], slot: int) -> set[str | None]:
    """Letters that stand in a circle on the map."""
    map_ = next(one for one in ElementTree.fromstring(picture_svg(day, slot)) if one.tag == f"{SVG}svg")
    return {one.text for one in map_.iter(f"{SVG}text") if one.get("text-anchor") == "middle"}


def test_the_ground_keeps_its_strokes_however_near() -> None:
    drawing = {"box": (121.0, 31.0, 121.1, 31.1), "height": 1100.0, "shapes": [SQUARE, ROAD, {**ROAD, "kind": "metro"}]}
    ground = ground_document(drawing)
    assert ground and [one["area"] for one in ground["shapes"]] == [True, False], "tracks are drawn by the day"
    day = {
        "name": {"en": "D", "zh": "D"}, "start": None, "times": ["05:00:00"],
        "degrees": [95000.0, 111000.0, 121.0, 31.0],
        "windows": {"city": [0, 0, 950, 1110]}, "nodes": [], "ways": [], "levels": [""], "persons": {}, "density": {},
        "waiting": {}, "gates": [], "vehicles": {"lines": [], "hops": [], "stops": []}, "worst": [],
    }  # fmt: skip
    root = ElementTree.fromstring(picture_svg(day, ground=ground))
    moved = next(one for one in root.iter(f"{SVG}g") if "matrix" in one.get("transform", ""))
    across = float(moved.get("transform", "").removeprefix("matrix(").split()[0])
    road = next(one for one in moved if one.get("d") == ROAD["d"])
    shown = float(road.get("stroke-width", "0")) * across
    assert shown == pytest.approx(next(one["width"] for one in ground["shapes"] if not one["area"]), rel=0.15)
    assert ground_document({"box": None, "shapes": []}) is None


def test_labels_never_lie_upon_one_another() -> None:
    labels = Labels(200, 100)
    assert labels.write("Gate East", 10, 50) and not labels.write("Gate West", 12, 52)
    assert labels.write("东入口", 10, 80) and not labels.write("outside", 10, -5)
    assert labels.write("at the edge", 190, 20) and labels.written[-1]["x"] < 150


@pytest.mark.parametrize(("letter", "most"), [("a", 150), ("西", 84)])
def test_a_line_of_the_picture_ends_where_its_room_does(letter: str, most: int) -> None:
    from tminus.desks.passengers.views.day_export import _short

    assert _short(letter * 80) == letter * 80
    cut = _short(letter * 300)
    assert cut.endswith(" …") and most - 4 <= len(cut) <= most
