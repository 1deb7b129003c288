"""A plan as the tables of an XER file; both writers begin here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    LagCalendar,
    Link,
    Plan,
    Progress,
    ProgressLogic,
    ScheduledTask,
    ScheduleLogic,
    StoredDates,
    Task,
    TaskKind,
    TaskRole,
    WorkCalendar,
)
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.clndr_data import clndr_data
from tminus.formats.primavera.crews import EQUIPMENT
from tminus.formats.primavera.kept import KEPT, MARK, texts_of

PROJECT_KEY = "1"
TOP = "1"
"""The key of the project, and of the top of its structure."""
SPACE = "0000000"
"""Stands between the key of a baseline and a key within it, so that none is one of the project's own."""
ALWAYS = WorkCalendar("24 x 7", "24 x 7", (((0, 1440),),) * 7)
Said = dict[str, str]
Tables = dict[str, list[Said]]

_ROLES = {role: code for code, role in words.ROLES.items()}
_LINKS = {kind: code for code, kind in words.LINKS.items()}
_CONSTRAINTS = {kind: code for code, kind in words.CONSTRAINTS.items()}
_FLOATS = {kind: code for code, kind in words.FLOATS.items()}
_LAGS = {kind: code for code, kind in words.LAGS.items()}
_OWN_FIELDS = {
    ConstraintKind.EXPECTED_FINISH: "expect_end_date",
    ConstraintKind.EXTERNAL_START: "external_early_start_date",
    ConstraintKind.EXTERNAL_FINISH: "external_late_end_date",
}


