"""A simulated day written down: tables agree with the result, the page asks nothing of anybody."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime
from importlib import resources

import numpy as np
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from tests.formats.crowd.scenario_files import write
from tminus.engines.crowd.level_of_service import LEVELS, worst_by_slot
from tminus.engines.crowd.simulate import simulate
from tminus.formats.crowd.day_document import document_of, percentiles, row_of
from tminus.formats.crowd.day_map import day_geojson
from tminus.formats.crowd.day_tables import day_tables, time_names
from tminus.formats.crowd.replay_data import replay_data
from tminus.formats.crowd.replay_page import place_name, replay_page, worst_table
from tminus.formats.crowd.scenario_folder import read_scenario

START = datetime(2026, 11, 6, 8)


PAINTED = """(() => {
  const map = document.querySelector("#day canvas");
  return new Set(map.getContext("2d").getImageData(0, 0, map.width, map.height).data).size > 50;
})()"""
"""More colours than plain paper has."""
REACHES_OUT = r"""(src|href)=|https?:(?!//www\.w3\.org/2000/svg)|@import|fetch\(|XMLHttpRequest|url\("""


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """Two hundred people through a door and a gate."""
    od = "depart_s,origin,destination,via\n" + "".join(f"{n},station,station,hall:300\n" for n in range(0, 400, 2))
    read = read_scenario(write(tmp_path_factory.mktemp("day"), trips=od, controls=None, timetable=None))
    return read, simulate(read.scenario)


def test_occupancy_and_flows_are_the_results(day):
    read, result = day
    tables = day_tables(read.scenario.network, result, START)
    occupancy = pq.read_table(io.BytesIO(tables["occupancy.parquet"])).to_pydict()
    slots, links = result.occupancy.shape
    assert len(occupancy["link"]) == slots * links and occupancy["time"][links] == "2026-11-06T08:15:00"
    np.testing.assert_allclose(np.reshape(occupancy["persons"], (slots, links)), result.occupancy, atol=1e-4)
    levels = worst_by_slot(read.scenario.network, result)
    assert "".join(occupancy["worst_level"]) == "".join(LEVELS[level] for level in levels.ravel())
    flows = csv.read_csv(io.BytesIO(tables["flows.csv"])).to_pydict()
    assert sum(flows["left_at_end"]) == result.outflow[:, :, 0].sum() > 0


def test_both_kinds_of_a_table_say_the_same(day):
    read, result = day
    tables = day_tables(read.scenario.network, result, None)
    one = csv.read_csv(io.BytesIO(tables["occupancy.csv"])).to_pydict()
    other = pq.read_table(io.BytesIO(tables["occupancy.parquet"])).to_pydict()
    assert one["persons"] == other["persons"] and one["worst_level"] == other["worst_level"]


def test_gates_and_arrivals(day):
    read, result = day
    tables = day_tables(read.scenario.network, result, START)
    gates = csv.read_csv(io.BytesIO(tables["gates.csv"])).to_pydict()
    assert sum(gates["served"]) == result.gates.served.sum()
    arrivals = csv.read_csv(io.BytesIO(tables["arrivals.csv"])).to_pydict()
    assert arrivals["arrived_so_far"][-1] == sum(arrivals["arrived"]) == result.arrived


def test_times_without_a_date_are_hours_after_the_start():
    assert time_names(None)(90_061) == "25:01:01"
    assert time_names(START)(90) == "2026-11-06T08:01:30"


def test_the_document_adds_up(day):
    _, result = day
    told = document_of(result)
    assert told["agents"] == told["arrived"] + told["en_route"] + told["stuck"] == 200
    assert told["queues"]["gate"]["served"] == 400 and told["queues"]["gate"]["longest"] > 0
    assert set(told["max_density"]) == {"walk", "door"} and told["fundamental_diagram"] == "Weidmann"
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    minutes = sum(told["person_minutes_by_level"].values())
    assert minutes == pytest.approx(result.person_s_by_level.sum() / 60, abs=0.5)


def test_percentiles_over_replications(day):
    rows = [{**row_of(day[1]), "mean_lost_s": float(n)} for n in range(11)]
    found = percentiles(rows)
    assert [found[level]["mean_lost_s"] for level in ("P10", "P50", "P90")] == [1, 5, 9]
    assert found["P10"]["agents"] == 200


def test_a_day_of_nobody(tmp_path):
    read = read_scenario(write(tmp_path, trips="depart_s,origin,destination\n", controls=None, timetable=None))
    told = document_of(simulate(read.scenario))
    assert (told["agents"], told["last_arrival_s"], told["mean_lost_s"]) == (0, None, None)


def test_the_map_has_a_letter_a_slot(day):
    read, result = day
    told = json.loads(day_geojson(read.scenario.network, result, START, {}))
    walk = told["features"][0]
    assert walk["geometry"] == {"type": "LineString", "coordinates": [[0, 0], [80, 0]]}
    assert len(told["times"]) == len(walk["properties"]["levels"]) == len(walk["properties"]["persons"])
    assert set(walk["properties"]["levels"]) <= set(LEVELS)


def told_of(day, name="Day"):
    read, result = day
    scenario = read.scenario
    return replay_data(name, scenario.network, result, START, {}, shifts=scenario.gates)


def built():
    """The browser half, where it was built with the package."""
    if not resources.files("tminus.formats.crowd").joinpath("replay", "replay.js").is_file():
        pytest.skip("the browser half was not built")


def test_the_replay_carries_all_it_needs(day):
    page = replay_page(told_of(day, "</script><b> /*SCRIPT*/")).decode()
    assert "</script><b>" not in page and "/*DATA*/" not in page and "<!--TABLE-->" not in page
    assert not re.search(REACHES_OUT, page)
    data = json.loads(re.search(r'id="day-data" type="application/json">(.*?)</script>', page, re.DOTALL)[1])
    assert data["name"]["en"] == "</script><b> /*SCRIPT*/"
    assert [len(row) for row in data["levels"]] == [2] * len(data["times"])


def test_the_replay_tells_the_worst_places_without_script(day):
    told = told_of(day)
    table = worst_table(told)
    first = told["worst"][0]
    assert table.count("<tr>") == len(told["worst"]) + 1
    assert f"<th scope='row'>{place_name(told, first)}</th>" in table and f">{first['minutes']:,}<" in table
    spoilt = {**told, "nodes": [{**one, "en": "<i>"} for one in told["nodes"]]}
    assert "<i>" not in worst_table(spoilt)


def opened(told, tmp_path, chromium, **given):
    built()
    (tmp_path / "replay.html").write_bytes(replay_page(told))
    page = chromium.new_page(viewport={"width": 1000, "height": 700}, **given)
    page.wrong, page.asked = [], []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda line: page.wrong.append(line.text) if line.type == "error" else None)
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto((tmp_path / "replay.html").as_uri())
    page.wait_for_selector("#day canvas[data-drawn]")
    return page


