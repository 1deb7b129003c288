"""A bar moved on the timetable goes where it was put, or the page says where it goes instead and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import translation

from tests.desks.planning.small_plan import NOW, task
from tests.desks.planning.test_map_and_timetable import signed_in
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, ask, perform

DAY = timedelta(days=1)


def move(harbour: Harbour, key: str, start: datetime) -> Any:
    args = {"task": key, "start": f"{start:%Y-%m-%d}"}
    return perform("planning.timetable.move", args, event=harbour.event, person=harbour.hq)


def asked(harbour: Harbour, key: str, start: datetime) -> dict[str, Any]:
    args = {"task": key, "start": f"{start:%Y-%m-%d}"}
    return ask("planning.what_if", args, event=harbour.event, person=harbour.hq)


def planned_start(harbour: Harbour, key: str) -> datetime:
    at = task(harbour, key).planned_start
    assert at is not None
    return at


def put(harbour: Harbour, key: str, start: datetime, days: int) -> None:
    finish = start + days * DAY
    Task.objects.filter(event=harbour.event, key=key).update(
        planned_start=start, planned_finish=finish.replace(hour=17)
    )
    perform("planning.reschedule", {"policy": "as_planned"}, event=harbour.event, person=harbour.hq)


@pytest.mark.parametrize("later", [1, 12])
def test_a_late_bar_moved_to_a_day_gone_by_begins_today(planned: Harbour, later: int) -> None:
    """One day later is still gone by; the bar does not stay there, it goes to the first day it can begin on."""
    put(planned, "H1", datetime(2026, 8, 3, 9), 11)
    told = asked(planned, "H1", datetime(2026, 8, 3) + later * DAY)
    assert not told["stays"]
    assert "Mon 17 Aug at the earliest" in told["landing"]
    assert told["moved"][0]["key"] == "H1" and told["moved"][0]["days"] == 14
    move(planned, "H1", datetime(2026, 8, 3) + later * DAY)
    assert planned_start(planned, "H1") == NOW


def test_a_day_off_is_named(planned: Harbour) -> None:
    saturday = datetime(2026, 9, 5)
    told = asked(planned, "H1", saturday)
    assert told["landing"] == "Sat 5 Sep is a day off; it begins on Mon 7 Sep."
    move(planned, "H1", saturday)
    assert planned_start(planned, "H1") == datetime(2026, 9, 7, 9)
    with translation.override("zh-hans"):
        assert asked(planned, "H1", saturday)["landing"] == "仍在原处。 9月5日 周六是休息日；于9月7日 周一开始。"


def test_what_would_stay_says_what_it_waits_for_and_is_refused(planned: Harbour) -> None:
    stood, lines = planned_start(planned, "R2"), RecordLine.objects.filter(event=planned.event).count()
    told = asked(planned, "R2", stood - 7 * DAY)
    assert told["stays"] and told["moved"] == []
    assert told["landing"].startswith("It stays where it is. It waits for Survey and so begins on ")
    with pytest.raises(BadInput, match=r"It stays where it is\. It waits for Survey"):
        move(planned, "R2", stood - 7 * DAY)
    assert planned_start(planned, "R2") == stood
    assert RecordLine.objects.filter(event=planned.event).count() == lines
    args = {"task": "R2", "start": f"{stood - 7 * DAY:%Y-%m-%d}"}
    page = signed_in(planned).post("/e/harbour/timetable/move/", args, follow=True).content.decode()
    assert "It waits for Survey" in page and "Moved in the draft" not in page


def test_what_is_lost_and_what_binds_is_named_before_its_id(planned: Harbour) -> None:
    told = asked(planned, "R1", planned_start(planned, "R1") + 21 * DAY)
    assert [slip["names"] for slip in told["slips"]][-1][0] in {"Survey", "Paving", "Road open"}
    assert {"key": "R2", "name": "Paving"} in told["misses"] and "R2" in told["misses_opening"]
    told = asked(planned, "R2", planned_start(planned, "R2") - 7 * DAY)
    assert told["binds"] == [{"key": "R1", "name": "Survey"}, {"key": "R2", "name": "Paving"}]
