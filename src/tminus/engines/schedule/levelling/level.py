"""A schedule, the resources it needs, and dates they can carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter

import numpy as np

from tminus.engines.schedule.bounds import DONE, OPEN, Bounds, bounds_of, midnight
from tminus.engines.schedule.checkpoints import checkpoints_of
from tminus.engines.schedule.levelling.decode import Choice, Placed, check_alone, first_choice, forwards, order_of
from tminus.engines.schedule.levelling.histogram import histograms_of
from tminus.engines.schedule.levelling.levelled import Binding, Levelled, LevelledTask
from tminus.engines.schedule.levelling.lower_bound import LowerBound, lower_bound_of
from tminus.engines.schedule.levelling.objective import Aim, Value, tardiness, value_of
from tminus.engines.schedule.levelling.problem import Horizon, Problem, TooShort, at_instant, compile_problem
from tminus.engines.schedule.levelling.proof import proved, search_budget
from tminus.engines.schedule.levelling.resources import Resources, check_resources, resources_of
from tminus.engines.schedule.levelling.search import Beside, Budget, Found, Search
from tminus.engines.schedule.levelling.turns import turns_of
from tminus.engines.schedule.levelling.validator import Dated, faults_of
from tminus.engines.schedule.levelling.windows import FEWEST_TASKS, MOST_TASKS, Windows
from tminus.engines.schedule.model import ConstraintKind, PlanError
from tminus.engines.schedule.network import MOST_DAYS
from tminus.engines.schedule.passes import NEVER, NO_CAP
from tminus.engines.schedule.resources.exact import load
from tminus.engines.schedule.result import Dates, Policy, Schedule, ScheduledTask, Status
from tminus.engines.schedule.worktime import DAY, Ints, instant, minutes

Published = Mapping[str, tuple[datetime, datetime]]
"""Task → start and finish as they were made known."""


MOST_GIVING_WAY = 40


def level(
    schedule: Schedule,
    resources: Resources | None = None,
    *,
    budget: Budget | None = None,
    seed: int = 0,
    published: Published | None = None,
    beside: Beside | None = None,
) -> Levelled:
    """Dates of ``schedule`` that its resources can carry: late or soon as its policy has it.

    ``resources``: default the plan's own. ``published``: a timetable people go by; it stays unless gates, lateness or
    overtime get better, and what must move moves little. Same seed and iterations, same answer. ``beside``: default
    windows where the budget counts seconds only.

    :raises PlanError: a schedule without dates, resources that contradict the plan, a need nothing can ever meet.
    """
    began = perf_counter()
    if schedule.network is None or schedule.dates is None:
        raise PlanError("a schedule whose links run in a circle cannot be levelled; allowed: one with dates")
    plan = schedule.network.plan
    resources = resources if resources is not None else resources_of(plan)
    check_resources(resources, plan)
    held = bounds_of(schedule.network, opening=midnight(schedule.opening), today=minutes(schedule.today))
    held = _pinned(held, schedule.dates)
    outcome = _searched(schedule, held, resources, budget or Budget(), seed, published or {}, beside)
    return _answer(schedule, outcome, published or {}, began)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a search came to."""

    problem: Problem
    found: Found
    bound: LowerBound
    tried: int


def _pinned(held: Bounds, dates: Dates) -> Bounds:
    """What must be at an instant whatever links ask stands there, whatever resources there are."""
    must = (held.state == OPEN) & (held.cap != NO_CAP)
    return replace(
        held,
        state=np.where(must, DONE, held.state),
        start=np.where(must, dates.early_start, held.start),
        finish=np.where(must, dates.early_finish, held.finish),
    )


