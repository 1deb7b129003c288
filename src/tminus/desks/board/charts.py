"""Drawings on the server: plain SVG numbers for templates, so that pages say the same with or without scripts."""

from __future__ import annotations

from typing import Any

WIDTH, HEIGHT = 560, 250
LEFT, RIGHT, TOP, BOTTOM = 34, 86, 14, 30


def readiness_chart(curve: dict[str, Any], t_today: int) -> dict[str, Any]:
    """Points of the target and actual lines, with where their words stand."""

    def x(t: float) -> float:
        return round(LEFT + (t + 100) / 100 * (WIDTH - LEFT - RIGHT), 1)

    def y(percent: float) -> float:
        return round(TOP + (100 - percent) / 100 * (HEIGHT - TOP - BOTTOM), 1)

    def line(points: list[dict[str, Any]]) -> str:
        return " ".join(f"{x(point['t'])},{y(point['percent'])}" for point in points)

    last = curve["actual"][-1] if curve["actual"] else None
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "bottom": HEIGHT - BOTTOM,
        "label_y": HEIGHT - 8,
        "target": line(curve["target"]),
        "actual": line(curve["actual"]),
        "last": {"x": x(last["t"]), "y": y(last["percent"]), "percent": last["percent"]} if last else None,
        "today_x": x(t_today) if -100 <= t_today <= 0 else None,
        "rows": [{"y": y(percent), "percent": percent} for percent in (0, 25, 50, 75, 100)],
        "ticks": [{"x": x(t), "t": f"T−{-t}"} for t in (-100, -80, -60, -40, -20, 0)],
    }
