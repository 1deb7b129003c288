"""By which rules the plan is scheduled."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.models import Task
from tminus.desks.planning.scheduling import options_of
from tminus.engines.schedule import TaskRole
from tminus.platform.registry import Context, Grant, query


class SchedulingArgs(BaseModel):
    """No arguments."""


@query("planning.scheduling", grants=Grant.READ)
def scheduling(ctx: Context, args: SchedulingArgs) -> dict[str, Any]:
    """Scheduling options; ``chosen``: a file or headquarters has said so; ``spanning``: tasks that only span others."""
    options = options_of(ctx.the_event)
    spanning = [role.value for role in TaskRole if role.spans]
    return {
        **options.as_json(),
        "chosen": options.logic is not None,
        "spanning": Task.objects.filter(event=ctx.event, role__in=spanning).count(),
    }
