"""Publishing a walked day: each measure a duty of its unit, differences only the second time, taken back whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.desks.passengers.test_forecasts import act, hand_in, show
from tests.desks.passengers.walked_days import (
    DAY,
    LANES,
    MORE_LANES,
    NOW,
    ONE_WAY,
    SHUTTLE,
    scenario,
    stand_at,
    walk,
    walked,
)
from tests.desks.passengers.walked_days import walkable as walkable
from tests.harbour import Harbour
from tminus.desks.passengers.models import PublishedMeasure
from tminus.platform.access import NotAllowed
from tminus.platform.duties.attachments import attached
from tminus.platform.models import Appointment, Duty, RecordLine
from tminus.platform.registry import BadInput, Missing

PUBLISH, LOOK = "passengers.day.publish", "passengers.day.publish.look"


def duties_of(harbour: Harbour, **given: Any) -> list[Duty]:
    return [row.duty for row in PublishedMeasure.objects.filter(event=harbour.event, **given) if row.duty]


def steps(harbour: Harbour, key: str, **args: Any) -> list[tuple[str, str]]:
    return [(one["fate"], one["what"]) for one in show(harbour, LOOK, {"key": key, **args})["steps"]]


def test_the_dry_run_says_who_gets_what_and_changes_nothing(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    found = show(walkable, LOOK, {"key": "a"})
    first, second = found["steps"]
    assert first["what"] == "Gate 1: 12 lanes open, 08:30–10:00"
    assert (first["fate"], first["unit"]["code"], first["holder"]["account"]) == ("new", "paving", "paver")
    zone = walkable.event.zone
    assert first["due_at"] == datetime(2026, 11, 6, 20, 30, tzinfo=zone), "twelve hours before it begins"
    assert second["due_at"] == datetime(2026, 11, 7, 4, 0, tzinfo=zone)
    assert show(walkable, LOOK, {"key": "a", "lead_h": 2})["steps"][0]["due_at"] == datetime(
        2026, 11, 7, 6, 30, tzinfo=zone
    )
    assert found["warnings"] == [] and found["counts"]["new"] == found["changes"] == 2
    assert not PublishedMeasure.objects.exists() and not Duty.objects.filter(about_type__startswith="passengers")


def test_each_measure_is_the_duty_of_its_unit_with_the_papers_it_needs(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY, SHUTTLE])
    seen = show(walkable, LOOK, {"key": "a"})["seen"]
    done = act(walkable, PUBLISH, {"key": "a", "seen": seen, "holders": {}})
    assert (done["new"], done["publication"]) == ([1, 2, 3], 1)
    one, two, three = duties_of(walkable)
    assert [duty.holder for duty in (one, two, three)] == [
        walkable.people[who] for who in ("paver", "roads_head", "health_head")
    ]
    assert one.title_en == "Sat 7 Nov: Gate 1: 12 lanes open, 08:30–10:00"
    assert one.title_zh == "11月7日 周六：08:30–10:00，一号门：开放12条通道"
    assert one.acknowledge_by == one.due_at, "two working days from Thursday would be after it"
    papers = {paper["file_name"] for paper in attached(one)}
    assert papers == {f"harbour-2026-11-07-{what}" for what in ("plan.pdf", "map.png", "paving.xlsx")}
    picture = next(paper for paper in attached(one) if paper["picture"])
    assert picture["text"] == "The worst quarter of an hour: 09:15"
    line = RecordLine.objects.get(code=PUBLISH)
    assert line.after is not None and line.after["new"] == [1, 2, 3] and line.actor == walkable.people["hq"]
    shown = show(walkable, "duty.show", {"duty": one.pk}, "paver")
    assert shown["page"]["url"] == "/e/harbour/day/published/2026-11-07/#m1"


def test_publishing_again_changes_the_differences_alone(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    act(walkable, PUBLISH, {"key": "a"})
    kept = PublishedMeasure.objects.get(number=2).duty
    assert kept is not None
    act(walkable, "duty.acknowledge", {"duty": kept.pk}, "roads_head")
    walked(walkable, "b", [ONE_WAY, MORE_LANES, SHUTTLE])
    assert steps(walkable, "b") == [
        ("changed", "Gate 1: 14 lanes open, 08:30–10:00"),
        ("stays", "Way Harbour – Gate 1: let nobody in, 16:00–19:00"),
        ("new", "Shuttle Harbour – Gate 1 and back: a bus for 80 every 10 min, 17:30–19:00"),
    ]
    act(walkable, PUBLISH, {"key": "b"})
    rows = {row.number: row for row in PublishedMeasure.objects.all()}
    assert {number: row.withdrawn_in for number, row in rows.items()} == {1: 2, 2: None, 3: None, 4: None}
    kept.refresh_from_db()
    assert kept.state == "acknowledged", "what stays is not asked anew"
    first = rows[1].duty
    assert first is not None and first.state == "withdrawn"
    reason = RecordLine.objects.get(code="duty.withdrawn").after
    assert reason is not None and reason["reason"] == "changed: Gate 1: 14 lanes open, 08:30–10:00"
    with pytest.raises(BadInput, match="nothing would change"):
        act(walkable, PUBLISH, {"key": "b"})
    act(walkable, PUBLISH, {"key": "b", "lead_h": 6})
    kept.refresh_from_db()
    assert kept.due_at == datetime(2026, 11, 7, 10, 0, tzinfo=walkable.event.zone), "due at another time, the same duty"


def test_a_publication_is_taken_back_whole(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    walked(walkable, "b", [MORE_LANES, ONE_WAY])
    act(walkable, PUBLISH, {"key": "a"})
    before = [(duty.title_en, duty.due_at, duty.holder_id) for duty in duties_of(walkable)]
    act(walkable, PUBLISH, {"key": "b", "lead_h": 3, "holders": {2: "hand"}})
    stays = PublishedMeasure.objects.get(number=2).duty
    assert stays is not None and stays.holder == walkable.people["hand"]
    done = act(walkable, "passengers.day.undo_published", {"day": f"{DAY}"})
    assert done == {"day": DAY, "withdrawn": [3], "again": [1]}
    assert [(duty.title_en, duty.due_at, duty.holder_id) for duty in duties_of(walkable, withdrawn_at=None)] == before
    with pytest.raises(BadInput, match="no publication"):
        act(walkable, "passengers.day.undo_published", {"day": f"{DAY}"})


def test_all_of_a_day_is_withdrawn_and_put_back(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    act(walkable, PUBLISH, {"key": "a"})
    act(walkable, "passengers.day.withdraw_published", {"day": f"{DAY}", "reason": "called off"})
    assert {duty.state for duty in duties_of(walkable)} == {"withdrawn"}
    assert show(walkable, "passengers.day.published", {"day": f"{DAY}"})["measures"] == 0
    with pytest.raises(BadInput, match="nothing is published"):
        act(walkable, "passengers.day.withdraw_published", {"day": f"{DAY}", "reason": "again"})
    act(walkable, "passengers.day.undo_published", {"day": f"{DAY}"})
    assert {duty.state for duty in duties_of(walkable)} == {"assigned"}
    assert show(walkable, "passengers.day.published", {"day": f"{DAY}"})["measures"] == 2


def test_what_is_accepted_as_done_stays_done(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES])
    act(walkable, PUBLISH, {"key": "a"})
    (duty,) = duties_of(walkable)
    act(walkable, "duty.acknowledge", {"duty": duty.pk}, "paver")
    act(walkable, "duty.submit", {"duty": duty.pk, "note": "manned"}, "paver")
    act(walkable, "duty.accept", {"duty": duty.pk}, "hq")
    walked(walkable, "b", [MORE_LANES])
    act(walkable, PUBLISH, {"key": "b"})
    duty.refresh_from_db()
    assert duty.state == "accepted"
    with pytest.raises(BadInput, match="nothing would change"):
        act(walkable, PUBLISH, {"key": "b"})


def test_warnings_say_what_is_old_who_stands_in_and_what_is_worse(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES])
    act(walkable, PUBLISH, {"key": "a"})
    row = scenario(walkable, "b", [{**LANES, "unit": ""}, {**ONE_WAY, "unit": "health"}])
    walk(row, mean_wait_s=720.0, person_minutes_e_f=9_000.0)
    Appointment.objects.filter(person=walkable.people["health_head"]).delete()
    row.measures = [LANES]
    row.save()
    more = "node,day,from,to,lanes,service_s\ngate-1,,08:30,17:00,20,3\n"
    act(walkable, "passengers.forecast.take", {"file": hand_in(walkable, "gates", more)["file"]})
    assert show(walkable, LOOK, {"key": "b"})["warnings"] == [
        "people would wait 12.0 min on average instead of 8.0 min as published",
        "9000 person-minutes in the crush instead of 4200 as published",
        "the scenario was edited after it was walked; what was walked is published",
        "it was walked with older files than those that count now: Gates and their lanes",
        "nobody heads Health Commission (measure 2): Hq above it would answer for it",
    ]


def test_a_plan_worse_than_doing_nothing_is_told_before_it_is_published(walkable: Harbour) -> None:
    walked(walkable, "none", [], mean_wait_s=300.0)
    walked(walkable, "a", [LANES])
    assert show(walkable, LOOK, {"key": "a"})["warnings"] == [
        "people would wait 8.0 min on average; with nothing done 5.0 min"
    ]
    assert show(walkable, LOOK, {"key": "none"})["warnings"] == []


@pytest.mark.parametrize(
    ("hours", "fates", "said"),
    [
        (43.0, ["new", "new"], "1 measure begins before the lead is over"),
        (47.0, ["new", "new"], "1 measure should have begun already"),
        (49.0, ["over", "new"], "1 measure would be over by now"),
    ],
)
def test_late_on_the_day_what_is_left_is_published(
    walkable: Harbour, hours: float, fates: list[str], said: str
) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    stand_at(walkable, NOW + timedelta(hours=hours))
    found = show(walkable, LOOK, {"key": "a", "lead_h": 4})
    assert [one["fate"] for one in found["steps"]] == fates
    assert any(said in line for line in found["warnings"])
    assert all(one["due_at"] is None or one["due_at"] > NOW + timedelta(hours=hours) for one in found["steps"])


def test_what_is_over_is_left_as_it_was(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    act(walkable, PUBLISH, {"key": "a"})
    stand_at(walkable, NOW + timedelta(hours=49))
    walked(walkable, "b", [SHUTTLE])
    act(walkable, PUBLISH, {"key": "b"})
    rows = PublishedMeasure.objects.order_by("number")
    assert [(row.number, row.withdrawn_at is None) for row in rows] == [(1, True), (2, False), (3, True)]


def test_mistakes_are_named_and_only_headquarters_publishes(walkable: Harbour) -> None:
    scenario(walkable, "never", [LANES])
    walked(walkable, "a", [LANES])
    for args, said in (
        ({"key": "never"}, "has not been walked"),
        ({"key": "a", "walk": 999}, "has no walk 999"),
        ({"key": "a", "holders": {3: "hq"}}, r"no measure 3; allowed: 1 … 1"),
        ({"key": "a", "holders": {1: "nobody"}}, "nobody in this event has the account nobody"),
        ({"key": "a", "units": {2: "roads"}}, r"no measure 2; allowed: 1 … 1"),
        ({"key": "a", "units": {1: "nowhere"}}, "measure 1: this event has no unit nowhere"),
        ({"key": "a", "seen": "other"}, "look again"),
    ):
        with pytest.raises(BadInput, match=said):
            act(walkable, PUBLISH, args)
    with pytest.raises(Missing):
        act(walkable, PUBLISH, {"key": "none"})
    for who in ("leader", "roads_head", "observer"):
        with pytest.raises(NotAllowed):
            act(walkable, PUBLISH, {"key": "a"}, who)
        with pytest.raises(NotAllowed):
            show(walkable, LOOK, {"key": "a"}, who)
    assert not PublishedMeasure.objects.exists()


def test_what_a_scenario_would_change_is_said_before_it_is_walked(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    scenario(walkable, "b", [MORE_LANES, SHUTTLE])
    told = show(walkable, "passengers.day.against_published", {"key": "b"}, "leader")
    assert (told["published"], len(told["new"])) == (0, 2)
    act(walkable, PUBLISH, {"key": "a"})
    told = show(walkable, "passengers.day.against_published", {"key": "b"}, "leader")
    words = {"what": "Gate 1: 14 lanes open, 08:30–10:00", "was": "Gate 1: 12 lanes open, 08:30–10:00"}
    assert told["changed"] == [words] and told["same"] == 0
    assert told["gone"] == ["Way Harbour – Gate 1: let nobody in, 16:00–19:00"]
