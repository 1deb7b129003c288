"""Fixtures of the whole suite. Desk tests run on SQLite, and again on a real PostgreSQL with
``--database postgresql`` (``./run test`` does both where a server is installed)."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.harbour", "tests.chromium"]

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") != "postgresql":
        return
    programs = POSTGRES[-1] if POSTGRES else None
    if programs is None or not (programs / "initdb").exists():
        pytest.exit("skipped: no PostgreSQL server binaries on this machine", returncode=0)
    folder = Path(tempfile.mkdtemp(prefix="tminus-pg-"))
    config.add_cleanup(lambda: _stop(programs, folder))
    _start(programs, folder)
    _use(f"postgresql://postgres@/postgres?host={folder}")


def _use(url: str) -> None:
    from django.db import connections

    from tminus.site.config import database, load_config

    description = database(load_config({"TMINUS_DATABASE_URL": url}), pool=False)
    connections.__dict__["settings"] = connections.configure_settings({"default": description})
    if hasattr(connections._connections, "default"):
        del connections["default"]


def _as_nobody(*command: str) -> None:
    """The server refuses root, so a root run starts it as ``nobody``."""
    prefix = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")


def _start(programs: Path, folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data = str(folder / "data")
    _as_nobody(
        str(programs / "initdb"), "--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust", "-U", "postgres", data
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"
    _as_nobody(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")


def _stop(programs: Path, folder: Path) -> None:
    _as_nobody(str(programs / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def real_data() -> Iterator[Path]:
    """The folder of real data named by TMINUS_DATA; the project's own tests pass without it."""
    folder = os.environ.get("TMINUS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("TMINUS_DATA names no folder of real data")
    yield Path(folder)
