"""PostgreSQL's own programs, for installations that keep their data there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tminus.platform.backup.archive import BackupFault


def dump(database: dict[str, Any], target: Path) -> None:
    """One consistent snapshot, taken while others write (pg_dump is one repeatable-read transaction)."""
    _run("pg_dump", database, "--format=custom", "--no-owner", f"--file={target}")


def load(database: dict[str, Any], source: Path) -> None:
    _run("pg_restore", database, "--no-owner", "--exit-on-error", "--single-transaction", str(source), to=True)


def _run(program: str, database: dict[str, Any], *arguments: str, to: bool = False) -> None:
    name = [f"--dbname={database['NAME']}"] if to else [database["NAME"]]
    command = [_found(program), "--no-password", *arguments, *_where(database), *name]
    environment = os.environ | ({"PGPASSWORD": database["PASSWORD"]} if database.get("PASSWORD") else {})
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupFault(f"{program}: {' '.join(done.stderr.split())[:500]}")


def _where(database: dict[str, Any]) -> list[str]:
    flags = {"--host": "HOST", "--port": "PORT", "--username": "USER"}
    return [f"{flag}={database[key]}" for flag, key in flags.items() if database.get(key)]


def _found(program: str) -> str:
    """On the path, or where Debian keeps each version's programs; the newest."""
    if found := shutil.which(program):
        return found
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), key=lambda path: float(path.parts[-3]))
    if not kept:
        raise BackupFault(f"{program} is not installed here; it comes with PostgreSQL's client programs")
    return str(kept[-1])
