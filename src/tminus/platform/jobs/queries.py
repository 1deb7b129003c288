"""Jobs as people see them: those they started, or all of the event for headquarters."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.jobs import progress
from tminus.platform.jobs.kinds import KINDS
from tminus.platform.models import Job, JobState
from tminus.platform.registry import Context, Grant, Missing, query


class JobsArgs(BaseModel):
    limit: int = Field(50, ge=1, le=500)


class JobArgs(BaseModel):
    job: int


@query("job.list", grants=Grant.MEMBER)
def listed(ctx: Context, args: JobsArgs) -> dict[str, Any]:
    """The latest jobs: your own; all of the event at headquarters."""
    jobs = Job.objects.filter(event=ctx.event).select_related("started_by")
    if not ctx.scope.acts_everywhere:
        jobs = jobs.filter(started_by=ctx.person)
    return {"jobs": [described(row) for row in jobs[: args.limit]]}


@query("job.show", grants=Grant.MEMBER)
def show(ctx: Context, args: JobArgs) -> dict[str, Any]:
    """One job and how far it is."""
    row = Job.objects.filter(event=ctx.event, pk=args.job).select_related("started_by").first()
    if row is None or not (ctx.scope.acts_everywhere or row.started_by == ctx.person):
        raise Missing(_("no job with number %(job)s") % {"job": args.job}, field="job", value=args.job)
    return described(row)


def described(row: Job) -> dict[str, Any]:
    reached = progress.read(row.pk) if row.state == JobState.RUNNING else None
    done, total, doing, values = reached or (row.done, row.total, row.doing, {})
    kind = KINDS.get(row.kind)
    return {
        "id": row.pk,
        "kind": row.kind,
        "name": str(kind.name) if kind else row.kind,
        "page": kind.page if kind else "",
        "state": str(row.state),
        "state_name": row.get_state_display(),
        "done": done,
        "total": total,
        "percent": round(100 * done / total) if total else None,
        "doing": (_(doing) % values if values else _(doing)) if doing else "",
        "result": row.result,
        "error": row.error,
        "started_by": row.started_by.name if row.started_by else None,
        "created_at": row.created_at,
        "finished_at": row.finished_at,
        "open": row.state in {JobState.WAITING, JobState.RUNNING},
    }
