"""Two states of a checkpoint side by side: what became done, what newly failed, what moved, what changed hands."""

from __future__ import annotations

from datetime import date
from typing import Any

Row = dict[str, Any]
KINDS = ("became_done", "newly_failed", "newly_at_risk", "no_longer_done", "moved", "changed_hands", "added", "removed")


def compared(before: list[Row], after: list[Row]) -> dict[str, list[dict[str, Any]]]:
    """Lists of changes by kind, each item with its row as it is later (or was, where it is gone), as in documents.

    A task may stand in several lists: what newly failed may have changed hands too.
    """
    old = {row["key"]: row for row in before}
    new = {row["key"]: row for row in after}
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for key, row in new.items():
        if key not in old:
            found["added"].append({"row": row})
        else:
            _changes(found, old[key], row)
    found["removed"] = [{"row": row} for key, row in old.items() if key not in new]
    found["moved"].sort(key=lambda one: -abs(one["days"]))
    for kind in ("newly_failed", "newly_at_risk"):
        found[kind].sort(key=lambda one: one["row"]["float_days"])
    return found


def _changes(found: dict[str, list[dict[str, Any]]], old: Row, new: Row) -> None:
    was, now = old["state"], new["state"]
    is_done, was_done = new["done"], old["done"]
    if is_done and not was_done:
        found["became_done"].append({"row": new, "was": was})
    elif was_done and not is_done:
        found["no_longer_done"].append({"row": new})
    if now == "failed" and was != "failed":
        found["newly_failed"].append({"row": new, "was": was})
    if now == "at_risk" and was not in {"at_risk", "failed"}:
        found["newly_at_risk"].append({"row": new, "was": was})
    if new["finish"] != old["finish"] and not is_done:
        found["moved"].append({"row": new, "before": old, "days": _days(old, new)})
    if (new["holder"], new.get("holder_text")) != (old["holder"], old.get("holder_text")):
        found["changed_hands"].append({"row": new, "before": old})


def _days(old: Row, new: Row) -> int:
    return (date.fromisoformat(new["finish"][:10]) - date.fromisoformat(old["finish"][:10])).days
