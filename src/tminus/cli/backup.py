"""``tminus backup FILE``: a consistent copy of an installation, also while it serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import open_home

app = typer.Typer(add_completion=False)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write, e.g. event.tar.gz.")],
    home: Annotated[Path | None, typer.Option(help="The installation; default TMINUS_HOME, else ./event.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Write database, files, settings, key and record heads into one file, readable by its owner only."""
    open_home(home)
    from tminus.platform.backup.archive import BackupFault, described
    from tminus.platform.backup.write import write_backup

    try:
        told = described(write_backup(file))
    except BackupFault as error:
        fail(str(error))
    except OSError as error:
        fail(f"{file}: {error.strerror or error}")
    if as_json:
        typer.echo(json.dumps({"file": str(file), **told}, ensure_ascii=False))
    else:
        lines = ", ".join(f"{chain} {seq}" for chain, seq in told["record_lines"].items()) or "none"
        typer.echo(f"{file}: {told['files']} files, {told['database']}; record lines: {lines}")
