"""Counts of 1,000 counters at one reading a minute: what they cost to take, and to ask for after ten days.

    .venv/bin/python benchmarks/passengers.py [--database postgresql://…] [--days 10] [--kept DIR]

Ten days are stored first, a day of a counter at a time. Then minutes come as they do in life: each counter by itself
through the door (Django's test client, so without the web server), in messages of a broker twenty at a time, and in one
batch of all. Processor time of this process; on PostgreSQL the server's own is not in it, and the time by the clock
says more.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

COUNTERS, NODES = 1000, 100
OPENING = date(2026, 11, 5)


def opened(database: str, home: str) -> None:
    os.environ |= {"TMINUS_HOME": home, "DJANGO_SETTINGS_MODULE": "tminus.site.settings"}
    os.environ["TMINUS_ALLOWED_HOSTS"] = "*"
    if database:
        os.environ["TMINUS_DATABASE_URL"] = database
    import django

    django.setup()
    from django.core.management import call_command

    from tminus.platform.registry import load_registry

    load_registry()
    call_command("migrate", verbosity=0)


def counters(event: Any) -> list[Any]:
    from tminus.desks.passengers.models import Counter
    from tminus.platform.models.account import hashed

    made = datetime(2026, 8, 1, tzinfo=UTC)
    rows = [
        Counter(
            event=event, code=f"c{n}", node=f"n{n % NODES}", key_hash=hashed(f"key {n}"), made_at=made, edge=n < 100
        )
        for n in range(COUNTERS)
    ]
    return list(Counter.objects.bulk_create(rows))


def persons(counter: int, minute: int) -> int:
    """A day's swing with some noise, the same always."""
    hour = minute % 1440 / 60
    return max(0, int(12 - abs(hour - 13) * 2)) + (counter * 7919 + minute * 104729) % 5


def ten_days(made: list[Any], first_s: int, days: int) -> float:
    from django.db import transaction

    from tminus.desks.passengers.intake.reading import Given
    from tminus.desks.passengers.intake.store import store

    begun = time.process_time()
    for day in range(days):
        with transaction.atomic():
            for n, counter in enumerate(made):
                minutes = range(day * 1440, (day + 1) * 1440)
                rows = [Given(first_s + 60 * m, m, persons(n, m), persons(n, m + 200)) for m in minutes]
                store({counter: rows}, first_s)
    return time.process_time() - begun


def timed(call: Callable[[], Any], rounds: int = 5) -> tuple[float, float]:
    """Median processor and clock milliseconds, after a first call."""
    call()
    found = []
    for _ in range(rounds):
        cpu, clock = time.process_time(), time.perf_counter()
        call()
        found.append(((time.process_time() - cpu) * 1e3, (time.perf_counter() - clock) * 1e3))
    return statistics.median(one for one, _ in found), statistics.median(one for _, one in found)


def line(n: int, at_s: int, minute: int) -> dict[str, Any]:
    at = datetime.fromtimestamp(at_s + 60 * minute, UTC).isoformat()
    return {"time": at, "in": persons(n, minute), "out": 1, "seq": minute}


def by_door(at_s: int, minute: int) -> None:
    from django.test import Client

    client = Client()
    for n in range(COUNTERS):
        body = json.dumps(line(n, at_s, minute))
        answer = client.post("/counts/", body, "application/json", headers={"X-Counter-Key": f"key {n}"})
        assert answer.json()["new"] == 1, answer.content


def by_broker(at_s: int, minute: int) -> None:
    """Twenty messages at a time, the most mosquitto leaves unacknowledged."""
    from tminus.desks.passengers.intake.broker import Broker
    from tminus.desks.passengers.intake.messages import Message, take

    broker = Broker("", 0, "", "", "tminus", False)
    for first in range(0, COUNTERS, 20):
        rows = [
            Message(f"tminus/bench/counts/c{n}", json.dumps(line(n, at_s, minute)).encode())
            for n in range(first, first + 20)
        ]
        assert take(broker, rows) == 20


def at_once(made: list[Any], at_s: int, minute: int) -> None:
    from tminus.desks.passengers.intake.reading import Given
    from tminus.desks.passengers.intake.store import store

    batch = {counter: [Given(at_s + 60 * minute, minute, persons(n, minute), 1)] for n, counter in enumerate(made)}
    assert store(batch, at_s).new == COUNTERS


