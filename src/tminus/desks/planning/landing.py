"""Where a task that was asked to begin on another day really begins, and why there."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tminus.desks.planning.queries.tasks import readable
from tminus.engines.schedule import Schedule, WhatIf
from tminus.platform.languages import day_text
from tminus.platform.registry import Context


def stays(found: WhatIf, key: str) -> bool:
    """Whether the move would leave the task where it stands."""
    return all(one.id != key for one in found.moved)


def told(ctx: Context, schedule: Schedule, found: WhatIf, key: str, asked: datetime) -> str:
    """One or two sentences; empty where it simply begins on the day it was asked to."""
    if stays(found, key):
        return f"{_('It stays where it is.')} {_why(ctx, schedule, found, key, asked)}".strip()
    return _why(ctx, schedule, found, key, asked)


def _why(ctx: Context, schedule: Schedule, found: WhatIf, key: str, asked: datetime) -> str:
    if found.begins.date() == asked.date():
        return ""
    told = {"day": day_text(found.begins), "asked": day_text(asked)}
    if len(found.binds) > 1:
        before = readable(ctx).filter(key=found.binds[-2]).first()
        return _("It waits for %(task)s and so begins on %(day)s.") % {
            **told,
            "task": before.name if before else found.binds[-2],
        }
    if asked < schedule.today:
        return _("%(asked)s has gone by; it begins on %(day)s at the earliest.") % told
    if _is_off(schedule, key, asked):
        return _("%(asked)s is a day off; it begins on %(day)s.") % told
    return _("Its dates in the plan let it begin on %(day)s.") % told


def _is_off(schedule: Schedule, key: str, asked: datetime) -> bool:
    if schedule.network is None:
        return False
    plan = schedule.network.plan
    task = next((one for one in plan.tasks if one.id == key), None)
    calendar = plan.calendars.get((task.calendar if task else None) or plan.default_calendar or "")
    return calendar is not None and not calendar.hours_on(asked.date())
