"""The plan compiled: tasks in topological order, links as rows, working time as arrays.

A linked, dated or constrained summary becomes a few instants (:mod:`.gates`), so that links of summaries cost as many
rows as it has children.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from tminus.engines.schedule.cycle import Cycle, find_cycle
from tminus.engines.schedule.ends import Ends
from tminus.engines.schedule.gates import Gates, add_gates, add_openings, tie_openings
from tminus.engines.schedule.model import (
    ConstraintKind,
    Duration,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    ProgressLogic,
    Task,
    TaskKind,
)
from tminus.engines.schedule.passes import FF, FIRST, FS, SF, SS, rows_of, sort_topologically
from tminus.engines.schedule.plain import Numbers, early_and_late, weave
from tminus.engines.schedule.spans import spanned
from tminus.engines.schedule.worktime import Ints, WorkTime, compile_calendars, mirrored

CODE = {LinkKind.FS: FS, LinkKind.SS: SS, LinkKind.FF: FF, LinkKind.SF: SF}
MOST_DAYS = 150_000
"""A chain longer than this is a slip of the pen, not a plan."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years a plan's dates may lie in."""

MIRRORED = np.array([FS, FF, SS, SF, FIRST, FIRST])
"""What a link is when time runs backwards: starts and finishes change places."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Links as seen from the end they bind, in pass order; as narrow as the horizon allows."""

    ptr: Numbers
    ends: Numbers
    number: Numbers
    kind: Numbers
    lag: Numbers
    lag_calendar: Numbers


@dataclass(frozen=True, slots=True)
class Network:
    """``node[i]`` is the task at place *i* of the topological order (−1: a gate of a summary)."""

    plan: Plan
    tasks: tuple[Task, ...]  # leaves, in outline order
    node: Ints  # (n,) index into tasks, or −1
    place: Ints  # (tasks,) place of each leaf
    gates: Gates  # summary → places of its gates, and of its opening
    work: Ints
    calendar: Ints
    forward: Rows
    backward: Rows
    link_of_row: tuple[Link | None, ...]  # by link number
    time: WorkTime
    mirror: WorkTime

    @property
    def size(self) -> int:
        return len(self.node)

    def backward_from(self, driver: Ints) -> Rows:
        """Rows of the backward pass, after a forward pass with these drivers.

        Late, what counts from the start of a summary binds the one task that begins it early, and no other.
        """
        openings = [nodes[2] for nodes in self.gates.values() if len(nodes) == 3 and driver[nodes[2]] >= 0]
        firsts = self.forward.number[driver[openings]]
        binds = (self.backward.kind == FIRST) & np.isin(self.backward.number, firsts)
        return replace(self.backward, kind=np.where(binds, np.int8(FF), self.backward.kind))

    @property
    def opens(self) -> bool:
        """Whether anything counts from the start of a summary."""
        return any(len(nodes) == 3 for nodes in self.gates.values())