def test_the_replay_plays_from_a_disk_in_both_languages(day, tmp_path, chromium):
    from playwright.sync_api import expect  # looks without evaluating text, which the page's own policy forbids

    page = opened(told_of(day), tmp_path, chromium, locale="en-GB")
    page.keyboard.press("Home")
    page.select_option(".day-pace select", "8")
    page.click("[data-play]")
    expect(page.locator(".day-player input")).not_to_have_value("0")
    assert page.inner_text("#date") == "2026-11-06"
    before = page.inner_text(".day-side h2")
    page.click("#language")
    assert page.inner_text(".day-side h2") != before and page.get_attribute("html", "lang") == "zh"
    page.wait_for_selector("#day canvas[data-drawn]")
    assert page.evaluate(PAINTED)
    found = pytest.importorskip("axe_playwright_python.sync_playwright").Axe().run(page)
    assert not found.violations_count, found.generate_report()
    assert not page.wrong and len(page.asked) == 1


def test_the_replay_is_moved_by_keys_and_what_is_chosen_opens_beside(day, tmp_path, chromium):
    told = told_of(day)
    page = opened(told, tmp_path, chromium, locale="en-GB")
    page.keyboard.press("Home")
    assert page.inner_text(".day-player output") == "08:00"
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".day-player output") == "08:15"
    worst = told["worst"][0]
    page.locator(".day-side table button.link", has_text="gate").first.click()
    assert page.inner_text(".day-sheet h3") == "gate"
    page.locator("table[aria-label='Worst places and minutes'] button.link").first.click()
    assert page.inner_text(".day-player output") == told["times"][worst["slot"]][11:16]
    facts = page.inner_text(".day-sheet .day-facts")
    assert "Queue" in facts and str(worst["persons"]) in facts
    page.keyboard.press("Escape")
    page.locator(".day-stage canvas").focus()
    page.keyboard.press("Escape")
    assert page.locator(".day-sheet").count() == 0 and not page.wrong
