"""Between the database and the schedule engine: the event's plan as engine data, and its answer stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import PlanCalendar, Task, TaskKind, TaskLink, TaskStatus
from tminus.desks.planning.scheduling import options_of
from tminus.engines import schedule as engine
from tminus.engines.schedule import Schedule, ScheduledTask, ScheduleParams
from tminus.formats.calendar_file import calendar_from_json
from tminus.platform.models import Event

STALE_DAYS = 10
"""Evidence older than this is stale; event setting ``stale_days``."""

STORED = (
    "early_start", "early_finish", "late_start", "late_finish", "forecast_finish", "total_float_days",
    "free_float_days", "critical", "status",
)  # fmt: skip


def calendars_of(event: Event) -> dict[str, engine.WorkCalendar]:
    """The event's calendars, the default first."""
    rows = PlanCalendar.objects.filter(event=event).values_list("code", "definition")
    found = {code: calendar_from_json(code, definition) for code, definition in rows}
    return found or {"standard": engine.week_calendar("standard")}


def plan_of(event: Event, *, reported: bool = False) -> engine.Plan:
    """The whole plan in a handful of queries; a task's own dates are those of the draft.

    What remains of work under way is what an adopted proposal plans, where one does; ``reported``: always as reported.
    """
    calendars = calendars_of(event)
    values: Any = (
        Task.objects.filter(event=event)
        .order_by("position", "id")
        .values(
            "id", "key", "name_en", "name_zh", "parent__key", "kind", "duration_min", "duration_elapsed",
            "calendar__code", "constraint", "constraint_at", "deadline", "planned_start", "planned_finish",
            "unit__code", "unit_text", "responsible__username", "responsible_text", "place__code", "place_text",
            "phase", "gate", "area__code", "dimension", "weight", "notes", "extra",
            "actual_start", "actual_finish", "remaining_min", "percent", "reported_at", "further_constraints",
            "manual", "active", "wbs", "pause_min", "levelled_min", "levelled_elapsed", "estimate",
            "role", "suspended_at", "resumed_at", "planned_remaining__minutes",
        )
    )  # fmt: skip
    rows: list[dict[str, Any]] = list(values)
    supporting = _supporting(event)
    links = TaskLink.objects.filter(event=event).values_list(
        "predecessor__key", "successor__key", "kind", "lag_min", "lag_elapsed", "lag_percent"
    )
    plan = engine.Plan(
        name=event.slug,
        tasks=tuple(_task(row, supporting[row["id"]]) for row in rows),
        links=tuple(
            engine.Link(pred, succ, engine.LinkKind(kind), engine.Duration(lag, elapsed), percent)
            for pred, succ, kind, lag, elapsed, percent in links
        ),
        calendars=calendars,
        default_calendar=next(iter(calendars)),
        opening=event.opening,
        progress={row["key"]: progress for row in rows if (progress := _progress(row, reported)) is not None},
        timezone=event.timezone,
        source="event",
    )
    return options_of(event).applied_to(plan)


def _supporting(event: Event) -> dict[int, tuple[str, ...]]:
    found: dict[int, list[str]] = defaultdict(list)
    through = (
        Task.supporting.through.objects.filter(task__event=event).order_by("pk").values_list("task_id", "unit__code")
    )
    for task, code in through:
        found[task].append(code)
    return defaultdict(tuple, {task: tuple(codes) for task, codes in found.items()})


def _task(row: dict[str, Any], supporting: tuple[str, ...]) -> engine.Task:
    return engine.Task(
        id=row["key"],
        name=row["name_en"] or row["name_zh"],
        name_zh=row["name_zh"],
        parent=row["parent__key"],
        kind=engine.TaskKind(row["kind"]),
        duration=engine.Duration(row["duration_min"], row["duration_elapsed"]),
        calendar=row["calendar__code"],
        constraints=_constraints(row),
        deadline=row["deadline"],
        start=row["planned_start"],
        finish=row["planned_finish"],
        unit=row["unit__code"] or row["unit_text"],
        responsible=row["responsible__username"] or row["responsible_text"],
        supporting=supporting,
        place=row["place__code"] or row["place_text"],
        phase=row["phase"],
        gate=row["gate"],
        area=row["area__code"] or "",
        dimension=row["dimension"],
        weight=row["weight"],
        notes=row["notes"],
        extra=row["extra"],
        manual=row["manual"],
        active=row["active"],
        wbs=row["wbs"],
        pause_minutes=row["pause_min"],
        delay=engine.Duration(row["levelled_min"], row["levelled_elapsed"]),
        estimate=_estimate(row["estimate"]),
        role=_role(row["role"], row["kind"]),
    )


def _role(kept: str, kind: str) -> engine.TaskRole:
    """As the file had it, while the task is still of a kind that can have it."""
    role = engine.TaskRole(kept)
    of_milestone = role in (engine.TaskRole.START_MILESTONE, engine.TaskRole.FINISH_MILESTONE)
    fits = kind == TaskKind.MILESTONE if of_milestone else kind == TaskKind.TASK
    return role if fits else engine.TaskRole.PLAIN