class Export:
    """The tables of one plan, its dates from ``schedule`` where given, else as the plan stores them."""

    def __init__(self, plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None) -> None:
        self.plan, self.schedule = plan, schedule or {}
        self.calendars = dict(plan.calendars)
        if plan.default_calendar is None or any(task.duration.elapsed for task in plan.tasks):
            self.calendars.setdefault(ALWAYS.id, ALWAYS)
        self.calendar_key = {id: str(number) for number, id in enumerate(self.calendars, start=1)}
        summaries = [task for task in plan.tasks if task.kind is TaskKind.SUMMARY]
        self.wbs_key = {task.id: str(number) for number, task in enumerate(summaries, start=int(TOP) + 1)}
        leaves = [task for task in plan.tasks if task.kind is not TaskKind.SUMMARY]
        self.task_key = {task.id: str(number) for number, task in enumerate(leaves, start=1)}
        self.resource_key = {one.id: str(number) for number, one in enumerate(plan.resources, start=1)}
        self.summaries, self.leaves = summaries, leaves
        self.planned = next((one.dates for one in plan.baselines if one.number == 0), {})
        kept = sorted((one for one in plan.baselines if one.number != 0), key=lambda one: one.number)
        self.baselines = {str(number): one for number, one in enumerate(kept, start=int(PROJECT_KEY) + 1)}

    def tables(self) -> Tables:
        fields = _Fields(self.plan)
        return {
            "PROJECT": [self._project(), *self._baseline_projects()],
            "CALENDAR": list(self._calendars()),
            "SCHEDOPTIONS": [self._options()],
            "PROJWBS": [*self._structure(), *self._baseline_tops()],
            "RSRC": list(self._resources()),
            "TASK": [*map(self._task, self.leaves), *self._baseline_dates()],
            "TASKPRED": list(self._links()),
            "TASKRSRC": list(self._assignments()),
            "UDFTYPE": fields.types(),
            "UDFVALUE": [
                *fields.values("TASK", self.leaves, self.task_key),
                *fields.values("PROJWBS", self.summaries, self.wbs_key),
            ],
        }

    def _project(self) -> Said:
        plan, logic = self.plan, self.plan.logic
        must = logic.must_finish if logic else None
        if must is None and logic is None and plan.opening:
            must = datetime.combine(plan.opening, time.min)
        default = plan.default_calendar or ALWAYS.id
        return {
            "proj_id": PROJECT_KEY,
            "proj_short_name": (plan.name or "plan")[:40],
            **({"sum_base_proj_id": next(iter(self.baselines))} if self.baselines else {}),
            "clndr_id": self.calendar_key[default],
            "last_recalc_date": _at(plan.status_date or plan.start),
            "plan_start_date": _at(plan.start or plan.status_date),
            "plan_end_date": _at(must),
            "scd_end_date": _at(plan.finish),
            "critical_drtn_hr_cnt": _hours(logic.critical_minutes if logic else 0),
            "critical_path_type": "CT_DrivPath" if logic and logic.longest_path else "CT_TotFloat",
            "export_flag": "Y",
        }

    def _baseline_projects(self) -> Iterator[Said]:
        for key, one in self.baselines.items():
            name = one.name or f"Baseline {one.number}"
            yield {"proj_id": key, "proj_short_name": name[:40], "orig_proj_id": PROJECT_KEY, "export_flag": "N"}

    def _baseline_tops(self) -> Iterator[Said]:
        """Each has a structure of its own, whose top bears its name."""
        for key, one in self.baselines.items():
            name = one.name or f"Baseline {one.number}"
            yield {
                "wbs_id": f"{key}{SPACE}",
                "proj_id": key,
                "proj_node_flag": "Y",
                "wbs_short_name": name[:40],
                "wbs_name": name,
                "seq_num": "0",
            }

    def _baseline_dates(self) -> Iterator[Said]:
        for key, one in self.baselines.items():
            for task in self.leaves:
                start, finish = one.dates.get(task.id, (None, None))
                if (start, finish) != (None, None):
                    yield {
                        "task_id": f"{key}{SPACE}{self.task_key[task.id]}",
                        "proj_id": key,
                        "wbs_id": f"{key}{SPACE}",
                        "clndr_id": self._calendar(task),
                        "task_code": task.id,
                        "task_name": task.name,
                        "task_type": _role(task),
                        "status_code": "TK_NotStart",
                        "target_start_date": _at(start),
                        "target_end_date": _at(finish),
                    }

    def _options(self) -> Said:
        logic = self.plan.logic or ScheduleLogic()
        return {
            "schedoptions_id": "1",
            "proj_id": PROJECT_KEY,
            "sched_outer_depend_type": "SD_None" if logic.ignore_external else "SD_Both",
            "sched_open_critical_flag": _flag(logic.open_ends_critical),
            "sched_lag_early_start_flag": _flag(logic.lag_from_early_start),
            "sched_retained_logic": _flag(logic.progress is ProgressLogic.RETAINED),
            "sched_progress_override": _flag(logic.progress is ProgressLogic.OVERRIDE),
            "sched_float_type": _FLOATS[logic.total_float],
            "sched_calendar_on_relationship_lag": _LAGS.get(self.plan.lag_calendar, _LAGS[LagCalendar.PREDECESSOR]),
            "sched_use_expect_end_flag": _flag(logic.expected_finish),
        }

    def _calendars(self) -> Iterator[Said]:
        for id, calendar in self.calendars.items():
            yield {
                "clndr_id": self.calendar_key[id],
                "default_flag": _flag(id == self.plan.default_calendar),
                "clndr_name": id,
                "clndr_type": "CA_Base",
                "day_hr_cnt": _hours(calendar.day_minutes),
                "clndr_data": clndr_data(calendar),
            }

    def _structure(self) -> Iterator[Said]:
        yield {
            "wbs_id": TOP,
            "proj_id": PROJECT_KEY,
            "proj_node_flag": "Y",
            "wbs_short_name": (self.plan.name or "plan")[:40],
            "wbs_name": self.plan.name,
            "seq_num": "0",
        }
        for number, task in enumerate(self.summaries, start=1):
            yield {
                "wbs_id": self.wbs_key[task.id],
                "proj_id": PROJECT_KEY,
                "proj_node_flag": "N",
                "parent_wbs_id": self.wbs_key.get(task.parent or "", TOP),
                "wbs_short_name": task.wbs.rpartition(".")[2] or str(number),
                "wbs_name": task.name,
                "seq_num": str(number),
            }

    def _task(self, task: Task) -> Said:
        progress = self.plan.progress.get(task.id)
        state, remaining = _standing(task, progress)
        said = {
            "task_id": self.task_key[task.id],
            "proj_id": PROJECT_KEY,
            "wbs_id": self.wbs_key.get(task.parent or "", TOP),
            "clndr_id": self._calendar(task),
            "task_code": task.id,
            "task_name": task.name,
            "task_type": _role(task),
            "duration_type": "DT_FixedDUR2",
            "status_code": list(words.STATUSES)[state],
            "target_drtn_hr_cnt": _hours(task.duration.minutes + task.pause_minutes),
            "remain_drtn_hr_cnt": _hours(remaining),
            "complete_pct_type": "CP_Phys",
            "phys_complete_pct": f"{progress.percent or 0:g}" if progress and state else "0",
        }
        said |= self._reported(progress) if progress and state else {}
        return said | self._dates(task, state) | dict(_bounds(task.constraints))

    def _calendar(self, task: Task) -> str:
        if task.duration.elapsed:
            return self.calendar_key[ALWAYS.id]
        return self.calendar_key[task.calendar] if task.calendar else ""

    def _reported(self, progress: Progress) -> Said:
        return {
            "act_start_date": _at(progress.actual_start),
            "act_end_date": _at(progress.actual_finish),
            "suspend_date": _at(progress.suspended),
            "resume_date": _at(progress.resumed),
        }

    def _dates(self, task: Task, state: int) -> Said:
        target = self.planned.get(task.id, (None, None))
        if self.plan.logic is None and target == (None, None):
            target = task.start, task.finish
        said = {"target_start_date": _at(target[0]), "target_end_date": _at(target[1])}
        row, stored = self.schedule.get(task.id), self.plan.stored.get(task.id)
        if state == 2 or (row is None and stored is None):
            return said
        dates: ScheduledTask | StoredDates = row or stored  # type: ignore[assignment]
        names = ("early_start", "early_finish", "late_start", "late_finish")
        columns = ("early_start_date", "early_end_date", "late_start_date", "late_end_date")
        said |= {column: _at(getattr(dates, name)) for column, name in zip(columns, names, strict=True)}
        said |= {"restart_date": said["early_start_date"], "reend_date": said["early_end_date"]}
        if row is not None:
            calendar = self.plan.calendars.get(task.calendar or self.plan.default_calendar or "", ALWAYS)
            day = 1440 if task.duration.elapsed else calendar.day_minutes
            said["total_float_hr_cnt"] = _hours(round(row.total_float_days * day))
        elif stored is not None and stored.total_float_minutes is not None:
            said["total_float_hr_cnt"] = _hours(stored.total_float_minutes)
        return said

    def _links(self) -> Iterator[Said]:
        """Links of summaries are left out: Primavera knows none."""
        durations = {task.id: task.duration.minutes for task in self.leaves}
        number = 0
        for link in self.plan.links:
            if link.pred in durations and link.succ in durations:
                number += 1
                yield {
                    "task_pred_id": str(number),
                    "task_id": self.task_key[link.succ],
                    "pred_task_id": self.task_key[link.pred],
                    "proj_id": PROJECT_KEY,
                    "pred_proj_id": PROJECT_KEY,
                    "pred_type": _LINKS[link.kind],
                    "lag_hr_cnt": _hours(self._lag(link, durations[link.pred])),
                }

    def _lag(self, link: Link, duration: int) -> int:
        """Primavera counts every lag in working time: an elapsed one becomes what a usual week has of it."""
        if link.lag_percent is not None:
            return round(duration * link.lag_percent / 100)
        if not link.lag.elapsed or self.plan.lag_calendar is LagCalendar.CLOCK:
            return link.lag.minutes
        week = self.calendars[self.plan.default_calendar or ALWAYS.id].week
        working = sum(until - start for hours in week for start, until in hours)
        return round(link.lag.minutes * working / (7 * 1440))

    def _resources(self) -> Iterator[Said]:
        for one in self.plan.resources:
            material = one.kind in ("material", "cost")
            yield {
                "rsrc_id": self.resource_key[one.id],
                "clndr_id": self.calendar_key.get(one.calendar or "", ""),
                "rsrc_short_name": one.id,
                "rsrc_name": one.name,
                "rsrc_type": "RT_Mat" if material else "RT_Equip" if one.group == EQUIPMENT else "RT_Labor",
                "email_addr": one.email,
            }

    def _assignments(self) -> Iterator[Said]:
        for number, one in enumerate(self.plan.assignments, start=1):
            if one.task in self.task_key and one.resource in self.resource_key:
                yield {
                    "taskrsrc_id": str(number),
                    "task_id": self.task_key[one.task],
                    "proj_id": PROJECT_KEY,
                    "rsrc_id": self.resource_key[one.resource],
                    "target_qty_per_hr": f"{one.units:.16g}",
                    "target_qty": "" if one.work_minutes is None else _hours(one.work_minutes),
                }


