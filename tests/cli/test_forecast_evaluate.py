"""``tminus forecast evaluate`` as people and scripts call it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tminus.cli import main

ARGUMENTS = ["--train-days", "0:10", "--test-days", "10:12", "--history", "4", "--horizon", "2", "--model", "ridge"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    panel = city(12)
    path = tmp_path_factory.mktemp("flows") / "city.npz"
    dates = np.array([one.day.isoformat() for one in panel.days if one.day])
    np.savez(path, flow=panel.values, dates=dates, slot_minutes=30)
    return str(path)


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["forecast", "evaluate", *arguments, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_document_has_the_keys_documented(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(capsys, data, *ARGUMENTS)
    assert set(found) == {
        "model", "mode", "horizons", "per_day", "by_size", "n_scored", "degraded", "fit_s", "predict_s",
    }  # fmt: skip
    keys = {"step", "minutes", "mae", "rmse", "mape", "wmape", "coverage80", "wql", "n"}
    assert [set(one) for one in found["horizons"]] == [keys, keys]
    assert found["mode"] == "operational"
    assert found["n_scored"] == 2 * 31 * 6 * 2 * 2


def test_dates_name_the_days(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    by_date = [*ARGUMENTS[:1], "2026-03-02:2026-03-12", "--test-days", "2026-03-12:2026-03-14", *ARGUMENTS[4:]]
    by_number = answered(capsys, data, *ARGUMENTS)
    found = answered(capsys, data, *by_date)
    assert found["horizons"] == by_number["horizons"]


def test_a_country_tells_kinds_of_days(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No holiday of Great Britain falls on these days: its calendar changes nothing."""
    plain, british = answered(capsys, data, *ARGUMENTS), answered(capsys, data, *ARGUMENTS, "--country", "GB")
    assert british["horizons"] == plain["horizons"]


def test_a_country_needs_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "undated.npz", flow=city(12).values)
    with pytest.raises(SystemExit):
        main(["forecast", "evaluate", str(tmp_path / "undated.npz"), *ARGUMENTS, "--country", "GB"])
    assert "--country: 'GB', but the data have no dates" in capsys.readouterr().err


def test_people_read_a_table(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["forecast", "evaluate", data, *ARGUMENTS, "--channel", "in"])
    told = capsys.readouterr()
    assert "WMAPE" in told.out
    assert "2026-03-13" in told.out
    assert "day 2 of 2" in told.err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--mode", "lazy"], "--mode: 'lazy'; allowed: strict, operational"),
        (["--model", "oracle"], "--model: 'oracle'; allowed: profile, ridge, lightgbm"),
        (["--country", "XX"], "calendar 'XX': no such country"),
        (["--channel", "up"], "--channel: 'up'"),
        (["--train-days", "3"], "--train-days: '3'; allowed: A:B"),
        (["--train-days", "0:2026-13-01"], "allowed: a day number or an ISO date"),
        (["--test-days", "10:40"], "test days 10:40"),
        (["--horizon", "99"], "too long"),
    ],
)
def test_a_mistake_is_one_line(data: str, capsys: pytest.CaptureFixture[str], more: list[str], said: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["forecast", "evaluate", data, *ARGUMENTS, *more])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.strip().splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arguments", "mae", "rmse"),
    [
        ("beijing2016_15min", "0:20 20:25 5 1 operational --channel in --last-slots 355", 18.2, 31.9),
        ("hzmetro_15min", "0:18 20:25 4 4 strict --mask-zeros", 23.3, 99.0),
        ("hzmetro_15min", "0:20 20:25 4 4 operational --mask-zeros", 21.5, 99.0),
    ],
)
def test_the_floors_of_public_data(
    name: str, arguments: str, mae: float, rmse: float, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a prototype reached with ridge; the data carry no licence and are not in the repository."""
    path = Path(os.environ.get("TMINUS_DATA", "")) / "forecast" / f"{name}.npz"
    if not os.environ.get("TMINUS_DATA") or not path.exists():
        pytest.skip("TMINUS_DATA does not name a folder with forecast/*.npz")
    train, test, history, horizon, mode, *more = arguments.split()
    days = ["--train-days", train, "--test-days", test]
    window = ["--history", history, "--horizon", horizon, "--mode", mode, "--model", "ridge"]
    found = answered(capsys, str(path), *days, *window, *more)
    assert np.mean([one["mae"] for one in found["horizons"]]) <= mae
    assert np.mean([one["rmse"] for one in found["horizons"]]) <= rmse
    assert min(one["coverage80"] for one in found["per_day"]) >= 0.72
    assert found["by_size"][2]["coverage80"] >= 0.77
