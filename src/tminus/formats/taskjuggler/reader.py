"""A TaskJuggler file as a plan: its tasks, links and people, and the dates its own scheduler would give them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from tminus.engines.schedule import (
    Assignment,
    Constraint,
    ConstraintKind,
    DayHours,
    Duration,
    Link,
    LinkKind,
    Plan,
    Resource,
    Task,
    TaskKind,
    WorkCalendar,
)
from tminus.formats.problems import BadFile, read_bytes
from tminus.formats.tables import decode
from tminus.formats.taskjuggler.clock import Clock, clock_of
from tminus.formats.taskjuggler.making import KEYWORDS, project_from
from tminus.formats.taskjuggler.node import Node
from tminus.formats.taskjuggler.own_dates import Scheduler
from tminus.formats.taskjuggler.project import Dependency, Hours, Leave, Project
from tminus.formats.taskjuggler.statement import statements_of

BOUNDS = {
    "minstart": ConstraintKind.SNET,
    "maxstart": ConstraintKind.SNLT,
    "minend": ConstraintKind.FNET,
    "maxend": ConstraintKind.FNLT,
}


def read_taskjuggler(path: Path, content: bytes | None = None) -> Plan:
    """Tasks with the dates of the file's own scheduler as ``start`` and ``finish``; opening is the project's end.

    Reports, accounts and bookings are left out; a file that is included and not there holds reports, as a rule, and is
    left out too.

    :raises BadFile: something that cannot be taken, or tasks that get no dates; with its line.
    """
    content = read_bytes(path) if content is None else content
    return plan_of(project_of(path, decode(path, content)), path.name)


def project_of(path: Path, text: str) -> Project:
    def included(name: str) -> str | None:
        other = (path.parent / name).resolve()
        if path.parent.resolve() not in other.parents:
            raise BadFile(f"{path.name}: includes {name!r}; allowed: files beside it or below")
        return decode(other, read_bytes(other)) if other.is_file() else None

    return project_from(statements_of(text, path.name, included, KEYWORDS), path.name)


def plan_of(project: Project, file: str) -> Plan:
    """The plan of a project, scheduled by its own rules."""
    clock = clock_of(project)
    nodes = Scheduler(project, clock, file).run()
    calendars = {"working hours": _calendar("working hours", project.hours, project.leaves)}
    resources = _resources(project, calendars)
    ends = [node.finish for node in nodes.values() if node.finish is not None]
    last = clock.instant(max(ends, default=0)).date() + timedelta(days=1)
    return Plan(
        name=project.name,
        tasks=tuple(_tasks(nodes.values(), clock, project)),
        links=tuple(_links(nodes, project)),
        calendars=calendars,
        default_calendar="working hours",
        opening=max(project.finish.date(), last),
        status_date=project.now or project.start,
        start=project.start,
        resources=resources,
        assignments=tuple(_assignments(nodes, project)),
        timezone=project.zone,
        source="taskjuggler",
    )


def _resources(project: Project, calendars: dict[str, WorkCalendar]) -> tuple[Resource, ...]:
    """People, each with a calendar of those added to ``calendars``; the same hours are one."""
    known = {repr((project.hours, project.leaves)): "working hours"}
    found = []
    for worker in project.workers.values():
        if worker.kids:
            continue
        leaves = [*project.leaves, *worker.leaves]
        key = repr((worker.hours, leaves))
        if key not in known and any(worker.hours):
            known[key] = f"hours of {worker.id}"
            calendars[known[key]] = _calendar(known[key], worker.hours, leaves)
        found.append(Resource(worker.id, worker.name, calendar=known.get(key)))
    return tuple(found)


def _calendar(id: str, hours: Hours, leaves: list[Leave]) -> WorkCalendar:
    week = tuple(tuple(day) for day in hours)
    exceptions: dict[date, DayHours] = {}
    for first, last in leaves:
        day = first.date()
        while datetime.combine(day, datetime.min.time()) < last:
            from_ = max(int((first - datetime.combine(day, datetime.min.time())).total_seconds()) // 60, 0)
            until = min(int((last - datetime.combine(day, datetime.min.time())).total_seconds()) // 60, 1440)
            known = exceptions.get(day, week[day.weekday()])
            exceptions[day] = tuple(part for span in known for part in _less(span, from_, until))
            day += timedelta(days=1)
    return WorkCalendar(id, id, week, exceptions)  # type: ignore[arg-type]  # seven days


def _less(span: tuple[int, int], from_: int, until: int) -> list[tuple[int, int]]:
    parts = [(span[0], min(span[1], from_)), (max(span[0], until), span[1])]
    return [part for part in parts if part[0] < part[1]]


def _tasks(nodes: Collection[Node], clock: Clock, project: Project) -> Iterator[Task]:
    starts = clock.instants([node.start or 0 for node in nodes])
    finishes = clock.instants([node.finish or 0 for node in nodes])
    for node, start, finish in zip(nodes, starts, finishes, strict=True):
        job, summary = node.job, bool(node.kids)
        yield Task(
            id=job.id,
            name=job.name,
            parent=job.parent.id if job.parent else None,
            kind=TaskKind.SUMMARY if summary else TaskKind.MILESTONE if node.milestone else TaskKind.TASK,
            duration=_duration(node, clock, project),
            constraints=tuple(_constraints(node, start, finish)),
            start=None if summary else start,
            finish=None if summary else finish,
            responsible=", ".join([name for some in job.allocations for name in some[:1]]),
            notes=job.note,
        )


def _duration(node: Node, clock: Clock, project: Project) -> Duration:
    """Working time of a length or effort (as long as it took); else time of the clock."""
    job = node.job
    if node.milestone or node.kids:
        return Duration(0)
    start, finish = node.start or 0, node.finish or 0
    if job.length:
        return Duration(job.length * project.slot)
    worked = (clock.before[finish] - clock.before[start]) * project.slot
    if node.effort and worked:
        return Duration(worked)
    return Duration((finish - start) * project.slot, elapsed=True)


def _constraints(node: Node, start: datetime, finish: datetime) -> list[Constraint]:
    job = node.job
    found = (
        [Constraint(kind, job.bounds[name]) for name, kind in BOUNDS.items() if name in job.bounds]
        if job.bounds
        else []
    )
    if job.start is not None:
        found.append(Constraint(ConstraintKind.SNET, start if not node.kids else job.start))
    if job.finish is not None and not job.forward:
        found.append(Constraint(ConstraintKind.FNLT, finish if not node.kids else job.finish))
    if not job.forward and not node.kids:
        found.append(Constraint(ConstraintKind.ALAP))
    return found


def _links(nodes: Mapping[str, Node], project: Project) -> list[Link]:
    """Dependencies where they were said; what is inherited follows from the group's own."""
    found: dict[tuple[str, str, LinkKind], Link] = {}
    for node in nodes.values():
        parent = node.parent
        for other, dep in node.depends:
            kind = LinkKind.FS if dep.on_end else LinkKind.SS
            key = other.job.id, node.job.id, kind
            if key not in found and not (parent and parent.depends and _said(parent.depends, other, dep)):
                found[key] = _link(other, node, kind, dep, project)
        for other, dep in node.precedes:
            kind = LinkKind.FF if dep.on_end else LinkKind.FS
            key = node.job.id, other.job.id, kind
            if key not in found and not (parent and parent.precedes and _said(parent.precedes, other, dep)):
                found[key] = _link(node, other, kind, dep, project)
    return list(found.values())


def _said(above: Sequence[tuple[Node, Dependency]], other: Node, dep: Dependency) -> bool:
    return any(one is other and known.on_end == dep.on_end for one, known in above)


_NO_LAG = Duration(0)


def _link(pred: Node, succ: Node, kind: LinkKind, dep: Dependency, project: Project) -> Link:
    if dep.gap_work:
        lag = Duration(dep.gap_work * project.slot)
    else:
        lag = Duration(dep.gap * project.slot, elapsed=True) if dep.gap else _NO_LAG
    return Link(pred.job.id, succ.job.id, kind, lag)


def _assignments(nodes: Mapping[str, Node], project: Project) -> list[Assignment]:
    found: dict[tuple[str, str], Assignment] = {}
    for node in nodes.values():
        if not node.kids:
            for some in node.job.allocations:
                for one in project.workers[some[0]].everybody():
                    found[node.job.id, one.id] = Assignment(node.job.id, one.id)
    return list(found.values())