def _searched(
    schedule: Schedule,
    held: Bounds,
    resources: Resources,
    budget: Budget,
    seed: int,
    published: Published,
    beside: Beside | None,
) -> _Outcome:
    """The best timetable; the horizon grows until it has room for one."""
    assert schedule.network is not None  # noqa: S101 - looked at before
    horizon = Horizon(until=_guess(schedule, held, resources, published))
    while True:
        problem = None
        try:
            problem = compile_problem(schedule.network, held, resources, horizon)
            aim = _aim(schedule, problem, published)
            bound = lower_bound_of(problem)
            beside_ = beside or _beside(problem, budget)
            search = Search(problem, aim, search_budget(problem, budget), seed, _enough(bound), beside_)
            seconds = 0.0 if budget.iterations is not None or budget.seconds is None else budget.seconds
            best, bound = proved(search, search.run(), bound, seconds - search.spent(), seed)
            best = _nearest(search, _settled(schedule, search, best), aim)
            return _Outcome(problem, best, bound, search.tried)
        except TooShort:
            if problem is not None and horizon.until is None:
                check_alone(problem)
            horizon = Horizon(more_days=0 if horizon.until is not None else 2 * horizon.more_days + 1000)
            if horizon.more_days > MOST_DAYS:
                raise PlanError(
                    f"levelling finds no room within {horizon.more_days} days; allowed: needs that crews can meet"
                ) from None


def _beside(problem: Problem, budget: Budget) -> Windows | None:
    """Windows, where seconds are counted: what they find depends on them, and who counts timetables gets the same
    answer everywhere."""
    if budget.iterations is not None or budget.seconds is None or not FEWEST_TASKS <= problem.size <= MOST_TASKS:
        return None
    load()
    return Windows()


def _guess(schedule: Schedule, held: Bounds, resources: Resources, published: Published) -> int:
    """An instant by which everything has probably been placed, and that no date aimed at lies behind."""
    assert schedule.dates is not None  # noqa: S101 - looked at before
    dated = [int(side[side != -NEVER].max(initial=0)) for side in (held.latest_finish, held.latest_start)]
    dates = schedule.dates
    ends = [int(side.max(initial=0)) for side in (dates.finish, dates.early_finish, dates.forecast_finish)]
    ends += [minutes(finish) for _, finish in published.values()]
    work = (
        int(held.work.sum()) * 5 // max(len(resources.supplies), 1)
    )  # shared out, at five hours of the clock a working one
    return max(ends + dated) + work + 30 * DAY


def _enough(bound: LowerBound) -> Callable[[Value], bool]:
    """Whether nothing can get better: nobody waits, and no date is missed that could be met."""
    return lambda value: bound.proves(value) and not (value.overtime or value.earliness or value.cost)


def _aim(schedule: Schedule, problem: Problem, published: Published) -> Aim:
    dates, network = schedule.dates, problem.network
    assert dates is not None  # noqa: S101 - looked at before
    none = np.full(network.size, NEVER)
    aim = Aim(
        late=schedule.policy is not Policy.ASAP,
        start=dates.start,
        finish=dates.finish,
        early_finish=dates.early_finish,
        published_start=none.copy(),
        published_finish=none.copy(),
        wants_late=np.zeros(network.size, dtype=np.bool_),
    )
    for number, task in enumerate(network.tasks):
        place = int(network.place[number])
        aim.wants_late[place] = any(c.kind is ConstraintKind.ALAP for c in task.constraints)
        if task.id in published:
            aim.published_start[place] = minutes(published[task.id][0])
            aim.published_finish[place] = minutes(published[task.id][1])
    return aim


def _settled(schedule: Schedule, search: Search, found: Found) -> Found:
    """``found``; or, should pushing right have bent a link, the same run forwards from there."""
    if not _faults(schedule, search.problem, found):
        return found
    problem = search.problem
    order = order_of(found.placed.start, problem.network.forward)
    placed = forwards(problem, order, found.placed.choice, release=found.placed.start)
    return Found(value_of(problem, placed, search.aim), placed, order, found.waited)


def _faults(schedule: Schedule, problem: Problem, found: Found) -> list[str]:
    return faults_of(problem.network.plan, problem.resources, _dated(problem, found.placed), schedule.today)


