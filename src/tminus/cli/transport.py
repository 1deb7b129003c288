"""``tminus transport``: station inflow, headways, shuttles and supply from a forecast."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

app = typer.Typer(add_completion=False, no_args_is_help=False)

SUBCOMMANDS = (
    "tminus.cli.transport_inflow",
    "tminus.cli.transport_headways",
    "tminus.cli.transport_shuttles",
    "tminus.cli.transport_supply",
)
"""Modules with ``register(app)``, which adds their command."""


@app.callback()
def transport() -> None:
    """Targeted transport: each plan with its bound, its gap, what binds, and simulated again."""


for _module in SUBCOMMANDS:
    if find_spec(_module) is not None:
        import_module(_module).register(app)
