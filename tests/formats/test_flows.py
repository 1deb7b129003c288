"""Counts out of files: the same panel from each kind, and one clear error for what cannot be taken."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tminus.engines.forecast import FlowPanel
from tminus.formats.flows import read_flows
from tminus.formats.problems import BadFile

HEADINGS = "time,node,in,out\n"


def written(tmp_path: Path, text: str, name: str = "flows.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


def rows_of(panel: FlowPanel) -> list[tuple[str, str, str, str]]:
    rows = []
    for at, one in enumerate(panel.days):
        for slot in range(panel.slots):
            minute = panel.first_minute + slot * panel.slot_minutes
            time = np.datetime64(one.day, "m") + np.timedelta64(minute, "m")
            for node, name in enumerate(panel.nodes):
                cells = ["" if np.isnan(one) else str(int(one)) for one in panel.values[at, slot, node]]
                rows.append((str(time), name, *cells))
    return rows  # type: ignore[return-value]


def test_arrays_with_all_they_may_say(tmp_path: Path) -> None:
    panel = city(3)
    np.savez(
        tmp_path / "flows.npz",
        flow=panel.values.astype(np.int16),
        dates=np.array([one.day.isoformat() for one in panel.days if one.day]),
        nodes=np.array(panel.nodes),
        slot_minutes=30,
        first_minute=330,
    )
    found = read_flows(tmp_path / "flows.npz")
    np.testing.assert_array_equal(found.values, panel.values)
    assert (found.days, found.nodes, found.channels) == (panel.days, panel.nodes, ("in", "out"))
    assert (found.slot_minutes, found.first_minute) == (30, 330)


def test_what_is_told_of_days_comes_with_them(tmp_path: Path) -> None:
    told = {"kinds": np.array(["", "fair"]), "event_load": np.array([np.nan, 40_000])}
    more = {"policy_free rides": np.array([0, 1]), "weather_rain_mm": np.array([np.nan, 3.5])}
    np.savez(tmp_path / "flows.npz", flow=np.ones((2, 24, 3)), **told, **more)
    first, second = read_flows(tmp_path / "flows.npz").days
    assert (first.kind, first.event_load, first.policy, first.weather) == ("", None, {"free rides": 0.0}, {})
    assert (second.kind, second.event_load) == ("fair", 40_000)
    assert (second.policy, second.weather) == ({"free rides": 1.0}, {"rain_mm": 3.5})


@pytest.mark.parametrize("wrong", [np.ones(3), np.array([1, np.inf]), np.array(["much", "more"])])
def test_figures_of_days_that_do_not_fit_are_one_clear_error(tmp_path: Path, wrong: np.ndarray) -> None:  # type: ignore[type-arg]
    np.savez(tmp_path / "flows.npz", flow=np.ones((2, 24, 3)), event_load=wrong)
    with pytest.raises(BadFile, match=r"event_load: .*; allowed: \(2,\) finite numbers"):
        read_flows(tmp_path / "flows.npz")


def test_arrays_that_say_nothing_else(tmp_path: Path) -> None:
    np.savez(tmp_path / "flows.npz", flow=np.ones((2, 24, 3)))
    found = read_flows(tmp_path / "flows.npz")
    assert (found.channels, found.nodes, found.slot_minutes) == (("in",), ("0", "1", "2"), 60)
    assert found.days[0].day is None


@pytest.mark.parametrize("kind", ["csv", "parquet", "parquet with moments"])
def test_a_long_table_in_any_order_is_the_same_panel(tmp_path: Path, kind: str) -> None:
    panel = city(3, slots=8)
    rows = rows_of(panel)
    order = np.random.Generator(np.random.Philox(1)).permutation(len(rows))
    columns = [list(column) for column in zip(*(rows[at] for at in order), strict=True)]
    if kind == "csv":
        path = written(tmp_path, HEADINGS + "".join(",".join(rows[at]) + "\n" for at in order))
    else:
        from pyarrow import array, parquet, table, timestamp

        time = array(columns[0])
        if kind.endswith("moments"):
            time = array(np.array(columns[0], dtype="datetime64[us]")).cast(timestamp("us"))
        numbers = [array([float(one) for one in column]) for column in columns[2:]]
        data = {"time": time, "node": array(columns[1]), "in": numbers[0], "out": numbers[1]}
        parquet.write_table(table(data), tmp_path / "flows.parquet")
        path = tmp_path / "flows.parquet"
    found = read_flows(path)
    np.testing.assert_array_equal(found.values, panel.values)
    assert (found.days, found.nodes, found.slot_minutes, found.first_minute) == (
        panel.days, panel.nodes, 30, 330,
    )  # fmt: skip


def test_the_service_day_changes_at_four(tmp_path: Path) -> None:
    text = HEADINGS + "2026-10-18 23:00,A,1,2\n2026-10-19 00:00,A,3,4\n2026-10-19 05:00,A,5,6\n2026-10-19 04:00,A,7,8\n"
    found = read_flows(written(tmp_path, text))
    assert [one.day for one in found.days] == [date(2026, 10, 18), date(2026, 10, 19)]
    assert found.first_minute == 240
    assert found.values[0, 20, 0].tolist() == [3, 4]
    assert found.values[1, :2, 0, 0].tolist() == [7, 5]


def test_what_is_not_there_is_not_known(tmp_path: Path) -> None:
    text = (
        HEADINGS + "2026-10-18 06:00,A,1,\n2026-10-18 06:15,A,2,2\n2026-10-18 06:15,B,nan,0\n2026-10-18 06:30,A,4,4\n"
    )
    found = read_flows(written(tmp_path, text))
    assert found.slot_minutes == 15
    assert np.isnan(found.values[0, 0, 0, 1])
    assert np.isnan(found.values[0, 1, 1, 0])
    assert np.isnan(found.values[0, 0, 1]).all()
    assert found.values[0, 1, 1, 1] == 0


def test_in_only(tmp_path: Path) -> None:
    found = read_flows(written(tmp_path, "time,node,in\n2026-10-18 06:00,A,1\n2026-10-18 06:10,A,2\n"))
    assert (found.channels, found.slot_minutes) == (("in",), 10)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        (HEADINGS, "no rows"),
        ("when,node,in\n2026-10-18,A,1\n", "no column 'time'"),
        ("time,node,up\n2026-10-18,A,1\n", "neither column 'in' nor 'out'"),
        (HEADINGS + "2026-10-18 06:00,A,1,1\nsoon,A,1,1\n", "row 3, column time: 'soon'"),
        (HEADINGS + "2026-10-18 06:00,A,1,1\n2026-10-18 06:15,A,1,many\n", "row 3, column out: 'many'"),
        (HEADINGS + "2026-10-18 06:00,A,1,1\n2026-10-18 06:15,,1,1\n", "row 3, column node"),
        (HEADINGS + "2026-10-18 06:00,A,1,1\n", "a single moment"),
        (
            HEADINGS + "2026-10-18 06:00,A,1,1\n2026-10-18 06:15,A,1,1\n2026-10-18 06:15,A,1,1\n",
            "row 4, column time: '2026-10-18 06:15, A' cannot be taken; allowed: each slot of a node once",
        ),
        (
            HEADINGS + "".join(f"2026-10-18 06:{at:02},A,1,1\n" for at in (0, 10, 20, 30, 33)),
            "row 6, column time: '2026-10-18 06:33'",
        ),
        (HEADINGS + "2026-10-18 06:00,A,1,1\n2026-10-18 06:07,A,1,1\n", "slots of 7 minutes"),
    ],
)
def test_a_table_that_cannot_be_taken(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile) as error:
        read_flows(written(tmp_path, text))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"other": np.ones(3)}, "no array 'flow'"),
        ({"flow": np.ones(3)}, "shape (3,)"),
        ({"flow": np.ones((0, 4, 2, 2))}, "shape (0, 4, 2, 2)"),
        ({"flow": np.array([[[["x"]]]])}, "allowed: numbers"),
        ({"flow": np.ones((2, 4, 1, 2)), "dates": np.array(["2026-10-18"])}, "one a day"),
        ({"flow": np.ones((1, 4, 1, 2)), "dates": np.array(["today"])}, "dates[0]: 'today'"),
        ({"flow": np.ones((2, 4, 1, 2)), "dates": np.array(["2026-10-18", "2026-10-18"])}, "order of time"),
        ({"flow": np.ones((1, 4, 2, 2)), "nodes": np.array(["A", "A"])}, "'A' is there twice"),
        ({"flow": np.ones((1, 4, 2, 2)), "slot_minutes": np.array([7])}, "slot length 7 min"),
    ],
)
def test_arrays_that_cannot_be_taken(tmp_path: Path, arrays: dict[str, np.ndarray], said: str) -> None:  # type: ignore[type-arg]
    np.savez(tmp_path / "flows.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(BadFile) as error:
        read_flows(tmp_path / "flows.npz")
    assert said in str(error.value)


@pytest.mark.parametrize("name", ["flows.npz", "flows.parquet"])
def test_a_file_of_another_kind(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadFile, match="is no"):
        read_flows(written(tmp_path, "not this", name))


def test_an_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"allowed: \.npz, \.csv, \.parquet"):
        read_flows(written(tmp_path, "x", "flows.doc"))


def test_pickled_objects_are_not_run(tmp_path: Path) -> None:
    np.savez(tmp_path / "flows.npz", flow=np.array([{"a": 1}], dtype=object))
    with pytest.raises(BadFile, match="plain arrays"):
        read_flows(tmp_path / "flows.npz")


def test_what_is_no_npz_or_not_there_is_said_so_and_no_more(tmp_path: Path) -> None:
    (tmp_path / "flows.npz").write_bytes(b"not a zip")
    with pytest.raises(BadFile, match=r"^flows\.npz: is no \.npz; allowed: .*flow \[day, slot, node, channel\]$"):
        read_flows(tmp_path / "flows.npz")
    with pytest.raises(BadFile, match=r"none\.npz: cannot be read") as told:
        read_flows(tmp_path / "none.npz")
    assert "arrays" not in str(told.value)


def test_a_parquet_table_with_gaps_and_in_pieces_is_as_it_says_and_a_row_without_a_time_is_named(
    tmp_path: Path,
) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    times = [datetime(2026, 10, 1, hour) for hour in (6, 7, 8)] * 2
    columns = {"time": times, "node": ["a"] * 3 + ["b"] * 3, "in": pa.array([1, None, 3, 4, 5, 6], pa.int32())}
    parquet.write_table(pa.table(columns), tmp_path / "flows.parquet", row_group_size=2)
    found = read_flows(tmp_path / "flows.parquet")
    np.testing.assert_array_equal(found.values[0, :, :, 0].T, [[1, np.nan, 3], [4, 5, 6]])
    assert (found.first_minute, found.days[0].day) == (360, date(2026, 10, 1))
    columns["time"] = [*times[:4], None, times[5]]
    parquet.write_table(pa.table(columns), tmp_path / "none.parquet")
    with pytest.raises(BadFile, match="row 6"):
        read_flows(tmp_path / "none.parquet")


@pytest.mark.parametrize("cell", ["many", "1_000"])
def test_of_counts_that_are_none_the_first_row_is_named(tmp_path: Path, cell: str) -> None:
    rows = [
        "2026-10-01 06:00,a,,1",
        "2026-10-01 07:00,a, 12 ,NaN",
        f"2026-10-01 08:00,a,{cell},2",
        "2026-10-01 09:00,a,x,2",
    ]
    with pytest.raises(BadFile, match=f"row 4.*{cell}"):
        read_flows(written(tmp_path, HEADINGS + "\n".join(rows)))
