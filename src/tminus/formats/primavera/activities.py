"""Rows of the table TASK: activities, what has been reported of them, and the dates Primavera computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    PlanError,
    Progress,
    StoredDates,
    Task,
    TaskKind,
)
from tminus.formats.primavera import vocabulary as words
from tminus.formats.primavera.cells import Check, Instants, Lengths, Minutes, instant, minutes, number, one_of, wrong
from tminus.formats.primavera.codes import NO_MARKS, Marks
from tminus.formats.primavera.kept import restored
from tminus.formats.primavera.outline import Outline
from tminus.formats.primavera.tables import Row, Table

DATES = (
    "act_start_date", "act_end_date", "early_start_date", "early_end_date", "late_start_date", "late_end_date",
    "target_start_date", "target_end_date", "restart_date", "cstr_date", "cstr_date2", "expect_end_date",
    "external_early_start_date", "external_late_end_date", "suspend_date", "resume_date",
)  # fmt: skip
HOURS = ("target_drtn_hr_cnt", "remain_drtn_hr_cnt", "total_float_hr_cnt")
WORDS = (
    "task_id", "task_code", "task_name", "wbs_id", "clndr_id", "task_type", "status_code", "cstr_type", "cstr_type2",
    "rsrc_id", "complete_pct_type", "phys_complete_pct",
)  # fmt: skip
CHECKS: Mapping[str, Check] = (
    dict.fromkeys(DATES, instant)
    | dict.fromkeys(HOURS, minutes)
    | {
        "task_type": one_of(words.ROLES),
        "status_code": one_of(words.STATUSES),
        "cstr_type": one_of(words.CONSTRAINTS),
        "cstr_type2": one_of(words.CONSTRAINTS),
        "phys_complete_pct": number,
    }
)
MILESTONES = frozenset(code for code, role in words.ROLES.items() if role in words.MILESTONES)
MOST_PERCENT = 99.0
"""Of work that is not reported as finished."""


@dataclass(slots=True)
class Activity:
    """One row, ready for the plan."""

    key: str
    wbs: str
    task: Task
    progress: Progress | None
    stored: StoredDates | None
    planned: tuple[datetime | None, datetime | None]


class Activities:
    """The activities of one project of a file."""

    def __init__(
        self,
        file: str,
        table: Table,
        project: str,
        calendars: Mapping[str, str],
        marks: Mapping[str, Marks],
        people: Mapping[str, str],
        outline: Outline,
    ) -> None:
        """``calendars``, ``people``: identities of calendars and names of resources by their keys in the file."""
        self.outline = outline
        self.file, self.table, self.project = file, table, project
        self.calendars, self.marks, self.people = calendars, marks, people
        self.instants, self.minutes, self.lengths = Instants(), Minutes(), Lengths()

    def read(self) -> Iterator[Activity]:
        """:raises BadFile: a cell that cannot be taken; table, row and field are named."""
        of = self.table.cells("proj_id", "task_id")
        pick = self.table.cells(*WORDS), self.table.cells(*HOURS), self.table.cells(*DATES)
        for row in self.table.rows:
            if of(row)[0] == self.project:
                try:
                    yield self._activity(pick[0](row), pick[1](row), pick[2](row))
                except (ValueError, KeyError, OverflowError, PlanError) as error:
                    raise wrong(self.file, self.table, row, CHECKS) or self._unplaced(row, error) from error

    def _unplaced(self, row: Row, error: Exception) -> Exception:
        at = self.table.rows.index(row) + 1
        return ValueError(f"table TASK, row {at}: {error}")

    def _activity(self, said: Row | tuple[str, ...], hours: tuple[str, ...], dates: tuple[str, ...]) -> Activity:
        key, code, name, wbs, calendar, kind, status, *bound, person, percent_kind, physical = said
        target, remaining, total = hours
        instants, worked = self.instants, self.minutes
        at = [instants[text] for text in dates]
        milestone = kind in MILESTONES
        state = words.STATUSES[status or "TK_NotStart"]
        marks = self.marks.get(key, NO_MARKS)
        known = marks.known
        work = worked[target], worked[remaining or target]
        stored = None
        if state < 2 and at[2] is not None:
            slack = float(worked[total]) if total else None
            start = at[0] if state else at[2]
            stored = StoredDates(at[2], at[3], at[4], at[5], slack, start, at[3])
        task = Task(
            id=code or key,
            name=name.strip(),
            parent=self.outline.id_of(wbs),
            kind=TaskKind.MILESTONE if milestone else TaskKind.TASK,
            duration=self.lengths[0 if milestone else work[0] if state else work[1]],
            calendar=self.calendars.get(calendar),
            constraints=tuple(self._constraints(bound, at)) if any(bound) or any(dates[11:14]) else (),
            start=(at[0] if state else at[2]) or at[6],
            finish=(at[1] if state == 2 else at[3]) or at[7],
            unit=known.get("unit", ""),
            responsible=known.get("responsible", "") or self.people.get(person, ""),
            place=known.get("place", ""),
            area=known.get("area", ""),
            extra=marks.extra,
            role=words.ROLES[kind or "TT_Task"],
        )
        task = restored(task, marks.kept) if marks.kept else task
        progress = self._progress(state, work, at, percent_kind, physical) if state else None
        return Activity(key, wbs, task, progress, stored, (at[6], at[7]))

    def _constraints(self, bound: list[str], at: list[datetime | None]) -> Iterator[Constraint]:
        for kind, when in zip(bound, at[9:11], strict=True):
            if kind and (when is not None or kind == "CS_ALAP"):
                yield Constraint(words.CONSTRAINTS[kind], None if kind == "CS_ALAP" else when)
        kinds = (ConstraintKind.EXPECTED_FINISH, ConstraintKind.EXTERNAL_START, ConstraintKind.EXTERNAL_FINISH)
        for own, when in zip(kinds, at[11:14], strict=True):
            if when is not None:
                yield Constraint(own, when)

    def _progress(
        self, state: int, work: tuple[int, int], at: list[datetime | None], percent_kind: str, physical: str
    ) -> Progress:
        begun = at[0] or at[2] or at[6]
        if state == 2:
            return Progress(begun, at[1] or begun, percent=100.0, suspended=at[14], resumed=at[15])
        target, remaining = work
        percent = number(physical) if percent_kind == "CP_Phys" else 100 * (1 - remaining / target) if target else 0.0
        return Progress(
            begun,
            remaining=Duration(max(remaining, 0)),
            percent=round(min(max(percent, 0.0), MOST_PERCENT), 2),
            suspended=at[14],
            resumed=at[15],
        )


def planned_dates(activities: list[Activity]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """The planned start and finish of each activity that has either."""
    return {one.task.id: one.planned for one in activities if one.planned != (None, None)}
