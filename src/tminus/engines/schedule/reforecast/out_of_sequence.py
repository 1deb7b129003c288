"""Work that was begun, or finished, before its links allowed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tminus.engines.schedule.bounds import DONE, STARTED, Bounds
from tminus.engines.schedule.cone import LAG, LAG_CALENDAR
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import Link, LinkKind, PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.worktime import finish_at, instant, start_at, work_until


@dataclass(frozen=True, slots=True)
class OutOfSequence:
    """``task`` went before ``link`` allowed it, ``since`` its actual start (or finish, where the link binds that).

    ``finish``: when it is expected finished under retained logic (what remains waits for its links), or was;
    ``override``: under progress override (what remains goes on at once)."""

    link: Link
    task: str
    since: datetime
    finish: datetime
    override: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "waits_for": self.link.pred,
            "link": self.link.kind.value,
            "since": self.since.isoformat(),
            "finish": self.finish.isoformat(),
            "finish_override": self.override.isoformat(),
        }


def out_of_sequence(schedule: Schedule) -> tuple[OutOfSequence, ...]:
    """Every link its follower did not wait for, in the order of the plan's links.

    A predecessor that is not done is expected when the schedule has it early.

    :raises PlanError: a schedule without a network.
    """
    network, held = schedule.network, schedule.held
    if network is None or held is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    inside = Incremental(network, held, late=False)
    found = []
    for number, link in enumerate(network.link_of_row):
        if link is not None and (since := _since(network, held, inside, number, link)) is not None:
            found.append((number, link, since))
    before = inside.early_finish.copy()
    for number, _, _ in found:
        place = inside.ends_of(number)[1]
        if held.state[place] == STARTED:
            inside.remove_link(number)
    after = inside.early_finish
    out = []
    for number, link, since in found:
        place = inside.ends_of(number)[1]
        finish, override = instant(int(before[place])), instant(int(after[place]))
        out.append(OutOfSequence(link, link.succ, instant(since), finish, override))
    return tuple(out)


def _since(network: Network, held: Bounds, inside: Incremental, number: int, link: Link) -> int | None:
    """When the follower did what the link did not allow yet; ``None``: it kept to it, or has done nothing yet."""
    pred, succ = inside.ends_of(number)
    if network.node[succ] < 0 or network.node[pred] < 0:
        return None
    to_start = link.kind in (LinkKind.FS, LinkKind.SS)
    happened = (held.state[succ] in (DONE, STARTED)) if to_start else held.state[succ] == DONE
    did = int(held.start[succ] if to_start else held.finish[succ])
    if not happened or did == NEVER or (held.state[succ] == DONE and held.work[succ]):  # placed by hand
        return None
    from_start = link.kind in (LinkKind.SS, LinkKind.SF)
    allowed = (DONE, STARTED) if from_start else (DONE,)
    if held.state[pred] not in allowed:
        return did  # what it waits for has not happened even now
    shown = int(held.start[pred] if from_start else held.finish[pred])
    return did if _with_lag(network, inside, number, succ, shown) > did else None


def _with_lag(network: Network, inside: Incremental, number: int, succ: int, shown: int) -> int:
    """The instant from which the link allows it."""
    row = inside.there.rows[inside.there.row_of(succ, number)]
    table, lag, counted = network.time.table, int(row[LAG]), int(row[LAG_CALENDAR])
    if not lag:
        return shown
    w = int(work_until(table, counted, shown)) + lag
    return int(finish_at(table, counted, w) if lag > 0 else start_at(table, counted, w))
