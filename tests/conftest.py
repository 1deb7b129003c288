"""Fixtures of the whole suite. Desk tests run on SQLite, and again on a real PostgreSQL with
``--database postgresql`` (``./run test`` does both where a server is installed)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql

pytest_plugins = ["tests.harbour", "tests.chromium"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--database") != "postgresql":
        return
    bin = postgresql.programs()
    if bin is None:
        pytest.exit("skipped: no PostgreSQL server binaries on this machine", returncode=0)
    cluster = postgresql.start(bin)
    config.add_cleanup(cluster.stop)
    _use(cluster.url())


def _use(url: str) -> None:
    from django.db import connections

    from tminus.site.config import database, load_config

    description = database(load_config({"TMINUS_DATABASE_URL": url}), pool=False)
    connections.__dict__["settings"] = connections.configure_settings({"default": description})
    if hasattr(connections._connections, "default"):
        del connections["default"]


@pytest.fixture(autouse=True)
def language_of_the_test() -> Iterator[None]:
    """A page asked for in Chinese leaves the language switched in this thread; the next test begins in its own."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session")
def real_data() -> Iterator[Path]:
    """The folder of real data named by TMINUS_DATA; the project's own tests pass without it."""
    folder = os.environ.get("TMINUS_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("TMINUS_DATA names no folder of real data")
    yield Path(folder)
