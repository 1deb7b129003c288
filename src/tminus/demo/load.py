"""Load the demonstration event as it stood on a day: who had reported what by then, readiness as it was known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from tminus.demo.live_day import count_until
from tminus.desks.board.models import ReadinessPoint
from tminus.desks.passengers.acts.forecasting import KIND as FORECAST
from tminus.desks.passengers.acts.forecasting import worth_it
from tminus.desks.passengers.acts.live_forecasts import KIND as REFORECAST
from tminus.desks.passengers.acts.live_forecasts import worth_it as counts_at_gates
from tminus.desks.passengers.days.kept_scenarios import load_day_scenarios
from tminus.desks.passengers.days.walking_jobs import WALK
from tminus.desks.passengers.forecasting.kept_folder import keep_folder
from tminus.desks.passengers.models import DayScenarioKept
from tminus.desks.planning.acts.simulating import KIND as SIMULATE
from tminus.desks.planning.event_folder import Loaded, load_event
from tminus.desks.planning.models import Task
from tminus.desks.planning.past import Past
from tminus.desks.planning.queries.readiness import preparation
from tminus.desks.planning.simulation import SAMPLES
from tminus.engines.schedule import Progress
from tminus.formats.event_folder import EventFolder
from tminus.formats.event_folder.folder import Row, Rows, rows_csv
from tminus.formats.progress_file import read_progress
from tminus.platform.jobs.run import run_job
from tminus.platform.models import ClockShift, Event, Job, Person, TDay

PASSWORD = "see you at T minus zero"  # noqa: S105 - shown on the demonstration's sign-in page
MORNING = time(9, 0)
FIRST_HOUR = time(8, 0)
"""From when on the hours of a day under way are re-forecast."""
LOOKED_BACK, EVERY = 20, 5
"""Days before today the plan is simulated on too, and how far apart they are."""
FORECAST_BEFORE = (60, 30, 14, 7, 3, 2, 1)
"""Days before today on whose mornings visits are forecast too, as they would have been issued."""
FIRST = -150
"""The day preparation begins; before it nothing had been reported."""


def load_demo(folder: EventFolder, t: TDay | None = None, hour: time = MORNING) -> Loaded:
    """Load the folder as of ``hour`` of day ``t`` (default: the folder's own), with demo accounts and its clock."""
    t = t or TDay.parse(str(folder.event.get("as_of", "T-80")))
    at = datetime.combine(folder.opening + timedelta(days=t.n), hour)
    with transaction.atomic():
        loaded = load_event(folder, at=at, progress=progress_on(folder, at.date()))
        _accounts(loaded.event, folder, loaded.people)
        _readiness(loaded.event, at.date())
        shift_clock(loaded.event, at)
        simulate_soon(loaded.event, folder, at.date())
        keep_folder(loaded.event, folder, at.replace(tzinfo=loaded.event.zone))
        load_day_scenarios(loaded.event, folder)
        count_until(loaded.event, folder, at.replace(tzinfo=loaded.event.zone))
        forecast_soon(loaded.event, at.date())
        reforecast_soon(loaded.event, at.replace(tzinfo=loaded.event.zone))
        walk_soon(loaded.event)
    return loaded


def shift_clock(event: Event, at: datetime) -> None:
    """From now on the event's clock runs from ``at`` (event-local)."""
    ClockShift.objects.update_or_create(
        event=event, defaults={"real_from": timezone.now(), "event_from": at.replace(tzinfo=event.zone)}
    )


def simulate_soon(event: Event, folder: EventFolder, today: date) -> None:
    """Have the worker simulate the plan as it stood on days before, by the reports of those days, and as it stands.

    Not here: the first simulation of an installation compiles for about a minute.
    """
    if today > event.opening or folder.plan is None:
        return
    days = (today - timedelta(days=n) for n in range(LOOKED_BACK, 0, -EVERY))
    past = [Past(day, progress_on(folder, day)).as_json() for day in days if day >= event.day(FIRST)]
    args = {"samples": SAMPLES, "seed": 0, "past": past}
    run_job.enqueue(Job.objects.create(event=event, kind=SIMULATE, args=args, created_at=timezone.now()).pk)


def forecast_soon(event: Event, today: date) -> None:
    """Have the worker forecast the coming days from what was known on the day before ``today``."""
    if worth_it(event, datetime.combine(today, MORNING)):
        mornings = (datetime.combine(today - timedelta(days=n), MORNING, event.zone) for n in FORECAST_BEFORE)
        args = {"past": [at.isoformat() for at in mornings]}
        run_job.enqueue(Job.objects.create(event=event, kind=FORECAST, args=args, created_at=timezone.now()).pk)


def reforecast_soon(event: Event, now: datetime) -> None:
    """Have the worker re-forecast the hours of today that are over, as it would have been done then."""
    if counts_at_gates(event, now):
        first = datetime.combine(now.date(), FIRST_HOUR, event.zone)
        hours = [first + timedelta(hours=n) for n in range(24)]
        args = {"past": [at.isoformat() for at in hours if at < now]}
        run_job.enqueue(Job.objects.create(event=event, kind=REFORECAST, args=args, created_at=timezone.now()).pk)


def walk_soon(event: Event) -> None:
    """Have the worker walk the first prepared scenario: a day to look at; the others are a tap away."""
    first = DayScenarioKept.objects.filter(event=event).order_by("pk").first()
    if first is not None:
        args = {"key": first.key}
        run_job.enqueue(Job.objects.create(event=event, kind=WALK, args=args, created_at=timezone.now()).pk)


def progress_on(folder: EventFolder, day: date) -> Mapping[str, Progress]:
    """Progress as reported before ``day``: the last report of each task."""
    reports = folder.table("progress_reports")
    if not len(reports) or folder.plan is None:
        return folder.plan.progress if folder.plan else {}
    last: dict[str, Row] = {}
    for row in reports:
        if row["Reported"] and date.fromisoformat(row["Reported"]) < day:
            last[row["ID"]] = row
    table = Rows(reports.headings, tuple(last.values()))
    if not last:
        return {}
    return read_progress(Path("progress_reports.csv"), folder.plan, rows_csv(table))


def _accounts(event: Event, folder: EventFolder, people: Mapping[str, Person]) -> None:
    """Everybody of the demonstration may sign in, with one password."""
    secret = make_password(PASSWORD)
    Person.objects.filter(pk__in=[person.pk for person in people.values()]).update(password=secret)
    admins: Any = folder.event.get("installation_admins", [])
    Person.objects.filter(username__in=admins).update(is_administrator=True, is_active=True)
    event.settings["demo_accounts"] = folder.event.get("demo_accounts", [])
    event.save(update_fields=["settings"])


def _readiness(event: Event, today: date) -> None:
    """The curve as it would have been kept day by day, from the dates things were really finished and reported."""
    tasks: list[Task] = list(preparation(event))
    weight = sum(task.weight for task in tasks) or 1.0
    points = []
    first = event.opening - timedelta(days=150)
    for number in range(max((today - first).days, 0)):
        day = first + timedelta(days=number)
        done = sum(task.weight for task in tasks if task.actual_finish and task.actual_finish.date() <= day)
        due = sum(task.weight for task in tasks if task.published_finish and task.published_finish.date() <= day)
        points.append(
            ReadinessPoint(event=event, day=day, ready_percent=100 * done / weight, target_percent=100 * due / weight)
        )
    ReadinessPoint.objects.bulk_create(points)
