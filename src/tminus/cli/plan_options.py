"""Options every plan of ``tminus transport`` and ``tminus routes`` has, written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Published = Annotated[
    Path | None, typer.Option(metavar="FILE", help="What people were told: the first table an earlier --out wrote.")
]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Write the plan's files here.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Quantile = Annotated[float, typer.Option(help="As busy a day as this share of the forecast's paths.")]
Walked = Annotated[bool, typer.Option("--simulate/--no-simulate", help="Walk the plan again, person by person.")]
