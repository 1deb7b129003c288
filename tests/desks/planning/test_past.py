"""Mornings of the past simulated before today's, by what had been reported then: how a demonstration gets its trend."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import timezone

from tests.harbour import Harbour
from tminus.desks.planning.models import RiskRun
from tminus.desks.planning.past import Past
from tminus.engines.schedule import Duration, Progress
from tminus.platform import clock, jobs
from tminus.platform.models import Job
from tminus.platform.registry import ask

REPORTED = Progress(datetime(2026, 8, 3, 9), None, Duration(960, True), 40.0, datetime(2026, 8, 5, 18))


def test_reports_go_into_a_job_and_out_again() -> None:
    done = Progress(datetime(2026, 8, 3, 9), datetime(2026, 8, 4, 17), None, 100.0)
    past = Past(date(2026, 8, 6), {"A": REPORTED, "B": done, "C": Progress()})
    assert Past.of(past.as_json()) == past


@pytest.mark.django_db
def test_the_past_comes_first_each_morning_once_and_today_is_the_last(planned: Harbour) -> None:
    today = clock.today(planned.event)
    mornings = [Past(date.fromordinal(today.toordinal() - n), {}).as_json() for n in (5, 10)]
    args = {"samples": 500, "seed": 0, "past": mornings}
    for _time in (1, 2):  # the second as after a worker that was killed
        made = Job.objects.create(event=planned.event, kind="planning.simulate", args=args, created_at=timezone.now())
        assert jobs.run(made.pk).error == ""
    days = list(RiskRun.objects.order_by("id").values_list("day", flat=True))
    assert [(today - day).days for day in days] == [10, 5, 0, 0]
    found = ask("planning.likelihood", {}, event=planned.event, person=planned.people["hq"])
    assert found["run"]["at"].date() == today
    assert not found["run"]["stale"]
    assert [(today - point["day"]).days for point in found["trend"]] == [10, 5, 0]