class _Fields:
    """User-defined fields: what is kept of ours, and what came with the plan under names of its own."""

    def __init__(self, plan: Plan) -> None:
        names = [f"{MARK}{name}" for name in KEPT]
        names += sorted({name for task in plan.tasks for name in task.extra} - set(names))
        self.key = {name: str(number) for number, name in enumerate(names, start=1)}

    def types(self) -> list[Said]:
        """One for activities and one for the structure, under the same name."""
        return [
            {
                "udf_type_id": key + suffix,
                "table_name": table,
                "udf_type_name": f"user_field_{key}{suffix}",
                "udf_type_label": name,
                "logical_data_type": "FT_TEXT",
            }
            for suffix, table in (("", "TASK"), ("000000", "PROJWBS"))
            for name, key in self.key.items()
        ]

    def values(self, table: str, tasks: list[Task], keys: Mapping[str, str]) -> Iterator[Said]:
        suffix = "" if table == "TASK" else "000000"
        for task in tasks:
            kept = {f"{MARK}{name}": text for name, text in texts_of(task).items()}
            for name, text in {**task.extra, **kept}.items():
                yield {
                    "udf_type_id": self.key[name] + suffix,
                    "fk_id": keys[task.id],
                    "proj_id": PROJECT_KEY,
                    "udf_text": text,
                }


