"""What activities are marked with: activity codes and user-defined fields, and which of them are ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tminus.formats.primavera.kept import MARK
from tminus.formats.primavera.tables import Tables

MEANT = (
    ("responsible", re.compile(r"responsib|owner|task manager|责任人|负责人", re.I)),
    ("unit", re.compile(r"department|contractor|organi[sz]ation|company|discipline|unit$|责任单位|部门|单位", re.I)),
    ("area", re.compile(r"^areas?$|area code|zone|板块|区域", re.I)),
    ("place", re.compile(r"^location|^place|^site$|venue|地点|场馆", re.I)),
)
"""Names of code types and fields that say who, which unit, which area and where."""


@dataclass(slots=True)
class Marks:
    """Of one activity: what has a field of ours, and everything by the name it has in the file."""

    known: dict[str, str] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    """Fields of ours that Primavera has no column for (:mod:`.kept`)."""

    def put(self, name: str, value: str) -> None:
        if not value:
            return
        if name.startswith(MARK):
            self.kept[name.removeprefix(MARK)] = value
            return
        self.extra[name] = f"{self.extra[name]}, {value}" if name in self.extra else value
        for ours in _meant(name):
            self.known.setdefault(ours, value)


NO_MARKS = Marks()


@lru_cache(maxsize=1024)
def _meant(name: str) -> tuple[str, ...]:
    return tuple(ours for ours, pattern in MEANT if pattern.search(name))


def marks_of(tables: Tables, project: str) -> dict[str, Marks]:
    """By the key of the activity."""
    found: dict[str, Marks] = {}
    _codes(tables, project, found)
    _fields(tables, project, found, "TASK")
    return found


def marks_of_structure(tables: Tables, project: str) -> dict[str, Marks]:
    """By the key of the element of the work breakdown structure."""
    found: dict[str, Marks] = {}
    _fields(tables, project, found, "PROJWBS")
    return found


def _codes(tables: Tables, project: str, found: dict[str, Marks]) -> None:
    if not {"TASKACTV", "ACTVCODE", "ACTVTYPE"} <= tables.keys():
        return
    types = {key: name for key, name in tables["ACTVTYPE"].picked("actv_code_type_id", "actv_code_type")}  # noqa: C416 mypy cannot tell pairs
    names = tables["ACTVCODE"].picked("actv_code_id", "actv_code_name", "short_name")
    values = {key: name or short for key, name, short in names}
    for task, kind, code, of in tables["TASKACTV"].picked("task_id", "actv_code_type_id", "actv_code_id", "proj_id"):
        if of in (project, "") and kind in types:
            found.setdefault(task, Marks()).put(types[kind], values.get(code, ""))


def _fields(tables: Tables, project: str, found: dict[str, Marks], of_table: str) -> None:
    if not {"UDFTYPE", "UDFVALUE"} <= tables.keys():
        return
    types = {
        key: label
        for key, table, label in tables["UDFTYPE"].picked("udf_type_id", "table_name", "udf_type_label")
        if table == of_table
    }
    names = ("udf_type_id", "fk_id", "proj_id", "udf_text", "udf_number", "udf_date")
    for kind, task, of, text, amount, at in tables["UDFVALUE"].picked(*names):
        if kind in types and of in (project, ""):
            found.setdefault(task, Marks()).put(types[kind], text or amount or at)
