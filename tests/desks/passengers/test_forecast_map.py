"""The map of stations: what each is expected to have in a slot, beside what was counted; closed lines; exports."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_forecasts import FILES, act, hand_in, issue, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.forecasting import computing
from tminus.desks.passengers.forecasting.station_figures import levels_of
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.station_map import Projection, painted, scale_of, window
from tminus.platform.models import ClockShift
from tminus.platform.registry import BadInput

MAP = "/e/harbour/forecast/map/"
DAY = "2026-11-06"
NETWORK = {
    **FILES,
    "nodes": FILES["nodes"]
    + "st-2,station,121.03,31.0,Quay,码头\nst-3,station,121.06,31.0,Mole,防波堤\n"
    + "rank,taxi_rank,121.0,31.001,Taxis,出租车\n",
    "links": "id,from,to,length_m,kind,line,travel_s\nr1,st-1,st-2,3000,rail,1,240\nr2,st-2,st-3,3000,rail,2,240\n"
    "w1,st-1,gate-1,200,walk,,\nw2,st-1,gate-2,150,walk,,\nw3,rank,gate-1,90,walk,,\nw4,rank,gate-2,120,walk,,\n",
    "audiences": FILES["audiences"].replace("metro:1", "metro:0.8;taxi:0.2"),
}


@pytest.fixture
def mapped(planned: Harbour, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Harbour]:
    """The harbour on its second day, forecast for two days with two lines and three stations."""
    monkeypatch.setattr(computing, "AHEAD", 2)
    settings.MEDIA_ROOT = tmp_path / "files"
    event = planned.event
    event.settings["further"] = {"attendance": {"daily_level": 30_000}}
    event.save()
    for what, text in NETWORK.items():
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, text)["file"]})
    now = datetime(2026, 11, 6, 11, 30, tzinfo=event.zone)
    ClockShift.objects.filter(event=event).update(event_from=now)
    issue(planned)
    yield planned


def asked(harbour: Harbour, **args: Any) -> Any:
    return show(harbour, "passengers.forecast.map", {"day": DAY, **args})


def test_each_slot_has_what_the_forecast_keeps(mapped: Harbour) -> None:
    found = asked(mapped, at="09:15")
    assert (found["at"], found["channel"], found["channels"]) == ("09:15", "both", ["both", "entering", "leaving"])
    assert {one["node"]: one["lines"] for one in found["stations"]} == {
        "st-1": ["1"], "st-2": ["1", "2"], "st-3": ["2"],
    }  # fmt: skip
    day = show(mapped, "passengers.forecast.day", {"day": DAY, "level": "station", "node": "st-1"})
    at = [text[-5:] for text in day["times"]].index("09:15")
    curves = {one["measure"]: one for one in day["curves"]}
    for channel, measure in (("leaving", "leaving"), ("entering", "entering")):
        here = next(one for one in asked(mapped, at="09:15", channel=channel)["stations"] if one["node"] == "st-1")
        assert [here[name] for name in ("mean", "p10", "p90")] == [
            round(curves[measure][name][at]) for name in ("mean", "p10", "p90")
        ]
    both = next(one for one in found["stations"] if one["node"] == "st-1")
    assert both["mean"] == pytest.approx(curves["leaving"]["mean"][at] + curves["entering"]["mean"][at], abs=1.5)
    assert both["p10"] <= both["mean"] <= both["p90"]
    assert found["node"]["node"] == "st-1", "where most are, unless another is asked for"
    assert asked(mapped, at="09:15", node="st-3")["node"]["curves"][0]["mean"][at] >= 0
    gates = {one["node"]: one["entries"]["mean"] for one in found["gates"]}
    assert set(gates) == {"gate-1", "gate-2"} and min(gates.values()) > 0


def test_the_scale_is_the_same_all_day_and_each_class_begins_at_the_double(mapped: Harbour) -> None:
    bounds = [asked(mapped, at=at)["bounds"] for at in ("07:00", "09:15", "17:30")]
    assert bounds[0] == bounds[1] == bounds[2]
    assert all(later == 2 * one for one, later in zip(bounds[0], bounds[0][1:], strict=False)) and len(bounds[0]) == 5
    assert levels_of(np.array([0, bounds[0][0] - 1, bounds[0][0], 1e9, np.nan]), tuple(bounds[0])) == [0, 0, 1, 5, -1]
    assert [one["from"] for one in scale_of(bounds[0])] == [0, *bounds[0]]


@pytest.mark.parametrize(
    ("args", "slot"), [({}, "11:30"), ({"at": "11:44"}, "11:30"), ({"slot": 0}, None), ({"at": "03:00"}, None)]
)
def test_a_time_is_the_slot_it_lies_in(mapped: Harbour, args: dict[str, Any], slot: str | None) -> None:
    found = asked(mapped, **args)
    assert found["at"] == slot if slot else found["at"] in (found["slots"][0], found["slots"][-1])


@pytest.mark.parametrize(
    ("args", "said"),
    [({"at": "soon"}, "allowed: 0"), ({"channel": "up"}, "allowed: both"), ({"node": "moon"}, "moon"),
     ({"levers": {"lines": ["9"]}}, "allowed: 1, 2"), ({"levers": {"closed": ["moon"]}}, "allowed: st-1")],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_named(mapped: Harbour, args: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        asked(mapped, **args)
    flat = {
        "lines": ",".join(args.get("levers", {}).get("lines", [])),
        **{k: v for k, v in args.items() if k != "levers"},
    }
    if "channel" not in args and "closed" not in args.get("levers", {}):
        page = signed_in(mapped).get(MAP, {"day": DAY, **flat})
        assert page.status_code == 200 and said.removeprefix("allowed: ") in page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_draws_every_station_and_links_every_slot(mapped: Harbour, language: str) -> None:
    client = signed_in(mapped, "leader")
    client.cookies["django_language"] = language
    page = client.get(MAP, {"day": DAY, "at": "09:15"}).content.decode()
    found = asked(mapped, at="09:15")
    assert page.count("data-x=") == 5, "three stations and two gates"
    most = max(found["stations"], key=lambda one: one["mean"])
    assert f"{most['p10']:,}–{most['p90']:,}" in page
    hours = {at[:2] for at in found["slots"]}
    assert all(f"at={hour}:" in page for hour in hours) and "at=09:45" in page
    assert ("Busiest stations" if language == "en" else "最繁忙车站") in page
    assert ("Mole" if language == "en" else "防波堤") in page and "T+1" in page and "T+2" in page
    assert ("line-target" in page) is False and "<style" not in page and " style=" not in page
    assert signed_in(mapped, "observer").get(MAP).status_code == 403


def test_the_player_gets_classes_in_the_order_of_the_marks(mapped: Harbour) -> None:
    client = signed_in(mapped)
    page = client.get(MAP, {"day": DAY, "at": "09:15"}).content.decode()
    marks = [part.partition('"')[0] for part in page.split('data-node="')[1:] if "data-x=" in part.partition(">")[0]]
    found = asked(mapped, at="09:15")
    assert marks == [one["node"] for one in (*found["stations"], *found["gates"])]
    slot = client.get(f"{MAP}slot/", {"day": DAY, "slot": found["slot"], "node": "gate-1"}).json()
    assert slot["levels"] == [one["level"] for one in (*found["stations"], *found["gates"])]
    assert slot["at"] == "09:15" and slot["node"] == "gate-1" and "Gate 1" in slot["side"]
    assert slot["figures"][-1] == f"{found['gates'][-1]['mean']:,}"


def test_counts_stand_beside_what_was_expected(mapped: Harbour) -> None:
    client = signed_in(mapped)
    assert not asked(mapped)["counts"] and "the counters" not in client.get(MAP, {"day": DAY}).content.decode()
    begin = datetime(2026, 11, 6, 8, 0, tzinfo=mapped.event.zone)
    for code, node in (("s1", "st-1"), ("g1", "gate-1")):
        counter = new_counter(mapped.event, code, node=node, edge=node == "gate-1", every_s=300, key_hash=code)
        rows = [Given(int((begin + timedelta(minutes=5 * n)).timestamp()), -1, 30, 70) for n in range(36)]
        store({counter: rows}, int(begin.timestamp()))
    found = asked(mapped, at="09:15", node="st-1")
    counted = {one["node"]: one["counted"] for one in found["stations"]}
    assert counted == {"st-1": 300, "st-2": None, "st-3": None}, "not known is not nobody"
    assert asked(mapped, at="09:15", channel="entering", node="st-1")["node"]["counted"] == 90
    seen = found["node"]["curves"][0]["counted"]
    assert seen[found["slot"]] == 300 and seen[-1] is None
    gate = next(one for one in found["gates"] if one["node"] == "gate-1")
    assert (gate["entries"]["counted"], gate["departures"]["counted"], gate["counted"]) == (90, 210, 300)
    page = client.get(MAP, {"day": DAY, "at": "09:15", "show": "counted"}).content.decode()
    assert page.count("load-none") == 3 and "300" in page
    assert asked(mapped, counted=True)["at"] == "10:45", "the last quarter of an hour that was counted"
    assert not asked(mapped, day="2026-11-07")["counts"], "tomorrow nobody has been counted"


def test_a_line_without_trains_empties_its_stations_on_the_map(mapped: Harbour) -> None:
    before, after = asked(mapped, at="09:15"), asked(mapped, at="09:15", levers={"lines": ["2"]})
    assert {one["node"] for one in after["stations"]} == {"st-1", "st-2"}, "no train stops at st-3"
    taxis = [one["gates"] for one in (before, after)]
    assert sum(one["entries"]["mean"] for one in taxis[1]) == pytest.approx(
        sum(one["entries"]["mean"] for one in taxis[0]), rel=0.15
    ), "as many come to the gates"
    assert after["bounds"] == before["bounds"], "on the scale of the day as forecast"
    client = signed_in(mapped)
    page = client.get(MAP, {"day": DAY, "at": "09:15", "lines": "2"}).content.decode()
    assert "no trains on line 2" in page and 'class="closed"' in page and "come by the other modes instead" in page
    client.cookies["django_language"] = "zh-hans"
    page = client.get(f"/e/harbour/forecast/day/{DAY}/", {"level": "station", "lines": "2"}).content.decode()
    assert "2号线停运" in page and "改用其他交通方式" in page and "<option selected>2</option>" in page


def test_what_is_shown_can_be_taken_along(mapped: Harbour) -> None:
    client, asked_for = signed_in(mapped), {"day": DAY, "at": "09:15", "node": "st-3"}
    table = client.get(f"{MAP}export/", {**asked_for, "as": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    found = asked(mapped, at="09:15")
    assert len(rows) == 3 + 2 * 2 and {row["time"] for row in rows} == {"09:15"}
    assert {row["node"]: int(row["mean"]) for row in rows if row["measure"] == "both"} == {
        one["node"]: one["mean"] for one in found["stations"]
    }
    picture = client.get(f"{MAP}export/", {**asked_for, "as": "svg"})
    drawn = ET.fromstring(picture.content)
    assert len([one for one in drawn.iter() if one.tag.endswith("circle")]) == 3 + 6, "stations, and the scale"
    assert any("Mole" in (one.text or "") for one in drawn.iter()), "the chosen one is named"
    assert "style" not in picture.content.decode()
    dots = client.get(f"{MAP}export/", {**asked_for, "as": "png"})
    assert dots.content[:8] == b"\x89PNG\r\n\x1a\n" and dots["Content-Type"] == "image/png"
    assert int.from_bytes(dots.content[16:20], "big") == 2400
    assert client.get(f"{MAP}export/", {**asked_for, "as": "pdf"}).status_code == 404


def test_the_ground_is_not_sent_again_unchanged(mapped: Harbour) -> None:
    client = signed_in(mapped)
    first = client.get(f"{MAP}ground.svg")
    ET.fromstring(first.content)
    assert client.get(f"{MAP}ground.svg", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_day_without_stations_says_why(mapped: Harbour) -> None:
    client = signed_in(mapped)
    for address in (f"{MAP}?day=2026-12-24", f"{MAP}?day=2026-11-05"):
        page = client.get(address)
        assert page.status_code == 200 and b"no stations are forecast" in page.content
    assert client.get(f"{MAP}slot/", {"day": "2026-12-24"}).status_code == 404
    assert client.get(MAP, {"day": "tomorrow"}).status_code == 404
    assert b"data-stations" in client.get(MAP).content, "without a day: today"


def test_before_anything_is_forecast_the_page_says_so(planned: Harbour) -> None:
    assert b"Nothing has been forecast yet" in signed_in(planned).get(MAP).content
    assert show(planned, "passengers.network") == {"lines": [], "stations": [], "gates": [], "tracks": []}


def test_north_is_up_and_the_window_has_room_for_every_mark() -> None:
    projection = Projection((120.0, 30.0, 121.0, 31.0), 1000, 1100)
    assert projection.at(120.0, 31.0) == (0, 0) and projection.at(121.0, 30.0) == (1000, 1100)
    left, top, wide, high = window([{"x": 10.0, "y": 20.0}, {"x": 110.0, "y": 70.0}], 1000, 1100)
    assert left < 10 and top < 20 and left + wide > 110 and top + high > 70
    assert window([], 1000, 1100) == (0, 0, 1000, 1100)


def test_the_picture_has_the_colours_of_the_operations_map() -> None:
    shapes = [{"kind": "sea", "area": True, "d": "M0 0"}, {"kind": "motorway", "area": False, "d": "M0 0"}]
    sea, road = (dict(one["paint"]) for one in painted(shapes))
    assert sea["fill"] == "#dfe8ef" and road["stroke"] == "#e8d5ad" and road["fill"] == "none"
