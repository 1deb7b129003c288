"""``tminus record``: verify the record of acts, and print its head to be kept elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from tminus.cli.failing import fail
from tminus.cli.installation import open_home

app = typer.Typer(add_completion=False, no_args_is_help=True)

Chain = Annotated[str, typer.Option(metavar="SLUG", help="Default: every event and the installation's own.")]
Home = Annotated[Path | None, typer.Option(metavar="DIR", help="Default: TMINUS_HOME, else ./event.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.command()
def verify(
    event: Chain = "",
    strict: Annotated[bool, typer.Option(help="Also fail where the file of heads is shorter than the record.")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Check every line of the record; exit code 1 and the exact place where it is not as it was written."""
    open_home(home)
    from tminus.platform.models import RecordHead
    from tminus.platform.recordbook.verify import only_unconfirmed, verify

    chains = list(RecordHead.objects.values_list("chain", flat=True))
    if event and event not in chains:
        fail(f"--event: no record of {event!r}; allowed: {', '.join(chains) or 'none yet'}")
    findings = verify(event or None)
    failed = bool(findings) and (strict or not only_unconfirmed(findings))
    if as_json:
        typer.echo(json.dumps({"whole": not failed, "findings": [found.as_json() for found in findings]}))
    else:
        for found in findings:
            typer.echo(f"{found.chain}: {found.message}")
        if not failed:
            lines = sum(RecordHead.objects.filter(chain__in=[event] if event else chains).values_list("seq", flat=True))
            typer.echo(f"the record is whole: {lines} lines")
    raise SystemExit(1 if failed else 0)


@app.command()
def head(event: Chain = "", as_json: AsJson = False, home: Home = None) -> None:
    """Print the last line's number and hash of each chain."""
    open_home(home)
    from tminus.platform.models import RecordHead

    heads = RecordHead.objects.filter(chain=event) if event else RecordHead.objects.all()
    rows = [{"chain": row.chain, "seq": row.seq, "hash": row.hash} for row in heads]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        typer.echo(f"{row['chain']} {row['seq']} {row['hash']}")
