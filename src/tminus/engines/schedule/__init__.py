"""Back-scheduling: a plan, an opening day, everybody's calendars; dates, floats, checkpoints and conflicts.

>>> schedule = back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))  # doctest: +SKIP
>>> schedule.checkpoints[-1].verdict                                                     # doctest: +SKIP
"""

from tminus.engines.schedule.agreement import Agreement, agreement_of
from tminus.engines.schedule.back_schedule import ScheduleParams, back_schedule, schedule_network
from tminus.engines.schedule.calendars import OFFICE_HOURS, ROUND_THE_CLOCK, country_calendar, week_calendar
from tminus.engines.schedule.checkpoints import (
    Asked,
    Checkpoint,
    Demand,
    Demands,
    Tally,
    Verdict,
    checkpoint_dates,
    demands_of,
    gates_of,
    tally_by,
)
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.edited_plan import EditedPlan
from tminus.engines.schedule.model import (
    Assignment,
    Baseline,
    Constraint,
    ConstraintKind,
    DayHours,
    Duration,
    Estimate,
    EstimateKind,
    FloatKind,
    Interval,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    ProgressLogic,
    Resource,
    ScheduleLogic,
    StoredDates,
    Task,
    TaskKind,
    TaskRole,
    WorkCalendar,
)
from tminus.engines.schedule.network import Network, compile_network
from tminus.engines.schedule.remedies import How, Remedy, remedies
from tminus.engines.schedule.result import Conflict, Policy, Reason, Schedule, ScheduledTask, Status
from tminus.engines.schedule.warm_up import warm_up
from tminus.engines.schedule.what_if import Moved, Slip, WhatIf, what_if

__all__ = [
    "OFFICE_HOURS",
    "ROUND_THE_CLOCK",
    "Agreement",
    "Asked",
    "Assignment",
    "Baseline",
    "Checkpoint",
    "Conflict",
    "Constraint",
    "ConstraintKind",
    "Cycle",
    "DayHours",
    "Demand",
    "Demands",
    "Duration",
    "EditedPlan",
    "Estimate",
    "EstimateKind",
    "FloatKind",
    "How",
    "Interval",
    "LagCalendar",
    "Link",
    "LinkKind",
    "Moved",
    "Network",
    "Plan",
    "PlanError",
    "Policy",
    "Progress",
    "ProgressLogic",
    "Reason",
    "Remedy",
    "Resource",
    "Schedule",
    "ScheduleLogic",
    "ScheduleParams",
    "ScheduledTask",
    "Slip",
    "Status",
    "StoredDates",
    "Tally",
    "Task",
    "TaskKind",
    "TaskRole",
    "Verdict",
    "WhatIf",
    "WorkCalendar",
    "agreement_of",
    "back_schedule",
    "checkpoint_dates",
    "compile_network",
    "country_calendar",
    "demands_of",
    "gates_of",
    "remedies",
    "schedule_network",
    "tally_by",
    "warm_up",
    "week_calendar",
    "what_if",
]
