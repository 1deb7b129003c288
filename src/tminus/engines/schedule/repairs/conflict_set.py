"""Why a date cannot be met, in as few words as possible: a set of links, dates, calendars and the limit itself which
together make it impossible, and of which none can be missing.

The chain that drives the task is such a set, not always the smallest. From it one member after another is taken
(deletion filter): where it stays impossible without, the member was not needed. What is left is minimal: without any
one of them, and with nothing else, the date is met. How long work takes and that it cannot lie in the past is taken
as given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from tminus.engines.schedule.back_schedule import forward
from tminus.engines.schedule.bounds import OPEN, Bounds
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import Link
from tminus.engines.schedule.network import MIRRORED, Network, Rows, bind
from tminus.engines.schedule.passes import NEVER, NO_CAP
from tminus.engines.schedule.repairs.target import Target
from tminus.engines.schedule.repairs.trial import chain_to, has_gaps, network_of
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.worktime import Ints, instant, minutes, work_until


class MemberKind(StrEnum):
    LINK = "link"
    DATE = "date"
    GAPS = "gaps"
    """The days off of a calendar."""
    LIMIT = "limit"
    """The date that cannot be met: a deadline, a date constraint, opening."""


@dataclass(frozen=True, slots=True)
class Member:
    """``LINK``: ``task`` waits for ``other``; ``DATE``, ``LIMIT``: ``task`` is held by ``at`` (ISO 8601); ``GAPS``:
    ``calendar``."""

    kind: MemberKind
    task: str = ""
    other: str = ""
    calendar: str = ""
    at: str = ""
    link: Link | None = None

    def as_json(self) -> dict[str, str]:
        said = {"kind": self.kind.value, "task": self.task, "other": self.other, "calendar": self.calendar}
        return {name: value for name, value in (said | {"at": self.at}).items() if value}


@dataclass(frozen=True, slots=True)
class ConflictSet:
    """``members`` in the order of the chain, the limit last; ``short_days`` as they alone make it."""

    members: tuple[Member, ...]
    short_days: float

    def as_json(self) -> list[dict[str, str]]:
        return [member.as_json() for member in self.members]


def conflict_set(schedule: Schedule, target: Target) -> ConflictSet:
    """The minimal conflict set of the latest task of a target that is late.

    :raises PlanError: a schedule without a network.
    """
    network, held = network_of(schedule)
    inside = Incremental(network, held, late=False)
    victim = target.worst(inside)
    limit = int(target.limits[target.places.tolist().index(victim)])
    chain = _Chain(network, held, inside, victim, limit, minutes(schedule.today))
    kept = chain.members()
    for member in list(kept):
        fewer = [one for one in kept if one is not member]
        if chain.late_with(fewer):
            kept = fewer
    end = Member(MemberKind.LIMIT, task=chain.names[-1], at=instant(limit).isoformat())
    return ConflictSet((*kept, end), round(chain.short_with(kept), 4))


class _Chain:
    """The driving chain of one task cut out of the network: as many places as it has tasks, and no other links."""

    def __init__(
        self, network: Network, held: Bounds, inside: Incremental, victim: int, limit: int, today: int
    ) -> None:
        driven = chain_to(inside, victim)
        self._network, self._limit = network, limit
        self._places = np.array([place for place, _ in driven])
        rows = [inside.there.row_of(place, number) for place, number in driven if number >= 0]
        self._rows = inside.there.rows[rows].astype(np.int64)
        self._numbers = [number for _, number in driven if number >= 0]
        self._held, self._today = _cut(held, self._places), today
        gate = {place: code for code, nodes in network.gates.items() for place in nodes}
        self.names = [
            network.tasks[int(network.node[p])].id if network.node[p] >= 0 else gate[p] for p in self._places.tolist()
        ]

    def members(self) -> list[Member]:
        """What may be missing: days off first, then links and dates from the first driver on."""
        plan, found = self._network.plan, []
        used = set(self._network.calendar[self._places].tolist()) | set(self._rows[:, 3].tolist())
        names = list(plan.calendars)
        for number in sorted(used - {0}):
            if has_gaps(plan.calendars[names[number - 1]]):
                found.append(Member(MemberKind.GAPS, calendar=names[number - 1]))
        for at, name in enumerate(self.names):
            if at and (link := self._network.link_of_row[self._numbers[at - 1]]) is not None:
                found.append(Member(MemberKind.LINK, task=name, other=self.names[at - 1], link=link))
            if date := self._date(at):
                found.append(Member(MemberKind.DATE, task=name, at=instant(date).isoformat()))
        return found

    def _date(self, at: int) -> int:
        """The date constraint that holds a task back, beside today; 0: none."""
        latest = max(int(self._held.earliest_start[at]), int(self._held.earliest_finish[at]))
        return latest if self._held.state[at] == OPEN and latest > max(self._today, 0) else 0

    def late_with(self, kept: list[Member]) -> bool:
        return self.short_with(kept) > 0

    def short_with(self, kept: list[Member]) -> float:
        """By how many working days the last of the chain is late when only ``kept`` hold, and the limit."""
        network = self._with(kept)
        done = forward(network, self._bounds(kept))
        place, time = network.size - 1, network.time
        calendar = int(network.calendar[place])
        late = int(done.finish[place]) - self._limit
        if late <= 0:
            return 0.0
        table = time.table
        spare = int(work_until(table, calendar, int(done.finish[place]))) - int(
            work_until(table, calendar, self._limit)
        )
        if spare == 0 and network.work[place] == 0:
            spare = 1
        return spare / max(int(time.day_minutes[calendar]), 1)

    def _with(self, kept: list[Member]) -> Network:
        network, size = self._network, len(self._places)
        names, count = list(network.plan.calendars), len(network.plan.calendars)
        gaps = {names.index(one.calendar) + 1 for one in kept if one.kind is MemberKind.GAPS}
        open_ = np.array([c + count if c and c not in gaps else c for c in range(2 * count + 1)])
        open_[count + 1 :] = np.arange(count + 1, 2 * count + 1)
        links = [id(one.link) for one in kept if one.kind is MemberKind.LINK]
        holds = [(link := network.link_of_row[number]) is None or id(link) in links for number in self._numbers]
        at = np.flatnonzero(np.array(holds, dtype=bool))
        rows, place = self._rows[at], np.arange(size)
        counted = open_[rows[:, 3]] if len(rows) else rows[:, 3]
        forward_rows = bind(place, at + 1, at, rows[:, 1], rows[:, 2], counted)
        back = _no_rows(size)
        return replace(
            network,
            node=network.node[self._places],
            gates={},
            work=self._held.work,
            calendar=open_[network.calendar[self._places]],
            forward=forward_rows,
            backward=back,
        )

    def _bounds(self, kept: list[Member]) -> Bounds:
        dated = {one.task for one in kept if one.kind is MemberKind.DATE}
        held, open_ = self._held, self._held.state == OPEN
        free = np.array([name not in dated for name in self.names]) & open_
        return replace(
            held,
            earliest_start=np.where(free & (held.earliest_start > self._today), self._today, held.earliest_start),
            earliest_finish=np.where(free, NEVER, held.earliest_finish),
            cap=np.full(len(self.names), NO_CAP),
        )


def _cut(held: Bounds, places: Ints) -> Bounds:
    columns = {
        name: getattr(held, name)[places]
        for name in ("earliest_start", "earliest_finish", "latest_start", "latest_finish", "state", "start", "finish")
    }
    return replace(held, **columns, cap=held.cap[places], work=held.work[places])


def _no_rows(size: int) -> Rows:
    none = np.zeros(0, dtype=np.int64)
    return bind(np.arange(size), none, none, MIRRORED[none], none, none)
