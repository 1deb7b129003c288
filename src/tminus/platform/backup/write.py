"""Write a backup while the installation serves."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tminus.platform.backup import postgresql
from tminus.platform.backup.archive import DUMP, HEADS, KEPT, MANIFEST, SQLITE, BackupFault, Head, Manifest, member
from tminus.platform.models import RecordHead


def write_backup(target: Path) -> Manifest:
    """One tar of database, files, settings, key and record heads, whole or not at all.

    The database is copied first, in one snapshot; files are only ever added, so those copied after it hold whatever
    it names.

    :raises BackupFault: the file exists, or a part cannot be read.
    """
    if target.exists():
        raise BackupFault(f"{target}: exists already")
    home: Path = settings.CONFIG.home
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".tminus-backup-") as folder:
        work = Path(folder)
        record = _sqlite(home, work) if connection.vendor == "sqlite" else _postgresql(work)
        _heads(home, work, record)
        parts = {path.name: path for path in sorted(work.iterdir())}
        parts |= {name: home / name for name in KEPT if (home / name).exists()}
        files = (path for path in sorted((home / "files").rglob("*")) if path.is_file() and path.suffix)
        parts |= {str(path.relative_to(home)): path for path in files}
        manifest = Manifest(
            version=version("tminus"),
            made_at=timezone.now().isoformat(timespec="seconds"),
            database=connection.vendor,
            record=record,
            files=[member(path, name) for name, path in parts.items()],
        )
        _pack(work, parts, manifest, target)
    return manifest


def _sqlite(home: Path, work: Path) -> dict[str, Head]:
    copy = work / SQLITE
    with closing(sqlite3.connect(home / SQLITE)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)  # one pass holds one read snapshot; writers go on in the write-ahead log
        target.execute("PRAGMA journal_mode=DELETE")
        rows = target.execute("SELECT chain, seq, hash FROM platform_recordhead").fetchall()
    return {chain: Head(seq=seq, hash=value) for chain, seq, value in rows}


def _postgresql(work: Path) -> dict[str, Head]:
    # The heads before the dump: the dump then holds at least these lines.
    record = {row.chain: Head(seq=row.seq, hash=row.hash) for row in RecordHead.objects.all()}
    postgresql.dump(settings.DATABASES["default"], work / DUMP)
    return record


def _heads(home: Path, work: Path, record: dict[str, Head]) -> None:
    """The heads' file as it stood with this snapshot: what was noted since belongs to lines not in it."""
    path, kept, noted = home / HEADS, [], set()
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            chain, _, rest = line.partition(" ")
            seq = rest.partition(" ")[0]
            if chain in record and seq.isdecimal() and int(seq) <= record[chain].seq:
                kept.append(line)
                noted.add((chain, int(seq)))
    kept += [f"{chain} {head.seq} {head.hash}" for chain, head in record.items() if (chain, head.seq) not in noted]
    (work / HEADS).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _pack(work: Path, parts: dict[str, Path], manifest: Manifest, target: Path) -> None:
    (work / MANIFEST).write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
    part = work / "backup.tar"
    with tarfile.open(part, "w:gz" if target.suffix in {".gz", ".tgz"} else "w") as tar:
        tar.add(work / MANIFEST, MANIFEST)
        for name, path in parts.items():
            tar.add(path, name, recursive=False)
    part.chmod(0o600)  # it holds the installation's key
    part.replace(target)
