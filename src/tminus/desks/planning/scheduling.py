"""Scheduling options between the database, plan files and pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tminus.desks.planning.models import SchedulingOptions
from tminus.engines.schedule import FloatKind, LagCalendar, Plan, ScheduleLogic
from tminus.formats.plan_json import logic_from_json, logic_to_json
from tminus.platform.models import Event

OWN_LOGIC = ScheduleLogic(total_float=FloatKind.LEAST)
"""What the console does by itself."""


@dataclass(frozen=True, slots=True)
class Options:
    """``logic``: ``None`` where nobody has chosen; ``start``: of the project, kept for Primavera."""

    lag_calendar: LagCalendar = LagCalendar.SUCCESSOR
    logic: ScheduleLogic | None = None
    start: datetime | None = None

    def applied_to(self, plan: Plan) -> Plan:
        return replace(plan, lag_calendar=self.lag_calendar, logic=self.logic, start=self.start)

    def as_json(self) -> dict[str, Any]:
        """Every option by name; what nobody has chosen as the console does it."""
        logic = self.logic or OWN_LOGIC
        return {
            "lag_calendar": self.lag_calendar.value,
            "progress": logic.progress.value,
            "total_float": logic.total_float.value,
            "longest_path": logic.longest_path,
            "critical_minutes": logic.critical_minutes,
            "open_ends_critical": logic.open_ends_critical,
            "expected_finish": logic.expected_finish,
            "lag_from_early_start": logic.lag_from_early_start,
            "ignore_external": logic.ignore_external,
            "must_finish": logic.must_finish.isoformat() if logic.must_finish else None,
        }


def options_of(event: Event) -> Options:
    row = SchedulingOptions.objects.filter(event=event).first()
    if row is None:
        return Options()
    logic = logic_from_json(row.logic) if row.logic is not None else None
    return Options(LagCalendar(row.lag_calendar), logic, row.start)


def keep(event: Event, options: Options) -> SchedulingOptions:
    logic = logic_to_json(options.logic) if options.logic is not None else None
    kept = {"lag_calendar": options.lag_calendar.value, "logic": logic, "start": options.start}
    return SchedulingOptions.objects.update_or_create(event=event, defaults=kept)[0]


def said_by(plan: Plan) -> Options | None:
    """What a plan file says of them; ``None``: nothing, what stands here stays."""
    if plan.logic is None and plan.lag_calendar is LagCalendar.SUCCESSOR:
        return None
    return Options(plan.lag_calendar, plan.logic, plan.start)