def compile_network(plan: Plan, *, dates: Sequence[date] = ()) -> Network:
    """Compile ``plan``; ``dates`` (opening, today …) stretch the horizon its calendars cover.

    :raises Cycle: the links run in a circle.
    """
    spans = spanned(plan)
    leaves = tuple(
        task for task in plan.tasks if task.kind is not TaskKind.SUMMARY and task.active and task.id not in spans
    )
    index = {task.id: number for number, task in enumerate(leaves)}
    numbers = {code: number for number, code in enumerate(plan.calendars, start=1)}
    default = numbers.get(plan.default_calendar or "", 0)
    calendar = [calendar_of(task, numbers, default) for task in leaves]
    work = [0 if task.kind is TaskKind.MILESTONE else task.duration.minutes + task.pause_minutes for task in leaves]
    ahead = work.copy()
    for number in {index[id] for id in plan.progress if id in index}:
        ahead[number] = _ahead(plan, leaves[number], work[number])
    ends = Ends()
    gates = add_gates(plan, index, ends)
    opened = add_openings(plan, index, gates)
    _add_links(plan, index, gates, calendar, default, ends)
    tie_openings(plan, index, gates, opened, ends)
    size = len(leaves) + 2 * len(gates) + len(opened)
    calendar = [0 if _held_to_the_minute(task) else number for task, number in zip(leaves, calendar, strict=True)]
    calendar += [0] * (size - len(leaves))
    work += [0] * (size - len(leaves))
    ahead += [0] * (size - len(leaves))

    pred, succ = np.array(ends.pred, dtype=np.int64), np.array(ends.succ, dtype=np.int64)
    order, place = sort_topologically(size, pred, succ)
    if len(order) < size:
        _raise_cycle(place, pred, succ, [*index, *(id for id in gates for _ in (0, 1)), *opened])
    numbers_of = np.array(calendar, dtype=np.int64)
    kind, lag, lag_calendar = (np.array(column, dtype=np.int64) for column in (ends.kind, ends.lag, ends.lag_calendar))
    time = _compile_time(plan, np.array(ahead, dtype=np.int64), (pred, succ, lag), dates)
    forward = bind(place, succ, pred, kind, lag, lag_calendar)
    backward = bind(size - 1 - place, pred, succ, MIRRORED[kind], lag, lag_calendar)
    node = np.where(order < len(leaves), order, -1)
    return Network(
        plan=plan,
        tasks=leaves,
        node=node,
        place=place[: len(leaves)],
        gates={id: tuple(int(place[node]) for node in nodes) for id, nodes in gates.items()},
        work=np.array(work, dtype=np.int64)[order],
        calendar=numbers_of[order],
        forward=forward,
        backward=backward,
        link_of_row=tuple(ends.link),
        time=time,
        mirror=mirrored(time),
    )


def calendar_of(task: Task, numbers: Mapping[str, int], default: int) -> int:
    """The number of the calendar a task works by; 0 is the clock on the wall."""
    if task.duration.elapsed:
        return 0
    return numbers[task.calendar] if task.calendar else default


def _ahead(plan: Plan, task: Task, work: int) -> int:
    """What of ``work`` can still lie ahead: files know of begun work that was to take centuries."""
    progress = plan.progress.get(task.id)
    if progress is None:
        return work
    if progress.actual_finish is not None:
        return 0
    return work if progress.remaining is None else progress.remaining.minutes


def _held_to_the_minute(task: Task) -> bool:
    """A milestone that must be at an instant is there, be it at midnight or on a day off."""
    must = (ConstraintKind.MSO, ConstraintKind.MFO)
    return (
        bool(task.constraints) and task.kind is TaskKind.MILESTONE and any(one.kind in must for one in task.constraints)
    )


def _add_links(
    plan: Plan,
    index: dict[str, int],
    gates: Gates,
    calendar: list[int],
    default: int,
    ends: Ends,
) -> None:
    override = plan.logic is not None and plan.logic.progress is ProgressLogic.OVERRIDE
    starts, finishes, openings = (_instants(index, gates, side) for side in (0, 1, 2))
    pred, succ, kinds, taken = [], [], [], []
    for link in plan.links:
        code = CODE[link.kind]
        p = (openings if code in (SS, SF) else finishes).get(link.pred)
        s = (starts if code in (FS, SS) else finishes).get(link.succ)
        if p is None or s is None:
            continue  # an inactive task binds nobody
        if override and _begun(plan, link.succ):
            continue  # what is begun waits for nobody
        pred.append(p)
        succ.append(s)
        kinds.append(code)
        taken.append(link)
    lags = _lags(plan, taken)
    calendars = _lag_calendars(plan, lags, pred, succ, calendar, default)
    ends.extend(pred, succ, kinds, [lag.minutes for lag in lags], calendars, taken)


def _instants(index: dict[str, int], gates: Gates, side: int) -> dict[str, int]:
    """Where a link finds each task or summary. ``side``: 0 where its start is asked for, 1 its finish, 2 where others
    count from its start."""
    return index | {id: nodes[side] for id, nodes in gates.items() if side < len(nodes)} if gates else index


def _begun(plan: Plan, id: str) -> bool:
    progress = plan.progress.get(id)
    return progress is not None and (progress.actual_start is not None or (progress.percent or 0) > 0)


