"""The small event of the studies in the harbour, so that days of it can be walked in the console."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.desks.passengers.test_forecasts import act, run_jobs
from tests.harbour import Harbour
from tests.studies.small_event import EVENT, TABLES
from tminus.desks.passengers.forecasting.kept_folder import keep
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.platform import clock
from tminus.platform.models import Job

DAY = date(2026, 11, 6)
LOST = {"kind": "gate_lost", "element": "gate-b", "value": 80, "from": "09:00", "to": "13:00"}
LANES = {"kind": "lanes", "element": "gate-a", "value": 6, "from": "08:30", "to": "13:00", "unit": "roads"}


def supply(harbour: Harbour, **tables: str) -> Harbour:
    """Take up the files and the outlook of the small event; ``tables`` instead of its own, an empty one: not there."""
    event = harbour.event
    for name, text in {**TABLES, **tables}.items():
        if text:
            keep(event, f"{name}.csv", f"{name}.csv", text.encode(), clock.now(event)).save()
    event.settings["further"] = {name: EVENT[name] for name in ("visiting_hours", "attendance")}
    event.save(update_fields=["settings"])
    return harbour


@pytest.fixture
def small(planned: Harbour, settings: Any, tmp_path: Path) -> Harbour:
    settings.MEDIA_ROOT = tmp_path / "files"
    return supply(planned)


def save(harbour: Harbour, who: str = "hq", **args: Any) -> str:
    """A scenario kept; its key."""
    given = {"name_en": "Gate B lost", "name_zh": "乙入口停用", "day": f"{DAY}", "happenings": [LOST], **args}
    return str(act(harbour, "passengers.day.save", given, who)["key"])


def walked(harbour: Harbour, key: str, **args: Any) -> DayWalk:
    """The scenario walked, by its job."""
    act(harbour, "passengers.day.walk", {"key": key, **args})
    (done,) = run_jobs()
    assert Job.objects.get(pk=done.pk).state == "done", done.error
    found = DayScenarioKept.objects.get(event=harbour.event, key=key).walks.first()
    assert found is not None
    return found
