"""The timetable as a drawing: where bars, heads of groups and arrows stand, in pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

ROW = 24
HEAD = 40
PIXELS = {"month": 4.0, "ten": 9.0, "week": 22.0}
BAR_TOP, DIAMOND, GAP = 6, 6, 6

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels."""

    first: date
    per_day: float

    def x(self, at: date | datetime) -> float:
        if isinstance(at, datetime):
            whole = (at.date() - self.first).days
            return round((whole + (at.hour * 60 + at.minute) / 1440) * self.per_day, 1)
        return round((at - self.first).days * self.per_day, 1)


def scale_of(found: Row, view: str) -> Scale:
    return Scale(found["first"] - timedelta(days=2), PIXELS[view])


def drawn(found: Row, scale: Scale) -> list[Row]:
    """Heads and rows in the order they stand, each with its ``y`` and where its bars are."""
    return [
        _head(row, y, scale) if "folded" in row else _bars(row, y, scale)
        for y, row in ((HEAD + number * ROW, row) for number, row in enumerate(_interleaved(found)))
    ]


def _interleaved(found: Row) -> Iterator[Row]:
    heads = iter(found["heads"])
    head = next(heads, None)
    for number, row in enumerate(found["rows"]):
        while head and head["before"] <= number:
            yield head
            head = next(heads, None)
        yield row
    if head:
        yield head
    yield from heads


def _head(row: Row, y: int, scale: Scale) -> Row:
    made = {**row, "is_head": True, "y": y}
    if row["start"] and row["finish"]:
        x = scale.x(row["start"])
        made |= {"x": x, "width": max(scale.x(row["finish"]) - x, 2)}
    return made


def _bars(row: Row, y: int, scale: Scale) -> Row:
    if row["start"] is None or row["finish"] is None:
        return {**row, "y": y}
    x, width = scale.x(row["start"]), max(scale.x(row["finish"]) - scale.x(row["start"]), 2)
    made = {**row, "y": y, "x": x, "width": width, "mid": y + ROW // 2}
    made["done_width"] = round(width * row["percent"] / 100, 1)
    if row["published_start"] and row["published_finish"]:
        made["base_x"] = scale.x(row["published_start"])
        made["base_width"] = max(scale.x(row["published_finish"]) - made["base_x"], 2)
    then = [row["baseline_start"] or row["baseline_finish"], row["baseline_finish"] or row["baseline_start"]]
    if then[0]:
        made["then_x"] = scale.x(then[0])
        made["then_width"] = max(scale.x(then[1]) - made["then_x"], 2)
    if row["forecast_finish"] and row["forecast_finish"] > row["finish"]:
        made["forecast_width"] = scale.x(row["forecast_finish"]) - x
    return made


def arrows(links: list[Row], rows: list[Row]) -> list[Row]:
    """Links with the path of their elbow; the heavier ones last, so that they lie on top."""
    at = {row["key"]: row for row in rows if "key" in row and "x" in row}
    both = [link for link in links if link["pred"] in at and link["succ"] in at]
    found = [{**link, "d": _elbow(at[link["pred"]], at[link["succ"]], link["kind"])} for link in both]
    return sorted(found, key=lambda link: bool(link["critical"]))


def _elbow(pred: Row, succ: Row, kind: str) -> str:
    """From the end of one bar that counts to the end of the other; straight down where there is room for it."""
    leave, arrive = (1 if kind[0] == "F" else -1), (-1 if kind[1] == "S" else 1)
    x1, x2 = _end(pred, kind[0]), _end(succ, kind[1])
    y1, y2 = pred["mid"], succ["mid"]
    down = 1 if y2 > y1 else -1
    if kind == "FS" and x2 >= x1 - 1 and succ["kind"] != "summary":
        into = x2 + (DIAMOND if succ["kind"] == "milestone" else min(4.0, succ["width"] / 2))
        return f"M{x1:g} {y1}H{into:g}V{y2 - down * (ROW // 2 - BAR_TOP + 1)}"
    out, near = x1 + leave * GAP, x2 + arrive * (GAP + 2)
    if arrive == -leave and (near - out) * leave >= 0:
        return f"M{x1:g} {y1}H{near:g}V{y2}H{x2:g}"
    if arrive == leave:
        far = max(out, near) if leave > 0 else min(out, near)
        return f"M{x1:g} {y1}H{far:g}V{y2}H{x2:g}"
    return f"M{x1:g} {y1}H{out:g}V{y2 - down * ROW // 2}H{near:g}V{y2}H{x2:g}"


def _end(row: Row, side: str) -> float:
    """Where a bar's start or finish is; a milestone's are the tips of its diamond."""
    tip = DIAMOND if row["kind"] == "milestone" else 0
    return float(row["x"] - tip if side == "S" else row["x"] + (tip or row["width"]))
