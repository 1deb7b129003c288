"""Walked days for tests of pages and acts: scenarios with figures somebody could have walked, without the walking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.desks.passengers.test_forecasts import FILES, act, hand_in
from tests.harbour import Harbour
from tminus.desks.passengers.days.replay_kept import packed
from tminus.desks.passengers.forecasting.kept_folder import inputs_of
from tminus.desks.passengers.models import DayScenarioKept, DayWalk, Origin
from tminus.platform.kept_files import keep_file
from tminus.platform.models import ClockShift

DAY = date(2026, 11, 7)
NOW = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)  # a Thursday, 10:00 in Shanghai; the day begins two days later
LANES = {"kind": "lanes", "element": "gate-1", "value": 12.0, "from": "08:30", "to": "10:00", "unit": "paving"}
MORE_LANES = {**LANES, "value": 14.0}
ONE_WAY = {"kind": "way_closed", "element": "l1", "from": "16:00", "to": "19:00", "unit": "roads"}
SHUTTLE = {
    "kind": "shuttle", "element": "st-1", "other": "gate-1", "value": 600.0, "from": "17:30", "to": "19:00",
    "capacity_p": 80, "unit": "health",
}  # fmt: skip
ROW = {
    "agents": 11_000, "arrived": 11_000, "en_route": 0, "stuck": 0, "link_moves": 90_000, "simulated_s": 68_400.0,
    "agent_seconds": 3.1e8, "last_arrival_s": 57_600.0, "mean_lost_s": 300.0, "p90_lost_s": 900.0,
    "person_minutes_e_f": 4_200.0, "worst_density": 2.4, "longest_queue": 640, "longest_wait_s": 1_500.0,
    "left_behind": 12, "incidents": 0, "mean_wait_s": 480.0, "home_at": "21:00",
}  # fmt: skip
TIMES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(8 * 60, 11 * 60, 15)]
WORST = [
    {"kind": "gate", "element": "gate-1", "at": "09:15", "from": "09:00", "to": "09:45", "slot": 5, "level": None,
     "value": 900.0, "persons": 640, "minutes": 9_800},
    {"kind": "way", "element": "l1", "at": "09:30", "from": "09:15", "to": "10:00", "slot": 6, "level": "E",
     "value": 1.7, "persons": 210, "minutes": 1_900},
    {"kind": "stop", "element": "st-1", "at": "18:00", "from": "18:00", "to": "18:15", "slot": 40, "level": None,
     "value": 12, "persons": 80, "minutes": 300},
]  # fmt: skip


@pytest.fixture
def walkable(planned: Harbour, settings: Any, tmp_path: Path) -> Iterator[Harbour]:
    """The harbour with named places, two days before :data:`DAY`."""
    settings.MEDIA_ROOT = tmp_path / "files"
    for what in ("nodes", "gates"):
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, FILES[what])["file"]})
    links = "id,from,to,length_m,width_m,kind\nl1,st-1,gate-1,200,6,walk\n"
    act(planned, "passengers.forecast.take", {"file": hand_in(planned, "links", links)["file"]})
    stand_at(planned, NOW)
    yield planned


def stand_at(harbour: Harbour, at: datetime) -> None:
    """Set the event's clock."""
    ClockShift.objects.update_or_create(
        event=harbour.event, defaults={"real_from": timezone.now(), "event_from": at, "rate": 0.0}
    )


def scenario(harbour: Harbour, key: str, measures: list[dict[str, Any]], **given: Any) -> DayScenarioKept:
    """As it would be kept."""
    values = {"name_en": f"Day {key}", "name_zh": f"第{key}日", "day": DAY, "at": NOW, "person": harbour.people["hq"]}
    return DayScenarioKept.objects.create(
        event=harbour.event, key=key, measures=measures, **{**values, "origin": Origin.PERSON, **given}
    )


def walk(row: DayScenarioKept, **figures: Any) -> DayWalk:
    """A walk of a scenario as it stands, from the files that count; ``figures`` change single ones."""
    name, _digest = keep_file(packed(replay()), ".gz")
    return DayWalk.objects.create(
        scenario=row, at=NOW, person=row.person, seed=0, as_of=date(2026, 11, 4), inputs=inputs_of(row.event),
        model="walked day 1", happenings=row.happenings, measures=row.measures, replay=name, network_digest="0" * 64,
        elapsed_s=1.0,
        figures={"row": {**ROW, **figures}, "gates": [], "worst": WORST, "diagram": "weidmann", "rests_on": [],
                 "curves": {"times": TIMES, "slot_s": 900.0}},
    )  # fmt: skip


def walked(harbour: Harbour, key: str, measures: list[dict[str, Any]], **figures: Any) -> DayWalk:
    """A scenario and its walk."""
    return walk(scenario(harbour, key, measures), **figures)


def replay() -> dict[str, Any]:
    """A document of three places and a way, as ``replay_data`` makes them: eleven quarters of an hour and one more."""
    lanes = [0, 0, 6, 6, 12, 12, 12, 12, 8, 8, 8, 4]
    nodes = [
        {"id": "gate-1", "kind": "gate", "x": 0.0, "y": 0.0, "en": "Gate 1", "zh": "一号门"},
        {"id": "st-1", "kind": "station", "x": 180.0, "y": 90.0, "en": "Harbour", "zh": "港湾"},
        {"id": "gate-2", "kind": "gate", "x": 95.0, "y": 0.0, "en": "Gate 2", "zh": "二号门"},
    ]
    none = {"queue": [0] * 12, "wait_s": [None] * 12, "served": [0] * 12, "longest": 0, "lanes": [0] * 12}
    busy = {"queue": [0, 90, 210, 320, 480, 640, 500, 300, 120, 40, 0, 0], "wait_s": [*range(0, 1200, 100)]}
    return {
        "schema": "tminus-day/1", "name": {"en": "Day", "zh": "日"}, "start": "2026-11-07T05:00:00", "slot_s": 900.0,
        "times": [f"2026-11-07T{at}" for at in TIMES], "degrees": None, "nodes": nodes,
        "windows": {"city": [-50.0, -50.0, 250.0, 150.0], "site": [-50.0, -50.0, 150.0, 50.0]},
        "ways": [{"id": "l1", "kind": "corridor", "from": 1, "to": 0, "width": 6, "walked": 1}],
        "levels": ["A", "A", "B", "C", "D", "E", "E", "D", "C", "B", "A", "A"],
        "persons": {"0": [*range(0, 240, 20)]}, "density": {}, "passed": [{}, {}], "waiting": {"1": [30] * 12},
        "gates": [
            {"node": 0, **busy, "served": [200] * 12, "longest": 640, "lanes": lanes}, {"node": 2, **none},
        ],
        "vehicles": {"lines": [], "hops": []}, "curves": {}, "incidents": [],
        "worst": [{"kind": "gate", "at": 0, "slot": 5, "from": 4, "to": 7, "level": None, "value": 900.0,
                   "persons": 640, "minutes": 9_800}],
        "day": {},
    }  # fmt: skip
