"""What stands within a task, put into it; each keyword its own function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tminus.formats.taskjuggler.dependency import dependencies_of
from tminus.formats.taskjuggler.project import Hours, Job, Project
from tminus.formats.taskjuggler.statement import BLOCK, Statement
from tminus.formats.taskjuggler.values import Values
from tminus.formats.taskjuggler.words import is_word, said


@dataclass(slots=True)
class Known:
    """What lines refer to: the project and its people, shifts by name."""

    project: Project
    values: Values
    shifts: dict[str, Hours] = field(default_factory=dict)

    def shift(self, one: Statement) -> Hours:
        name = said(one.args[0])
        if name not in self.shifts:
            raise self.values.wrong(one.line, name, f"a shift: {', '.join(self.shifts) or 'none is defined'}")
        return [list(day) for day in self.shifts[name]]


TakeLine = Callable[[Known, Job, Statement], None]


def take_line(known: Known, job: Job, keyword: str, one: Statement) -> None:
    """Put a line into the task; what does not schedule is left out.

    :raises BadFile: it cannot be taken.
    """
    take = _LINES.get(keyword)
    if take is not None and (
        one.args or keyword in ("milestone", "limits", "minstart", "maxstart", "minend", "maxend")
    ):
        take(known, job, one)


def _start(known: Known, job: Job, one: Statement) -> None:
    job.start, job.forward = known.values.date(one), True


def _end(known: Known, job: Job, one: Statement) -> None:
    job.finish, job.forward = known.values.date(one), False


def _bound(known: Known, job: Job, one: Statement) -> None:
    job.bounds[one.keyword.rpartition(":")[2]] = known.values.date(one)


def _period(known: Known, job: Job, one: Statement) -> None:
    values, dates = known.values, known.values.dates(one)
    job.start = values.date(one, dates[0] if dates else 0)
    job.finish = values.date(one, dates[1]) if len(dates) > 1 else values.later(one, job.start, len(one.args) - 1)


def _effort(known: Known, job: Job, one: Statement) -> None:
    job.effort = known.project.work_slots(*known.values.amount(one))


def _length(known: Known, job: Job, one: Statement) -> None:
    job.length = known.project.work_slots(*known.values.amount(one))


def _duration(known: Known, job: Job, one: Statement) -> None:
    job.duration = known.project.calendar_slots(*known.values.amount(one))


def _depends(known: Known, job: Job, one: Statement) -> None:
    job.depends += dependencies_of(one, known.project, known.values, on_end=True)
    job.forward = True


def _precedes(known: Known, job: Job, one: Statement) -> None:
    job.precedes += dependencies_of(one, known.project, known.values, on_end=False)
    job.forward = False


def _scheduling(known: Known, job: Job, one: Statement) -> None:
    way = said(one.args[0])
    if way not in ("alap", "asap"):
        raise known.values.wrong(one.line, way, "alap or asap")
    job.forward = way == "asap"


def _priority(known: Known, job: Job, one: Statement) -> None:
    job.priority = int(known.values.number(one))


def _milestone(known: Known, job: Job, one: Statement) -> None:
    job.milestone = True


def _limits(known: Known, job: Job, one: Statement) -> None:
    job.day_limit, job.week_limit = known.values.limits(one, known.project, job.day_limit, job.week_limit)


def _shift(known: Known, job: Job, one: Statement) -> None:
    job.hours = known.shift(one)


def _note(known: Known, job: Job, one: Statement) -> None:
    job.note = said(one.args[0])


def _allocate(known: Known, job: Job, one: Statement) -> None:
    """Each a list of candidates: the one named, and its alternatives."""
    workers = known.project.workers
    fresh: list[list[str]] = []
    for at, word in enumerate(one.args):
        if is_word(word) and word[0] != BLOCK:
            if word not in workers:
                allowed = f"a resource: {', '.join(list(workers)[:8]) or 'none'}"
                raise known.values.wrong(one.line_of(at), word, allowed)
            fresh.append([word])
    for inner in one.block:
        words = [inner.keyword, *inner.words()]
        if "alternative" in words and fresh:
            fresh[-1] += [word for word in words if word in workers]
    job.allocations += fresh


def _purge(known: Known, job: Job, one: Statement) -> None:
    match one.args[0]:
        case "allocate":
            job.allocations = []
        case "depends":
            job.depends = []
        case "precedes":
            job.precedes = []


_LINES: Mapping[str, TakeLine] = {
    "start": _start,
    "end": _end,
    "period": _period,
    "effort": _effort,
    "length": _length,
    "duration": _duration,
    "depends": _depends,
    "precedes": _precedes,
    "scheduling": _scheduling,
    "priority": _priority,
    "milestone": _milestone,
    "limits": _limits,
    "shift": _shift,
    "shifts": _shift,
    "allocate": _allocate,
    "note": _note,
    "purge": _purge,
    "minstart": _bound,
    "maxstart": _bound,
    "minend": _bound,
    "maxend": _bound,
}
_BARE = frozenset(["milestone", "limits", "minstart", "maxstart", "minend", "maxend"])
"""Those that are looked at with nothing behind them too."""
