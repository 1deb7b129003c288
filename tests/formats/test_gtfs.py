"""GTFS feeds as they come: byte order marks, hours past 24, files left out, platforms under stations."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tminus.engines.forecast.arrivals import travel_times
from tminus.formats.gtfs import read_gtfs
from tminus.formats.problems import BadFile

FILES = {
    "stops.txt": "\ufeffstop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\r\n"
    "A,Alder,31.0,121.0,1,\r\nA1,Alder platform 1,31.0,121.0,0,A\r\nB,Birch,31.1,121.0,,\r\nC,Cedar,31.2,121.0,,\r\n"
    "D,Dead end,31.3,121.0,,\r\n",
    "routes.txt": "route_id,route_type\nr,1\nb,3\n",
    "trips.txt": "route_id,service_id,trip_id\nr,week,t1\nr,week,t2\nb,sunday,t3\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    "t1,23:50:00,23:50:00,A1,1\nt1,,,B,2\nt1,24:10:00,24:10:00,C,5\n"
    "t2,25:04:00,25:04:00,C,9\nt2,25:00:00,25:00:30,B,2\nt3,8:00:00,8:00:00,C,1\nt3,8:30:00,8:30:00,D,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "week,1,1,1,1,1,0,0,20260101,20261231\nsunday,0,0,0,0,0,0,1,20260101,20261231\n",
    "calendar_dates.txt": "service_id,date,exception_type\nweek,20261105,2\nsunday,20261105,1\n",
}


def _feed(tmp_path: Path, files: dict[str, str], folder: str = "") -> Path:
    path = tmp_path / "feed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text.encode())
    return path


def _rides(path: Path, day: date | None = None) -> dict[tuple[str, str], float]:
    return {(ride.origin, ride.destination): ride.travel_s for ride in read_gtfs(path, day).rides}


@pytest.mark.parametrize("folder", ["", "export/2026/"])
def test_rides_are_between_stations_times_past_midnight_and_left_out_ones_too(tmp_path: Path, folder: str) -> None:
    path = _feed(tmp_path, FILES, folder)
    assert _rides(path) == {("A", "B"): 600, ("B", "C"): np.median([600, 210]), ("C", "D"): 1800}
    feed = read_gtfs(path)
    assert [(one.id, one.rail) for one in feed.stations] == [("A", True), ("B", True), ("C", True), ("D", False)]
    assert feed.stations[0].name == "Alder" and feed.trips == 3


def test_only_what_runs_on_the_day(tmp_path: Path) -> None:
    path = _feed(tmp_path, FILES)
    assert set(_rides(path, date(2026, 11, 4))) == {("A", "B"), ("B", "C")}
    assert set(_rides(path, date(2026, 11, 5))) == {("C", "D")}  # a Thursday, by exception as on Sundays
    assert _rides(path, date(2027, 1, 4)) == {}


def test_optional_files_may_be_missing(tmp_path: Path) -> None:
    path = _feed(tmp_path, {name: FILES[name] for name in ("stops.txt", "trips.txt", "stop_times.txt")})
    assert len(_rides(path, date(2026, 11, 5))) == 3


def test_changes_of_station_take_their_time(tmp_path: Path) -> None:
    transfers = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nB,D,2,240\nA1,A,2,60\nA,D,3,\n"
    path = _feed(tmp_path, {**FILES, "transfers.txt": transfers})
    assert _rides(path)["B", "D"] == 240 and ("A", "D") not in _rides(path) and ("A", "A") not in _rides(path)
    minutes = travel_times(read_gtfs(path).rides, ["A"], ["D"])
    assert minutes[0, 0] == pytest.approx(14)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("stop_times.txt", "24:10:00,24:10:00", "24.10,24.10", r"stop_times.txt, row 4, column arrival_time: '24.10'"),
        ("stop_times.txt", "t1,,,B,2", "t1,,,B,two", "column stop_sequence: 'two'"),
        ("stop_times.txt", "t1,,,B,2", "t1,,,Q,2", "column stop_id: 'Q'"),
        ("stops.txt", "31.2,121.0", "north,121.0", "north"),
        ("stops.txt", "0,A\r", "0,Z\r", "column parent_station: 'Z'"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    assert old in FILES[file]
    with pytest.raises(BadFile, match=told):
        read_gtfs(_feed(tmp_path, {**FILES, file: FILES[file].replace(old, new)}))


def test_what_is_no_feed_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"has no stop_times.txt"):
        read_gtfs(_feed(tmp_path, {"stops.txt": FILES["stops.txt"]}))
    broken = tmp_path / "feed.zip"
    broken.write_bytes(b"PK\x03\x04 and then nothing")
    with pytest.raises(BadFile, match="no zip archive"):
        read_gtfs(broken)


def test_a_folder_is_a_feed_too(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_bytes(io.BytesIO(text.encode()).getvalue())
    assert len(_rides(tmp_path)) == 3


DATA = os.environ.get("TMINUS_DATA", "")


@pytest.mark.skipif(not DATA, reason="TMINUS_DATA names no folder of downloaded data")
def test_a_real_feed() -> None:
    feed = read_gtfs(Path(DATA) / "crowd" / "gtfs" / "cairns_gtfs.zip", date(2014, 6, 4))
    assert feed.trips == 622 and len(feed.stations) > 300
    names = [one.id for one in feed.stations]
    minutes = travel_times(feed.rides, names, names)
    assert np.isfinite(minutes).mean() > 0.1 and np.median(minutes[np.isfinite(minutes)]) < 90
