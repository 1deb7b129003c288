"""The board: are we on time, and who owns what is not."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.board.models import OutcomeWeight, ReadinessPoint, WallToken
from tminus.platform.registry import Context, Grant, ask, query

WORST = ("late", "at_risk", "unknown", "stale", "on_time", "done")
DIMENSIONS = ("safe", "splendid", "successful")
WORST_SHOWN = 10
COLUMNS_SHOWN = 7
"""Units with a column of their own in the matrix; the rest share one."""


class BoardArgs(BaseModel):
    """No arguments."""


@query("board.show", grants=Grant.READ)
def board(ctx: Context, args: BoardArgs) -> dict[str, Any]:
    """Readiness by area and unit, checkpoints, the worst ten, the curve, the outcome's three dimensions."""
    who: dict[str, Any] = {"event": ctx.event, "person": ctx.person, "system": ctx.scope.system}
    readiness = ask("planning.readiness", **who)
    checkpoints = ask("planning.checkpoints", **who)
    holes = ask("planning.tasks", {"holes": True, "limit": 1}, **who)
    columns = columns_of(readiness["units"])
    return {
        "readiness": readiness,
        "columns": columns,
        "others": len(readiness["units"]) - len(columns),
        "other_leads": ",".join(one["code"] or "-" for one in readiness["units"] if one not in columns),
        "others_together": together([one for one in readiness["units"] if one not in columns]),
        "matrix": matrix(readiness, columns),
        "checkpoints": checkpoints["checkpoints"],
        "next": next((one for one in checkpoints["checkpoints"] if not one["past"]), None),
        "conflicts": checkpoints["conflicts"],
        "late": readiness["whole"]["counts"].get("late", 0),
        "late_holders": readiness["late_holders"],
        "holes": holes["total"],
        "worst": worst(_candidates(who)),
        "curve": curve(ctx, who),
        "outcome": outcome(ctx, readiness),
    }


def columns_of(units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The units with a column of their own: those with most weight due and not done first."""
    if len(units) <= COLUMNS_SHOWN + 1:
        return units
    behind = sorted(units, key=lambda one: (one["done_weight"] - one["due_weight"], -one["weight"], one["code"]))
    return behind[:COLUMNS_SHOWN]


def matrix(readiness: dict[str, Any], columns: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of areas (worst first) with a cell, or nothing, for each column, and one for the other units together."""
    cells = {(cell["area"], cell["unit"]): cell for cell in readiness["cells"]}
    shown = {unit["code"] for unit in columns}
    return [
        {
            **area,
            "cells": [cells.get((area["code"], unit["code"])) for unit in columns],
            "others": together(
                [cell for (code, at), cell in cells.items() if code == area["code"] and at not in shown]
            ),
        }
        for area in readiness["areas"]
    ]


def together(cells: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Several cells as one; nothing when there are none."""
    weight = sum(cell["weight"] for cell in cells)
    if not weight:
        return None
    percent = round(100 * sum(cell["done_weight"] for cell in cells) / weight, 1)
    return {
        "ready_percent": percent,
        "status": min((cell["status"] for cell in cells), key=WORST.index),
        "tasks": sum(cell["tasks"] for cell in cells),
        "done": sum(cell["counts"].get("done", 0) for cell in cells),
    }


def _candidates(who: dict[str, Any]) -> list[dict[str, Any]]:
    """The late and the at risk with the least float: ten of each are enough to find the worst ten."""
    args = {"leaves": True, "order": "float", "limit": WORST_SHOWN}
    return [
        row
        for status in ("late", "at_risk")
        for row in ask("planning.tasks", {**args, "status": status}, **who)["rows"]
    ]


def worst(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ten that put most at risk: late before at risk, then the least float."""
    ranked = sorted(rows, key=lambda one: (one["status"] != "late", one["total_float_days"] or 0.0, one["finish"]))
    return ranked[:WORST_SHOWN]


def curve(ctx: Context, who: dict[str, Any]) -> dict[str, Any]:
    """The target from T−100 to T−0 and what was really ready on each day."""
    event = ctx.the_event
    target = ask("planning.target_curve", **who)["points"]
    kept = ReadinessPoint.objects.filter(event=event, day__lte=ctx.now.date()).order_by("day")
    actual = [{"t": event.t(point.day).n, "percent": point.ready_percent} for point in kept]
    return {"target": target, "actual": [point for point in actual if point["t"] >= -100]}


def outcome(ctx: Context, readiness: dict[str, Any]) -> list[dict[str, Any]]:
    """Safe, splendid, successful: readiness of the work each rests on, by visible weights; else not measured."""
    set_weights = {
        (one.dimension, one.area_code): one.weight for one in OutcomeWeight.objects.filter(event=ctx.the_event)
    }
    found = []
    for dimension in DIMENSIONS:
        areas = readiness["dimensions"].get(dimension, [])
        parts = [{**area, "weight": set_weights.get((dimension, area["code"]), 1.0)} for area in areas]
        found.append({"dimension": dimension, "parts": parts, **_mean(parts)})
    return found


def _mean(parts: list[dict[str, Any]]) -> dict[str, Any]:
    measured = [part for part in parts if part["ready_percent"] is not None and part["weight"]]
    weight = sum(part["weight"] for part in measured)
    if not weight:
        return {"percent": None, "target": None}
    return {
        "percent": round(sum(part["weight"] * part["ready_percent"] for part in measured) / weight, 1),
        "target": round(sum(part["weight"] * part["target_percent"] for part in measured) / weight, 1),
    }


@query("board.walls", grants=Grant.HEADQUARTERS)
def walls(ctx: Context, args: BoardArgs) -> list[dict[str, Any]]:
    """The wall screens, the latest first; never their secrets."""
    rows = WallToken.objects.filter(event=ctx.event).select_related("made_by")
    return [
        {
            "wall": row.pk,
            "name": row.name,
            "views": row.views,
            "language": row.language,
            "made_by": row.made_by.name if row.made_by else "",
            "made_at": row.made_at,
            "seen_at": row.seen_at,
            "on": row.revoked_at is None,
        }
        for row in rows
    ]
