"""The plan as our own JSON (``"format": "tminus-plan/1"``): everything a plan holds, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from tminus.engines.schedule import (
    Assignment,
    Baseline,
    Constraint,
    ConstraintKind,
    Duration,
    Estimate,
    EstimateKind,
    FloatKind,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    ProgressLogic,
    Resource,
    ScheduleLogic,
    StoredDates,
    Task,
    TaskKind,
    TaskRole,
)
from tminus.formats.calendar_file import calendar_from_json, calendar_to_json
from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.typed import typed

FORMAT = "tminus-plan/1"
PROGRESS_DATES = ("actual_start", "actual_finish", "reported", "suspended", "resumed")


def read_plan_json(path: Path, content: bytes | None = None) -> Plan:
    """:raises BadFile: not JSON, another format, or a value that cannot be taken, with where it stands."""
    try:
        document = json.loads(read_bytes(path) if content is None else content)
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name}: not JSON ({error})") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else type(document).__name__
        raise BadFile(f'{path.name}: "format" is {found!r}; allowed: "{FORMAT}"')
    return _plan(path.name, document)


def _plan(where: str, document: Mapping[str, Any]) -> Plan:
    try:
        return Plan(
            name=str(document.get("name", "")),
            tasks=tuple(_each(where, document, "tasks", _task)),
            links=tuple(_each(where, document, "links", _link)),
            calendars={id: calendar_from_json(id, c, where) for id, c in document.get("calendars", {}).items()},
            default_calendar=_calendar_named(document.get("default_calendar")),
            opening=date.fromisoformat(document["opening"]) if document.get("opening") else None,
            status_date=_at(document.get("status_date")),
            start=_at(document.get("start")),
            finish=_at(document.get("finish")),
            progress={id: typed(_progress(value)) for id, value in document.get("progress", {}).items()},
            baselines=tuple(_each(where, document, "baselines", _baseline)),
            stored={id: typed(_stored(value)) for id, value in document.get("stored", {}).items()},
            resources=tuple(_each(where, document, "resources", lambda value: Resource(**value))),
            assignments=tuple(_each(where, document, "assignments", lambda value: Assignment(**value))),
            timezone=_zone(document.get("timezone", "")),
            lag_calendar=LagCalendar(document.get("lag_calendar", "successor")),
            from_finish=document.get("from_finish", False) is True,
            logic=logic_from_json(document["logic"]) if "logic" in document else None,
            source="json",
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, PlanError) as error:
        raise error if isinstance(error, BadFile) else BadFile(f"{where}: {' '.join(str(error).split())}") from error


def _zone(name: object) -> str:
    if name and name not in available_timezones():
        raise ValueError(f"timezone: {name!r}; allowed: a zone like Asia/Shanghai")
    return str(name or "")


def _calendar_named(name: object) -> str | None:
    if name is not None and not isinstance(name, str):
        raise ValueError(f"default_calendar: {name!r}; allowed: the name of a calendar")
    return name


def _each(where: str, document: Mapping[str, Any], key: str, make: Callable[[Any], Any]) -> list[Any]:
    made = []
    for number, value in enumerate(document.get(key, [])):
        try:
            made.append(typed(make(value)))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise BadFile(f"{where}, {key}[{number}]: {type(error).__name__}: {error}") from error
    return made


def _task(value: Mapping[str, Any]) -> Task:
    known = {name: value[name] for name in Task.__dataclass_fields__ if name in value}
    if unknown := set(value) - set(Task.__dataclass_fields__):
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}; allowed: {', '.join(Task.__dataclass_fields__)}")
    if isinstance(known.get("id"), bool) or not isinstance(known.get("id"), (str, int)):
        raise ValueError(f"id {known.get('id')!r}; allowed: text")
    known |= {
        "id": str(known["id"]),
        "name": str(known.get("name", "")),
        "kind": TaskKind(known.get("kind", "task")),
        "duration": _duration(known["duration"]) if "duration" in known else Duration(480),
        "delay": _duration(known["delay"]) if "delay" in known else Duration(0),
        "estimate": _estimate(known["estimate"]) if known.get("estimate") else None,
        "constraints": tuple(
            Constraint(ConstraintKind(c["kind"]), _at(c.get("at"))) for c in known.get("constraints", ())
        ),
        "supporting": tuple(known.get("supporting", ())),
        "role": TaskRole(known.get("role", "plain")),
    } | {name: _at(known.get(name)) for name in ("deadline", "start", "finish")}
    return Task(**known)


def _link(value: Mapping[str, Any]) -> Link:
    lag = _duration(value["lag"]) if "lag" in value else Duration(0)
    return Link(value["pred"], value["succ"], LinkKind(value.get("kind", "FS")), lag, value.get("lag_percent"))


def _duration(value: Any) -> Duration:
    if isinstance(value, Mapping):
        return Duration(int(value["minutes"]), bool(value.get("elapsed", False)))
    return Duration(int(value))


def _estimate(value: Mapping[str, Any]) -> Estimate:
    values = tuple(float(one) for one in value.get("values", ()))
    return Estimate(EstimateKind(value["kind"]), values, value.get("relative", False) is True, str(value.get("of", "")))


def _progress(value: Mapping[str, Any]) -> Progress:
    remaining = _duration(value["remaining"]) if value.get("remaining") is not None else None
    dates = {name: _at(value.get(name)) for name in PROGRESS_DATES}
    return Progress(remaining=remaining, percent=value.get("percent"), **dates)


def logic_to_json(logic: ScheduleLogic) -> dict[str, Any]:
    """Without what stands at its default."""
    return _slim(logic)


def logic_from_json(value: Mapping[str, Any]) -> ScheduleLogic:
    """:raises PlanError: values of another type. :raises ValueError: words that are none of an option's."""
    known = dict(value) | {
        "progress": ProgressLogic(value.get("progress", "retained")),
        "total_float": FloatKind(value.get("total_float", "finish")),
        "must_finish": _at(value.get("must_finish")),
    }
    logic: ScheduleLogic = typed(ScheduleLogic(**known))
    return logic


