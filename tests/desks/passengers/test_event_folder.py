"""Counters and readings go out in an event folder and come in again as they were; what is wrong in it is named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.desks.passengers.counters import T0, new_counter, state
from tests.harbour import Harbour, build_harbour
from tminus.desks.passengers.event_folder import load_counters, write_counters
from tminus.desks.passengers.forecasting.kept_folder import keep, write_kept
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter
from tminus.desks.planning.event_folder import folder_of
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.event_folder.readings import FILE
from tminus.formats.problems import BadFile


def exported(harbour: Harbour, path: Path) -> Path:
    write_folder(folder_of(harbour.event), path)
    write_counters(harbour.event, path)
    return path


@pytest.fixture
def counted(planned: Harbour) -> Harbour:
    """Counters of every kind, with readings numbered and not, corrected, doubtful, days apart."""
    event = planned.event
    gate = new_counter(event, "g1", every_s=300, edge=True, believed=True, note="=above the door, 'east'")
    meter = new_counter(event, "m.2", kind="cumulative", channels="in", most_per_min=200, key_hash="m2")
    ended = datetime(2026, 8, 20, 12, tzinfo=UTC)
    halved = [[T0 + 600, T0 + 900], [T0 + 90_000, None]]
    gone = new_counter(event, "x-3", halved=halved, key_hash="x3", retired_at=ended, node="gate-9")
    new_counter(event, "never", key_hash="n")
    store({gate: [Given(T0 + 300 * n, n, 5 + n % 7, n % 3) for n in range(300)]}, T0)
    store({gate: [Given(T0, 900, 1, 1), Given(T0 + 300, 1, 99, 0)]}, T0)
    store({meter: [Given(T0 + 60 * n, -1, 12 * n, 0) for n in range(200)], gone: [Given(T0 + 90_000, -1, 3, 4)]}, T0)
    return planned


def test_what_goes_out_comes_in_as_it_was(counted: Harbour, tmp_path: Path) -> None:
    path = exported(counted, tmp_path / "out")
    other = build_harbour("other")
    assert load_counters(other.event, read_folder(path)) == {"counters": 4, "readings": 501}
    before = {one.code: one for one in Counter.objects.filter(event=counted.event)}
    after = {one.code: one for one in Counter.objects.filter(event=other.event)}
    assert before.keys() == after.keys()
    names = ("node", "channels", "kind", "every_s", "most_per_min", "edge", "note", "believed", "halved", "retired_at")
    for code, one in before.items():
        assert [getattr(after[code], name) for name in names] == [getattr(one, name) for name in names]
        assert state(after[code]) == state(one), code
        assert after[code].key_hash != one.key_hash, "keys do not travel"
    exported(other, tmp_path / "again")
    for name in ("counters.csv", FILE):
        assert (path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_an_event_without_counters_has_no_such_files(planned: Harbour, tmp_path: Path) -> None:
    path = exported(planned, tmp_path / "out")
    assert not (path / "counters.csv").exists() and not (path / FILE).exists()


def test_places_go_out_with_what_forecasts_know_of_them(planned: Harbour, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    nodes = "id,kind,lon,lat,name_en,line,area_m2\ngate-1,gate,1,2,Old name,7,\nhall-1,hall,,,Hall,,900\n"
    keep(planned.event, "nodes.csv", "nodes.csv", nodes.encode(), datetime(2026, 8, 1, tzinfo=UTC)).save()
    path = exported(planned, tmp_path / "out")
    write_kept(planned.event, path)
    gate, hall = read_folder(path).table("nodes")
    assert (gate["name_en"], gate["lon"], gate["line"]) == ("Gate 1", "121", "7"), "the map's own, and what it lacks"
    assert (hall["id"], hall["area_m2"], hall["lon"]) == ("hall-1", "900", "")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("x-3,", "y-3,"), "counter 'x-3'; allowed: a code of counters.csv"),
        (lambda text: text.replace(",300,1000,", ",300,1,"), "99 persons in a reading of counter 'g1'"),
        (lambda text: text.replace(",300,", ",7,"), "seconds that divide 3600"),
        (lambda text: text.replace("x-3,", "x 3,"), "letters, digits"),
        (lambda text: text.replace("cumulative", "sometimes"), "interval, cumulative"),
        (lambda text: text.replace("m.2,", "g1,"), "each once"),
        (lambda text: text.replace("+00:00", ""), "an instant with its offset"),
    ],
)
def test_what_does_not_fit_is_named_and_nothing_is_taken(
    counted: Harbour, tmp_path: Path, change: Any, said: str
) -> None:
    path = exported(counted, tmp_path / "out")
    table = path / "counters.csv"
    table.write_text(change(table.read_text(encoding="utf-8")), encoding="utf-8")
    other = build_harbour("other")
    with pytest.raises(BadFile) as found:
        load_counters(other.event, read_folder(path))
    assert said in "\n".join(map(str, getattr(found.value, "problems", [found.value])))
    assert not Counter.objects.filter(event=other.event).exists()


@pytest.mark.parametrize("content", [b"", b"PAR1 and no more", b"counter,time\n"])
def test_a_file_that_is_no_table_is_one_clear_error(counted: Harbour, tmp_path: Path, content: bytes) -> None:
    path = exported(counted, tmp_path / "out")
    (path / FILE).write_bytes(content)
    with pytest.raises(BadFile, match=r"counts\.parquet: is no table of readings"):
        load_counters(build_harbour("other").event, read_folder(path))
