"""What a plan of ours holds and Primavera has no column for: kept in user-defined fields named ``tminus …``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tminus.engines.schedule import Duration, Task, TaskKind

MARK = "tminus "
TEXTS = ("name_zh", "unit", "responsible", "place", "phase", "area", "dimension", "notes", "wbs")
FLAGS = ("gate", "manual")
OTHERS = ("id", "supporting", "weight", "deadline", "inactive", "pause_minutes", "elapsed")
KEPT = (*TEXTS, *FLAGS, *OTHERS)


def texts_of(task: Task) -> dict[str, str]:
    """By the name of the field, what is not as it would be anyway."""
    found = {name: json.dumps(value, ensure_ascii=False) for name in TEXTS if (value := getattr(task, name))}
    found |= {name: "1" for name in FLAGS if getattr(task, name)}
    if task.kind is TaskKind.SUMMARY:
        found["id"] = task.id
    if task.supporting:
        found["supporting"] = json.dumps(task.supporting, ensure_ascii=False)
    if task.weight != 1.0:
        found["weight"] = repr(task.weight)
    if task.deadline:
        found["deadline"] = task.deadline.isoformat()
    if not task.active:
        found["inactive"] = "1"
    if task.pause_minutes:
        found["pause_minutes"] = str(task.pause_minutes)
    if task.duration.elapsed:
        found["elapsed"] = json.dumps(task.calendar)
    return found


def restored(task: Task, kept: Mapping[str, str]) -> Task:
    """``task`` with what was kept of it.

    :raises ValueError: a kept value that is not as we write it.
    """
    changes: dict[str, Any] = {name: str(json.loads(kept[name])) for name in TEXTS if name in kept}
    changes |= {name: True for name in FLAGS if name in kept}
    if "deadline" in kept:
        changes["deadline"] = datetime.fromisoformat(kept["deadline"])
    if "supporting" in kept:
        changes["supporting"] = tuple(str(one) for one in json.loads(kept["supporting"]))
    if "weight" in kept:
        changes["weight"] = float(kept["weight"])
    if "pause_minutes" in kept:
        changes["pause_minutes"] = int(kept["pause_minutes"])
    if "pause_minutes" in kept or "elapsed" in kept:
        work = task.duration.minutes - changes.get("pause_minutes", 0)
        changes["duration"] = Duration(work, elapsed="elapsed" in kept)
    if "elapsed" in kept:
        changes["calendar"] = json.loads(kept["elapsed"])
    if "inactive" in kept:
        changes["active"] = False
    return replace(task, **changes)
