"""What an import would change: tasks added, changed field by field, missing from the file, and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tminus.desks.planning.adapter import kept_of
from tminus.desks.planning.baselines import BaselineChange, changes_of
from tminus.desks.planning.importing.names import Names, names_of
from tminus.desks.planning.importing.reading import ROLE, Reading
from tminus.desks.planning.models import Area, Place, PlanCalendar, Task, TaskLink
from tminus.desks.planning.scheduling import options_of, said_by
from tminus.engines.schedule import Duration, TaskKind
from tminus.engines.schedule import Task as PlanTask
from tminus.formats.estimates import ESTIMATED
from tminus.formats.values import duration_text
from tminus.platform.models import Event, Person, Unit

Values = dict[str, Any]
End = tuple[str, str, str]
Lag = tuple[int, bool, float | None]

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("name_en",),
    "name_zh": ("name_zh",),
    "name_en": ("name_en",),
    "duration": ("duration_min", "duration_elapsed"),
    "start": ("planned_start",),
    "finish": ("planned_finish",),
    "deadline": ("deadline",),
    "unit": ("unit_id", "unit_text"),
    "responsible": ("responsible_id", "responsible_text"),
    "constraint": ("constraint", "constraint_at", "further_constraints"),
    "manual": ("manual",),
    "active": ("active",),
    "wbs": ("wbs",),
    "pause": ("pause_min",),
    "delay": ("levelled_min", "levelled_elapsed"),
    ROLE: ("role",),
    **dict.fromkeys(ESTIMATED, ("estimate",)),
    "calendar": ("calendar_id",),
    "place": ("place_id", "place_text"),
    "phase": ("phase",),
    "gate": ("gate",),
    "area": ("area_id",),
    "dimension": ("dimension",),
    "weight": ("weight",),
    "notes": ("notes",),
}
"""Field of a file → columns of a task."""

DATES = {"planned_start", "planned_finish"}


@dataclass(slots=True)
class Comparison:
    """``values``: what the file says of each task, by key; ``changed``: columns whose value would differ."""

    reading: Reading
    outlined: bool = True
    values: dict[str, Values] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    links: dict[End, Lag] = field(default_factory=dict)
    links_added: list[End] = field(default_factory=list)
    links_removed: list[End] = field(default_factory=list)
    unknown: dict[str, set[str]] = field(default_factory=dict)
    """Texts by which no unit, person, area or place is known; kept with the task as they are."""
    baselines: list[BaselineChange] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "unchanged": self.unchanged,
            "links_added": len(self.links_added),
            "links_removed": len(self.links_removed),
            "rejected": len(self.reading.problems),
        }


def compare(event: Event, reading: Reading) -> Comparison:
    """Compare by stable key; only the columns the file has are compared."""
    found = Comparison(reading, speaks_of_outline(reading))
    columns = _columns(reading)
    names = names_of(event)
    for task in reading.plan.tasks:
        found.values[task.id] = values_of(task, names, columns, found.unknown)
    standing = {row["key"]: row for row in Task.objects.filter(event=event).values("key", "parent__key", *columns)}
    left_above = {row["parent__key"] for key, row in standing.items() if key not in found.values}
    for key, values in found.values.items():
        row = standing.get(key)
        if row is not None and not found.outlined:
            # A flat list of some tasks says nothing about what stands under what.
            values |= {name: row[name] for name in ("parent__key", "kind") if name in values}
        stays = {"kind"} if key in left_above else set()  # tasks the file does not have still stand under it
        if row is None:
            found.added.append(key)
        elif differing := _differing(row, values, stays):
            found.changed[key] = differing
        else:
            found.unchanged += 1
    if found.values:  # a file whose columns are not known yet says nothing of what should go
        found.removed = [key for key in standing if key not in found.values]
    if "predecessors" in reading.speaks_of:
        _compare_links(event, found)
    found.baselines = changes_of(event, reading.plan, table=bool(reading.signature))
    return found


def speaks_of_outline(reading: Reading) -> bool:
    """Whether the file says what stands under what: by a column, or by indentation."""
    named = reading.speaks_of & {"parent", "wbs", "level"}
    return bool(named) or any(task.parent for task in reading.plan.tasks)


def _columns(reading: Reading) -> list[str]:
    named = [column for code in sorted(reading.speaks_of) for column in COLUMNS.get(code, ())]
    own = ["kind", "extra"] if reading.speaks_of else []
    return list(dict.fromkeys([*named, *own]))


def values_of(task: PlanTask, names: Names, columns: list[str], unknown: dict[str, set[str]]) -> Values:
    references: dict[str, Any] = {
        "unit_id": names.units.get(task.unit),
        "responsible_id": names.people.get(task.responsible),
        "place_id": names.places.get(task.place),
        "area_id": names.areas.get(task.area),
    }
    for column, text in (
        ("unit_id", task.unit),
        ("responsible_id", task.responsible),
        ("place_id", task.place),
        ("area_id", task.area),
    ):
        if text and references[column] is None and column in columns:
            unknown.setdefault(column.removesuffix("_id"), set()).add(text)
    summary = task.kind is TaskKind.SUMMARY
    everything: Values = {
        **references,
        "name_en": task.name,
        "name_zh": task.name_zh,
        "kind": task.kind.value,
        "duration_min": task.duration.minutes,
        "duration_elapsed": task.duration.elapsed,
        "planned_start": None if summary else task.start,
        "planned_finish": None if summary else task.finish,
        "deadline": task.deadline,
        "unit_text": "" if references["unit_id"] else task.unit,
        "responsible_text": "" if references["responsible_id"] else task.responsible,
        "place_text": "" if references["place_id"] else task.place,
        **kept_of(task),
        "calendar_id": names.calendars.get(task.calendar or ""),
        "phase": task.phase,
        "gate": task.gate,
        "dimension": task.dimension,
        "weight": task.weight,
        "notes": task.notes,
        "extra": dict(task.extra),
    }
    return {"parent__key": task.parent, **{column: everything[column] for column in columns}}


def _differing(row: Mapping[str, Any], values: Values, stays: set[str]) -> dict[str, tuple[Any, Any]]:
    """A date the file leaves empty is not compared: the draft has been computed here."""
    return {
        column: (row[column], value)
        for column, value in values.items()
        if row[column] != value
        and column not in stays
        and not (column in DATES and value is None)
        and not (column == "duration_min" and values.get("kind") == TaskKind.SUMMARY)
    }


def _compare_links(event: Event, found: Comparison) -> None:
    for link in found.reading.plan.links:
        end = (link.pred, link.succ, link.kind.value)
        lag = (link.lag.minutes, link.lag.elapsed, link.lag_percent)
        found.links[end] = max(found.links.get(end, lag), lag, key=_length)  # of two links alike the longer lag binds
    rows = TaskLink.objects.filter(event=event).values_list(
        "predecessor__key", "successor__key", "kind", "lag_min", "lag_elapsed", "lag_percent"
    )
    standing = {(pred, succ, kind): (lag, elapsed, percent) for pred, succ, kind, lag, elapsed, percent in rows}
    found.links_added = [end for end, lag in found.links.items() if standing.get(end) != lag]
    # The links of a task the file does not have are not the file's to take away.
    found.links_removed = [end for end in standing if end not in found.links and end[1] in found.values]


def _length(lag: Lag) -> tuple[int, bool, float]:
    return lag[0], lag[1], lag[2] or 0.0


MOST = 2000
"""Rows a dry run shows of each kind; the counts are of all."""

FIELD_OF = {column: code for code, columns in reversed(COLUMNS.items()) for column in columns} | {
    "parent__key": "parent"
}
"""Column of a task → the field of a file it comes from."""


def as_json(event: Event, found: Comparison) -> dict[str, Any]:
    """The dry run as it is kept and shown."""
    named = {task.id: task.name for task in found.reading.plan.tasks}
    gone = Task.objects.filter(event=event, key__in=found.removed[:MOST]).values_list("key", "name_en", "name_zh")
    changed = list(found.changed.items())[:MOST]
    called = _called(changed)
    return {
        "counts": found.counts(),
        "added": [{"key": key, "name": named[key]} for key in found.added[:MOST]],
        "changed": [{"key": key, "name": named[key], "fields": _fields(pairs, called)} for key, pairs in changed],
        "removed": [{"key": key, "name": en or zh} for key, en, zh in gone],
        "unknown": {kind: sorted(texts)[:200] for kind, texts in found.unknown.items()},
        "notes": list(found.reading.notes),
        "options": _options(event, found.reading),
        "baselines": [one.as_json() for one in found.baselines],
    }


def _options(event: Event, reading: Reading) -> list[dict[str, Any]]:
    """Scheduling options the file brings and the event has otherwise."""
    said, stands = said_by(reading.plan), options_of(event).as_json()
    if said is None:
        return []
    after = said.as_json()
    return [
        {"name": name, "before": stands[name], "after": after[name]} for name in after if after[name] != stands[name]
    ]


def _called(changed: list[tuple[str, dict[str, tuple[Any, Any]]]]) -> dict[str, dict[int, str]]:
    """What the rows that changed columns refer to are called."""
    models: dict[str, Any] = {
        "unit_id": Unit, "responsible_id": Person, "place_id": Place, "area_id": Area, "calendar_id": PlanCalendar
    }  # fmt: skip
    keys: dict[str, set[int]] = {column: set() for column in models}
    for _, pairs in changed:
        for column, pair in pairs.items():
            if column in keys:
                keys[column] |= {key for key in pair if key is not None}
    return {
        column: {row.pk: row.name for row in models[column].objects.filter(pk__in=found)}
        for column, found in keys.items()
    }


def _fields(pairs: dict[str, tuple[Any, Any]], called: dict[str, dict[int, str]]) -> list[dict[str, Any]]:
    """Before and after of each field of the file, a reference and its text as one."""
    rows: dict[str, dict[str, Any]] = {}
    for column, (before, after) in pairs.items():
        field_ = FIELD_OF.get(column, column)
        row = rows.setdefault(field_, {"field": field_, "before": None, "after": None})
        for side, value in (("before", before), ("after", after)):
            shown = called[column].get(value) if column in called else _shown(column, value)
            row[side] = row[side] if shown in (None, "") else shown
    return list(rows.values())


def _shown(column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if column == "duration_min":
        return duration_text(Duration(value))
    return value
