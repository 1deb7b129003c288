"""Make the compiled loops of the simulation ready."""

from __future__ import annotations

from datetime import date

from tminus.engines.schedule.back_schedule import back_schedule
from tminus.engines.schedule.calendars import week_calendar
from tminus.engines.schedule.model import Duration, Link, Plan, Task
from tminus.engines.schedule.risk.causes import WeatherCalendar
from tminus.engines.schedule.risk.simulate import simulate


def warm_up_risk() -> None:
    """Simulate a plan of two tasks; instant once the loops are compiled and kept on disk.

    Their kinds do not depend on what a plan holds, so this makes ready those of every plan.
    """
    tasks = (Task("A", "A", duration=Duration(480)), Task("B", "B", duration=Duration(480)))
    plan = Plan("warm-up", tasks, (Link("A", "B"),), {"standard": week_calendar()}, "standard")
    schedule = back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))
    simulate(schedule, samples=64, drivers=[WeatherCalendar("rain", (0.1,) * 12)])
