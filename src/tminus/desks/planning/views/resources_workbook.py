"""What the page of resources shows, as a workbook."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tminus.formats.book_writer import workbook


def levelling_workbook(found: dict[str, Any], loads: list[dict[str, Any]]) -> bytes:
    """Loads of all resources; with a levelling also its worth, the chosen resource's days and the tasks moved."""
    sheets = [_loads(loads)]
    if found["levelling"]:
        sheets += [_worth(found["levelling"]), _binding(found["binding"])]
        sheets += [_days(found["load"])] if found["load"] else []
        sheets.append(_moved(found["moved"]))
    return workbook(sheets)


def _loads(rows: list[dict[str, Any]]) -> Any:
    heads = [
        _("Code"), _("Resource"), _("Available"), _("Needed at most"), _("Needed at most, levelled"),
        _("Overload, unit-hours"), _("Overload levelled, unit-hours"), _("Days overloaded"),
        _("Days overloaded, levelled"),
    ]  # fmt: skip
    names = (
        "resource", "name", "capacity", "peak_before", "peak_after", "hours_before", "hours_after", "days_before",
        "days_after",
    )  # fmt: skip
    return _("Resources"), heads, [[row[name] for name in names] for row in rows], [14, 34, *[14] * 7]


def _worth(one: dict[str, Any]) -> Any:
    names = [("gates_late", _("Gates late")), ("tardiness_days", _("Weighted days late")), ("cost", _("Cost"))]
    rows = [[word, one["before"][name], one["after"][name], one["lower_bound"].get(name)] for name, word in names]
    rows.append([_("Overload, unit-hours"), one["overload_before"], one["overload_after"], None])
    return _("Worth"), [_("What"), _("Now"), _("Levelled"), _("At best")], rows, [30, 14, 14, 14]


def _binding(rows: list[dict[str, Any]]) -> Any:
    heads = [_("Resource"), _("Days full"), _("First"), _("Last"), _("Tasks that wait")]
    names = ("name", "days", "first", "last", "tasks")
    return _("What binds"), heads, [[row[name] for name in names] for row in rows], [34, 12, 14, 14, 16]


def _days(load: dict[str, Any]) -> Any:
    heads = [
        _("Date"), _("Available"), _("Needed at most"), _("Needed at most, levelled"), _("Overload, unit-hours"),
        _("Overload levelled, unit-hours"),
    ]  # fmt: skip
    names = ("date", "capacity", "before", "after", "hours_before", "hours_after")
    sheet = "".join(sign for sign in load["name"] if sign not in "[]:*?/\\'")[:31] or _("Days")
    return sheet, heads, [[row[name] for name in names] for row in load["days"]], [14] * 6


def _moved(rows: list[dict[str, Any]]) -> Any:
    heads = [
        _("ID"), _("Task"), _("Holder"), _("Unit"), _("Start now"), _("Finish now"), _("Start levelled"),
        _("Finish levelled"), _("Days"), _("Waits for"),
    ]  # fmt: skip
    names = ("key", "name", "holder", "unit", "was_start", "was_finish", "start", "finish", "days", "waits_for")
    widths = [12, 40, 20, 24, 16, 16, 16, 16, 8, 26]
    return _("Tasks moved"), heads, [[row[name] for name in names] for row in rows], widths
