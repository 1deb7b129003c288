"""``tminus routes``: plans for the ways of a crowd: gates, one-way systems."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

app = typer.Typer(add_completion=False, no_args_is_help=False)

SUBCOMMANDS = ("tminus.cli.routes_gates", "tminus.cli.routes_one_way")
"""Modules with ``register(app)``, which adds their command."""


@app.callback()
def routes() -> None:
    """Plans for the ways of a crowd: each with its bound, its gap, what binds, and checked anew."""


for _module in SUBCOMMANDS:
    if find_spec(_module) is not None:
        import_module(_module).register(app)
