"""Backup while others write, restore elsewhere, verify; a damaged file is refused in one line."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from tests.cli.server import environment, python, tminus

pytestmark = pytest.mark.slow  # each starts real processes

WRITER = """
import sys
from tests.harbour import build_harbour
from tests.platform.duties.steps import new_duty, step
from tminus.platform.models import Unit
harbour = build_harbour()
for number in range(100_000):
    unit = Unit.objects.create(event=harbour.event, code=f"n{number}", name_en="x", path=f"/hq/n{number}/")
    duty = new_duty(harbour, about=unit)
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "submit", "paver", files=[{"name": "a.txt", "content": "eA=="}])
    sys.stdout.write("x\\n")
    sys.stdout.flush()
"""
VERIFY = """
from tminus.platform.backup.chain import check_chains
from tminus.platform.models import Evidence, Duty, RecordLine
from pathlib import Path
from django.conf import settings
assert all((Path(settings.MEDIA_ROOT) / row.file.name).exists() for row in Evidence.objects.all())
assert RecordLine.objects.filter(code="duty.submit").count() == Evidence.objects.count()
print(check_chains({}))
"""


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup written while another process writes as fast as it can."""
    folder = tmp_path_factory.mktemp("backup")
    home = folder / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    command = [sys.executable, "-c", f"import django; django.setup()\n{WRITER}"]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as writer:
        done, still = _backed_up(writer, home, folder)
    assert (done.returncode, still) == (0, True), done.stderr
    assert json.loads(done.stdout)["record_lines"]["harbour"] >= 15
    return folder / "event.tar.gz"


def _backed_up(
    writer: subprocess.Popen[str], home: Path, folder: Path
) -> tuple[subprocess.CompletedProcess[str], bool]:
    assert writer.stdout is not None
    for _ in range(5):
        assert writer.stdout.readline() == "x\n"
    done = tminus(home, "backup", str(folder / "event.tar.gz"), "--home", str(home), "--json")
    still = writer.poll() is None
    writer.kill()
    return done, still


def test_a_backup_taken_while_serving_is_restored_whole(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "restored"
    done = tminus(home, "restore", str(backup), "--home", str(home), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["lines"] == sum(told["record_lines"].values()) == int(python(home, VERIFY))
    assert (home / "secret.key").stat().st_mode & 0o077 == 0
    heads = (home / "record-heads.log").read_text().splitlines()
    assert heads[-1].split()[:2] == ["harbour", str(told["record_lines"]["harbour"])]
    assert backup.stat().st_mode & 0o077 == 0


def test_a_home_that_is_not_empty_is_refused(backup: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    done = tminus(tmp_path, "restore", str(backup), "--home", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "not an empty folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_backup_is_never_written_over(backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    before = backup.read_bytes()
    done = tminus(home, "backup", str(backup), "--home", str(home))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert backup.read_bytes() == before


def cut(source: Path, target: Path) -> None:
    target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])


def flip(source: Path, target: Path) -> None:
    """One byte of the database inside the archive, everything else as it was."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            stream = old.extractfile(member)
            assert stream is not None
            content = bytearray(stream.read())
            if member.name == "tminus.sqlite3":
                content[len(content) // 2] ^= 1
            new.addfile(member, BytesIO(content))


def leave_out(source: Path, target: Path) -> None:
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old.getmembers():
            if not member.name.startswith("files/"):
                new.addfile(member, old.extractfile(member))


def told_otherwise(source: Path, target: Path, old: bytes, new: bytes) -> None:
    """Everything as it was, but the manifest says something else."""
    with tarfile.open(source) as kept, tarfile.open(target, "w") as made:
        for member in kept.getmembers():
            stream = kept.extractfile(member)
            assert stream is not None
            content = stream.read()
            if member.name == "manifest.json":
                assert old in content
                content = content.replace(old, new)
                member.size = len(content)
            made.addfile(member, BytesIO(content))


def newer(source: Path, target: Path) -> None:
    told_otherwise(source, target, b"tminus-backup/1", b"tminus-backup/2")


def another_event(source: Path, target: Path) -> None:
    told_otherwise(source, target, b'"harbour"', b'"seaside"')


def of_later(source: Path, target: Path) -> None:
    """A database to which a later version has done what this one does not know; the archive agrees with itself."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        with tarfile.open(source) as old:
            old.extractall(work, filter="data")
        with closing(sqlite3.connect(work / "tminus.sqlite3")) as database, database:
            database.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('planning', '9999_of_later', '2030-01-01')"
            )
        manifest = json.loads((work / "manifest.json").read_text())
        content = (work / "tminus.sqlite3").read_bytes()
        for one in manifest["files"]:
            if one["path"] == "tminus.sqlite3":
                one |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        (work / "manifest.json").write_text(json.dumps(manifest))
        with tarfile.open(target, "w") as new:
            for path in [work / "manifest.json", *(work / one["path"] for one in manifest["files"])]:
                new.add(path, path.relative_to(work), recursive=False)


def climb(source: Path, target: Path) -> None:
    with tarfile.open(target, "w") as new:
        member = tarfile.TarInfo("../outside")
        new.addfile(member)


def nonsense(source: Path, target: Path) -> None:
    target.write_bytes(b"not a backup")


DAMAGES = [
    (cut, "not a whole backup"),
    (flip, "tminus.sqlite3 is damaged"),
    (leave_out, "is missing"),
    (climb, "'../outside' is not a plain file"),
    (nonsense, "not a whole backup"),
    (of_later, "planning 9999_of_later, which this tminus does not know"),
    (newer, "is 'tminus-backup/2'; allowed: 'tminus-backup/1'"),
    (another_event, "does not end where the manifest says"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_a_damaged_file_is_refused_and_leaves_nothing(
    backup: Path, tmp_path: Path, damage: Callable[[Path, Path], None], said: str
) -> None:
    file, home = tmp_path / "damaged.tar", tmp_path / "home"
    damage(backup, file)
    done = tminus(home, "restore", str(file), "--home", str(home))
    assert (done.returncode, done.stderr.count("\n"), done.stdout) == (2, 1, "")
    assert "damaged.tar" in done.stderr
    assert said in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["damaged.tar"]
