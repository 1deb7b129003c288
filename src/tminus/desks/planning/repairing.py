"""What would buy days for the checkpoints in danger: changes on the chains that lead to their gates, each tried.

The engine knows which change of a chain buys working days; what counts here is what it buys of the probability as the
plan is meant to be carried out, each task begun on its planned day. So every change is simulated, with the draws of
the plan as it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, NamedTuple

from tminus.desks.planning.edits import (
    Edit,
    NotBefore,
    SetDuration,
    SetLink,
    SetRemaining,
    SevenDays,
    StartOn,
    as_json,
    in_plan,
    tasks_of,
)
from tminus.engines.schedule import (
    How,
    Link,
    LinkKind,
    Plan,
    Policy,
    Schedule,
    ScheduledTask,
    ScheduleParams,
    Status,
    back_schedule,
)
from tminus.engines.schedule.repairs import Repair
from tminus.engines.schedule.repairs import repairs_of as engine_repairs
from tminus.engines.schedule.risk import Cause, Risk, simulate

AIM = 0.8
"""Probability a checkpoint should have; event setting ``aim``."""
CHECKPOINTS = 3
"""Checkpoints in danger that are looked at, the nearest first, and opening."""
TRIED, SHOWN = 8, 6
"""Changes of the engine tried for each, and changes told, the best first."""
SAMPLES = 2_000
EARLIER_DAYS = (3, 7, 14)
"""By how many days a chain is begun earlier."""
LONGEST = 40
"""Tasks of a chain begun earlier together."""
SECONDS = 60.0
"""After which no more is tried."""
LEAST = 0.01
"""A gain below this is luck."""


class Change(NamedTuple):
    """Something to try: what is edited, by how many days it is meant to help, and what it costs."""

    edits: list[Edit]
    days: float
    crews: int = 0


def repairs_of(
    schedule: Schedule, causes: Sequence[Cause], risk: Risk, *, aim: float, seed: int
) -> list[dict[str, Any]]:
    """Changes for each checkpoint in danger, the best first, with what each gains; empty where all is well.

    :raises PlanError: a plan that contradicts itself.
    """
    assert schedule.network is not None  # noqa: S101 - a cyclic plan is not simulated
    plan, until = schedule.network.plan, monotonic() + SECONDS
    days = in_danger(schedule, risk, aim)
    if not days:
        return []
    chance = _chances(schedule, causes, seed)
    before = chance(plan)
    found: list[dict[str, Any]] = []
    for day in days:
        tried = []
        for change in changes_for(schedule, day):
            if monotonic() > until:
                break
            after = chance(in_plan(plan, change.edits)).get(day, before[day])
            if after - before[day] >= LEAST:
                tried.append((after, change))
        found += [_told(day, change, before[day], after) for after, change in _best(tried)[:SHOWN]]
    return found


def _best(tried: list[tuple[float, Change]]) -> list[tuple[float, Change]]:
    """The best first, of what buys as much the smaller step; the same tasks edited in the same way stand once."""
    ranked = sorted(tried, key=lambda pair: (-round(pair[0], 2), pair[1].crews, len(pair[1].edits), pair[1].days))
    kept: dict[frozenset[tuple[str, str]], tuple[float, Change]] = {}
    for after, change in ranked:
        kept.setdefault(frozenset((edit.what, tasks_of([edit])[0]) for edit in change.edits), (after, change))
    return list(kept.values())


def in_danger(schedule: Schedule, risk: Risk, aim: float) -> list[date]:
    """Checkpoints ahead whose probability is below ``aim``: the nearest, and opening."""
    today = schedule.today.date()
    found = [one.date for one in risk.checkpoints if one.gates and one.date >= today and one.p_ready < aim]
    return list(dict.fromkeys([*found[:CHECKPOINTS], *found[-1:]]))


def _told(day: date, change: Change, before: float, after: float) -> dict[str, Any]:
    return {
        "checkpoint": day.isoformat(),
        "edits": as_json(change.edits),
        "gain": {"days": change.days, "p_before": before, "p_after": after},
        "crews": change.crews,
    }


Chances = Callable[[Plan], dict[date, float]]


def _chances(schedule: Schedule, causes: Sequence[Cause], seed: int) -> Chances:
    """The probability of each checkpoint of a variant of the plan, always with the same draws."""

    def chance(plan: Plan) -> dict[date, float]:
        variant = back_schedule(
            plan, opening=schedule.opening, today=schedule.today, params=ScheduleParams(Policy.AS_PLANNED)
        )
        if variant.cyclic:
            return {}
        risk = simulate(variant, samples=SAMPLES, drivers=causes, seed=seed, tornado=False)
        return {one.date: one.p_ready for one in risk.checkpoints}

    return chance


# What can be tried ----------------------------------


def changes_for(schedule: Schedule, day: date) -> Iterator[Change]:
    """The engine's changes of the chain that is longest, then chains begun earlier, for one checkpoint."""
    for mending in engine_repairs(schedule, checkpoint=day, most=TRIED):
        for repair in mending.repairs:
            yield Change(edits_of_repair(repair), repair.gained_days, repair.crews)
    chains = list(chains_to(schedule, day))
    for days in EARLIER_DAYS:
        for chain in chains:
            if edits := begun_earlier(chain, schedule.today, days):
                yield Change(edits, float(days))
        together = {row.id: row for chain in chains for row in chain}
        if len(chains) > 1 and (edits := begun_earlier(list(together.values()), schedule.today, days)):
            yield Change(edits, float(days))


