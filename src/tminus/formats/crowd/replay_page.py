"""A simulated day as one HTML page that asks nothing of anybody: it plays from a disk or a mail's attachment.

Its script and style are built from ``frontend/src/replay`` with the package, and are the ones the console draws with.
Where they were not built the page still tells the worst places and minutes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from importlib import resources
from typing import Any

BUILT = "replay"
"""Folder of what the browser half was built into."""


def replay_page(day: Mapping[str, Any], ground: Mapping[str, Any] | None = None) -> bytes:
    """The page of a document of :func:`tminus.formats.crowd.replay_data.replay_data`.

    :param ground: a drawing to lie beneath, as the console's ``day-ground`` answers it; none: plain paper.
    """
    name = day["name"].get("en") or day["name"].get("zh") or ""
    parts = {
        "<!--NAME-->": escape(name),
        "<!--TABLE-->": worst_table(day),
        "/*STYLE*/": _built("replay.css"),
        "/*DATA*/": _safe(day),
        "/*GROUND*/": _safe(ground),
        "/*SCRIPT*/": _built("replay.js"),
    }
    template = resources.files(__package__).joinpath("replay.html").read_text(encoding="utf-8")
    filled = re.sub("|".join(map(re.escape, parts)), lambda found: parts[found[0]], template)
    return filled.encode()


def worst_table(day: Mapping[str, Any]) -> str:
    """The worst places and minutes as HTML, for readers without script."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(place_name(day, one))}</th><td>{_clock(day, one['from'])}–"
        f"{_clock(day, min(one['to'] + 1, len(day['times']) - 1))}</td><td>{one['level'] or ''}</td>"
        f"<td class='number'>{one['persons']:,}</td><td class='number'>{one['minutes']:,}</td></tr>"
        for one in day["worst"]
    )
    heads = ("Place", "From–to", "Level", "Persons", "Person-minutes")
    return (
        "<table><caption>Worst places and minutes</caption><thead><tr>"
        + "".join(f"<th scope='col'>{head}</th>" for head in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def place_name(day: Mapping[str, Any], one: Mapping[str, Any], language: str = "en") -> str:
    """Of an entry of the document's ``worst``: a node's name, a way's both ends."""
    if one["kind"] != "way":
        return str(day["nodes"][one["at"]][language])
    way = day["ways"][one["at"]]
    ends = [str(day["nodes"][way[end]][language]) for end in ("from", "to")]
    return f"{ends[0]} ({way['id']})" if ends[0] == ends[1] else " – ".join(ends)


def _clock(day: Mapping[str, Any], slot: int) -> str:
    return escape(str(day["times"][slot]).rpartition("T")[2][:5])


def _safe(document: Mapping[str, Any] | None) -> str:
    """JSON that ends no script."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _built(name: str) -> str:
    found = resources.files(__package__).joinpath(BUILT, name)
    return found.read_text(encoding="utf-8").replace("</", "<\\/") if found.is_file() else ""
