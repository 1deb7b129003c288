"""How far a plan's calendars are compiled: over every date named, and as far as what remains can reach."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, timedelta

import numpy as np

from tminus.engines.schedule.model import Plan, PlanError
from tminus.engines.schedule.network import FIRST_YEAR, LAST_YEAR, MOST_DAYS
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.plain import early_and_late, weave
from tminus.engines.schedule.primavera_rules.asked import Constraints
from tminus.engines.schedule.primavera_rules.links import Links
from tminus.engines.schedule.primavera_rules.reported import Reported
from tminus.engines.schedule.worktime import Ints, WorkTime, compile_calendars, instant, minutes


def time_of(
    plan: Plan, work: Ints, links: Links, reported: Reported, constraints: Constraints, used: Container[int]
) -> WorkTime:
    """Calendars over every date named, and as far on either side as the longest chain of ``work`` can reach; of those
    not ``used`` nothing may be asked.

    :raises PlanError: dates or a chain out of reach.
    """
    needed = _days_needed(plan, work, links)
    first, last = _named(plan, reported, constraints)
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise PlanError(f"dates run from {first} to {last}; allowed: years {FIRST_YEAR} to {LAST_YEAR}")
    reach = timedelta(days=needed)
    return compile_calendars(list(plan.calendars.values()), first - reach, last + reach, used=used)


def _days_needed(plan: Plan, work: Ints, links: Links) -> int:
    early, _ = early_and_late(weave(work, links.pred, links.succ, np.zeros_like(links.lag), np.abs(links.lag)))
    chain = int((early + work).max()) if len(work) else 0
    densest = min((_week(calendar.week) for calendar in plan.calendars.values()), default=7 * 1440)
    needed = int(chain / max(densest, 1) * 7 * 1.3) + 400
    if needed > MOST_DAYS:
        raise PlanError(f"the longest chain of links takes about {needed} days; allowed: at most {MOST_DAYS}")
    return needed


def _week(week: tuple[tuple[tuple[int, int], ...], ...]) -> int:
    return sum(until - start for hours in week for start, until in hours) or 480


def _named(plan: Plan, reported: Reported, constraints: Constraints) -> tuple[date, date]:
    """The first and the last date named anywhere."""
    must_finish = plan.logic.must_finish if plan.logic else None
    own: list[datetime | None] = [plan.status_date, plan.start, plan.finish, must_finish]
    columns = reported.start, reported.finish, reported.resumed, constraints.at
    every = np.concatenate([[minutes(at) for at in own if at is not None], *columns])
    every = every[every != NEVER]
    return instant(int(every.min())).date(), instant(int(every.max())).date()
