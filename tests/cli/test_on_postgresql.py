"""A real installation on PostgreSQL by one setting: made, filled, backed up, restored into another database."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql
from tests.cli.server import TMINUS, environment
from tests.cli.test_backup import VERIFY, WRITER

EXAMPLE = Path(__file__).parents[2] / "examples" / "lanwan-expo"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[postgresql.Cluster]:
    bin = postgresql.programs()
    if bin is None:
        pytest.skip("no PostgreSQL server binaries on this machine")
    running = postgresql.start(bin)
    yield running
    running.stop()


def run(home: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = environment(home, TMINUS_DATABASE_URL=url)
    return subprocess.run([*TMINUS, *arguments], env=settings, capture_output=True, text=True, timeout=180, check=False)


def test_from_init_to_a_verified_restore(cluster: postgresql.Cluster, tmp_path: Path) -> None:
    home, again, file = tmp_path / "home", tmp_path / "again", tmp_path / "backup.tar.gz"
    first, second = cluster.create("first"), cluster.create("second")
    for arguments in (("init", str(home)), ("import", str(EXAMPLE), "--home", str(home))):
        done = run(home, first, *arguments)
        assert done.returncode == 0, done.stderr
    assert not (home / "tminus.sqlite3").exists()

    saved = run(home, first, "backup", str(file), "--home", str(home))
    assert saved.returncode == 0, saved.stderr
    restored = run(again, second, "restore", str(file), "--home", str(again))
    assert restored.returncode == 0, restored.stderr

    verified = run(again, second, "record", "verify", "--home", str(again))
    assert verified.returncode == 0, verified.stderr + verified.stdout
    out = tmp_path / "out"
    written = run(again, second, "export", "lanwan-2026", str(out), "--home", str(again))
    assert written.returncode == 0, written.stderr
    checked = run(again, second, "validate", str(out))
    assert checked.returncode == 0, checked.stderr
    assert "923 tasks" in checked.stdout


def test_a_backup_taken_while_others_write_is_restored_whole(cluster: postgresql.Cluster, tmp_path: Path) -> None:
    home, again, file = tmp_path / "home", tmp_path / "again", tmp_path / "backup.tar.gz"
    busy, quiet = cluster.create("busy"), cluster.create("quiet")
    assert run(home, busy, "init", str(home)).returncode == 0
    command = [sys.executable, "-c", f"import django; django.setup()\n{WRITER}"]
    settings = environment(home, TMINUS_DATABASE_URL=busy)
    with subprocess.Popen(command, env=settings, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            assert writer.stdout.readline() == "x\n"
        saved = run(home, busy, "backup", str(file), "--home", str(home), "--json")
        still = writer.poll() is None
        writer.kill()
    assert (saved.returncode, still) == (0, True), saved.stderr
    restored = run(again, quiet, "restore", str(file), "--home", str(again), "--json")
    assert restored.returncode == 0, restored.stderr
    told = json.loads(restored.stdout)
    checked = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{VERIFY}"],
        env=environment(again, TMINUS_DATABASE_URL=quiet),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert told["lines"] == int(checked.stdout) >= 15
    assert run(again, quiet, "record", "verify", "--home", str(again)).returncode == 0
