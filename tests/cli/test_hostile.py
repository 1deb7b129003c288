"""Input made to hurt: one line, exit 2, no traceback, soon, and in little memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.hostile_files import BAD, BOOK, GOOD, event_folder, write

pytestmark = pytest.mark.slow  # many processes, some of them fed fifty megabytes

RUN = [sys.executable, "-c", "from tminus.cli import main; main()"]
OPENING = ["--opening", "2026-11-05"]
SECONDS, BYTES = 20, 1 << 30
CLIMBED = Path("/tmp/climbed")

OPTIONS: dict[str, tuple[list[str], str]] = {
    "opening_words": (["--opening", "soon"], "--opening: 'soon'; allowed: YYYY-MM-DD"),
    "opening_year_0": (["--opening", "0000-01-01"], "--opening"),
    "opening_far": (["--opening", "9999999-01-01"], "--opening"),
    "opening_today_month": (["--opening", "2026-13-01"], "--opening"),
    "checkpoint_days_0": ([*OPENING, "--checkpoint-days", "0"], "--checkpoint-days: 0; allowed: 1 … 3650"),
    "checkpoint_days_negative": ([*OPENING, "--checkpoint-days", "-1"], "--checkpoint-days"),
    "checkpoint_days_words": ([*OPENING, "--checkpoint-days", "ten"], "--checkpoint-days"),
    "buffer_nan": ([*OPENING, "--buffer-days", "nan"], "--buffer-days: nan"),
    "buffer_infinite": ([*OPENING, "--buffer-days", "inf"], "--buffer-days: inf"),
    "policy": ([*OPENING, "--policy", "never"], "--policy: 'never'; allowed: asap"),
    "calendar": ([*OPENING, "--calendar", "Atlantis"], "--calendar"),
    "mapping_deep": ([*OPENING, "--mapping", "{deep}"], "deep.json"),
    "calendar_deep": ([*OPENING, "--calendar", "{deep}"], "deep.json"),
    "out_is_a_file": ([*OPENING, "--out", "{book}"], "book.csv: cannot be written"),
    "out_under_a_file": ([*OPENING, "--out", "{book}/x"], "book.csv"),
    "out_nowhere": ([*OPENING, "--out", "/proc/none"], "/proc/none"),
    "unknown_option": ([*OPENING, "--colour", "red"], "--colour"),
}
PLACES: dict[str, str] = {
    "folder": "is no event folder",
    "fifo.csv": "no plain file",
    "loop.csv": "cannot be read",
    "missing.csv": "cannot be read",
    "missing": "cannot be read",
}
FOLDERS: dict[str, tuple[str, bytes]] = {
    "not_json": ("event.json", b"{"),
    "deep": ("event.json", b"[" * 100_000),
    "no_object": ("event.json", b"[]"),
    "nan": ("event.json", b'{"schema": NaN}'),
    "digits": ("event.json", b'{"schema": ' + b"9" * 10_000 + b"}"),
    "binary": ("units.csv", bytes(range(256)) * 10),
    "empty": ("units.csv", b""),
    "wide": ("units.csv", b"," * 5_000_000),
    "no_map": ("map.geojson", b"[" * 100_000),
    "plan": ("plan.csv", b"ID,Task,Duration\nA,Pave,forever\n"),
}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of every command of this module; run one after another by one process that has loaded them."""
    folder = tmp_path_factory.mktemp("hostile")
    named = commands(folder)
    running = [sys.executable, "-m", "tests.cli.confined"]
    given = json.dumps(list(named.values()))
    answer = subprocess.run(running, input=given, capture_output=True, text=True, timeout=300, check=True)
    CLIMBED.unlink(missing_ok=True)
    return dict(zip(named, json.loads(answer.stdout), strict=True))


