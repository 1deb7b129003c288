"""One project out of the tables of a file, as a plan. Both readers end here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from tminus.engines.schedule import (
    Baseline,
    FloatKind,
    LagCalendar,
    Link,
    Plan,
    PlanError,
    ProgressLogic,
    ScheduleLogic,
    Task,
)
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.activities import DATES, HOURS, WORDS, Activities, Activity, planned_dates
from tminus.formats.primavera.baselines import baselines_of
from tminus.formats.primavera.calendars import default_of, read_calendars
from tminus.formats.primavera.cells import Check, Lengths, Minutes, instant, minutes, one_of, wrong
from tminus.formats.primavera.codes import marks_of, marks_of_structure
from tminus.formats.primavera.crews import assignments_of, resources_of
from tminus.formats.primavera.outline import Outline
from tminus.formats.primavera.projects import chosen, name_of
from tminus.formats.primavera.tables import Row, Table, Tables
from tminus.formats.problems import BadFile

WANTED: Mapping[str, Collection[str]] = {
    "PROJECT": (),
    "SCHEDOPTIONS": (),
    "CALENDAR": (),
    "PROJWBS": (
        "wbs_id", "proj_id", "parent_wbs_id", "wbs_short_name", "wbs_name", "seq_num", "proj_node_flag",
    ),
    "TASK": ("proj_id", *WORDS, *HOURS, *DATES),
    "TASKPRED": ("task_id", "pred_task_id", "pred_type", "lag_hr_cnt"),
    "RSRC": ("rsrc_id", "rsrc_short_name", "rsrc_name", "rsrc_type", "clndr_id", "email_addr"),
    "TASKRSRC": ("task_id", "rsrc_id", "target_qty_per_hr", "target_qty"),
    "ACTVTYPE": (),
    "ACTVCODE": (),
    "TASKACTV": (),
    "UDFTYPE": (),
    "UDFVALUE": (),
}  # fmt: skip
"""The tables a plan is made of, and of the large ones the fields."""
LINKED: Mapping[str, Check] = {"pred_type": one_of(words.LINKS), "lag_hr_cnt": minutes}
PROJECT: Mapping[str, Check] = {
    **dict.fromkeys(("last_recalc_date", "plan_start_date", "plan_end_date", "scd_end_date"), instant),
    "critical_drtn_hr_cnt": minutes,
    "critical_path_type": one_of(words.CRITICAL),
}
OPTIONS: Mapping[str, Check] = {
    "sched_float_type": one_of(words.FLOATS),
    "sched_calendar_on_relationship_lag": one_of(words.LAGS),
}
Said = dict[str, str]


def plan_of(file: str, tables: Tables, project: str, source: str) -> Plan:
    """The plan of one project; ``project``: its key, short name or, when the file holds one alone, nothing.

    :raises BadFile: no or several projects to choose from, or a cell that cannot be taken.
    """
    row = chosen(file, tables, project)
    try:
        return _plan(file, tables, row, source)
    except (ValueError, OverflowError, PlanError, RecursionError) as error:
        raise error if isinstance(error, BadFile) else BadFile(f"{file}: {error}") from error


def _plan(file: str, tables: Tables, row: Row, source: str) -> Plan:
    said = _said(file, tables["PROJECT"], row, PROJECT)
    key = said["proj_id"]
    calendars = read_calendars(file, tables.get("CALENDAR"))
    names = {key: calendar.id for key, calendar in calendars.items()}
    default = default_of(tables.get("CALENDAR"), calendars, said["clndr_id"])
    resources = resources_of(file, tables, names)
    people = {id: resource.name for id, resource in resources.items()}
    rows = tables.get("TASK") or Table("TASK")
    outline = _outline(tables, key, rows)
    read = list(Activities(file, rows, key, names, marks_of(tables, key), people, outline).read())
    ids = {one.key: one.task.id for one in read}
    options = _options(file, tables, key)
    finish = instant(said["plan_end_date"]) or instant(said["scd_end_date"])
    planned = planned_dates(read)
    return Plan(
        name=name_of(tables, said),
        tasks=tuple(_arranged(outline, read)),
        links=tuple(_links(file, tables.get("TASKPRED"), ids)),
        calendars={calendar.id: calendar for calendar in calendars.values()},
        default_calendar=default.id if default else None,
        opening=_opening(finish),
        status_date=instant(said["last_recalc_date"]),
        start=instant(said["plan_start_date"]),
        finish=finish,
        progress={one.task.id: one.progress for one in read if one.progress is not None},
        baselines=(*([Baseline(0, planned)] if planned else ()), *baselines_of(file, tables, key)),
        stored={one.task.id: one.stored for one in read if one.stored is not None},
        resources=tuple(resources.values()),
        assignments=tuple(assignments_of(file, tables.get("TASKRSRC"), resources, ids)),
        lag_calendar=words.LAGS.get(options["sched_calendar_on_relationship_lag"], LagCalendar.PREDECESSOR),
        logic=_logic(said, options),
        source=source,
    )


def _said(file: str, table: Table, row: Row, checks: Mapping[str, Check]) -> Said:
    """The cells of one row by field; a field that is missing is empty."""
    if problem := wrong(file, table, row, checks):
        raise problem
    return _Forgiving(zip(table.fields, row, strict=False))


class _Forgiving(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _opening(finish: datetime | None) -> date | None:
    """The day the project's finish is ahead of."""
    if finish is None:
        return None
    return finish.date() if finish.time() == time.min else finish.date() + timedelta(days=1)


