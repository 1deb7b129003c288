"""Random small plans with crews, and timetables found the plain way: by trying all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product

from hypothesis import strategies as st

from tests.engines.schedule.plans import CALENDARS, OPENING, TODAY, plans
from tminus.engines.schedule import (
    Duration,
    Link,
    LinkKind,
    Plan,
    Policy,
    Schedule,
    ScheduleParams,
    Task,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.levelling import Mark, Mask, Mode, Need, Resources, Site, Step, Supply, SupplyKind

START = date(2026, 8, 17)
"""A Monday."""

SHIFTS = {
    "early": week_calendar("early", working_weekdays=range(6), hours=((6 * 60, 14 * 60),)),
    "all week": week_calendar("all week", working_weekdays=range(7), hours=((7 * 60, 19 * 60),)),
}


def scheduled(plan: Plan, policy: Policy = Policy.ALAP_TOTAL, opening: date = OPENING) -> Schedule:
    return back_schedule(plan, opening=opening, today=TODAY, params=ScheduleParams(policy))


@st.composite
def crewed(draw: st.DrawFn) -> tuple[Plan, Resources]:
    """A plan of every link type, calendar and constraint, and resources of every kind it can be short of."""
    plan: Plan = draw(plans())
    leaves = [task.id for task in plan.leaves()]
    placed = [replace(task, place=draw(st.sampled_from(["", "Hall"]))) for task in plan.tasks]
    supplies = (
        Supply("crew", units=draw(st.integers(2, 4)), calendar=draw(st.sampled_from([None, "early", "all week"]))),
        Supply("crane", kind=SupplyKind.EQUIPMENT, steps=_steps(draw), units=2, held=draw(st.booleans())),
        Supply("Ann", kind=SupplyKind.PERSON, skills=("weld", "sign")),
        Supply("Bo", kind=SupplyKind.PERSON, skills=("weld",)),
        Supply("Cy", kind=SupplyKind.PERSON, skills=("sign",), calendar="all week"),
    )
    asked = st.sampled_from([("crew", 1), ("crew", 2), ("crane", 1), ("weld", 1), ("sign", 1), ("weld", 2)])
    needs = [Need(id, *of) for id in leaves for of in draw(st.lists(asked, max_size=2, unique_by=lambda one: one[0]))]
    marked = draw(st.lists(st.sampled_from(leaves), max_size=3, unique=True)) if leaves else []
    night = ((0, 420), (1200, 1440))
    masks = (Mask("noise", (night,) * 7), Mask("rain", (((0, 1440),),) * 7, date(2026, 9, 1), date(2026, 9, 3)))  # type: ignore[arg-type]
    marks = tuple(Mark(id, draw(st.sampled_from(["noise", "rain"]))) for id in marked)
    sites = (Site("Hall", most_tasks=draw(st.integers(1, 3))),) if draw(st.booleans()) else ()
    resources = Resources(supplies, tuple(needs), (), sites, masks, marks, SHIFTS)
    return replace(plan, tasks=tuple(placed)), resources


def _steps(draw: st.DrawFn) -> tuple[Step, ...]:
    if not draw(st.booleans()):
        return ()
    return (Step(datetime(2026, 8, 25), datetime(2026, 9, 10), draw(st.integers(0, 3))),)


# All timetables of a tiny plan ----------------------------------------

DAYS = 9
"""A tiny plan is one of whole days, round the clock, seven days a week; starts 0 … DAYS."""


@st.composite
def tiny(draw: st.DrawFn) -> tuple[Plan, Resources]:
    """At most six tasks of one to three whole days, two crews, deadlines that cannot all be kept."""
    n = draw(st.integers(2, 5))
    calendar = week_calendar("days", working_weekdays=range(7), hours=((0, 1440),))
    first = datetime(2026, 8, 17)
    tasks = tuple(
        Task(
            f"T{i}",
            f"T{i}",
            duration=Duration(1440 * draw(st.integers(1, 3))),
            deadline=first + timedelta(days=draw(st.integers(1, 8))) if draw(st.booleans()) else None,
            gate=draw(st.booleans()),
            weight=float(draw(st.integers(1, 3))),
        )
        for i in range(n)
    )
    pairs = [(a, b) for b in range(n) for a in range(b)]
    links = tuple(
        Link(f"T{a}", f"T{b}", draw(st.sampled_from([LinkKind.FS, LinkKind.FS, LinkKind.SS])))
        for a, b in draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True))
    )
    supplies = (Supply("A", units=draw(st.integers(1, 2))), Supply("B", units=2))
    needs = tuple(
        Need(task.id, name, draw(st.integers(1, int(supply.units))))
        for task in tasks
        for name, supply in [(one.id, one) for one in supplies]
        if draw(st.integers(0, 3))
    )
    modes = ()
    if draw(st.booleans()):  # the first task may be done with all of B in a single day
        modes = (Mode("T0", "usual"), Mode("T0", "quick", Duration(1440)))
        needs = (*(one for one in needs if (one.task, one.supply) != ("T0", "B")), Need("T0", "B", 2, "quick"))
    plan = Plan("tiny", tasks, links, {"days": calendar}, "days")
    return plan, Resources(supplies, needs, modes)


def least(plan: Plan, resources: Resources, opening: date) -> tuple[int, float]:
    """Fewest late gates, then least weighted tardiness in days, over all starts in whole days and all ways."""
    ways = [[mode for mode in resources.modes if mode.task == task.id] or [Mode(task.id, "")] for task in plan.tasks]
    best: tuple[int, float] = (10**9, 0.0)
    for chosen in product(*ways):
        days = [(mode.duration or task.duration).minutes // 1440 for task, mode in zip(plan.tasks, chosen, strict=True)]
        best = min(best, _least(plan, resources, chosen, days, opening))
    return best


def _least(
    plan: Plan, resources: Resources, ways: Sequence[Mode], days: Sequence[int], opening: date
) -> tuple[int, float]:
    best: list[tuple[int, float]] = [(10**9, 0.0)]
    needs = [
        {n.supply: n.units for n in resources.needs if n.task == task.id and n.mode in ("", way.id)}
        for task, way in zip(plan.tasks, ways, strict=True)
    ]
    units = {supply.id: supply.units for supply in resources.supplies}
    last = sum(days)

    def go(i: int, starts: dict[str, int], used: Mapping[tuple[str, int], float], late: tuple[int, float]) -> None:
        if late >= best[0]:
            return
        if i == len(plan.tasks):
            best[0] = late
            return
        task = plan.tasks[i]
        for start in range(last):
            if not all(_allows(link, starts, plan, days, start) for link in plan.links if link.succ == task.id):
                continue
            more = dict(used)
            for name, asked in needs[i].items():
                for day in range(start, start + days[i]):
                    more[name, day] = more.get((name, day), 0) + asked
            if any(count > units[name] for (name, _), count in more.items()):
                continue
            due = min(_days(task.deadline) if task.deadline else 10**6, (opening - START).days)
            over = max(start + days[i] - due, 0)
            now = (late[0] + (over > 0 and _is_gate(plan, task)), late[1] + over * task.weight)
            go(i + 1, {**starts, task.id: start}, more, now)

    go(0, {}, {}, (0, 0.0))
    return best[0]


def _allows(link: Link, starts: Mapping[str, int], plan: Plan, days: Sequence[int], start: int) -> bool:
    number = [task.id for task in plan.tasks].index(link.pred)
    at = starts[link.pred] + (days[number] if link.kind is LinkKind.FS else 0)
    return start >= at


def _is_gate(plan: Plan, task: Task) -> bool:
    if any(one.gate for one in plan.tasks):
        return task.gate
    return task.deadline is not None


def _days(at: datetime) -> int:
    return (at.date() - START).days


__all__ = ["CALENDARS", "START", "TODAY", "crewed", "least", "scheduled", "tiny"]