def commands(folder: Path) -> dict[str, list[str]]:
    book, deep = folder / "book.csv", folder / "deep.json"
    book.write_text(BOOK)
    deep.write_bytes(b"[" * 100_000)
    named = {}
    for name, given in (BAD | GOOD).items():
        own = folder / name
        own.mkdir()
        named[name] = ["schedule", str(write(own, given)), *OPENING, *(["--json"] if name in GOOD else [])]
    for name, (options, _said) in OPTIONS.items():
        named[name] = ["schedule", str(book), *(one.format(book=book, deep=deep) for one in options)]
    (folder / "folder").mkdir()
    os.mkfifo(folder / "fifo.csv")
    (folder / "loop.csv").symlink_to(folder / "loop.csv")
    named |= {f"place {name}": ["schedule", str(folder / name), *OPENING] for name in PLACES}
    for name, (file, content) in FOLDERS.items():
        named[f"folder {name}"] = ["validate", str(event_folder(folder / f"event-{name}", file, content))]
        named[f"import {name}"] = ["import", *named[f"folder {name}"][1:]]
    named["good folder"] = ["validate", str(event_folder(folder / "event-good"))]
    named["validate fifo"] = ["validate", str(folder / "fifo.csv")]
    for name in ("fifo.csv", "folder", "missing.csv", "book.csv"):
        named[f"restore {name}"] = ["restore", str(folder / name), "--home", str(folder / "restored")]
    return named


def refused(one: dict[str, Any], *said: str) -> None:
    told = one["err"]
    assert "Traceback" not in told, told[-2000:]
    assert (one["code"], told.count("\n")) == (2, 1), (one["code"], told[-2000:])
    assert len(told) < 1000, "a line nobody reads"
    assert told.startswith("tminus: ")
    for text in said:
        assert text in told
    assert one["out"] == ""
    light(one)


def light(one: dict[str, Any]) -> None:
    assert one["seconds"] < SECONDS
    assert one["bytes"] < BYTES


@pytest.mark.parametrize("name", BAD)
def test_a_file_made_to_hurt_is_refused(done: dict[str, dict[str, Any]], name: str) -> None:
    refused(done[name], BAD[name][0])


@pytest.mark.parametrize("name", GOOD)
def test_what_only_looks_odd_is_taken(done: dict[str, dict[str, Any]], name: str) -> None:
    assert (done[name]["code"], done[name]["err"]) == (0, "")
    assert not CLIMBED.exists()
    light(done[name])


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_that_cannot_be_is_named(done: dict[str, dict[str, Any]], name: str) -> None:
    refused(done[name], OPTIONS[name][1])


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_is_named(done: dict[str, dict[str, Any]], name: str) -> None:
    refused(done[f"place {name}"], name)


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("how", ["folder", "import"])
def test_an_event_folder_made_to_hurt_is_refused(done: dict[str, dict[str, Any]], how: str, name: str) -> None:
    refused(done[f"{how} {name}"], FOLDERS[name][0])


def test_the_folder_they_were_made_from_is_good(done: dict[str, dict[str, Any]]) -> None:
    assert (done["good folder"]["code"], done["good folder"]["err"]) == (0, "")


@pytest.mark.parametrize("name", ["fifo.csv", "folder", "missing.csv", "book.csv"])
def test_what_is_no_backup_is_not_restored(done: dict[str, dict[str, Any]], name: str) -> None:
    refused(done[f"restore {name}"], name)


def test_validate_names_what_is_no_folder(done: dict[str, dict[str, Any]]) -> None:
    refused(done["validate fifo"], "fifo.csv")


def run(book: Path, *options: str, **given: Any) -> subprocess.CompletedProcess[str]:
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": 60}
    return subprocess.run([*RUN, "schedule", str(book), *OPENING, *options], check=False, **(settings | given))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text(BOOK)
    return path


def test_a_full_disk_under_standard_output_is_told(book: Path) -> None:
    with Path("/dev/full").open("w") as full:
        told = run(book, "--json", stdout=full)
    assert (told.returncode, told.stderr) == (
        2,
        "tminus: standard output: cannot be written (No space left on device)\n",
    )


def test_a_disk_that_fills_leaves_what_was_there(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(book, "--out", str(out)).returncode == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    book.write_text(BOOK.replace("Pave", "Dig"))
    told = run(book, "--out", str(out), preexec_fn=full)
    assert (told.returncode, told.stderr.count("\n")) == (2, 1), told.stderr
    assert f"{out}: cannot be written (File too large)" in told.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before


def full() -> None:
    """No file may grow beyond a kilobyte: to the one who writes it, as a disk that is full."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))


def test_nobody_reading_is_no_mistake(book: Path) -> None:
    command = f"{sys.executable} -c 'from tminus.cli import main; main()' schedule {book} --opening 2026-11-05 --json"
    told = subprocess.run(f"{command} | head -c 0", shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")


def test_neither_a_home_nor_a_language_is_needed(book: Path) -> None:
    told = run(book, env={"LC_ALL": "C", "PATH": os.environ["PATH"]})
    assert (told.returncode, told.stderr) == (0, "")
    assert "Pave" in told.stdout
