"""``tminus init DIR``: make the home of a real installation."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home

app = typer.Typer(add_completion=False)

SETTINGS = """\
# What this installation may set; every key can also be given as the variable TMINUS_<KEY>.
# See docs/operations/ for one page on each.

# base_url = "https://readiness.example.org"     # the address in mails and calendar feeds
# allowed_hosts = ["readiness.example.org"]
# https_certificate = "/etc/ssl/readiness.pem"   # or, behind caddy or nginx:
# https_key = "/etc/ssl/readiness.key"
# behind_proxy = true
# database_url = "postgresql://tminus:password@db.example.org/tminus"   # SQLite in this folder otherwise
# smtp_url = "smtp://user:password@mail.example.org:587?tls=1"
# mail_from = "readiness@example.org"
"""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is empty or not there yet.")],
) -> None:
    """Make the home of an installation: key, settings, database, and the token of the first administrator."""
    home = folder.resolve()
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        fail(f"{home}: is not an empty folder")
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    (home / "tminus.toml").write_text(SETTINGS, encoding="utf-8")
    open_home(home, must_exist=False)
    migrate()
    token = _write_token(home)
    typer.echo(f"Made {home}")
    typer.echo(f"Start it:             tminus serve --home {folder}")
    typer.echo(f"First administrator:  http://127.0.0.1:8000/setup/?token={token}")


def _write_token(home: Path) -> str:
    token = secrets.token_urlsafe(24)
    descriptor = os.open(home / "setup.token", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(token)
    return token