def _lags(plan: Plan, links: list[Link]) -> list[Duration]:
    """Those given as a share of the predecessor's duration worked out."""
    lags = [link.lag for link in links]
    shares = [(number, link) for number, link in enumerate(links) if link.lag_percent is not None]
    duration = {task.id: task.duration for task in plan.tasks} if shares else {}
    for number, link in shares:
        whole = duration[link.pred]
        lags[number] = replace(whole, minutes=round(whole.minutes * (link.lag_percent or 0) / 100))
    return lags


def _lag_calendars(
    plan: Plan, lags: list[Duration], pred: list[int], succ: list[int], calendar: list[int], default: int
) -> list[int]:
    """In whose working time each lag counts; that of a summary's instants is the plan's."""
    if plan.lag_calendar is LagCalendar.CLOCK:
        return [0] * len(lags)
    leaves = len(calendar)
    whose = {LagCalendar.SUCCESSOR: succ, LagCalendar.PREDECESSOR: pred}.get(plan.lag_calendar)
    found = [default] * len(lags) if whose is None else [calendar[n] if n < leaves else default for n in whose]
    return [0 if lag.elapsed else number for lag, number in zip(lags, found, strict=True)]


def _raise_cycle(place: Ints, pred: Ints, succ: Ints, names: Sequence[str]) -> None:
    cycle = [names[i] for i in find_cycle(len(names), place, pred, succ)]
    told = [name for number, name in enumerate(cycle) if name != cycle[number - 1]]
    raise Cycle(told or cycle[:1])  # a summary linked to itself is its two gates


def bind(place: Ints, into: Ints, other: Ints, kind: Ints, lag: Ints, lag_calendar: Ints) -> Rows:
    """Rows by the place of their ``into`` end, from links as columns (m,); lags must lie within the horizon."""
    ptr, others, number = rows_of(len(place), place, into, other)
    narrow = np.asarray(lag, dtype=np.int32), np.asarray(lag_calendar, dtype=np.int32)
    return Rows(ptr, others, number, np.asarray(kind, dtype=np.int8)[number], narrow[0][number], narrow[1][number])


def _compile_time(plan: Plan, work: Ints, links: tuple[Ints, Ints, Ints], dates: Sequence[date]) -> WorkTime:
    """Calendars over every date named anywhere, and as far on either side as the longest chain can reach."""
    named = [day.date() if isinstance(day, datetime) else day for day in _named_dates(plan)] + list(dates)
    named = named or [date(2026, 1, 1)]
    chain = _longest_chain(work, *links)
    densest = min((_week_minutes(calendar) for calendar in plan.calendars.values()), default=7 * 1440)
    needed = int(chain / max(densest, 1) * 7 * 1.3) + 400
    if needed > MOST_DAYS:
        raise PlanError(f"the longest chain of links takes about {needed} days; allowed: at most {MOST_DAYS}")
    if min(named).year < FIRST_YEAR or max(named).year > LAST_YEAR:
        raise PlanError(f"dates run from {min(named)} to {max(named)}; allowed: years {FIRST_YEAR} to {LAST_YEAR}")
    reach = timedelta(days=needed)
    return compile_calendars(list(plan.calendars.values()), min(named) - reach, max(named) + reach)


def _named_dates(plan: Plan) -> list[datetime]:
    found: list[datetime | None] = [plan.status_date, plan.start, plan.finish]
    if plan.opening:
        found.append(datetime.combine(plan.opening, datetime.min.time()))
    for task in plan.tasks:
        found += [task.deadline, task.start, task.finish, *(constraint.at for constraint in task.constraints)]
    for progress in plan.progress.values():
        found += [progress.actual_start, progress.actual_finish]
    return [at for at in found if at is not None]


def _longest_chain(work: Ints, pred: Ints, succ: Ints, lag: Ints) -> int:
    if not len(work):
        return 0
    early, _ = early_and_late(weave(work, pred, succ, np.zeros_like(lag), np.abs(lag)))
    return int((early + work).max())


def _week_minutes(calendar: object) -> int:
    week = calendar.week  # type: ignore[attr-defined]
    return sum(until - start for hours in week for start, until in hours) or 480