def _dated(problem: Problem, placed: Placed) -> dict[str, Dated]:
    network = problem.network
    found = {}
    for number, task in enumerate(network.tasks):
        place = int(network.place[number])
        way = problem.options.way[int(placed.choice.option[place])]
        start, finish = instant(placed.start[place]), instant(placed.finish[place])
        found[task.id] = Dated(start, finish, way.id if way else "")
    return found


# Few changes ----------------------------------------


def _nearest(search: Search, found: Found, aim: Aim) -> Found:
    """The published timetable where nothing promised gets better by leaving it; else ``found``, moved towards it."""
    if not (aim.published_start != NEVER).any():
        return found
    made = [found]
    published = np.where(aim.published_start != NEVER, aim.published_start, found.placed.start)
    for choice in (found.placed.choice, first_choice(search.problem)):
        made.append(_released(search, found.placed.start, choice, published))
        made += _giving_way(search, choice, published)
    best = min(one.value.promised for one in made)
    kept = [one for one in made if one.value.promised == best]
    return min(kept, key=lambda one: (one.value.changes, one.value.moved, one.value))


def _giving_way(search: Search, choice: Choice, published: Ints) -> list[Found]:
    """In the published order; then those that cannot stay give way to all others, one after another."""
    made, last = [], np.zeros(len(published), dtype=np.bool_)
    for _ in range(MOST_GIVING_WAY):
        found = _released(search, np.where(last, published.max() + 1, published), choice, published)
        made.append(found)
        waits = (found.placed.blocker[:, 0] >= 0) & (found.placed.start != published) & ~last
        if not waits.any():
            break
        last[min(np.nonzero(waits)[0], key=lambda i: published[i])] = True
    return made


def _released(search: Search, keys: Ints, choice: Choice, release: Ints) -> Found:
    order = order_of(keys, search.problem.network.forward)
    placed = forwards(search.problem, order, choice, release)
    search.tried += 1
    return Found(value_of(search.problem, placed, search.aim), placed, order, placed)


# The answer ----------------------------------------


def _answer(schedule: Schedule, outcome: _Outcome, published: Published, began: float) -> Levelled:
    problem, found = outcome.problem, outcome.found
    dates = schedule.dates
    assert dates is not None  # noqa: S101 - looked at before
    placed = found.placed
    tasks = _tasks(problem, found, dates, published)
    levelled = _with_dates(schedule, {task.id: task for task in tasks})
    aim = _aim(schedule, problem, published)
    start, finish = _planned(problem, dates)
    before = Placed(start, finish, placed.blocker, problem.capacity, first_choice(problem))
    faults = tuple(_faults(schedule, problem, found))
    return Levelled(
        schedule=levelled,
        tasks=tasks,
        value=found.value,
        before=value_of(problem, before, aim),
        lower_bound=outcome.bound,
        binding=_binding(problem, found),
        histograms=histograms_of(problem, (start, finish), (placed.start, placed.finish), placed.choice),
        turns=turns_of(problem, placed),
        faults=faults,
        warnings=_warnings(problem, found),
        tried=outcome.tried,
        slot_minutes=problem.slots.minutes,
        elapsed_s=perf_counter() - began,
    )


def _planned(problem: Problem, dates: Dates) -> tuple[Ints, Ints]:
    """Planned dates; of summaries' gates the early ones."""
    leaf = problem.network.node >= 0
    return np.where(leaf, dates.start, dates.early_start), np.where(leaf, dates.finish, dates.early_finish)


