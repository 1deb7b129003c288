"""Jobs: work over a second, run by the job worker, with progress anyone concerned can see.

A desk registers a kind and starts it inside an act::

    @job("planning.import")
    def import_plan(running: Running) -> dict[str, object]:
        running.progress(0, 1200, "reading rows")
        perform("planning.import.apply", {...}, event=running.event, person=running.person, channel="job")
        return {"added": 12}

    jobs.start(ctx, "planning.import", {"import": row.pk})
"""

from tminus.platform.jobs.kinds import Running, job
from tminus.platform.jobs.run import only_a_job, recover, run, start, start_once, under_way

__all__ = ["Running", "job", "only_a_job", "recover", "run", "start", "start_once", "under_way"]
