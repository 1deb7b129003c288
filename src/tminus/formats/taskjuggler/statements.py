"""Statements made into a project: what schedules it is taken, what only reports on it is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tminus.formats.problems import BadFile
from tminus.formats.taskjuggler.hours import take_hours
from tminus.formats.taskjuggler.project import Dependency, Hours, Job, Leave, Project, Worker, usual_hours
from tminus.formats.taskjuggler.words import Statement, Word

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)(min|h|d|w|m|y)?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:-(\d{1,2}):(\d{2})(?::\d{2})?)?(?:-([+-]\d{4}|\w+))?")
KEYWORDS = frozenset([
    "account", "actual", "allocate", "alert", "booking", "complete", "depends", "duration", "dailymax",
    "dailymin", "effort", "efficiency", "end", "flags", "gapduration", "gaplength", "journalentry", "leaves",
    "length", "limits", "managers", "maxend", "maxstart", "milestone", "minend", "minstart", "note", "now",
    "onend", "onstart", "persistent", "mandatory", "precedes", "priority", "purge", "resource", "responsible",
    "scheduled", "scheduling", "select", "shift", "shifts", "start", "statusnote", "supplement", "task",
    "timezone", "vacation", "weeklymax", "weeklymin", "workinghours", "alternative", "charge", "chargeset",
    "projectid", "rate", "fail", "warn", "monthlymax", "maximum", "minimum",
])  # fmt: skip


class Making:
    """The project while statements are read. ``include``: nothing of it is left here."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.project: Project | None = None
        self.jobs: dict[str, Job] = {}
        self.shifts: dict[str, Hours] = {}
        self.scenario = "plan"

    def wrong(self, line: int, value: str, allowed: str) -> BadFile:
        return BadFile(f"{self.file}, line {line}: {value[:120]!r} cannot be taken; allowed: {allowed}")

    def made(self, statements: Sequence[Statement]) -> Project:
        """:raises BadFile: no project, or something in it that cannot be taken, with its line."""
        for one in statements:
            if one.keyword == "project":
                self._head(one)
        if self.project is None:
            raise BadFile(f"{self.file}: no project; allowed: a TaskJuggler file with a project and tasks")
        for one in statements:
            self._top(one)
        return self.project

    # The head ----------------------------------------

    def _head(self, one: Statement) -> None:
        words = one.args
        dates = [word for word in words if word.kind == "word" and _DATE.fullmatch(word.value)]
        spans = [word for word in words if word.value.startswith("+")]
        if not dates or (len(dates) < 2 and not spans):
            raise self.wrong(one.line, " ".join(one.words()), "project ID NAME 2026-01-01 - 2026-12-31")
        texts = [word.value for word in words if word.kind == "text"]
        zone = next((s.args[0].value for s in one.block if s.keyword == "timezone" and s.args), "")
        try:
            ZoneInfo(zone or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise self.wrong(one.line, zone, "a time zone like Europe/London") from None
        start = self._date(dates[0], zone)
        finish = self._date(dates[1], zone) if len(dates) > 1 else self._later(start, spans[0])
        if not start < finish or (finish - start).days > 20000:
            raise self.wrong(one.line, f"{start} - {finish}", "an end after the start, within 20,000 days")
        self.project = Project(texts[0] if texts else words[0].value, start, finish, zone)
        self.project.hours = usual_hours()
        for inner in one.block:
            self._head_line(self.project, inner)

    def _head_line(self, project: Project, one: Statement) -> None:
        match one.keyword:
            case "timezone":
                project.hours = usual_hours()
            case "timingresolution":
                project.hours = usual_hours()  # that tool forgets here what was said before
                value, unit = self._amount(one)
                project.slot = int(value * {"min": 1, "h": 60}.get(unit, 0))
                if not 5 <= project.slot <= 60:
                    raise self.wrong(one.line, " ".join(one.words()), "5 min … 60 min")
            case "dailyworkinghours":
                project.day_hours = self._number(one)
            case "yearlyworkingdays":
                project.year_days = self._number(one)
            case "workinghours":
                self._hours(one, project.hours)
            case "now":
                project.now = self._date(one.args[0])
            case "weekstartsmonday":
                project.monday = True
            case "scenario":
                self.scenario = one.args[0].value

    def _top(self, one: Statement) -> None:
        project = self._project()
        match one.keyword:
            case "task":
                self._task(one, None)
            case "resource":
                self._worker(one, None)
            case "shift":
                self._shift(one)
            case "leaves" | "vacation":
                project.leaves += self._leaves(one)
            case "workinghours":
                self._hours(one, project.hours)
            case "supplement" if one.args:
                self._supplement(one)

    def _project(self) -> Project:
        assert self.project is not None  # noqa: S101 - the head is read first
        return self.project

    # Resources and tasks ----------------------------------------

    def _shift(self, one: Statement) -> None:
        hours: Hours = [list(day) for day in self._project().hours]
        for inner in one.block:
            if inner.keyword == "workinghours":
                self._hours(inner, hours)
            elif inner.keyword == "shift":
                self._shift(inner)
        self.shifts[one.args[0].value] = hours

    def _worker(self, one: Statement, parent: Worker | None) -> None:
        project = self._project()
        id, name = self._named(one)
        above = parent if parent is not None else None
        hours = [list(day) for day in (above.hours if above else project.hours)]
        made = Worker(id, name, parent, hours, list(above.leaves) if above else [])
        if above is not None:
            above.kids.append(made)
            made.day_limit, made.week_limit, made.efficiency = above.day_limit, above.week_limit, above.efficiency
        project.workers[id] = made
        self._worker_lines(made, one.block)

    def _worker_lines(self, made: Worker, block: Sequence[Statement]) -> None:
        for inner in block:
            match inner.keyword:
                case "resource":
                    self._worker(inner, made)
                case "leaves" | "vacation":
                    made.leaves += self._leaves(inner)
                case "workinghours":
                    self._hours(inner, made.hours)
                case "shifts" | "shift" if inner.args:
                    made.hours = self._shift_named(inner)
                case "limits":
                    made.day_limit, made.week_limit = self._limits(inner, made.day_limit, made.week_limit)
                case "efficiency":
                    made.efficiency = self._number(inner)

    def _shift_named(self, one: Statement) -> Hours:
        name = one.args[0].value
        if name not in self.shifts:
            raise self.wrong(one.line, name, f"a shift: {', '.join(self.shifts) or 'none is defined'}")
        return [list(day) for day in self.shifts[name]]

    def _limits(self, one: Statement, day: int | None, week: int | None) -> tuple[int | None, int | None]:
        words, project = [w for s in one.block for w in (s.keyword, *s.words())], self._project()
        for name, value in pairwise(words):
            found = _AMOUNT.fullmatch(value)
            if name in ("dailymax", "weeklymax") and found is not None:
                slots = project.work_slots(float(found[1]), found[2] or "h")
                day, week = (slots, week) if name == "dailymax" else (day, slots)
        return day, week

    def _named(self, one: Statement) -> tuple[str, str]:
        if not one.args:
            raise self.wrong(one.line, one.keyword, f"{one.keyword} ID NAME")
        first = one.args[0]
        return first.value, next((word.value for word in one.args if word.kind == "text"), first.value)

    def _task(self, one: Statement, parent: Job | None) -> None:
        id, name = self._named(one)
        id = f"{parent.id}.{id}" if parent else id
        if id in self.jobs:
            raise self.wrong(one.line, id, "each task once")
        made = Job(id, name, parent, len(self.jobs), line=one.line)
        if parent is not None:
            parent.kids.append(made)
            made.forward, made.priority, made.hours = parent.forward, parent.priority, parent.hours
            made.depends, made.precedes = [*self._as_own(parent.depends)], [*self._as_own(parent.precedes)]
            made.allocations = [list(some) for some in parent.allocations]
        self.jobs[id] = made
        self._project().jobs.append(made)
        self._task_lines(made, one.block)

    def _as_own(self, of: list[Dependency]) -> list[Dependency]:
        """What a task inherits counts its ups from where it was said."""
        return [Dependency(d.path, d.ups + 1 if d.ups else 0, d.on_end, d.gap, d.gap_work) for d in of]

    def _supplement(self, one: Statement) -> None:
        kind, id = one.args[0].value, one.args[-1].value
        if kind == "task" and id in self.jobs:
            self._task_lines(self.jobs[id], one.block)
        elif kind == "resource" and id in self._project().workers:
            self._worker_lines(self._project().workers[id], one.block)

    def _task_lines(self, made: Job, block: Sequence[Statement]) -> None:
        for inner in block:
            keyword = inner.keyword.removeprefix(f"{self.scenario}:")
            if keyword == "task":
                self._task(inner, made)
            elif keyword in _TASK_LINES and (inner.args or keyword in ("milestone", "limits")):
                _TASK_LINES[keyword](self, made, inner)
            elif keyword in ("minstart", "maxstart", "minend", "maxend"):
                made.bounds[keyword] = self._date(inner.args[0])

    def _depends(self, one: Statement, on_end: bool) -> list[Dependency]:
        project = self._project()
        found: list[Dependency] = []
        ups, begun = 0, 0
        for word in one.args:
            if word.value == "!" and word.kind == "mark":
                ups += 1
            elif word.kind == "block":
                self._gaps(found[-1], one.block[begun : int(word.value)], project)
                begun = int(word.value)
            elif word.kind == "word":
                found.append(
                    Dependency(word.value.lstrip("!"), ups + len(word.value) - len(word.value.lstrip("!")), on_end)
                )
                ups = 0
        if found:
            self._gaps(found[-1], one.block[begun:], project)
        return found

    def _gaps(self, of: Dependency, block: Sequence[Statement], project: Project) -> None:
        for inner in block:
            words = [inner.keyword, *inner.words()]
            of.on_end = True if "onend" in words else False if "onstart" in words else of.on_end
            for name, value in pairwise(words):
                if name == "gapduration":
                    of.gap = project.calendar_slots(*self._amount_of(value, inner))
                elif name == "gaplength":
                    of.gap_work = project.work_slots(*self._amount_of(value, inner))

    def _allocate(self, made: Job, one: Statement) -> None:
        workers = self._project().workers
        fresh: list[list[str]] = []
        for word in one.args:
            if word.kind == "word":
                if word.value not in workers:
                    raise self.wrong(word.line, word.value, f"a resource: {', '.join(list(workers)[:8]) or 'none'}")
                fresh.append([word.value])
        for inner in one.block:
            words = [inner.keyword, *inner.words()]
            if "alternative" in words and fresh:
                fresh[-1] += [word for word in words if word in workers]
        made.allocations += fresh

    # Values ----------------------------------------

    def _date(self, word: Word, zone: str | None = None) -> datetime:
        found = _DATE.fullmatch(word.value)
        if found is None:
            raise self.wrong(word.line, word.value, "a date like 2026-08-17 or 2026-08-17-09:00")
        try:
            at = datetime(*(int(part or 0) for part in found.groups()[:5]))  # type: ignore[arg-type]
        except ValueError:
            raise self.wrong(word.line, word.value, "a date of the calendar") from None
        if found[6] and re.fullmatch(r"[+-]\d{4}", found[6]):
            zone = self.project.zone if zone is None and self.project is not None else zone
            sign = -1 if found[6][0] == "-" else 1
            offset = timedelta(minutes=sign * (int(found[6][1:3]) * 60 + int(found[6][3:])))
            utc = (at - offset).replace(tzinfo=ZoneInfo("UTC"))
            at = utc.astimezone(ZoneInfo(zone or "UTC")).replace(tzinfo=None)
        return at

    def _amount(self, one: Statement) -> tuple[float, str]:
        return self._amount_of("".join(one.words()[:2]), one)

    def _amount_of(self, text: str, one: Statement) -> tuple[float, str]:
        found = _AMOUNT.match(text)
        if found is None or (found[2] is None):
            raise self.wrong(one.line, text, "a number with min, h, d, w, m or y")
        return float(found[1]), found[2]

    def _number(self, one: Statement) -> float:
        try:
            value = float(one.args[0].value)
        except (ValueError, IndexError):
            raise self.wrong(one.line, " ".join(one.words()), "a number") from None
        if not 0 < value < 10_000:
            raise self.wrong(one.line, one.args[0].value, "a number more than 0")
        return value

    def _later(self, start: datetime, word: Word) -> datetime:
        found = _AMOUNT.match(word.value.lstrip("+"))
        if found is None or found[2] is None:
            raise self.wrong(word.line, word.value, "+ and a number with min, h, d, w, m or y")
        unit = {"min": 1, "h": 60, "d": 1440, "w": 10080, "m": 43800, "y": 525600}[found[2]]
        return start + timedelta(minutes=min(float(found[1]) * unit, 20000 * 1440))

    def _leaves(self, one: Statement) -> list[Leave]:
        """Spans of days off; a bare date is that day."""
        words = [word for word in one.args if word.kind == "word"]
        dates = [word for word in words if _DATE.fullmatch(word.value)]
        spans = [word for word in words if word.value.startswith("+")]
        if not dates:
            raise self.wrong(one.line, " ".join(one.words()), "leaves TYPE 2026-08-17 - 2026-08-20")
        found: list[Leave] = []
        marks = [word.value for word in one.args]
        at = 0
        while at < len(dates):
            first = self._date(dates[at])
            paired = at + 1 < len(dates) and marks[marks.index(dates[at].value) + 1 :][:1] == ["-"]
            if paired:
                found.append((first, self._date(dates[at + 1])))
            elif spans:
                found.append((first, self._later(first, spans.pop(0))))
            else:
                found.append((first, first + timedelta(days=1)))
            at += 2 if paired else 1
        return found

    def _hours(self, one: Statement, hours: Hours) -> None:
        if not take_hours(one.words(), hours):
            raise self.wrong(one.line, " ".join(one.words()), "mon - fri 9:00 - 12:00, 13:00 - 18:00, or off")


def _start(making: Making, job: Job, one: Statement) -> None:
    job.start, job.forward = making._date(one.args[0]), True


def _end(making: Making, job: Job, one: Statement) -> None:
    job.finish, job.forward = making._date(one.args[0]), False


def _period(making: Making, job: Job, one: Statement) -> None:
    dates = [word for word in one.args if _DATE.fullmatch(word.value)]
    job.start = making._date(dates[0])
    job.finish = making._date(dates[1]) if len(dates) > 1 else making._later(job.start, one.args[-1])


def _work(name: str) -> Callable[[Making, Job, Statement], None]:
    def take(making: Making, job: Job, one: Statement) -> None:
        project = making._project()
        count = project.calendar_slots if name == "duration" else project.work_slots
        setattr(job, name, count(*making._amount(one)))

    return take


def _depends(making: Making, job: Job, one: Statement) -> None:
    job.depends += making._depends(one, on_end=True)
    job.forward = True


def _precedes(making: Making, job: Job, one: Statement) -> None:
    job.precedes += making._depends(one, on_end=False)
    job.forward = False


def _scheduling(making: Making, job: Job, one: Statement) -> None:
    if one.args[0].value not in ("alap", "asap"):
        raise making.wrong(one.line, one.args[0].value, "alap or asap")
    job.forward = one.args[0].value == "asap"


def _priority(making: Making, job: Job, one: Statement) -> None:
    job.priority = int(making._number(one))


def _milestone(making: Making, job: Job, one: Statement) -> None:
    job.milestone = True


def _task_limits(making: Making, job: Job, one: Statement) -> None:
    job.day_limit, job.week_limit = making._limits(one, job.day_limit, job.week_limit)


def _task_shift(making: Making, job: Job, one: Statement) -> None:
    job.hours = making._shift_named(one)


def _note(making: Making, job: Job, one: Statement) -> None:
    job.note = one.args[0].value


def _purge(making: Making, job: Job, one: Statement) -> None:
    if one.args[0].value in ("allocate", "depends", "precedes"):
        setattr(job, {"allocate": "allocations"}.get(one.args[0].value, one.args[0].value), [])


_TASK_LINES: dict[str, Callable[[Making, Job, Statement], None]] = {
    "start": _start,
    "end": _end,
    "period": _period,
    "effort": _work("effort"),
    "length": _work("length"),
    "duration": _work("duration"),
    "depends": _depends,
    "precedes": _precedes,
    "scheduling": _scheduling,
    "priority": _priority,
    "milestone": _milestone,
    "limits": _task_limits,
    "shift": _task_shift,
    "shifts": _task_shift,
    "allocate": Making._allocate,
    "note": _note,
    "purge": _purge,
}