def _tasks(problem: Problem, found: Found, dates: Dates, published: Published) -> tuple[LevelledTask, ...]:
    placed, network, held = found.placed, problem.network, problem.held
    late = tardiness(problem, placed.start, placed.finish)
    rows = []
    for number, task in enumerate(network.tasks):
        p = int(network.place[number])
        way = problem.options.way[int(placed.choice.option[p])]
        before = instant(dates.start[p])
        start = instant(placed.start[p])
        waits = [int(one.blocker[p, 0]) for one in (placed, found.waited) if one.blocker[p, 0] >= 0]
        wanted = published[task.id][0] if task.id in published else before
        rows.append(
            LevelledTask(
                id=task.id,
                start=start,
                finish=instant(placed.finish[p]),
                before_start=before,
                before_finish=instant(dates.finish[p]),
                mode=way.id if way else "",
                overtime=bool(placed.choice.over[p]) and held.state[p] == OPEN,
                waits_for=problem.rows[waits[0]].key if waits and start != before else "",
                moved_days=round((start - wanted).total_seconds() / 86400, 4),
                late_days=round(float(late[p]) / DAY, 4),
            )
        )
    return tuple(rows)


def _with_dates(schedule: Schedule, levelled: Mapping[str, LevelledTask]) -> Schedule:
    """The schedule with levelled dates, summaries and checkpoints with them."""
    network = schedule.network
    assert network is not None  # noqa: S101 - looked at before
    rows: dict[str, ScheduledTask] = {}
    below: dict[str, list[ScheduledTask]] = {}
    by_id = schedule.by_id()
    for task in reversed(network.plan.tasks):
        row = by_id.get(task.id)
        if row is None:
            continue
        if task.id in levelled:
            row = _row(row, levelled[task.id], schedule.today)
        elif under := below.get(task.id):
            start, finish = min(one.start for one in under), max(one.finish for one in under)
            row = replace(row, start=start, finish=finish, forecast_finish=max(one.forecast_finish for one in under))
        rows[task.id] = row
        if task.parent is not None:
            below.setdefault(task.parent, []).append(row)
    tasks = tuple(rows[task.id] for task in schedule.tasks)
    days = _rhythm(schedule)
    checkpoints = checkpoints_of(network.plan, tasks, schedule.opening, schedule.today, days)
    return replace(schedule, tasks=tasks, checkpoints=checkpoints)


def _row(row: ScheduledTask, task: LevelledTask, today: datetime) -> ScheduledTask:
    if row.status is Status.DONE:
        return row
    status = row.status
    if status is Status.LATE and task.finish >= today:
        status = Status.NOT_STARTED if task.start >= today else Status.IN_PROGRESS
    return replace(row, start=task.start, finish=task.finish, forecast_finish=task.finish, status=status)


def _rhythm(schedule: Schedule) -> int:
    """Days between the checkpoints the schedule has."""
    t = [checkpoint.t_minus for checkpoint in schedule.checkpoints]
    return t[0] - t[1] if len(t) > 1 else 10


def _binding(problem: Problem, found: Found) -> tuple[Binding, ...]:
    """For which resources tasks gave way, and on which days."""
    days: dict[int, set[int]] = {}
    tasks: dict[int, dict[str, None]] = {}
    for number, task in enumerate(problem.network.tasks):
        p = int(problem.network.place[number])
        for placed in (found.placed, found.waited):
            row, slot = (int(one) for one in placed.blocker[p])
            if row >= 0 and problem.held.state[p] != DONE:
                days.setdefault(row, set()).add(int(problem.slots.at[slot]) // DAY)
                tasks.setdefault(row, {})[task.id] = None
    order = sorted(tasks, key=lambda row: -len(tasks[row]))
    return tuple(
        Binding(
            problem.rows[row].key,
            problem.rows[row].name,
            tuple(at_instant(day * DAY).date() for day in sorted(days[row])),
            tuple(tasks[row]),
        )
        for row in order
    )


def _warnings(problem: Problem, found: Found) -> tuple[str, ...]:
    said = []
    if found.value.overspent:
        said.append(
            f"budgets are overspent by {found.value.overspent:g} units: no way of doing the tasks was found within"
        )
    if (found.placed.free < 0).any():
        rows = [problem.rows[row].name for row in np.nonzero((found.placed.free < 0).any(axis=1))[0]]
        said.append(f"fixed or begun tasks alone overload {', '.join(rows[:5])}")
    return tuple(said)