def edits_of_repair(repair: Repair) -> list[Edit]:
    """What a repair of the engine changes of the plan."""
    if repair.link is not None:
        link = repair.link
        return [
            SetLink(
                predecessor=link.pred,
                successor=link.succ,
                kind=link.kind.value,
                lag_minutes=repair.minutes,
                elapsed=link.lag.elapsed,
            )
        ]
    if repair.how is How.SEVEN_DAYS:
        return [SevenDays(task=repair.task)]
    if repair.at is not None:
        return [NotBefore(task=repair.task, at=repair.at)]
    if repair.remaining:
        return [SetRemaining(task=repair.task, minutes=repair.minutes)]
    return [SetDuration(task=repair.task, minutes=repair.minutes)]


def chains_to(schedule: Schedule, day: date) -> Iterator[list[ScheduledTask]]:
    """For each gate first due at ``day`` and not done, the open tasks that decide its planned date, itself the last."""
    rows = schedule.by_id()
    checkpoint = next(one for one in schedule.checkpoints if one.date == day)
    sooner = {id for one in schedule.checkpoints if one.date < day for id in one.gates}
    assert schedule.network is not None  # noqa: S101 - asked only of a schedule with checkpoints
    into: dict[str, list[Link]] = {}
    for link in schedule.network.plan.links:
        into.setdefault(link.succ, []).append(link)
    for gate in checkpoint.gates:
        if gate not in sooner and rows[gate].status is not Status.DONE:
            chain = _chain(gate, rows, into)
            if chain:
                yield chain


def _chain(gate: str, rows: dict[str, ScheduledTask], into: dict[str, list[Link]]) -> list[ScheduledTask]:
    """Back from the gate, of what each task waits for always the one planned to let it begin last."""
    chain: list[ScheduledTask] = []
    at: str | None = gate
    while at is not None and len(chain) < LONGEST:
        row = rows[at]
        if row.status is not Status.DONE and row.finish > row.start:  # a milestone comes with what it waits for
            chain.append(row)
        waits = [link for link in into.get(at, ()) if link.pred in rows and not rows[link.pred].summary]
        last = max(waits, key=lambda link: _lets_begin(rows[link.pred], link), default=None)
        at = last.pred if last else None
    return chain[::-1]


def _lets_begin(row: ScheduledTask, link: Link) -> datetime:
    from_start = link.kind in (LinkKind.SS, LinkKind.SF)
    return (row.start if from_start else row.finish) + timedelta(minutes=link.lag.minutes)


def begun_earlier(chain: Sequence[ScheduledTask], today: datetime, days: int) -> list[Edit]:
    """Every task of the chain that has not begun, ``days`` of the wall's calendar earlier, yet not before today."""
    edits: list[Edit] = []
    for row in chain[:LONGEST]:
        start = max(row.start - timedelta(days=days), today.replace(hour=row.start.hour, minute=row.start.minute))
        if row.status in (Status.NOT_STARTED, Status.IMPOSSIBLE, Status.LATE) and start < row.start:
            edits.append(StartOn(task=row.id, at=start))
    return edits
