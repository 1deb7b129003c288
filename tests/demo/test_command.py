"""``tminus demo``: which home it takes, what it forgets, which days it refuses."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

EVENT = {
    "schema": "tminus-event/1",
    "id": "quay",
    "name": {"en": "Quay Fair"},
    "timezone": "Asia/Shanghai",
    "opening": "2026-11-05",
    "closing": "2026-11-06",
}


@pytest.fixture(scope="module")
def quay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An event folder of next to nothing: the command is what is tested here."""
    folder = tmp_path_factory.mktemp("quay")
    (folder / "event.json").write_text(json.dumps(EVENT), encoding="utf-8")
    return folder


def demo(*arguments: object) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TMINUS", "DJANGO"))}
    command = [sys.executable, "-c", "from tminus.cli import main; main()", "demo", *map(str, arguments)]
    return subprocess.run(command, env=clean, capture_output=True, text=True, timeout=120)


def home_day(home: Path) -> str:
    with closing(sqlite3.connect(home / "tminus.sqlite3")) as database:
        return str(database.execute("SELECT event_from FROM platform_clockshift").fetchone()[0])[:10]


@pytest.mark.slow
def test_a_home_is_kept_until_it_is_begun_anew(quay: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = demo("--home", home, "--event", quay, "--at", "T-30", "--load-only")
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "loaded Quay Fair" in first.stderr
    assert home_day(home) == "2026-10-06"
    assert (home / "demo.mark").read_text("utf-8") == "quay"
    (home / "mine.txt").write_text("done in it")
    kept = demo("--home", home, "--event", quay, "--load-only")
    assert kept.returncode == 0
    assert "loading" not in kept.stderr
    assert (home / "mine.txt").exists()
    assert demo("--home", home, "--event", quay, "--at", "T−0", "--load-only").returncode == 0
    assert home_day(home) == "2026-11-05"
    assert not (home / "mine.txt").exists()


HOSTILE = [
    "soon",
    "T-",
    "T-1.5",
    "T--3",
    "TT-3",
    "T-30 24:00",
    "1_0",
    "T-99999999999999999999",
    "T+401",
    "٣٠",
    "T-3\n4",
]


@pytest.mark.parametrize("at", HOSTILE)
def test_a_day_that_is_none_is_refused_in_one_line_and_nothing_is_forgotten(
    at: str, quay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tminus.cli import main

    (tmp_path / "demo.mark").write_text("quay")
    with pytest.raises(SystemExit) as stopped:
        main(["demo", f"--at={at}", "--home", str(tmp_path), "--event", str(quay), "--load-only"])
    assert stopped.value.code == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "allowed: a day of the event like T-30" in told
    assert (tmp_path / "demo.mark").exists()


def test_a_folder_that_is_no_demonstration_is_never_forgotten(
    quay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tminus.cli import main

    (tmp_path / "thesis.txt").write_text("years of work")
    for home in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(SystemExit):
            main(["demo", "--fresh", "--home", str(home), "--event", str(quay), "--load-only"])
        assert "not a demonstration's home" in capsys.readouterr().err
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_demonstration_somebody_looks_at_is_not_forgotten(
    quay: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tminus.cli import main
    from tminus.platform.server.served_home import is_served, served

    (tmp_path / "demo.mark").write_text("quay")
    assert not is_served(tmp_path)
    with served(tmp_path), served(tmp_path):
        assert is_served(tmp_path)
        with pytest.raises(SystemExit):
            main(["demo", "--fresh", "--home", str(tmp_path), "--event", str(quay), "--load-only"])
    assert f"{tmp_path}: a demonstration runs there" in capsys.readouterr().err
    assert (tmp_path / "demo.mark").exists()
    assert not is_served(tmp_path)


def test_an_event_folder_that_cannot_be_read_forgets_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tminus.cli import main

    home = tmp_path / "home"
    home.mkdir()
    (home / "demo.mark").write_text("quay")
    with pytest.raises(SystemExit):
        main(["demo", "--fresh", "--home", str(home), "--event", str(tmp_path / "nowhere"), "--load-only"])
    assert "is not a folder" in capsys.readouterr().err
    assert (home / "demo.mark").exists()