def _role(task: Task) -> str:
    if task.kind is TaskKind.MILESTONE and task.role not in words.MILESTONES:
        return _ROLES[TaskRole.FINISH_MILESTONE]
    return _ROLES[task.role]


def _standing(task: Task, progress: Progress | None) -> tuple[int, int]:
    """How far it is, as a status, and the minutes that remain."""
    work = task.duration.minutes + task.pause_minutes
    if progress is None:
        return 0, work
    if progress.actual_finish is not None or (progress.percent or 0) >= 100:
        return 2, 0
    if progress.actual_start is None and not progress.percent:
        return 0, work
    if progress.remaining is not None:
        return 1, progress.remaining.minutes
    return 1, round(work * (1 - (progress.percent or 0) / 100))


def _bounds(constraints: tuple[Constraint, ...]) -> Iterator[tuple[str, str]]:
    """The first two constraints Primavera knows, and its dates of other kinds."""
    place = 0
    for one in constraints:
        if one.kind in _OWN_FIELDS:
            yield _OWN_FIELDS[one.kind], _at(one.at)
        elif one.kind in _CONSTRAINTS and place < 2:
            suffix = "2" if place else ""
            place += 1
            yield f"cstr_type{suffix}", _CONSTRAINTS[one.kind]
            yield f"cstr_date{suffix}", _at(one.at)


def _at(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at is not None else ""


def _hours(minutes: float) -> str:
    return f"{minutes / 60:.16g}"


def _flag(value: bool) -> str:
    return "Y" if value else "N"