def _baseline(value: Mapping[str, Any]) -> Baseline:
    dates = {id: (_at(pair[0]), _at(pair[1])) for id, pair in value["dates"].items()}
    return Baseline(int(value["number"]), dates, str(value.get("name", "")))


def _stored(value: Mapping[str, Any]) -> StoredDates:
    dates = {name: _at(value.get(name)) for name in StoredDates.__dataclass_fields__ if name != "total_float_minutes"}
    return StoredDates(total_float_minutes=value.get("total_float_minutes"), **dates)


def _at(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def plan_json_bytes(plan: Plan) -> bytes:
    return json.dumps(plan_to_json(plan), ensure_ascii=False, indent=1).encode()


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The document; empty fields are left out."""
    document: dict[str, Any] = {"format": FORMAT, "name": plan.name}
    document |= {key: value for key in ("timezone", "default_calendar", "from_finish") if (value := getattr(plan, key))}
    document |= {
        key: value.isoformat() for key in ("opening", "status_date", "start", "finish") if (value := getattr(plan, key))
    }
    if plan.logic is not None:
        document["logic"] = logic_to_json(plan.logic)
    document["lag_calendar"] = plan.lag_calendar.value
    document["calendars"] = {id: calendar_to_json(calendar) for id, calendar in plan.calendars.items()}
    document["tasks"] = [_slim(task) for task in plan.tasks]
    document["links"] = [_slim(link) for link in plan.links]
    document["progress"] = {id: _slim(progress) for id, progress in plan.progress.items()}
    document["baselines"] = [
        {"number": b.number}
        | ({"name": b.name} if b.name else {})
        | {"dates": {id: _plain(pair) for id, pair in b.dates.items()}}
        for b in plan.baselines
    ]
    document["stored"] = {id: _slim(stored) for id, stored in plan.stored.items()}
    document["resources"] = [_slim(resource) for resource in plan.resources]
    document["assignments"] = [_slim(assignment) for assignment in plan.assignments]
    return {key: value for key, value in document.items() if key == "logic" or value not in ([], {})}


def _slim(value: Any) -> dict[str, Any]:
    """A dataclass without what stands at its default."""
    fields = type(value).__dataclass_fields__
    shown = {name: getattr(value, name) for name, field in fields.items() if getattr(value, name) != field.default}
    return {name: _plain(inner) for name, inner in shown.items() if not (isinstance(inner, Mapping) and not inner)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Duration):
        return {"minutes": value.minutes, "elapsed": True} if value.elapsed else {"minutes": value.minutes}
    if isinstance(value, Estimate):
        return {"kind": value.kind.value, "values": list(value.values), "relative": value.relative, "of": value.of}
    if isinstance(value, Constraint):
        return {"kind": value.kind.value} | ({"at": value.at.isoformat()} if value.at else {})
    if isinstance(value, (tuple, list)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value
