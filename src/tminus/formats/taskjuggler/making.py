"""Statements made into a project: what schedules it is taken, what only reports on it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tminus.formats.problems import BadFile
from tminus.formats.taskjuggler.project import Dependency, Hours, Job, Project, Worker, usual_hours
from tminus.formats.taskjuggler.statement import Statement
from tminus.formats.taskjuggler.task_lines import Known, take_line
from tminus.formats.taskjuggler.values import Values
from tminus.formats.taskjuggler.words import said

KEYWORDS = frozenset([
    "account", "actual", "allocate", "alert", "booking", "complete", "depends", "duration", "dailymax",
    "dailymin", "effort", "efficiency", "end", "flags", "gapduration", "gaplength", "journalentry", "leaves",
    "length", "limits", "managers", "maxend", "maxstart", "milestone", "minend", "minstart", "note", "now",
    "onend", "onstart", "persistent", "mandatory", "precedes", "priority", "purge", "resource", "responsible",
    "scheduled", "scheduling", "select", "shift", "shifts", "start", "statusnote", "supplement", "task",
    "timezone", "vacation", "weeklymax", "weeklymin", "workinghours", "alternative", "charge", "chargeset",
    "projectid", "rate", "fail", "warn", "monthlymax", "maximum", "minimum",
])  # fmt: skip


def project_from(statements: Sequence[Statement], file: str) -> Project:
    """:raises BadFile: no project, or something in it that cannot be taken, with its line."""
    heads = [one for one in statements if one.keyword == "project"]
    if not heads:
        raise BadFile(f"{file}: no project; allowed: a TaskJuggler file with a project and tasks")
    making = _Making(heads[-1], Values(file))
    for one in statements:
        making.top(one)
    return making.project


class _Making:
    """The project while statements are read."""

    def __init__(self, head: Statement, values: Values) -> None:
        self.values = values
        self.project = _begun(head, values)
        self.known = Known(self.project, values)
        self.jobs: dict[str, Job] = {}
        scenario = next((one for one in reversed(head.block) if one.keyword == "scenario"), None)
        self.prefix = f"{values.first(scenario, 'scenario ID')}:" if scenario else "plan:"
        for one in head.block:
            self._head_line(one)

    def _head_line(self, one: Statement) -> None:
        project, values = self.project, self.values
        match one.keyword:
            case "timezone":
                project.hours = usual_hours()
            case "timingresolution":
                project.hours = usual_hours()  # that tool forgets here what was said before
                value, unit = values.amount(one)
                project.slot = int(value * {"min": 1, "h": 60}.get(unit, 0))
                if not 5 <= project.slot <= 60:
                    raise values.wrong(one.line, " ".join(one.words()), "5 min … 60 min")
            case "dailyworkinghours":
                project.day_hours = values.number(one)
            case "yearlyworkingdays":
                project.year_days = values.number(one)
            case "workinghours":
                values.hours(one, project.hours)
            case "now":
                project.now = values.date(one)
            case "weekstartsmonday":
                project.monday = True

    def top(self, one: Statement) -> None:
        match one.keyword:
            case "task":
                self._task(one, None)
            case "resource":
                self._worker(one, None)
            case "shift":
                self._shift(one)
            case "leaves" | "vacation":
                self.project.leaves += self.values.leaves(one)
            case "workinghours":
                self.values.hours(one, self.project.hours)
            case "supplement" if one.args:
                self._supplement(one)

    def _supplement(self, one: Statement) -> None:
        kind, id = said(one.args[0]), said(one.args[-1])
        if kind == "task" and id in self.jobs:
            self._task_lines(self.jobs[id], one.block)
        elif kind == "resource" and id in self.project.workers:
            self._worker_lines(self.project.workers[id], one.block)

    def _shift(self, one: Statement) -> None:
        hours: Hours = [list(day) for day in self.project.hours]
        for inner in one.block:
            if inner.keyword == "workinghours":
                self.values.hours(inner, hours)
            elif inner.keyword == "shift":
                self._shift(inner)
        self.known.shifts[self.values.first(one, "shift ID NAME")] = hours

    # People ----------------------------------------

    def _worker(self, one: Statement, above: Worker | None) -> None:
        id, name = self.values.named(one)
        hours = [list(day) for day in (above.hours if above else self.project.hours)]
        made = Worker(id, name, above, hours, list(above.leaves) if above else [])
        if above is not None:
            above.kids.append(made)
            made.day_limit, made.week_limit, made.efficiency = above.day_limit, above.week_limit, above.efficiency
        self.project.workers[id] = made
        self._worker_lines(made, one.block)

    def _worker_lines(self, made: Worker, block: Sequence[Statement]) -> None:
        values = self.values
        for inner in block:
            match inner.keyword:
                case "resource":
                    self._worker(inner, made)
                case "leaves" | "vacation":
                    made.leaves += values.leaves(inner)
                case "workinghours":
                    values.hours(inner, made.hours)
                case "shifts" | "shift" if inner.args:
                    made.hours = self.known.shift(inner)
                case "limits":
                    made.day_limit, made.week_limit = values.limits(
                        inner, self.project, made.day_limit, made.week_limit
                    )
                case "efficiency":
                    made.efficiency = values.number(inner)

    # Tasks ----------------------------------------

    def _task(self, one: Statement, parent: Job | None) -> None:
        id, name = self.values.named(one)
        id = f"{parent.id}.{id}" if parent else id
        if id in self.jobs:
            raise self.values.wrong(one.line, id, "each task once")
        made = Job(id, name, parent, len(self.jobs), line=one.line)
        if parent is not None:
            _inherit(made, parent)
        self.jobs[id] = made
        self.project.jobs.append(made)
        self._task_lines(made, one.block)

    def _task_lines(self, made: Job, block: Sequence[Statement]) -> None:
        for inner in block:
            keyword = inner.keyword
            if ":" in keyword:
                keyword = keyword.removeprefix(self.prefix)
            if keyword == "task":
                self._task(inner, made)
            else:
                take_line(self.known, made, keyword, inner)


def _begun(one: Statement, values: Values) -> Project:
    """The project as its head's first line says it."""
    dates, spans = values.dates(one), values.spans(one)
    if not dates or (len(dates) < 2 and not spans):
        raise values.wrong(one.line, " ".join(one.words()), "project ID NAME 2026-01-01 - 2026-12-31")
    values.zone = next((said(inner.args[0]) for inner in one.block if inner.keyword == "timezone" and inner.args), "")
    try:
        ZoneInfo(values.zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise values.wrong(one.line, values.zone, "a time zone like Europe/London") from None
    start = values.date(one, dates[0])
    finish = values.date(one, dates[1]) if len(dates) > 1 else values.later(one, start, spans[0])
    if not start < finish or (finish - start).days > 20000:
        raise values.wrong(one.line, f"{start} - {finish}", "an end after the start, within 20,000 days")
    name = next((said(word) for word in one.args if word[0] == '"'), one.args[0])
    return Project(name, start, finish, values.zone, hours=usual_hours())


def _inherit(made: Job, parent: Job) -> None:
    parent.kids.append(made)
    made.forward, made.priority, made.hours = parent.forward, parent.priority, parent.hours
    if parent.depends or parent.precedes:
        made.depends, made.precedes = _as_own(parent.depends), _as_own(parent.precedes)
    made.allocations = [list(some) for some in parent.allocations]


def _as_own(of: Sequence[Dependency]) -> list[Dependency]:
    """What a task inherits counts its ups from where it was said."""
    return [Dependency(d.path, d.ups + 1 if d.ups else 0, d.on_end, d.gap, d.gap_work) for d in of]
