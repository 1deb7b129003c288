"""Drawings on the server: plain SVG numbers for templates, so that pages say the same with or without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WIDTH, HEIGHT = 560, 200
LEFT, RIGHT, TOP, BOTTOM = 38, 70, 14, 28


def probability_chart(points: Sequence[dict[str, Any]], aim: float) -> dict[str, Any]:
    """One line over the days simulations were made on; probabilities 0 … 1 from zero to a hundred per cent."""
    first = min((point["t"] for point in points), default=-1)
    last = max((point["t"] for point in points), default=0)
    span = max(last - first, 1)

    def x(t: int) -> float:
        return round(LEFT + (t - first) / span * (WIDTH - LEFT - RIGHT), 1)

    def y(p: float) -> float:
        return round(TOP + (1 - p) * (HEIGHT - TOP - BOTTOM), 1)

    ends = [points[0], points[-1]] if len(points) > 1 else list(points)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "line": " ".join(f"{x(point['t'])},{y(point['p'])}" for point in points),
        "dots": [{"x": x(point["t"]), "y": y(point["p"])} for point in points],
        "last": {"x": x(points[-1]["t"]), "y": y(points[-1]["p"]), "p": 100 * points[-1]["p"]} if points else None,
        "aim": {"y": y(aim), "percent": 100 * aim},
        "rows": [{"y": y(percent / 100), "percent": percent} for percent in (0, 25, 50, 75, 100)],
        "ticks": [
            {"x": x(point["t"]), "label": f"T{'−' if point['t'] <= 0 else '+'}{abs(point['t'])}"} for point in ends
        ],
        "label_y": HEIGHT - 8,
    }


BAR_WIDTH = 220


def tornado(causes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bars of the points of probability each cause costs, the longest first."""
    most = max((abs(cause["points"]) for cause in causes), default=0) or 1
    return [{**cause, "width": round(BAR_WIDTH * max(cause["points"], 0) / most, 1)} for cause in causes]
