"""Make the compiled loops ready, so that what is timed afterwards is the work and not the compiler."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tminus.engines.schedule import levelling, primavera_rules
from tminus.engines.schedule.back_schedule import back_schedule
from tminus.engines.schedule.calendars import week_calendar
from tminus.engines.schedule.edited_plan import EditedPlan
from tminus.engines.schedule.model import Constraint, ConstraintKind, Duration, Link, Plan, ScheduleLogic, Task
from tminus.engines.schedule.risk.warm_up import warm_up_risk


def warm_up() -> None:
    """Schedule a plan of two tasks; instant once the loops are compiled and kept on disk."""
    tasks = (Task("A", "A", duration=Duration(480)), Task("B", "B", duration=Duration(480)))
    plan = Plan("warm-up", tasks, (Link("A", "B"),), {"standard": week_calendar()}, "standard")
    back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))
    late = replace(tasks[1], constraints=(Constraint(ConstraintKind.ALAP),))
    logic = ScheduleLogic(longest_path=True)
    primavera_rules.own_dates(replace(plan, tasks=(tasks[0], late), status_date=datetime(2026, 8, 17), logic=logic))
    edited = EditedPlan(plan, opening=date(2026, 11, 5), today=datetime(2026, 8, 17))
    edited.remove_link(plan.links[0])
    edited.add_link(Link("B", "A"))
    crew = levelling.Resources((levelling.Supply("crew"),), (levelling.Need("*", "crew"),))
    found = back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))
    levelling.level(found, crew, budget=levelling.Budget(iterations=2))
    warm_up_risk()
