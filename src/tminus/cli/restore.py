"""``tminus restore FILE --home DIR``: an installation as it stood when the backup was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import migrate, open_home
from tminus.platform.backup.archive import Manifest

app = typer.Typer(add_completion=False)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `tminus backup` wrote.")],
    home: Annotated[Path, typer.Option(help="A folder that is empty or not there yet.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Restore a backup; a damaged file or a home that is not empty is refused and nothing is left behind."""
    from tminus.platform.backup.archive import BackupFault, described
    from tminus.platform.backup.restore import restore as put_back

    if not file.is_file():
        fail(f"{file}: no such file")
    try:
        manifest = put_back(file, home)
    except BackupFault as error:
        fail(str(error))
    try:
        lines = _opened(home, manifest)
    except (BackupFault, SystemExit) as error:
        shutil.rmtree(home, ignore_errors=True)
        if isinstance(error, SystemExit):
            raise
        fail(str(error))
    if as_json:
        typer.echo(json.dumps({"home": str(home), "lines": lines, **described(manifest)}, ensure_ascii=False))
    else:
        typer.echo(f"{home}: restored as of {manifest.made_at}; the record's {lines} lines verify")
        typer.echo(f"Start it: tminus serve --home {home}")


def _opened(home: Path, manifest: Manifest) -> int:
    """Open what was restored, bring it to this version's form, and recompute its record."""
    place = open_home(home)
    from django.conf import settings

    from tminus.platform.backup.chain import check_chains
    from tminus.platform.backup.restore import load_dump

    load_dump(place, settings.DATABASES["default"])
    migrate()
    return check_chains(manifest.record)