def _estimate(kept: dict[str, Any]) -> engine.Estimate | None:
    if not kept:
        return None
    kind, values = engine.EstimateKind(kept["kind"]), tuple(map(float, kept["values"]))
    return engine.Estimate(kind, values, kept["relative"], kept["of"])


def _constraints(row: dict[str, Any]) -> tuple[engine.Constraint, ...]:
    """The first, which people see and change, and those the plan file had beside it."""
    if not row["constraint"]:
        return ()
    first = engine.Constraint(engine.ConstraintKind(row["constraint"]), row["constraint_at"])
    return first, *further_constraints(row["further_constraints"])


def further_constraints(kept: list[dict[str, Any]]) -> Iterator[engine.Constraint]:
    for one in kept:
        yield engine.Constraint(
            engine.ConstraintKind(one["kind"]), datetime.fromisoformat(one["at"]) if one["at"] else None
        )


def kept_of(task: engine.Task) -> dict[str, Any]:
    """Columns of a task for its constraints and what another tool's file says of its placement,
    and for how long it may take."""
    first, *further = task.constraints or (None,)
    return {
        "constraint": first.kind.value if first else "",
        "constraint_at": first.at if first else None,
        "further_constraints": [
            {"kind": one.kind.value, "at": one.at.isoformat() if one.at else None} for one in further if one
        ],
        "manual": task.manual,
        "active": task.active,
        "wbs": task.wbs[:255],
        "pause_min": task.pause_minutes,
        "levelled_min": task.delay.minutes,
        "levelled_elapsed": task.delay.elapsed,
        "estimate": _kept_estimate(task.estimate),
        "role": task.role.value,
    }


def _kept_estimate(found: engine.Estimate | None) -> dict[str, Any]:
    if found is None:
        return {}
    return {"kind": found.kind.value, "values": list(found.values), "relative": found.relative, "of": found.of}


def _progress(row: dict[str, Any], as_reported: bool) -> engine.Progress | None:
    if row["actual_start"] is None and row["actual_finish"] is None and row["percent"] is None:
        return None
    planned = None if as_reported else row["planned_remaining__minutes"]
    left = row["remaining_min"] if planned is None else planned
    reported = row["reported_at"]
    return engine.Progress(
        row["actual_start"],
        row["actual_finish"],
        engine.Duration(left) if left is not None else None,
        row["percent"],
        reported.replace(tzinfo=None) if reported else None,
        row["suspended_at"],
        row["resumed_at"],
    )


def scheduled(event: Event, now: datetime, policy: engine.Policy = engine.Policy.AS_PLANNED) -> Schedule:
    """The event's plan scheduled as of its clock.

    :raises PlanError: the plan contradicts itself; a circle of links comes back as a conflict instead.
    """
    params = ScheduleParams(policy, float(event.settings.get("buffer_days", 0)), event.checkpoint_days)
    return engine.back_schedule(plan_of(event), opening=event.opening, today=now.date(), params=params)


def store(event: Event, schedule: Schedule, now: datetime, *, planned: bool) -> int:
    """Keep what the engine computed; ``planned`` also moves the draft's dates. Returns how many tasks changed."""
    rows = schedule.by_id()
    fields = [*STORED, "planned_start", "planned_finish"]
    changed = []
    tasks = Task.objects.filter(event=event).only(
        "id", "key", "kind", "role", "actual_start", "percent", "reported_at", "published_finish", *fields
    )
    for task in tasks:
        row = rows.get(task.key)
        if row is not None and _apply(task, row, event, now, planned=planned):
            changed.append(task)
    return mass_update(changed, fields)


def _apply(task: Task, row: ScheduledTask, event: Event, now: datetime, *, planned: bool) -> bool:
    before = [getattr(task, name) for name in (*STORED, "planned_start", "planned_finish")]
    for name in STORED[:-1]:
        setattr(task, name, getattr(row, name))
    computed = task.kind == TaskKind.SUMMARY or engine.TaskRole(task.role).spans
    if planned or task.planned_finish is None or computed:
        task.planned_start, task.planned_finish = row.start, row.finish
    task.status = status_of(task, row, event, now)
    return before != [getattr(task, name) for name in (*STORED, "planned_start", "planned_finish")]


def status_of(task: Task, row: ScheduledTask, event: Event, now: datetime) -> TaskStatus:
    """Computed, never typed: done, late, at risk, unknown (should have begun, never reported), stale, on time."""
    if row.status is engine.Status.DONE:
        return TaskStatus.DONE
    today = datetime.combine(now.date(), datetime.min.time())
    target = task.published_finish or row.finish
    if target < today or row.status is engine.Status.LATE:
        return TaskStatus.LATE
    if row.forecast_finish > target or row.total_float_days < 0:
        return TaskStatus.AT_RISK
    if task.kind != TaskKind.SUMMARY and row.start < today and task.reported_at is None:
        return TaskStatus.UNKNOWN
    stale = timedelta(days=int(event.settings.get("stale_days", STALE_DAYS)))
    if task.actual_start is not None and task.reported_at is not None and now - task.reported_at > stale:
        return TaskStatus.STALE
    return TaskStatus.ON_TIME
