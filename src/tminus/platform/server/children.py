"""The three processes of an installation."""

from __future__ import annotations

import sys
from pathlib import Path

from tminus.platform.server.supervisor import Child

WORKERS_KILL_TIMEOUT_S = 2  # an open stream would hold a graceful stop for ever


def children(
    home: Path, host: str, port: int, *, certificate: str = "", key: str = "", web_workers: int = 1
) -> list[Child]:
    """Web server, job worker and ticker of the installation at ``home``."""
    environment = {"TMINUS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tminus.site.settings"}
    return [
        Child("web", _web(host, port, certificate, key, web_workers), environment),
        Child("jobs", [sys.executable, "-m", "tminus.platform.server.worker"], environment),
        Child("clock", [sys.executable, "-m", "tminus.platform.server.ticking"], environment),
    ]


def _web(host: str, port: int, certificate: str, key: str, workers: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--workers-kill-timeout", str(WORKERS_KILL_TIMEOUT_S)]
    command += ["--respawn-failed-workers", "--no-ws", "--log-level", "warning"]
    if certificate:
        command += ["--ssl-certificate", certificate, "--ssl-keyfile", key]
    return [*command, "tminus.site.asgi:application"]
