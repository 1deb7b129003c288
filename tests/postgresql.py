"""A temporary PostgreSQL cluster: made in a second, on a socket only, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


def programs() -> Path | None:
    """Where the newest server's programs are; ``None`` where no server is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server; ``url()`` addresses one of its databases."""

    folder: Path
    bin: Path

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        as_nobody(str(self.bin / "createdb"), "-h", str(self.folder), "-U", "postgres", database)
        return self.url(database)

    def stop(self) -> None:
        as_nobody(str(self.bin / "pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


def start(bin: Path) -> Cluster:
    folder = Path(tempfile.mkdtemp(prefix="tminus-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data = str(folder / "data")
    as_nobody(str(bin / "initdb"), "--no-sync", "--no-locale", "-E", "UTF8", "-A", "trust", "-U", "postgres", data)
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c full_page_writes=off"
    as_nobody(str(bin / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    return Cluster(folder, bin)


def as_nobody(*command: str) -> None:
    """The server refuses root, so a root run starts it as ``nobody``."""
    prefix = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")
