"""Start a job with the act that wants it; run it in the worker; pick up what a killed worker left."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from tminus.platform.access import NotAllowed
from tminus.platform.jobs import progress
from tminus.platform.jobs.kinds import KINDS, Running
from tminus.platform.models import Event, Job, JobState, Notice
from tminus.platform.record import plain
from tminus.platform.registry import BadInput, Context

LOG = logging.getLogger(__name__)
ATTEMPT = "$attempt"
ATTEMPTS = 3


def start(ctx: Context, kind: str, args: dict[str, Any] | None = None) -> Job:
    """Queue a job; it exists, and will run, exactly when the act is committed.

    :raises BadInput: a kind nobody registered.
    """
    if kind not in KINDS:
        raise BadInput(
            _("no job %(kind)r; allowed: %(allowed)s") % {"kind": kind, "allowed": ", ".join(sorted(KINDS))},
            field="kind",
            value=kind,
        )
    row = Job.objects.create(
        event=ctx.event, kind=kind, started_by=ctx.person, args=plain(args or {}), created_at=timezone.now()
    )
    run_job.enqueue(row.pk)
    return row


def start_once(ctx: Context, kind: str, args: dict[str, Any] | None = None) -> Job:
    """As :func:`start`; one of the kind that is under way in this event already is not begun twice, but answered."""
    return under_way(ctx.event, kind) or start(ctx, kind, args)


def under_way(event: Event | None, kind: str) -> Job | None:
    """The job of this kind that waits or runs, the one started last."""
    return Job.objects.filter(event=event, kind=kind, state__in=(JobState.WAITING, JobState.RUNNING)).first()


def only_a_job(ctx: Context) -> None:
    """:raises NotAllowed: somebody hands in figures that nothing has computed."""
    if ctx.channel != "job":
        raise NotAllowed(f"{ctx.code}: kept by the job that computes it")


@task()
def run_job(pk: int) -> None:
    run(pk)


def run(pk: int) -> Job:
    """Run a waiting job to its end, here and now; whatever goes wrong is kept as its message."""
    claimed = Job.objects.filter(pk=pk, state=JobState.WAITING).update(state=JobState.RUNNING)
    row = Job.objects.select_related("event", "started_by").get(pk=pk)
    if not claimed:
        return row
    try:
        args = {name: value for name, value in row.args.items() if name != ATTEMPT}
        result = KINDS[row.kind].body(Running(row, args))
        row.state, row.result = JobState.DONE, result
    except Exception as error:
        # The person who started it must see what went wrong, whatever it was.
        LOG.exception("job %s %s failed", row.kind, row.pk)
        row.state, row.error = JobState.FAILED, str(error) or type(error).__name__
    _close(row)
    return row


def recover() -> int:
    """At the start of the only worker: what still says *running* was cut off with the last one; how many.

    A kind registered with ``again=True`` is queued anew, three times at most; any other has failed.
    """
    cut = list(Job.objects.filter(state=JobState.RUNNING))
    for row in cut:
        attempt = int(row.args.get(ATTEMPT, 1))
        kind = KINDS.get(row.kind)
        if kind is not None and kind.again and attempt < ATTEMPTS:
            with transaction.atomic():
                row.state, row.args = JobState.WAITING, {**row.args, ATTEMPT: attempt + 1}
                row.save(update_fields=["state", "args"])
                run_job.enqueue(row.pk)
            continue
        row.state, row.error = JobState.FAILED, "the server was stopped while this ran; nothing was half-written"
        _close(row)
    return len(cut)


def _close(row: Job) -> None:
    reached = progress.read(row.pk)
    if reached is not None:
        row.done, row.total, row.doing = reached.done, reached.total, reached.said
    row.finished_at = timezone.now()
    with transaction.atomic():
        row.save()
        if row.state == JobState.FAILED and row.event is not None and row.started_by is not None:
            Notice.objects.create(
                event=row.event,
                person=row.started_by,
                at=row.finished_at,
                code="job.failed",
                values={"kind": row.kind, "reason": row.error[:300]},
            )
    progress.forget(row.pk)
