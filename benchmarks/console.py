"""Server time of the console's pages on a plan of 20,000 tasks, SQLite: median and 95th percentile of each page.

``python benchmarks/console.py [--tasks 20000] [--times 20]``; pages are asked through Django's test client, so the
times are the server's alone; processor time is told too, for machines that have other work. The first answer of each
page, which fills what is kept in memory, stands apart.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from datetime import date, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any
from zoneinfo import ZoneInfo

from console_risk import foretell

PAGES = (
    "book/",
    "book/?leaves=1&order=float",
    "book/?text=12",
    "book/?unit=u07&holes=1",
    "book/t/T4711/",
    "import/",
    "book/rows.json",
    "timetable/",
    "timetable/?group=area",
    "timetable/?group=person",
    "timetable/calendar/",
    "timetable/publish/",
    "baselines/",
    "map/",
    "map/day.json?t=T-30",
    "checkpoints/",
    "checkpoints/T-10/",
    "board/",
    "board/weights/",
    "frozen/1/",
    "frozen/1/compare/",
    "likelihood/",
    "likelihood/?t=T-30",
    "likelihood/causes/",
    "scenarios/",
    "proposals/",
    "resources/",
    "settings/places/",
    "settings/scheduling/",
    "duties/",
    "organisation/",
    "record/",
    "notices/",
    "search/?q=task+12",
)
LIMIT_MS = 300
WHAT_IF_TASKS, WHAT_IF_LIMIT_MS = 5_000, 200


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", nargs="*", default=[""], help="pages that begin so; all when left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TMINUS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tminus.site.settings"
        import django

        django.setup()
        sys.exit(_measure(given.tasks, given.times, tuple(given.only)))


def _measure(tasks: int, times: int, only: tuple[str, ...]) -> int:
    """Print a table in Markdown; 1 where a page failed or is over its limit."""
    from django.conf import settings
    from django.test import Client

    from tminus.platform.models import Event
    from tminus.site.collector import calm

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    person = _build("big", tasks)
    foretell(Event.objects.get(slug="big"), person, tasks)
    _build("drag", WHAT_IF_TASKS)
    calm()  # as the web process does
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    sys.stdout.write(
        f"| page ({tasks:,} tasks) | first ms | median ms | p95 ms | p95, processor ms |\n|---|---|---|---|---|\n"
    )
    bad = sum(not _page(client, f"/e/big/{page}", page, times, LIMIT_MS) for page in PAGES if page.startswith(only))
    moved = f"timetable/what-if/?task=T{WHAT_IF_TASKS // 2 + 1}&start=2026-09-15"
    title = f"what-if of a dragged bar ({WHAT_IF_TASKS:,} tasks)"
    bad += not _page(client, f"/e/drag/{moved}", title, times, WHAT_IF_LIMIT_MS)
    return int(bad > 0)


def _page(client: Any, address: str, title: str, times: int, limit_ms: float) -> bool:
    spent, busy = [], []
    for _ in range(times + 1):
        began, worked = perf_counter(), process_time()
        answer = client.get(address)
        spent.append(1000 * (perf_counter() - began))
        busy.append(1000 * (process_time() - worked))
        if answer.status_code != 200:
            sys.stdout.write(f"| {title} | answered {answer.status_code} | | | |\n")
            return False
    p95 = quantiles(spent[1:], n=20)[-1]
    over = " **over**" if p95 > limit_ms else ""
    figures = f"{spent[0]:.0f} | {median(spent[1:]):.0f} | {p95:.0f}{over} | {quantiles(busy[1:], n=20)[-1]:.0f}"
    sys.stdout.write(f"| {title} | {figures} |\n")
    return not over


def _build(slug: str, count: int) -> Any:
    """An event of ``count`` tasks in summaries of 20, chained, half of them waiting for one, with 40 units, 200 people,
    places, progress of a fifth, published, with its duties; a tenth of the draft has moved since."""
    from django.core.management import call_command

    from tminus.platform.registry import load_registry, perform

    call_command("migrate", verbosity=0)
    load_registry()
    event = _event(slug)
    people, units = _people(event)
    made = _tasks(event, count, people, units)
    _links(event, made)
    perform("planning.reschedule", {}, event=event, person=people[0])
    _begun(event, count // 5)
    _published(event, people[0])
    perform("planning.reschedule", {"policy": "as_planned"}, event=event, person=people[0])
    perform("planning.checkpoint.freeze", {"t": "T-10"}, event=event, person=people[0])
    return people[0]


def _event(slug: str) -> Any:
    from tminus.platform.models import ClockShift, Event

    event = Event.objects.create(
        slug=slug, name_en=slug, timezone="Asia/Shanghai", opening=date(2026, 11, 5), closing=date(2026, 11, 10)
    )
    zone = ZoneInfo("Asia/Shanghai")
    ClockShift.objects.create(
        event=event, real_from=datetime.now(zone), event_from=datetime(2026, 8, 17, 9, tzinfo=zone), reason="exercise"
    )  # T−80, whatever the day of the measurement
    return event


def _people(event: Any) -> tuple[list[Any], list[Any]]:
    """People in posts, the first of headquarters, and the units of the posts."""
    from tminus.platform.models import Appointment, Person, Post, Unit

    units = [
        Unit.objects.create(event=event, code=f"u{n:02}", name_en=f"Unit {n}", kind="department", path=f"/u{n:02}/")
        for n in range(40)
    ]
    people = Person.objects.bulk_create(Person(username=f"{event.slug}{n}", name_en=f"Person {n}") for n in range(200))
    for n, person in enumerate(people):
        post = Post.objects.create(
            event=event, code=f"post{n}", unit=units[n % 40], title_en="Post", reach="event" if n == 0 else "own"
        )
        Appointment.objects.create(post=post, person=person)
    if event.slug != "big":  # whoever asks is headquarters here too
        everywhere = Post.objects.create(event=event, code="hq", unit=units[0], title_en="Post", reach="event")
        Appointment.objects.create(post=everywhere, person=Person.objects.get(username="big0"))
    return people, units


def _tasks(event: Any, count: int, people: list[Any], units: list[Any]) -> list[Any]:
    from tminus.desks.planning.mass_update import mass_update
    from tminus.desks.planning.models import Area, Place, Task

    rng = random.Random(0)
    areas = [Area.objects.create(event=event, code=f"A{n}", name_en=f"Area {n}", dimension="safe") for n in range(15)]
    places = Place.objects.bulk_create(
        Place(event=event, code=f"P{n}", name_en=f"Place {n}", lon=123 + n % 20 / 100, lat=31 + n // 20 / 100)
        for n in range(300)
    )
    rows = [
        Task(
            event=event,
            key=f"T{n}",
            position=n,
            depth=min(n % 20, 1),
            kind="summary" if n % 20 == 0 else "task",
            name_en=f"Task {n}",
            duration_min=480 * (1 + n % 3),
            unit=units[n // 20 % 40],
            area=areas[n // 20 % 15],
            place=places[n % 300] if n % 3 == 0 else None,
            responsible=None if n % 20 == 0 or n % 97 == 0 else rng.choice(people),
        )
        for n in range(count)
    ]
    made: list[Any] = Task.objects.bulk_create(rows, batch_size=400)
    for n, task in enumerate(made):
        if n % 20:
            task.parent = made[n - n % 20]
    mass_update([task for task in made if task.parent], ["parent"])
    return made


def _links(event: Any, made: list[Any]) -> None:
    """Chains within the summaries, and half of the plan waits for one task."""
    from tminus.desks.planning.models import TaskLink

    count = len(made)
    TaskLink.objects.bulk_create(
        (TaskLink(event=event, predecessor=made[n - 1], successor=made[n]) for n in range(count) if n % 20 > 1),
        batch_size=400,
    )
    hub = count // 2 + 1
    later = [made[n] for n in range(hub + 20, count, 20)]
    TaskLink.objects.bulk_create(TaskLink(event=event, predecessor=made[hub], successor=task) for task in later)


def _begun(event: Any, count: int) -> None:
    """Progress of the first ``count`` tasks, a sixth of them done."""
    from tminus.desks.planning.mass_update import mass_update
    from tminus.desks.planning.models import Task
    from tminus.platform import clock

    now = clock.now(event)
    begun = list(Task.objects.filter(event=event).exclude(kind="summary")[:count])
    for n, task in enumerate(begun):
        task.actual_start, task.percent, task.reported_at = datetime(2026, 8, 1, 9), 20.0 * (n % 6), now
        task.actual_finish = datetime(2026, 8, 14, 17) if n % 6 == 5 else None
    mass_update(begun, ["actual_start", "actual_finish", "percent", "reported_at"])


def _published(event: Any, person: Any) -> None:
    """Published as drafted, with its duties; then a tenth of the draft moves."""
    from django.db.models import F

    from tminus.desks.planning.event_folder.duties import issue_all
    from tminus.desks.planning.models import Publication, PublishedTask, Task
    from tminus.platform import clock

    now = clock.now(event)
    Task.objects.filter(event=event).update(published_start=F("planned_start"), published_finish=F("planned_finish"))
    made = Publication.objects.create(event=event, number=1, at=now, person=person)
    dated = Task.objects.filter(event=event).exclude(published_finish=None)
    PublishedTask.objects.bulk_create((PublishedTask.of(made, task) for task in dated), batch_size=400)
    issue_all(event, now)
    late = Task.objects.filter(event=event, key__endswith="7").exclude(kind="summary")
    late.update(planned_finish=F("planned_finish") + timedelta(days=2))


if __name__ == "__main__":
    main()
