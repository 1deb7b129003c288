"""Drawings on the server: plain SVG numbers for templates, so that pages say the same with or without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 14, 28
EVERY_TICKS = 8
"""About so many hours are written below."""
STEPS = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10)


def site_chart(slots: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Persons on the site, and entries and exits of each whole quarter of an hour, from shortly before the first came.

    The last of ``slots`` is still running: what came in of it so far would look like a fall.
    """
    first = next((number for number, slot in enumerate(slots) if slot["in"] or slot["out"]), len(slots))
    shown = slots[max(first - 1, 0) : -1]
    if len(shown) < 2:
        return None
    top = scale(max(max(slot["inside"] for slot in shown), 1))
    bars = scale(max(max(max(slot["in"], slot["out"]) for slot in shown), 1))
    return {
        **_frame(shown),
        "inside": _line(shown, "inside", top),
        "entries": _line(shown, "in", bars),
        "exits": _line(shown, "out", bars),
        "inside_rows": _rows(top),
        "flow_rows": _rows(bars),
    }


def counter_chart(slots: Sequence[dict[str, Any]], channels: str) -> dict[str, Any]:
    """What a counter counted by quarters of an hour; over what is not known there is no line."""
    names = ("in", "out") if channels == "both" else (channels,)
    top = scale(max(max((slot[name] for slot in slots for name in names), default=0), 1))
    wide = (WIDTH - LEFT - RIGHT) / len(slots)
    return {
        **_frame(slots),
        "lines": [{"name": name, "parts": _known_parts(slots, name, top)} for name in names],
        "rows": _rows(top),
        "unknown": [
            {"x": round(LEFT + number * wide, 1), "width": round(wide + 0.1, 1)}
            for number, slot in enumerate(slots)
            if not slot["known"]
        ],
        "height_in": HEIGHT - TOP - BOTTOM,
        "top": TOP,
    }


def scale(most: float) -> int:
    """The least round number that is not below ``most``."""
    power = 1
    while power * 10 < most:
        power *= 10
    return int(next(max(step * power, 1) for step in STEPS if step * power >= most))


def _frame(slots: Sequence[dict[str, Any]]) -> dict[str, Any]:
    whole = [(number, slot["at"]) for number, slot in enumerate(slots) if slot["at"].minute == 0]
    every = max(1, len(whole) // EVERY_TICKS)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "bottom": HEIGHT - BOTTOM,
        "label_y": HEIGHT - 8,
        "ticks": [{"x": _x(number, slots), "at": f"{at:%H:%M}"} for number, at in whole[::every]],
    }


def _x(number: int, slots: Sequence[Any]) -> float:
    return round(LEFT + (number + 0.5) / len(slots) * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, top: int) -> float:
    return round(TOP + (1 - max(value, 0) / top) * (HEIGHT - TOP - BOTTOM), 1)


def _line(slots: Sequence[dict[str, Any]], name: str, top: int) -> str:
    return " ".join(f"{_x(number, slots)},{_y(slot[name], top)}" for number, slot in enumerate(slots))


def _known_parts(slots: Sequence[dict[str, Any]], name: str, top: int) -> list[str]:
    numbered = ((slot["known"], f"{_x(number, slots)},{_y(slot[name], top)}") for number, slot in enumerate(slots))
    return [
        " ".join(point for _known, point in part) for known, part in groupby(numbered, key=lambda one: one[0]) if known
    ]


def _rows(top: int) -> list[dict[str, Any]]:
    return [{"y": _y(value, top), "value": f"{value:,.10g}"} for value in (0, top / 2, top)]
