"""Restore a backup into an empty home, after every part of it has been found whole."""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
from contextlib import closing
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from tminus.platform.backup import postgresql
from tminus.platform.backup.archive import DUMP, MANIFEST, SCHEMA, SQLITE, BackupFault, Manifest, digest


def restore(source: Path, home: Path) -> Manifest:
    """Make ``home`` the installation as it stood when the backup was written; :func:`load_dump` may remain.

    :raises BackupFault: a damaged or foreign file, a home that is not empty; nothing is left behind then.
    """
    home = home.resolve()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupFault(f"{home}: is not an empty folder; a backup is restored into an empty one")
    home.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=home.parent, prefix=".tminus-restore-"))
    try:
        manifest = unpack(source, work)
        if manifest.database == "sqlite":
            _check_sqlite(work / SQLITE, manifest, source)
        (work / MANIFEST).unlink()
        if home.exists():
            home.rmdir()
        work.replace(home)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    home.chmod(0o700)
    return manifest


def unpack(source: Path, work: Path) -> Manifest:
    """Unpack and compare every file with the manifest's digest."""
    try:
        with tarfile.open(source) as tar:
            names = [_plain(source, one).name for one in tar.getmembers()]
            tar.extractall(work, filter="data")
        manifest = Manifest.model_validate_json((work / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, EOFError, ValidationError, UnicodeDecodeError, ValueError) as error:
        raise BackupFault(f"{source}: not a whole backup: {' '.join(str(error).split())[:200]}") from error
    if manifest.schema_ != SCHEMA:
        raise BackupFault(f"{source}: is {manifest.schema_!r}; allowed: {SCHEMA!r}")
    _compare(source, work, manifest, set(names))
    return manifest


def _compare(source: Path, work: Path, manifest: Manifest, names: set[str]) -> None:
    told = {one.path for one in manifest.files} | {MANIFEST}
    if odd := sorted(names ^ told):
        raise BackupFault(f"{source}: {odd[0]} is {'missing' if odd[0] in told else 'not named in the manifest'}")
    for one in manifest.files:
        path = work / one.path
        if path.stat().st_size != one.size or digest(path) != one.sha256:
            raise BackupFault(f"{source}: {one.path} is damaged (its SHA-256 is not the manifest's)")


def _plain(source: Path, one: tarfile.TarInfo) -> tarfile.TarInfo:
    path = PurePosixPath(one.name)
    if not one.isfile() or path.is_absolute() or ".." in path.parts:
        raise BackupFault(f"{source}: {one.name!r} is not a plain file of a backup")
    return one


def load_dump(home: Path, database: dict[str, Any]) -> None:
    """Load the dump of a PostgreSQL installation into the empty database its settings name.

    :raises BackupFault: another kind of database, or one that is not empty.
    """
    if not (home / DUMP).exists():
        return
    if "postgresql" not in database["ENGINE"]:
        raise BackupFault("this backup holds a PostgreSQL dump; name an empty database by TMINUS_DATABASE_URL")
    postgresql.load(database, home / DUMP)
    (home / DUMP).unlink()


def _check_sqlite(path: Path, manifest: Manifest, source: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        try:
            (found,) = opened.execute("PRAGMA integrity_check").fetchone()
            rows = opened.execute("SELECT chain, seq, hash FROM platform_recordhead").fetchall()
            applied = opened.execute("SELECT app, name FROM django_migrations").fetchall()
        except sqlite3.DatabaseError as error:
            raise BackupFault(f"{source}: {SQLITE}: {error}") from error
    if found != "ok":
        raise BackupFault(f"{source}: {SQLITE}: {found}")
    if newer := [f"{app} {name}" for app, name in applied if not _known(app, name)]:
        raise BackupFault(
            f"{source}: its database is of tminus {manifest.version} with {newer[0]}, which this tminus does not know;"
            f" allowed: backups of this version or an older one"
        )
    if {chain: (seq, value) for chain, seq, value in rows} != {
        chain: (head.seq, head.hash) for chain, head in manifest.record.items()
    }:
        raise BackupFault(f"{source}: the record in the database does not end where the manifest says")


OWN = {"platform": "tminus.platform", "planning": "tminus.desks.planning", "board": "tminus.desks.board"}
"""Our apps by the label under which Django remembers what has been done to their tables."""


def _known(app: str, name: str) -> bool:
    """Whether this installation has the step; steps of others' apps are theirs to judge."""
    return app not in OWN or (files(OWN[app]) / "migrations" / f"{name}.py").is_file()
