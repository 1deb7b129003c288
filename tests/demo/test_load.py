"""The demonstration as of a day: each day is loaded once and everything is asked of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.examples.lanwan_folder import FOLDER, table
from tminus.demo.load import PASSWORD, load_demo
from tminus.desks.board.models import ReadinessPoint
from tminus.desks.planning.event_folder import Loaded
from tminus.desks.planning.models import Task, TaskLink
from tminus.desks.planning.past import Past
from tminus.formats.event_folder import EventFolder, read_folder
from tminus.platform import clock
from tminus.platform.accounts.views import demo_accounts
from tminus.platform.models import Duty, DutyState, Event, Job, Person, Post, RecordLine, TDay, Unit
from tminus.platform.recordbook.verify import Finding, verify
from tminus.platform.ticker import tick

pytestmark = pytest.mark.slow
DAYS = (-150, -80, -30, 0, 3, 20)


@pytest.fixture(scope="module")
def folder() -> EventFolder:
    return read_folder(FOLDER)


@pytest.fixture(scope="module", params=DAYS, ids=lambda n: str(TDay(n)))
def loaded(
    request: pytest.FixtureRequest, folder: EventFolder, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Loaded]:
    """The event as of a day; nothing of it is left behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(folder, TDay(request.param))
        transaction.set_rollback(True)


def morning(event: Event, n: int) -> datetime:
    return datetime.combine(event.day(n), time(9), tzinfo=event.zone)


def day_of(event: Event) -> int:
    return event.t(clock.today(event)).n


def found_wrong(event: Event) -> list[Finding]:
    """Of the record; its heads are noted outside the database on commit only, and here nothing is committed."""
    return [found for found in verify(event.slug) if found.kind != "heads_file"]


def fingerprint(event: Event) -> dict[str, Any]:
    """All that a day decides, by the folder's own names: database numbers differ from load to load."""
    tasks, points = Task.objects.filter(event=event).order_by("position"), ReadinessPoint.objects.filter(event=event)
    return {
        "tasks": list(
            tasks.values_list(
                "key", "actual_start", "actual_finish", "remaining_min", "percent", "reported_at", "early_start",
                "early_finish", "late_finish", "status", "duty__state", "duty__due_at", "duty__closed_at",
            )
        ),
        "readiness": list(points.values_list("day", "ready_percent", "target_percent")),
    }  # fmt: skip


def test_it_is_whole(loaded: Loaded) -> None:
    event = loaded.event
    assert Task.objects.filter(event=event).count() == len(table("plan"))
    assert Unit.objects.filter(event=event).count() == len(table("units"))
    assert Post.objects.filter(event=event).count() == len(table("posts"))
    assert len(loaded.people) == len(table("people"))
    assert TaskLink.objects.filter(event=event).exists()
    assert Duty.objects.filter(event=event).count() == Task.objects.filter(event=event, duty__isnull=False).count() > 0


def test_the_clock_stands_at_the_morning_of_the_day_and_runs(loaded: Loaded, request: pytest.FixtureRequest) -> None:
    n = request.node.callspec.params["loaded"]
    assert timedelta(0) <= clock.now(loaded.event) - morning(loaded.event, n) < timedelta(minutes=5)


def test_nothing_has_been_done_in_the_future(loaded: Loaded) -> None:
    event = loaded.event
    now = morning(event, day_of(event))
    local = now.replace(tzinfo=None)
    tasks = Task.objects.filter(event=event)
    assert not tasks.filter(actual_start__gt=local).exists()
    assert not tasks.filter(actual_finish__gt=local).exists()
    assert not tasks.filter(reported_at__gt=now).exists()
    assert not Duty.objects.filter(event=event, closed_at__gt=now).exists()
    assert not Duty.objects.filter(event=event, assigned_at__gt=now).exists()
    assert not ReadinessPoint.objects.filter(event=event, day__gte=now.date()).exists()


