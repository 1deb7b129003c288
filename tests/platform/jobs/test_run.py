"""Jobs start with their act, show how far they are, keep their message, and survive a killed worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils.translation import gettext, override
from django_tasks_db.models import DBTaskResult

from tests.harbour import Harbour
from tests.platform.duties.steps import desk
from tminus.platform import jobs
from tminus.platform.access import NotAllowed
from tminus.platform.jobs.kinds import KINDS, Running
from tminus.platform.models import Job, JobState, Notice
from tminus.platform.registry import ACTS, BadInput, acting, ask


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    seen = dict(KINDS)
    yield
    KINDS.clear()
    KINDS.update(seen)


def started(harbour: Harbour, kind: str, fail: bool = False) -> Job:
    desk()
    try:
        with acting("test.desk", event=harbour.event, person=harbour.hq) as ctx:
            row = jobs.start(ctx, kind, {"n": 3})
            if fail:
                raise RuntimeError("the act fails")
            return row
    finally:
        ACTS.pop("test.desk")


def test_a_job_runs_and_keeps_its_result(harbour: Harbour) -> None:
    @jobs.job("test.count")
    def count(running: Running) -> dict[str, int]:
        running.progress(1, 4, "halfway")
        shown = ask("job.show", {"job": running.job.pk}, event=harbour.event, person=harbour.hq)
        assert (shown["percent"], shown["doing"], shown["state"]) == (25, "halfway", "running")
        running.progress(4, 4, "done")
        return {"counted": running.args["n"]}

    row = jobs.run(started(harbour, "test.count").pk)
    assert (row.state, row.result, row.done, row.total) == (JobState.DONE, {"counted": 3}, 4, 4)
    assert jobs.run(row.pk).finished_at == row.finished_at, "once"


def test_figures_of_what_it_is_doing_are_put_into_the_readers_language(harbour: Harbour) -> None:
    @jobs.job("test.count")
    def count(running: Running) -> None:
        running.progress(1, 4, "no job with number %(job)s", job="7")
        with override("zh-hans"):
            shown = ask("job.show", {"job": running.job.pk}, event=harbour.event, person=harbour.hq)
            assert shown["doing"] == gettext("no job with number %(job)s") % {"job": "7"} != "no job with number 7"

    row = jobs.run(started(harbour, "test.count").pk)
    assert (row.state, row.doing) == (JobState.DONE, "no job with number 7")


def test_a_job_of_an_act_that_fails_does_not_exist(harbour: Harbour) -> None:
    jobs.job("test.nothing")(lambda running: None)
    with pytest.raises(RuntimeError):
        started(harbour, "test.nothing", fail=True)
    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_failed_job_keeps_its_message_and_tells(harbour: Harbour) -> None:
    @jobs.job("test.breaks")
    def breaks(running: Running) -> None:
        raise ValueError("row 7: no such unit")

    row = jobs.run(started(harbour, "test.breaks").pk)
    assert (row.state, row.error) == (JobState.FAILED, "row 7: no such unit")
    assert Notice.objects.get().values["reason"] == "row 7: no such unit"


def test_what_a_killed_worker_left_is_failed_or_run_again_three_times(harbour: Harbour) -> None:
    jobs.job("test.once")(lambda running: None)
    jobs.job("test.again", again=True)(lambda running: None)
    once, again = started(harbour, "test.once"), started(harbour, "test.again")
    states = []
    for _ in range(3):
        Job.objects.filter(state=JobState.WAITING).update(state=JobState.RUNNING)
        jobs.recover()
        once.refresh_from_db()
        again.refresh_from_db()
        states.append((str(once.state), str(again.state)))
    assert states == [("failed", "waiting"), ("failed", "waiting"), ("failed", "failed")]
    assert "nothing was half-written" in once.error


def test_an_unknown_kind_is_named(harbour: Harbour) -> None:
    with pytest.raises(BadInput, match=r"no job 'test\.unknown'"):
        started(harbour, "test.unknown")


def test_a_job_is_started_once_while_one_is_under_way(harbour: Harbour) -> None:
    jobs.job("test.nothing")(lambda running: None)
    desk()
    try:
        with acting("test.desk", event=harbour.event, person=harbour.hq) as ctx:
            first = jobs.start_once(ctx, "test.nothing", {"n": 1})
            assert jobs.start_once(ctx, "test.nothing", {"n": 2}) == first
            assert jobs.under_way(harbour.event, "test.nothing") == first
            jobs.run(first.pk)
            assert jobs.under_way(harbour.event, "test.nothing") is None
            assert jobs.start_once(ctx, "test.nothing", {"n": 2}) != first
            with pytest.raises(NotAllowed, match="the job that computes it"):
                jobs.only_a_job(ctx)
    finally:
        ACTS.pop("test.desk")
