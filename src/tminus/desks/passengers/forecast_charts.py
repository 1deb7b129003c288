"""Drawings of forecasts on the server: the interval as a band, the mean dashed, what was counted solid."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tminus.desks.passengers.charts import scale

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 14, 28
EVERY_TICKS = 8
"""About so many hours are written below."""
BAR = 160
"""Width of the bar beside a day, as the template draws it."""


def curve_chart(
    times: Sequence[str],
    curve: dict[str, Any],
    base: Sequence[float] = (),
    *,
    width: int = WIDTH,
    ticks: int = EVERY_TICKS,
) -> dict[str, Any]:
    """One measure of one place over the slots of a day (``YYYY-MM-DD HH:MM``), from zero.

    :param base: its mean as forecast, where ``curve`` is a what-if.
    :param width: of the drawing; narrow where it stands beside something.
    """
    counted = curve.get("counted") or []
    most = max([*curve["p90"], *curve["mean"], *base, *(value for value in counted if value is not None)], default=1)
    top = scale(max(most, 1))
    many = len(times)

    def at(number: int, value: float) -> str:
        return f"{slot_x(number, many, width)},{_y(value, top)}"

    upper = [at(number, value) for number, value in enumerate(curve["p90"])]
    lower = [at(number, value) for number, value in enumerate(curve["p10"])]
    parts = groupby(enumerate(counted), key=lambda one: one[1] is not None)
    return {
        "width": width, "height": HEIGHT, "left": LEFT, "right": width - RIGHT, "label_y": HEIGHT - 8,
        "band": " ".join([*upper, *reversed(lower)]),
        "mean": " ".join(at(number, value) for number, value in enumerate(curve["mean"])),
        "base": " ".join(at(number, value) for number, value in enumerate(base)),
        "counted": [" ".join(at(*one) for one in part) for known, part in parts if known],
        "rows": [{"y": _y(value, top), "value": f"{value:,.10g}"} for value in (0, top / 2, top)],
        "ticks": _ticks(times, width, ticks),
    }  # fmt: skip


def slot_x(number: int, many: int, width: int = WIDTH) -> float:
    """Where the middle of a slot stands in a chart so wide."""
    return round(LEFT + (number + 0.5) / many * (width - LEFT - RIGHT), 1)


def _ticks(times: Sequence[str], width: int, most: int) -> list[dict[str, Any]]:
    whole = [(number, text[-5:]) for number, text in enumerate(times) if text.endswith(":00")]
    return [{"x": slot_x(number, len(times), width), "at": at} for number, at in whole[:: max(1, len(whole) // most)]]


def _y(value: float, top: int) -> float:
    return round(TOP + (1 - max(value, 0) / top) * (HEIGHT - TOP - BOTTOM), 1)


def with_bars(days: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Days with their interval as a bar on one scale: where it begins, how long it is, where its mean stands."""
    most = max((max(day["p90"], day["mean"], day.get("counted") or 0) for day in days), default=0) or 1
    return [
        {**day, "bar": {
            "x": round(BAR * day["p10"] / most, 1), "width": round(max(BAR * (day["p90"] - day["p10"]) / most, 1), 1),
            "mean": round(BAR * day["mean"] / most, 1),
            "counted": round(BAR * day["counted"] / most, 1) if day.get("counted") is not None else None,
        }}
        for day in days
    ]  # fmt: skip
