"""``tminus forecast``: passenger flows months, a day and minutes ahead, and how good they were."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

import typer

app = typer.Typer(add_completion=False, no_args_is_help=False)

SUBCOMMANDS = (
    "tminus.cli.forecast_evaluate",
    "tminus.cli.forecast_day",
    "tminus.cli.forecast_attendance",
    "tminus.cli.forecast_live",
)
"""Modules with ``register(app)``, which adds their command."""


@app.callback()
def forecast() -> None:
    """Passenger flows: evaluate a model, forecast a day or attendance, follow live counts."""


for _module in SUBCOMMANDS:
    if find_spec(_module) is not None:
        import_module(_module).register(app)