def minutes_of(call: Callable[[int], None], first: int, n: int) -> tuple[float, float]:
    """Mean processor and clock milliseconds a minute's readings take."""
    cpu, clock = time.process_time(), time.perf_counter()
    for minute in range(first, first + n):
        call(minute)
    return (time.process_time() - cpu) * 1e3 / n, (time.perf_counter() - clock) * 1e3 / n


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", default="")
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--minutes", type=int, default=5)
    parser.add_argument("--kept", default="", help="where the stored days are kept for the next run; SQLite only")
    given = parser.parse_args()
    home = given.kept or tempfile.mkdtemp(prefix="tminus-bench-")
    opened(given.database, home)
    try:
        measure(given)
    finally:
        if not given.kept:
            shutil.rmtree(home, ignore_errors=True)


def filled(first_s: int, days: int) -> Any:
    from tminus.platform.models import Event

    event = Event.objects.create(slug="bench", name_en="Bench", opening=OPENING, closing=OPENING + timedelta(days=9))
    spent = ten_days(counters(event), first_s, days)
    print(f"stored {days} days in {spent:.0f} s, {COUNTERS * 1440 * days / spent:,.0f} readings a second")
    return event


def measure(given: argparse.Namespace) -> None:
    from django.db import connection

    from tminus.desks.passengers import door
    from tminus.desks.passengers.intake.throttle import Throttle
    from tminus.desks.passengers.models import CountDay, Counter, CounterPulse, CountHour
    from tminus.platform.models import ClockShift, Event

    first_s = int(datetime(2026, 11, 4, 16, tzinfo=UTC).timestamp())  # midnight in Shanghai
    event = Event.objects.filter(slug="bench").first() or filled(first_s, given.days)
    made = list(Counter.objects.filter(event=event).order_by("pk"))
    readings = COUNTERS * 1440 * given.days
    sizes = [sum(len(bytes(one)) for one in rows) for rows in (
        CountHour.objects.values_list("readings", flat=True).iterator(),
        CountDay.objects.values_list("slots", flat=True).iterator(),
    )]  # fmt: skip
    print(
        f"{connection.vendor}, load average {os.getloadavg()[0]:.1f}: {readings:,} readings, "
        f"{sizes[0] / readings:.1f} + {sizes[1] / readings:.1f} bytes each\n"
    )
    at_s = first_s + 86_400 * given.days + 13 * 3600
    now = datetime.fromtimestamp(at_s + 3600, UTC)
    ClockShift.objects.update_or_create(
        event=event, defaults={"real_from": datetime.now(UTC), "event_from": now, "rate": 0}
    )
    door.BATCHES = Throttle(10_000)
    done = CounterPulse.objects.filter(counter=made[0]).values_list("last_s", flat=True)[0]
    n, begin = given.minutes, max(0, (done - at_s) // 60 + 1)
    ways: list[tuple[str, Callable[[int], None]]] = [
        ("each counter by itself through the door", lambda minute: by_door(at_s, minute)),
        ("by MQTT, twenty at a time", lambda minute: by_broker(at_s, minute)),
        ("all in one batch", lambda minute: at_once(made, at_s, minute)),
    ]
    print("| a minute of 1,000 counters | processor ms | share of one core | by the clock ms |\n|---|---|---|---|")
    for number, (name, call) in enumerate(ways):
        cpu, clock = minutes_of(call, begin + number * n, n)
        print(f"| {name} | {cpu:,.0f} | {cpu / 600:.1f} % | {clock:,.0f} |")
    asked(event, made, given.days)


def asked(event: Any, made: list[Any], days: int) -> None:
    from tminus.desks.passengers.adapter import panel_of
    from tminus.platform.registry import ask

    every = [OPENING + timedelta(days=day) for day in range(days)]
    queries: list[tuple[str, Callable[[], Any]]] = [
        ("today on the site, 100 edge counters", lambda: ask("passengers.today", event=event, system=True)),
        ("health of all counters", lambda: ask("passengers.counters", event=event, system=True)),
        ("one counter, its last day", lambda: ask("passengers.counter", {"code": "c7"}, event=event, system=True)),
        ("panel of one place, all days", lambda: panel_of(event, every, ["n7"])),
        ("panel of all 100 places, one day", lambda: panel_of(event, every[-1:])),
        ("panel of all 100 places, all days", lambda: panel_of(event, every)),
        ("whether anything came", lambda: ask("passengers.now", event=event, system=True)),
    ]
    print("\n| asked | processor ms | by the clock ms |\n|---|---|---|")
    for name, call in queries:
        cpu, clock = timed(call)
        print(f"| {name} | {cpu:,.1f} | {clock:,.1f} |")


if __name__ == "__main__":
    main()
