"""A clock that runs out reminds the holder, then the heads up the tree: each rung once, whatever restarts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from tests.harbour import Harbour
from tests.platform.duties.steps import DUE, NOW, new_duty, step
from tminus.platform import duties
from tminus.platform.models import Duty, DutyStep, Notice, RecordLine

HOUR = timedelta(hours=1)


def told(harbour: Harbour) -> list[str]:
    return [row.told.username for row in DutyStep.objects.order_by("id")]


def test_nothing_fires_before_its_time(harbour: Harbour, duty: Duty) -> None:
    assert duties.fire(harbour.event, NOW + HOUR) == 0


def test_the_ladder_climbs_to_headquarters_each_rung_once(harbour: Harbour, duty: Duty, clock: object) -> None:
    step(harbour, duty, "acknowledge", "paver")
    seen = []
    for after in (0, 1, 24, 25, 48, 72, 500):
        clock(DUE + HOUR * after)  # type: ignore[operator]
        duties.fire(harbour.event, DUE + HOUR * after)
        seen.append(told(harbour))
    # The paver heads the paving team: reminded once, not escalated to himself.
    assert seen[0] == seen[1] == ["paver"]
    assert seen[2] == seen[3] == ["paver", "roads_head"]
    assert seen[4] == seen[-1] == ["paver", "roads_head", "hq"]
    codes = [line.code for line in RecordLine.objects.filter(channel="clock")]
    assert codes == ["duty.reminded", "duty.escalated", "duty.escalated"]
    assert [notice.code for notice in Notice.objects.filter(person=harbour.roads_head)] == ["duty.escalated.due"]


def test_rungs_missed_while_nobody_ran_are_caught_up(harbour: Harbour, duty: Duty, clock: object) -> None:
    clock(DUE + HOUR * 500)  # type: ignore[operator]
    assert duties.fire(harbour.event, DUE + HOUR * 500) == 6, "both clocks, three rungs each"
    assert duties.fire(harbour.event, DUE + HOUR * 500) == 0


def test_submitting_stops_the_clock_and_returning_starts_it(harbour: Harbour, duty: Duty, clock: object) -> None:
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "submit", "paver", note="done")
    clock(DUE + HOUR)  # type: ignore[operator]
    assert duties.fire(harbour.event, DUE + HOUR) == 0
    step(harbour, duty, "return", "roads_head", reason="kerb")
    assert duties.fire(harbour.event, DUE + HOUR) == 1


def test_a_moved_date_starts_the_ladder_anew(harbour: Harbour, duty: Duty, clock: object) -> None:
    from tests.platform.duties.steps import desk
    from tminus.platform.registry import ACTS, acting

    step(harbour, duty, "acknowledge", "paver")
    clock(DUE)  # type: ignore[operator]
    assert duties.fire(harbour.event, DUE) == 1
    desk()
    with acting("test.desk", event=harbour.event, person=harbour.hq) as ctx:
        duties.change_due(ctx, duty, DUE + HOUR * 10)
    ACTS.pop("test.desk")
    assert duties.fire(harbour.event, DUE) == 0
    clock(DUE + HOUR * 10)  # type: ignore[operator]
    assert duties.fire(harbour.event, DUE + HOUR * 10) == 1
    assert told(harbour) == ["paver", "paver"]


def test_delays_follow_the_events_setting(harbour: Harbour, duty: Duty, clock: object) -> None:
    step(harbour, duty, "acknowledge", "paver")
    harbour.event.settings = {"escalation_hours": {"due": [0, 2]}}
    harbour.event.save()
    clock(DUE + HOUR * 4)  # type: ignore[operator]
    duties.fire(harbour.event, DUE + HOUR * 4)
    assert told(harbour) == ["paver", "roads_head", "hq"]


@pytest.mark.django_db(transaction=True)
def test_two_tickers_at_once_take_each_rung_once() -> None:
    from threading import Barrier, Thread

    if connection.vendor == "sqlite":
        pytest.skip("a database in memory has one writer; tests/cli/test_serve.py does this on SQLite's own file")
    from tests.harbour import build_harbour
    from tminus.platform.models import ClockShift

    harbour = build_harbour()
    late = DUE + HOUR * 500
    ClockShift.objects.create(event=harbour.event, real_from=NOW, event_from=late, rate=0.0)
    for code in ("paving", "roads", "health"):
        new_duty(harbour, about=harbour.units[code], acknowledge_by=DUE, due_at=DUE)
    together, counts = Barrier(2), []

    def tick() -> None:
        together.wait()
        counts.append(duties.fire(harbour.event, late))
        connection.close()

    threads = [Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == DutyStep.objects.count() == 3 * 6
    assert RecordLine.objects.filter(channel="clock").count() == 18
