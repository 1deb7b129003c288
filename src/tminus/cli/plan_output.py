"""What every plan's command does with its document: files, JSON, or lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from tminus.cli.place_files import place_files

SHOWN = 5
"""So many of what binds are told to people; the document has all."""


def hand_out(
    document: dict[str, Any],
    tables: Mapping[str, bytes],
    name: str,
    out: Path | None,
    as_json: bool,
    show: Callable[[dict[str, Any]], None],
) -> None:
    """Tables and the document under ``name`` to the folder ``out``; the document or what people read to the terminal.

    :raises BadFile: the folder cannot be written.
    """
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=1)
        place_files({**tables, name: text.encode()}, out)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        show(document)


def show_binding(console: Console, binding: list[dict[str, Any]]) -> None:
    """What holds the plan back, the dearest first."""
    for one in binding[:SHOWN]:
        console.print(f"  binds: {one['what']}, {one['from']}–{one['to']}", highlight=False, markup=False)


def show_simulated(console: Console, simulated: dict[str, Any] | None) -> None:
    """``planned 14 min, simulated 17 min``, and on how many sample days the plan held."""
    if simulated is None:
        return
    measure = simulated["measure"]
    planned = "" if simulated["planned"] is None else f"planned {_figure(measure, simulated['planned'])}, "
    held = ""
    if "paths_kept" in simulated:
        held = f"; kept on {simulated['paths_kept']} of {simulated['paths']} sample days"
    came = f"simulated {_figure(measure, simulated['simulated'])} ({simulated['by']})"
    console.print(f"{planned}{came}{held}", highlight=False, markup=False)


def _figure(measure: str, value: float) -> str:
    if measure.endswith("_min"):
        return f"{value:,.1f} min"
    if measure.endswith("_s"):
        return f"{value / 60:,.1f} min"
    return f"{value:.1%}" if measure.startswith("within") else f"{value:,.0f} {measure}"


def own_recursion(measure: str, value: float) -> dict[str, Any]:
    """The key ``simulated`` of a plan that was not walked: what the code that checks plans came to."""
    return {"by": "the plan's own recursion", "measure": measure, "planned": None, "simulated": round(value, 3)}


def show_runs(console: Console, changes: list[dict[str, Any]] | None) -> None:
    """Departures that are new or not run any more."""
    for one in changes or []:
        console.print(
            f"  {one['what']} {one['from']}: {'new' if one['now'] else 'not run'}", highlight=False, markup=False
        )
