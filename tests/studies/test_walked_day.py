"""What befalls a day and what is done about it changes what is walked, and as it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.studies.small_event import SERVICES, write_small_event
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.scenario import Field, Scenario
from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Does, Happening, Measure
from tminus.formats.problems import BadFile
from tminus.studies.prepared_day import PreparedDay, prepared_day
from tminus.studies.walked_day import simulated_scenario, walk

DAY = date(2026, 11, 6)
USUAL = DayScenario("usual", {}, DAY)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> PreparedDay:
    return prepared_day(write_small_event(tmp_path_factory.mktemp("small")), DAY)


@pytest.fixture(scope="module")
def ridden(tmp_path_factory: pytest.TempPathFactory) -> PreparedDay:
    """The same without a timetable: rides leave at any time."""
    return prepared_day(write_small_event(tmp_path_factory.mktemp("ridden"), services=""), DAY)


@pytest.fixture(scope="module")
def usual(ready: PreparedDay) -> DayResult:
    return walk(ready, USUAL).result


def with_(*rows: Happening | Measure) -> DayScenario:
    return replace(
        USUAL,
        happenings=tuple(row for row in rows if isinstance(row, Happening)),
        measures=tuple(row for row in rows if isinstance(row, Measure)),
    )


def first_gates(demand: Demand) -> list[str]:
    return [demand.nodes[n] for n in demand.leg_node[demand.first_leg[:-1]]]


def test_a_usual_day_everybody_gets_home_by_trains_that_fill(ready: PreparedDay, usual: DayResult) -> None:
    assert usual.agents > 1000
    assert usual.arrived == usual.agents
    assert set(usual.rides.line) == {"1+", "1-"}
    assert 0 < usual.rides.on_board.max() <= 300
    assert usual.rides.boarded.sum() > usual.agents


def test_more_visitors_are_the_same_and_some_besides_but_no_more_than_there_is_room_for(ready: PreparedDay) -> None:
    base = simulated_scenario(ready, USUAL).demand
    more = simulated_scenario(ready, with_(Happening(Befalls.VISITORS, value=10))).demand
    assert len(more) == min(round(1.1 * len(base)), 2500)
    assert np.isin(base.depart_s, more.depart_s).all()
    assert len(simulated_scenario(ready, with_(Happening(Befalls.VISITORS, value=300))).demand) == 2500
    fewer = simulated_scenario(ready, with_(Happening(Befalls.VISITORS, value=-40))).demand
    assert len(fewer) == round(0.6 * len(base))
    assert np.isin(fewer.depart_s, base.depart_s).all()


def test_a_show_keeps_a_share_of_those_who_would_leave_until_it_is_over(ready: PreparedDay) -> None:
    base = simulated_scenario(ready, USUAL).demand
    kept = simulated_scenario(ready, with_(Happening(Befalls.STAY, value=50, from_min=720, to_min=840))).demand
    begin, end = (720 - 300) * 60, (840 - 300) * 60
    before, after = (one.leg_until_s[one.first_leg[1:] - 3] for one in (base, kept))
    inside = (before >= begin) & (before < end)
    assert np.array_equal(before[~inside], after[~inside])
    assert np.mean(after[inside] >= end) == pytest.approx(0.5, abs=0.05)
    assert after[inside].max() <= end + 900


def test_rain_slows_ways_in_the_open_while_it_lasts(ready: PreparedDay, usual: DayResult) -> None:
    rain = with_(Happening(Befalls.RAIN, value=20, from_min=480, to_min=600))
    changes = simulated_scenario(ready, rain).changes
    assert {change.element for change in changes} == {"w1", "w2", "g1", "g2", "g1-out", "g2-out"}
    speeds = [change for change in changes if change.element == "w1" and change.field is Field.SPEED]
    assert [change.at_s for change in speeds] == [(480 - 300) * 60, (600 - 300) * 60]
    assert speeds[0].value == pytest.approx(0.8 * 1.34)
    assert np.isnan(speeds[1].value)
    assert walk(ready, rain).result.agent_seconds > usual.agent_seconds


@pytest.mark.parametrize("lane_words", [(), (Measure(Does.LANES, "gate-b", 4.0, 480.0, 600.0),)])
def test_lanes_out_of_service_are_not_open_whatever_is_done(
    ready: PreparedDay, lane_words: tuple[Measure, ...]
) -> None:
    lost = Happening(Befalls.GATE_LOST, "gate-b", 60, 510, 570)
    shifts = [one for one in simulated_scenario(ready, with_(lost, *lane_words)).gates if one.node == "gate-b"]
    open_at = {minute: [s.lanes for s in shifts if s.from_s <= (minute - 300) * 60 < s.to_s] for minute in (540, 590)}
    assert open_at == {540: [2], 590: [4] if lane_words else [5]}


def test_a_closed_line_lets_people_out_at_the_next_stop_and_takes_nobody_until_it_is_open(ready: PreparedDay) -> None:
    walked = walk(ready, with_(Happening(Befalls.LINE_CLOSED, "1", 0, 530, 600)))
    begin, end = (530 - 300) * 60, (600 - 300) * 60
    departs, boarded = walked.result.rides.depart_s, walked.result.rides.boarded
    assert not ((departs >= begin) & (departs < end)).any()
    assert boarded[departs >= end].sum() > 0
    assert walked.result.arrived == walked.result.agents
    calls = [stop for run in walked.scenario.runs for stop in run.stops[:-1]]
    assert not any(begin <= stop.depart_s < end for stop in calls)


def test_a_line_closed_for_good_leaves_only_those_who_can_come_another_way(ready: PreparedDay) -> None:
    shut = Happening(Befalls.LINE_CLOSED, "1", 0, 660, 1740)
    stranded = walk(ready, with_(shut)).result
    assert stranded.stuck.sum() > 500
    buses = [Measure(Does.SHUTTLE, "fair", 120, 660, 1380, there, 120) for there in ("far", "mid", "end")]
    helped = walk(ready, with_(shut, *buses)).result
    assert helped.stuck.sum() == 0
    lines = {line for line, boarded in zip(helped.rides.line, helped.rides.boarded, strict=True) if boarded}
    assert {"shuttle fair > far", "shuttle fair > mid"} <= lines


def test_nobody_waits_in_the_morning_for_a_shuttle_of_the_evening(ready: PreparedDay) -> None:
    bus = Measure(Does.SHUTTLE, "plaza", 60, 600, 720, "mid", 60)
    rides = walk(ready, with_(bus)).result.rides
    of_bus = [n for n, line in enumerate(rides.line) if line.startswith("shuttle")]
    assert len(of_bus) == 2 * 120
    assert (rides.depart_s[of_bus] >= (600 - 300) * 60).all()
    assert rides.boarded[of_bus].sum() > 0
    assert rides.left_behind[of_bus[0]] <= 60


def departures(scenario: Scenario, line: str, stop: str) -> list[float]:
    return sorted(s.depart_s for run in scenario.runs if run.line == line for s in run.stops[:-1] if s.node == stop)


def test_vehicles_come_late_and_more_often_as_told(ready: PreparedDay) -> None:
    base = departures(simulated_scenario(ready, USUAL), "1+", "far.1")
    late = departures(
        simulated_scenario(ready, with_(Happening(Befalls.SERVICE_LATE, "1", 7, 540, 600))), "1+", "far.1"
    )
    inside = [(540 - 300) * 60 <= at < (600 - 300) * 60 for at in base]
    assert late == sorted(at + 420 * here for at, here in zip(base, inside, strict=True))
    often = departures(simulated_scenario(ready, with_(Measure(Does.HEADWAY, "1", 120, 540, 600))), "1+", "far.1")
    assert sum((540 - 300) * 60 <= at < (600 - 300) * 60 for at in often) == 30
    assert set(base) <= {*often, *base}


def test_rides_without_a_timetable_close_too_and_take_no_headway(ridden: PreparedDay) -> None:
    closed = simulated_scenario(ridden, with_(Happening(Befalls.LINE_CLOSED, "1", 0, 600, 660)))
    assert {(c.element, c.field, c.value) for c in closed.changes} == {
        (ride, Field.OPEN, value) for ride in ("r1", "r2", "r3") for value in (0.0, 1.0)
    }
    late = simulated_scenario(ridden, with_(Happening(Befalls.SERVICE_LATE, "1", 10, 600, 660)))
    assert {c.at_s for c in late.changes} == {300 * 60, 310 * 60}
    with pytest.raises(BadFile, match=r"headway of line '1'; allowed: a line of services\.csv \(none there\)"):
        simulated_scenario(ridden, with_(Measure(Does.HEADWAY, "1", 120)))


def test_so_many_a_minute_come_into_a_station(ready: PreparedDay) -> None:
    capped = with_(Measure(Does.INFLOW, "fair", 6, 780, 900))
    scenario = simulated_scenario(ready, capped)
    assert [(c.element, c.field) for c in scenario.changes] == [("w1", Field.CAPACITY)] * 2
    assert scenario.changes[0].value == pytest.approx(0.1)
    walked = walk(ready, capped).result
    at = walked.links.index("w1")
    slots = slice(8 * 4, 10 * 4)  # 13:00 to 15:00
    assert 0 < walked.outflow[slots, at].sum(axis=1).max() <= 6 * 15 * 1.2


def test_a_hall_lets_out_so_many_a_minute_and_who_waits_for_it_loses_time(ready: PreparedDay) -> None:
    usual, held = (walk(ready, one).result for one in (USUAL, with_(Measure(Does.RELEASE, "", 4, 720, 1020))))
    hall = held.nodes.index("hall-1")
    inside = slice(9 * 4, 12 * 4)  # 14:00 to 17:00
    assert held.waiting[inside, hall].sum() > usual.waiting[inside, hall].sum()
    assert held.lost_s.mean() > usual.lost_s.mean()
    assert held.arrived == usual.arrived
    one = simulated_scenario(ready, with_(Measure(Does.RELEASE, "hall-1", 4, 720, 1020)))
    assert {change.field for change in one.changes} == {Field.CAPACITY}
    with pytest.raises(BadFile, match=r"release of 'gate-a'; allowed: a hall: hall-1"):
        simulated_scenario(ready, with_(Measure(Does.RELEASE, "gate-a", 4)))


def test_those_sent_to_another_gate_keep_the_rest_of_their_day(ready: PreparedDay) -> None:
    base = simulated_scenario(ready, USUAL).demand
    sent = with_(Measure(Does.REDIRECT, "gate-a", 50, 540, 570, "gate-b"))
    other = simulated_scenario(ready, sent).demand
    changed = np.array([a != b for a, b in zip(first_gates(base), first_gates(other), strict=True)])
    of_a = np.array([gate == "gate-a" for gate in first_gates(base)])
    assert 0 < changed.sum() < of_a.sum()
    assert not (changed & ~of_a).any()
    assert np.array_equal(base.depart_s, other.depart_s)
    assert (base.leg_node != other.leg_node).sum() == changed.sum()
    all_day = simulated_scenario(ready, with_(Measure(Does.REDIRECT, "gate-a", 50, other="gate-b"))).demand
    share = np.mean([gate == "gate-b" for gate, here in zip(first_gates(all_day), of_a, strict=True) if here])
    assert share == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Measure(Does.ONE_WAY, "w1", other="gate-a"), "allowed: an end of a way that is walked both ways: fair, plaza"),
        (Measure(Does.REDIRECT, "gate-a", 50, other="plaza"), "allowed: gate-a, gate-b"),
        (Happening(Befalls.LINE_CLOSED, "9"), "allowed: 1"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(ready: PreparedDay, row: Measure | Happening, words: str) -> None:
    with pytest.raises(BadFile, match=words):
        simulated_scenario(ready, with_(row))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            "2,far.1,end.1,05:00,10:00,300,400,,,",
            "services.csv, row 2, column line: '2' cannot be taken; allowed: a line of links.csv: 1",
        ),
        ("1,far.1,mid,05:00,10:00,300,400,,,", "column to_node: 'mid' cannot be taken; allowed: a stop of line 1"),
        ("1,far.1,end.1,10:00,05:00,300,400,,,", "column to: '05:00' cannot be taken; allowed: after its beginning"),
        ("1,far.1,end.1,05:00,10:00,5,400,,,", "column headway_s: '5' cannot be taken; allowed: seconds, 30 … 7200"),
        (
            "1,far.1,end.1,05:00,10:00,300,400,500,,",
            "column free_p: '500' cannot be taken; allowed: no more than capacity_p",
        ),
    ],
)
def test_a_timetable_that_cannot_be_is_refused(tmp_path: Path, row: str, words: str) -> None:
    folder = write_small_event(tmp_path, services=SERVICES.splitlines()[0] + "\n" + row + "\n")
    with pytest.raises(BadFile) as told:
        prepared_day(folder, DAY)
    assert words in str(told.value)