def _options(file: str, tables: Tables, project: str) -> Said:
    table = tables.get("SCHEDOPTIONS")
    if table is None:
        return _Forgiving()
    of = table.cells("proj_id", "schedoptions_id")
    rows = [row for row in table.rows if of(row)[0] in (project, "")]
    return _said(file, table, rows[0], OPTIONS) if rows else _Forgiving()


def _logic(said: Said, options: Said) -> ScheduleLogic:
    override = options["sched_progress_override"] == "Y"
    retained = options["sched_retained_logic"] != "N"
    progress = ProgressLogic.RETAINED if retained else ProgressLogic.ACTUAL_DATES
    return ScheduleLogic(
        progress=ProgressLogic.OVERRIDE if override else progress,
        total_float=words.FLOATS.get(options["sched_float_type"], FloatKind.FINISH),
        longest_path=words.CRITICAL.get(said["critical_path_type"], False),
        critical_minutes=minutes(said["critical_drtn_hr_cnt"]),
        open_ends_critical=options["sched_open_critical_flag"] == "Y",
        expected_finish=options["sched_use_expect_end_flag"] != "N",
        lag_from_early_start=options["sched_lag_early_start_flag"] != "N",
        ignore_external=options["sched_outer_depend_type"] == "SD_None",
        must_finish=instant(said["plan_end_date"]),
    )


def _outline(tables: Tables, project: str, rows: Table) -> Outline:
    taken = frozenset(code or key for code, key in rows.picked("task_code", "task_id"))
    return Outline(tables.get("PROJWBS"), project, taken, marks_of_structure(tables, project))


def _arranged(outline: Outline, read: list[Activity]) -> Iterator[Task]:
    under: dict[str, list[Task]] = {}
    for one in read:
        under.setdefault(one.wbs, []).append(one.task)
    yield from outline.arranged(under)


def _links(file: str, table: Table | None, ids: Mapping[str, str]) -> Iterator[Link]:
    """Links within the project; links to others count through the dates they left behind."""
    if table is None:
        return
    names = ("task_id", "pred_task_id", "pred_type", "lag_hr_cnt")
    waits, lengths = Minutes(), Lengths()
    for row, (succ, pred, kind, lag) in zip(table.rows, table.picked(*names), strict=True):
        if succ in ids and pred in ids:
            try:
                yield Link(ids[pred], ids[succ], words.LINKS[kind or "PR_FS"], lengths[waits[lag]])
            except (ValueError, KeyError) as error:
                raise wrong(file, table, row, LINKED) or error from error
