"""How loaded a crew or machine is, day by day, as numbers an SVG of a page is drawn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

WIDTH, HEIGHT = 900, 230
LEFT, RIGHT, TOP, BOTTOM = 34, 96, 14, 28
MOST_TICKS = 10

Place = Callable[[float], float]


def load_chart(days: Sequence[dict[str, Any]], opening: date) -> dict[str, Any] | None:
    """``days``: date, capacity, units in use before and after; those without use may be missing. ``None``: no day."""
    if not days:
        return None
    first, last = days[0]["date"], days[-1]["date"] + timedelta(days=1)
    most: float = max(max(row["capacity"], row["before"], row["after"]) for row in days) or 1.0
    days_wide: int = (last - first).days
    wide = (WIDTH - LEFT - RIGHT) / days_wide

    def x(day: date) -> float:
        return float(round(LEFT + (day - first).days * wide, 2))

    def y(units: float) -> float:
        return round(TOP + (1 - units / most) * (HEIGHT - TOP - BOTTOM), 2)

    return {
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "bottom": y(0), "label_y": HEIGHT - 8,
        "bars": [_bar(x(row["date"]), y, row["after"], 0, wide) for row in days if row["after"] > 0],
        "over": [
            _bar(x(row["date"]), y, row["before"], row["capacity"], wide)
            for row in days if row["before"] > row["capacity"]
        ],
        "before": _steps([(x(row["date"]), row["before"]) for row in days], y, wide),
        "capacity": _capacity(days, x, y),
        "last": {"y": y(days[-1]["capacity"]), "units": days[-1]["capacity"]},
        "rows": [{"y": y(units), "units": units} for units in _units(most)],
        "ticks": [{"x": x(day), "label": _t(day, opening)} for day in _ticks(first, last, opening)],
    }  # fmt: skip


def _bar(left: float, y: Place, top: float, foot: float, wide: float) -> dict[str, float]:
    gap = 1 if wide > 4 else 0
    return {"x": left, "y": y(top), "width": round(wide - gap, 2), "height": round(y(foot) - y(top), 2)}


def _steps(points: Sequence[tuple[float, float]], y: Place, wide: float) -> str:
    """An outline over the days, down to zero where days are missing."""
    parts, end = [], None
    for left, units in points:
        joined = end is not None and abs(end - left) < 0.1
        if not joined:
            parts.append((f"V{y(0)}" if end is not None else "") + f"M{left},{y(0)}")
        end = round(left + wide, 2)
        parts.append(f"V{y(units)}H{end}")
    return "".join(parts) + f"V{y(0)}"


def _capacity(days: Sequence[dict[str, Any]], x: Callable[[date], float], y: Place) -> str:
    """As many as there are, from the first day to the last; between days as on the day before."""
    parts = [f"M{x(days[0]['date'])},{y(days[0]['capacity'])}"]
    parts += [f"H{x(row['date'])}V{y(row['capacity'])}" for row in days[1:]]
    return "".join(parts) + f"H{WIDTH - RIGHT}"


def _units(most: float) -> list[float]:
    """Round numbers up to ``most``, five at the most."""
    step = next((size * 10**power for power in range(7) for size in (1, 2, 5) if most / (size * 10**power) <= 5), most)
    return [number * step for number in range(int(most // step) + 1)]


def _ticks(first: date, last: date, opening: date) -> list[date]:
    """Every tenth day from opening, or every twentieth … where there are many."""
    step = next(every for every in (10, 20, 50, 100, 1000) if (last - first).days / every <= MOST_TICKS)
    ahead = (opening - first).days // step * step
    days = (opening - timedelta(days=ahead - number * step) for number in range(MOST_TICKS + 2))
    return [day for day in days if first <= day <= last]


def _t(day: date, opening: date) -> str:
    n = (day - opening).days
    return f"T{'−' if n <= 0 else '+'}{abs(n)}"
