"""Server time of the console's pages on a plan of 20,000 tasks, SQLite: median and 95th percentile of each page.

``python benchmarks/console.py [--tasks 20000] [--times 20]``; pages are asked through Django's test client, so the
times are the server's alone. The first answer of each page, which fills what is kept in memory, stands apart.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from datetime import date
from statistics import median, quantiles
from time import perf_counter

PAGES = (
    "book/",
    "book/?leaves=1&order=float",
    "book/?text=12",
    "book/?unit=u07&holes=1",
    "book/t/T4711/",
    "import/",
    "timetable/",
    "map/",
    "checkpoints/",
    "checkpoints/T-10/",
    "board/",
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["TMINUS_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tminus.site.settings"
        import django

        django.setup()
        _measure(given.tasks, given.times)


def _measure(tasks: int, times: int) -> None:
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    person = _build(tasks)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    sys.stdout.write(f"{tasks:,} tasks\n{'page':32} first ms  median ms  p95 ms\n")
    for page in PAGES:
        spent = []
        for _ in range(times + 1):
            began = perf_counter()
            answer = client.get(f"/e/big/{page}")
            spent.append(1000 * (perf_counter() - began))
        state = "" if answer.status_code == 200 else f"  answered {answer.status_code}"
        p95 = quantiles(spent[1:], n=20)[-1]
        sys.stdout.write(f"{page:32} {spent[0]:8.0f} {median(spent[1:]):10.0f} {p95:7.0f}{state}\n")


def _build(count: int) -> object:
    """An event of ``count`` tasks in summaries of 20, chained, with 40 units and 200 people, scheduled."""
    from django.core.management import call_command

    from tminus.desks.planning.models import Area, Task, TaskLink
    from tminus.platform.models import Appointment, Event, Person, Post, Unit
    from tminus.platform.registry import load_registry, perform

    call_command("migrate", verbosity=0)
    load_registry()
    rng = random.Random(0)
    event = Event.objects.create(
        slug="big", name_en="Big", timezone="Asia/Shanghai", opening=date(2026, 11, 5), closing=date(2026, 11, 10)
    )
    units = [
        Unit.objects.create(event=event, code=f"u{n:02}", name_en=f"Unit {n}", kind="department", path=f"/u{n:02}/")
        for n in range(40)
    ]
    areas = [Area.objects.create(event=event, code=f"A{n}", name_en=f"Area {n}", dimension="safe") for n in range(15)]
    people = Person.objects.bulk_create(Person(username=f"p{n}", name_en=f"Person {n}") for n in range(200))
    for n, person in enumerate(people):
        post = Post.objects.create(
            event=event, code=f"post{n}", unit=units[n % 40], title_en="Post", reach="event" if n == 0 else "own"
        )
        Appointment.objects.create(post=post, person=person)
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
            responsible=None if n % 20 == 0 or n % 97 == 0 else rng.choice(people),
        )
        for n in range(count)
    ]
    made = Task.objects.bulk_create(rows, batch_size=400)
    for n, task in enumerate(made):
        if n % 20:
            task.parent = made[n - n % 20]
    from tminus.desks.planning.mass_update import mass_update

    mass_update([task for task in made if task.parent], ["parent"])
    TaskLink.objects.bulk_create(
        (TaskLink(event=event, predecessor=made[n - 1], successor=made[n]) for n in range(count) if n % 20 > 1),
        batch_size=400,
    )
    perform("planning.reschedule", {}, event=event, person=people[0])
    return people[0]


if __name__ == "__main__":
    main()
