"""What a backup is: a tar whose manifest names every file with its size and SHA-256, and the record's heads."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel

SCHEMA = "tminus-backup/1"
MANIFEST = "manifest.json"
SQLITE = "tminus.sqlite3"
DUMP = "database.dump"
HEADS = "record-heads.log"
KEPT = ("secret.key", "tminus.toml", "setup.token")


class BackupFault(Exception):
    """A backup cannot be written, or cannot be trusted; one line saying which part and why."""


class Member(BaseModel):
    path: str
    size: int
    sha256: str


class Head(BaseModel):
    seq: int
    hash: str


class Manifest(BaseModel):
    schema_: str = SCHEMA
    version: str
    made_at: str
    database: str  # sqlite | postgresql
    record: dict[str, Head]
    files: list[Member]


def digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def member(path: Path, name: str) -> Member:
    return Member(path=name, size=path.stat().st_size, sha256=digest(path))


def described(manifest: Manifest) -> dict[str, Any]:
    """What a person is told about a backup."""
    lines = {chain: head.seq for chain, head in manifest.record.items()}
    return {
        "made_at": manifest.made_at,
        "version": manifest.version,
        "database": manifest.database,
        "files": len(manifest.files),
        "record_lines": lines,
    }
