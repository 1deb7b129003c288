"""Curves of two walks of a day in one drawing: the first solid, the second dashed, each named at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tminus.desks.passengers.charts import scale

WIDTH, HEIGHT = 560, 210
LEFT, RIGHT, TOP, BOTTOM = 58, 34, 14, 28
EVERY_TICKS = 8
LEAST = 0.005
"""Share of the most that is not worth a longer drawing: a few who never get home."""
APART = 15
"""Least distance of two names, so that neither covers the other."""


def two_curves(times: Sequence[str], a: Sequence[float], b: Sequence[float]) -> dict[str, Any]:
    """Both from zero on one scale, while there is anything to draw; ``nothing``: there never is.

    Names stand where the two lie furthest apart. ``times``: ``HH:MM`` of the longer of the two.
    """
    first, last = _shown(a, b)
    a, b, times = a[first:last], b[first:last], times[first:last]
    if not any((*a, *b)):
        return {"nothing": True}
    top, many = scale(max([*a, *b, 1])), len(times)
    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "label_y": HEIGHT - 8,
        "a": _line(a, many, top), "b": _line(b, many, top), "names": _names(a, b, many, top),
        "rows": [{"y": _y(value, top), "value": f"{value:,.10g}"} for value in (0, top / 2, top)],
        "ticks": _ticks(times),
    }  # fmt: skip


def _shown(a: Sequence[float], b: Sequence[float]) -> tuple[int, int]:
    """From the slot before one of the two is more than next to nothing to the one after it."""
    least = max([*a, *b, 0]) * LEAST
    busy = [n for values in (a, b) for n, value in enumerate(values) if value > least]
    return (max(min(busy) - 1, 0), max(busy) + 2) if busy else (0, 0)


def _names(a: Sequence[float], b: Sequence[float], many: int, top: int) -> list[dict[str, Any]]:
    """Beside both curves at the slot where they differ most."""
    both = min(len(a), len(b))
    at = max(range(both), key=lambda n: abs(a[n] - b[n]), default=0)
    if not both:
        return []
    one, other = _y(a[at], top), _y(b[at], top)
    first, second = (one - 5, other + 13) if one <= other else (one + 13, other - 5)
    if abs(first - second) < APART:
        second = first + (APART if one <= other else -APART)
    x = min(max(_x(at, many), LEFT + 20), WIDTH - RIGHT - 20)
    return [{"side": side, "x": x, "y": _inside(y)} for side, y in (("a", first), ("b", second))]


def _inside(y: float) -> float:
    return round(min(max(y, TOP + 8), HEIGHT - BOTTOM - 3), 1)


def _line(values: Sequence[float], many: int, top: int) -> str:
    return " ".join(f"{_x(number, many)},{_y(value, top)}" for number, value in enumerate(values))


def _x(number: int, many: int) -> float:
    return round(LEFT + (number + 0.5) / max(many, 1) * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float, top: int) -> float:
    return round(TOP + (1 - max(value, 0) / top) * (HEIGHT - TOP - BOTTOM), 1)


def _ticks(times: Sequence[str]) -> list[dict[str, Any]]:
    whole = [(number, text) for number, text in enumerate(times) if text.endswith(":00")]
    every = max(1, -(-len(whole) // EVERY_TICKS))
    return [{"x": _x(number, len(times)), "at": _clock(at)} for number, at in whole[::every]]


def _clock(text: str) -> str:
    return f"{int(text[:2]) % 24:02}{text[2:]}"