def test_duties_stand_as_their_tasks_do(loaded: Loaded) -> None:
    for task in Task.objects.filter(event=loaded.event, duty__isnull=False).select_related("duty"):
        assert task.duty is not None
        done, begun = task.actual_finish is not None, task.actual_start is not None or bool(task.percent)
        expected = DutyState.ACCEPTED if done else DutyState.IN_PROGRESS if begun else DutyState.ACKNOWLEDGED
        assert task.duty.state == expected, task.key
        assert (task.duty.closed_at is not None) == done, task.key


def test_more_is_done_the_later_it_is(loaded: Loaded) -> None:
    event = loaded.event
    n, leaves = day_of(event), Task.objects.filter(event=event, duty__isnull=False)
    done, begun = leaves.filter(actual_finish__isnull=False).count(), leaves.filter(actual_start__isnull=False).count()
    assert done <= begun
    reported = {
        row["ID"]
        for row in table("progress_reports")
        if row["Actual finish"] and row["Reported"] < event.day(n).isoformat()
    }
    assert set(leaves.filter(actual_finish__isnull=False).values_list("key", flat=True)) <= reported
    assert done == 0 if n == -150 else done > 0
    curve = list(ReadinessPoint.objects.filter(event=event).order_by("day").values_list("ready_percent", flat=True))
    assert len(curve) == n + 150
    assert curve == sorted(curve)
    assert all(0 <= percent <= 100 for percent in curve)


def test_the_record_begins_with_the_import_and_is_whole(loaded: Loaded) -> None:
    line = RecordLine.objects.get(event=loaded.event)
    assert line.code == "event.import"
    assert line.after is not None
    assert line.after["counts"]["tasks"] == len(table("plan"))
    assert found_wrong(loaded.event) == []


def test_everybody_signs_in_and_the_sign_in_page_names_some_in_the_demonstration_only(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo_accounts() == []
    monkeypatch.setattr(type(settings.CONFIG), "demo", True)
    shown = demo_accounts()
    assert [row["person"].username for row in shown] == [
        account["person"] for account in loaded.event.settings["demo_accounts"]
    ]
    assert shown
    assert Person.objects.get(username="p001").check_password(PASSWORD)
    assert len(set(Person.objects.filter(pk__in=[p.pk for p in loaded.people.values()]).values_list("password"))) == 1


def test_the_clock_goes_on_from_there(loaded: Loaded) -> None:
    """The first tick takes the steps that are due, the second at the same instant none; the record stays whole."""
    event = loaded.event
    now = morning(event, day_of(event)) + timedelta(hours=1)
    with transaction.atomic():
        tick(event, now)
        assert tick(event, now) == 0
        assert found_wrong(event) == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_the_same_day_twice_is_the_same_event(folder: EventFolder) -> None:
    prints = []
    for _ in range(2):
        with transaction.atomic():
            prints.append(fingerprint(load_demo(folder, TDay(-30)).event))
            transaction.set_rollback(True)
    assert prints[0] == prints[1]
    assert prints[0]["readiness"]


@pytest.mark.django_db
def test_without_a_day_it_is_the_folders_own(folder: EventFolder) -> None:
    assert day_of(load_demo(folder).event) == TDay.parse(str(folder.event["as_of"])).n


def test_the_worker_is_asked_to_simulate_today_and_the_mornings_before(loaded: Loaded) -> None:
    waiting = Job.objects.filter(event=loaded.event, kind="planning.simulate")
    n = day_of(loaded.event)
    if n > 0:
        assert not waiting
        return
    past = [Past.of(one) for one in waiting.get().args["past"]]
    assert [loaded.event.t(one.day).n - n for one in past] == ([] if n == -150 else [-20, -15, -10, -5])
    for one in past:
        starts = [reported.actual_start for reported in one.progress.values() if reported.actual_start]
        assert starts
        assert max(starts).date() < one.day
