"""What is recommended pays in the walked day, names only what is there, and tells what each part came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.studies.small_event import write_small_event
from tminus.formats.event_folder.day_scenarios import (
    Befalls,
    DayScenario,
    Does,
    Happening,
    Measure,
    check_elements,
    day_scenarios_json,
    row_json,
    scenario_json,
    scenario_of,
)
from tminus.formats.problems import BadFile
from tminus.studies.comparison import Comparison, interval, paired
from tminus.studies.day_cost import day_figures, relative_cost
from tminus.studies.event_day import read_event_day
from tminus.studies.gate_measures import net_shares
from tminus.studies.gate_task import gate_task
from tminus.studies.plan_part import Recommendation
from tminus.studies.prepared_day import PreparedDay, prepared_day
from tminus.studies.recommendation import greedy, recommend
from tminus.studies.recommended_gates import spreading_drafts
from tminus.studies.steady_plan import FURTHER
from tminus.studies.walked_day import walk

DAY = date(2026, 11, 6)
LOST = DayScenario(
    "lost", {"en": "Gate B out"}, DAY, (Happening(Befalls.GATE_LOST, "gate-b", 80.0, 480.0, 660.0),),
    (Measure(Does.LANES, "gate-b", 2.0, 510.0, 600.0, unit="GATET"),),
)  # fmt: skip
GATES = """node,day,from,to,lanes,service_s
gate-a,,08:30,16:00,4,9
gate-b,,08:30,16:00,6,9
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = write_small_event(tmp_path_factory.mktemp("small"), gates=GATES)
    (path / "day_scenarios.json").write_bytes(day_scenarios_json([LOST]))
    return path


@pytest.fixture(scope="module")
def ready(folder: Path) -> PreparedDay:
    return prepared_day(folder, DAY)


@pytest.fixture(scope="module")
def found(ready: PreparedDay) -> Recommendation:
    return recommend(ready, LOST)


def test_recommended_measures_cost_the_people_less_than_none_and_than_the_greedy_policy(
    ready: PreparedDay, found: Recommendation
) -> None:
    policies = {"none": (), "greedy": greedy(ready, LOST), "recommended": found.measures}
    scenarios = {name: replace(LOST, measures=measures) for name, measures in policies.items()}
    rows = paired(ready, scenarios, range(3)).rows
    without = {row["seed"]: dict(row) for row in rows if row["name"] == "none"}
    cost = {
        name: np.mean([relative_cost(dict(row), [without[row["seed"]]]) for row in rows if row["name"] == name])
        for name in policies
    }
    assert cost["recommended"] < cost["greedy"] < cost["none"] == 1


def test_every_part_tells_what_it_was_planned_and_simulated_to_come_to(found: Recommendation) -> None:
    kinds = [part.kind for part in found.parts]
    assert kinds[0] == "gates"
    paid = sum(bool(part.measures) for part in found.parts)
    first, last = 4, len(FURTHER)  # nothing and the greedy policy; the whole plan, which jams on none here
    assert first + len(found.parts) + paid + last <= found.walks <= first + 2 * len(found.parts) + last
    kept = [place for part in found.parts for place in part.measures]
    assert kept == list(range(len(found.measures)))
    gates = found.parts[0]
    assert gates.simulated is not None
    assert 0.3 < gates.simulated / gates.planned < 3
    assert any(words.startswith("redirect gate-b: new → ") for words in gates.changed)
    assert all(not part.changed for part in found.parts if not part.measures)


def test_measures_can_be_read_back_name_what_is_there_and_carry_the_units_handed_in(
    ready: PreparedDay, found: Recommendation
) -> None:
    scenario = replace(LOST, measures=found.measures)
    check_elements(scenario, ready.elements, "here")
    assert scenario_of(scenario_json(scenario), "there") == scenario
    assert {one.unit for one in found.measures if one.kind in (Does.LANES, Does.REDIRECT)} == {"GATET"}
    assert all(row_json(one)["kind"] == one.kind.value for one in found.measures)


def test_lanes_opened_early_are_no_more_than_there_are(ready: PreparedDay, found: Recommendation) -> None:
    early = [one for one in found.measures if one.kind is Does.LANES]
    assert {(one.element, one.from_min, one.to_min) for one in early} >= {("gate-a", 480.0, 510.0)}
    assert {one.element: one.value for one in early if one.from_min == 480.0} == {"gate-a": 4.0, "gate-b": 1.0}


def test_nobody_is_sent_from_a_gate_others_are_sent_to(ready: PreparedDay) -> None:
    task = gate_task(ready, LOST)
    assert task is not None
    sent = np.random.default_rng(1).uniform(0, 0.3, (len(task.day.detours), task.day.slots))
    net = net_shares(task, sent)
    come = task.day.arrivals.mean(axis=0).reshape(2, -1, task.day.slot_steps).sum(axis=2)
    there, back = 0, 1
    assert (np.minimum(net[there], net[back]) == 0).all()
    assert net[there] * come[0] - net[back] * come[1] == pytest.approx(
        sent[there] * come[0] - sent[back] * come[1], abs=1.5
    )


@pytest.mark.parametrize(
    ("lost", "sent"), [(100.0, {("gate-b", "gate-a")}), (50.0, {("gate-a", "gate-b"), ("gate-b", "gate-a")})]
)
def test_nobody_is_sent_to_a_gate_that_is_shut_while_theirs_is_open(
    tmp_path: Path, lost: float, sent: set[tuple[str, str]]
) -> None:
    from tests.studies.small_event import LINKS

    narrow = LINKS.replace("w1,fair,plaza,120,6", "w1,fair,plaza,300,0.3")
    ready = prepared_day(write_small_event(tmp_path, links=narrow), DAY)
    shut = DayScenario("shut", {}, DAY, (Happening(Befalls.GATE_LOST, "gate-b", lost, 480.0, 570.0),))
    drafts = list(spreading_drafts(ready, shut, walk(ready, shut, seed=1)))
    assert {(one.element, one.other) for draft in drafts for one in draft.measures} == sent
    assert all(one.to_min <= 570.0 for draft in drafts for one in draft.measures)


def test_a_closed_line_of_the_site_has_buses_to_lines_that_run(tmp_path: Path) -> None:
    nodes = "\nelse,station,121.04,31.03,Elsewhere,别处,2,900,\nelse.2,platform,121.04,31.0301,P,站台,2,900,"
    links = "\nr9,else.2,mid.1,4000,,rail,1,2,400\na9,else,else.2,60,5,access,1,,"
    from tests.studies.small_event import LINKS, NODES

    folder = write_small_event(tmp_path, nodes=NODES.rstrip() + nodes + "\n", links=LINKS.rstrip() + links + "\n")
    ready = prepared_day(folder, DAY)
    closed = DayScenario("closed", {}, DAY, (Happening(Befalls.LINE_CLOSED, "1", 0.0, 660.0, 1740.0),))
    alone = day_figures(walk(ready, closed, seed=1000))
    plan = recommend(ready, closed)
    buses = [one for one in plan.measures if one.kind is Does.SHUTTLE]
    assert {(one.element, one.other) for one in buses} == {("fair", "mid")} or {one.other for one in buses} == {"else"}
    part = next(part for part in plan.parts if part.kind == "shuttles")
    assert part.simulated is not None
    assert part.simulated > 0
    assert "buses of" in part.binds
    helped = day_figures(walk(ready, replace(closed, measures=plan.measures), seed=1000))
    assert helped["stuck"] < alone["stuck"]
    assert [one.from_min for one in greedy(ready, closed) if one.kind is Does.SHUTTLE] == [690.0]


def test_halls_let_people_out_slower_where_a_show_ends_before_a_narrow_way(tmp_path: Path) -> None:
    from tests.studies.small_event import LINKS

    narrow = LINKS.replace("w1,fair,plaza,120,6", "w1,fair,plaza,300,1.2")
    ready = prepared_day(write_small_event(tmp_path, links=narrow), DAY)
    show = DayScenario("show", {}, DAY, (Happening(Befalls.STAY, "", 95.0, 600.0, 900.0),))
    plan = recommend(ready, show)
    released = [one for one in plan.measures if one.kind is Does.RELEASE]
    assert [(one.element, one.from_min, one.to_min) for one in released] == [("", 900.0, 1140.0)]
    tried = [part for part in plan.parts if part.kind == "release"]
    assert [bool(part.measures) for part in tried].count(True) == 1, "one instead of another"
    alone, helped = (
        day_figures(walk(ready, replace(show, measures=measures), seed=3)) for measures in ((), plan.measures)
    )
    assert helped["person_minutes_e_f"] < alone["person_minutes_e_f"] / 2
    assert helped["arrived"] == alone["arrived"]
    assert not any(one.kind is Does.REDIRECT for one in plan.measures), "no gate concerns those on their way home"


def test_an_interval_holds_the_mean_and_excludes_zero_only_where_it_is_sure() -> None:
    sure = interval([3.0, 4.0, 5.0, 4.0])
    assert (sure.mean, sure.seeds, sure.sure) == (4.0, 4, True)
    assert sure.low == pytest.approx(4 - 3.1824463 * np.sqrt(2 / 3) / 2)
    assert not interval([-1.0, 1.0, 0.5]).sure
    assert not interval([1.0]).sure
    rows = tuple({"name": name, "seed": seed, "x": seed + 10.0 * (name == "a")} for name in "ab" for seed in (1, 2))
    assert Comparison(rows).difference("a", "b", "x").mean == 10.0


def test_a_scenario_of_the_folder_is_walked_with_whose_measures_one_wants(folder: Path) -> None:
    own = read_event_day(folder, None, scenario="lost")
    none = read_event_day(folder, None, scenario="lost", measures="none")
    greedily = read_event_day(folder, DAY, scenario="lost", measures="greedy")
    assert own.name == f"Small fair, Gate B out, {DAY}"
    assert own.scenario.gates != none.scenario.gates
    assert (greedily.scenario.demand.leg_node != none.scenario.demand.leg_node).any()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"scenario": "other"}, "--scenario: 'other'; allowed: lost"),
        ({"scenario": "lost", "measures": "all"}, "--measures: 'all'; allowed: own, none, greedy, recommended"),
        ({}, "--day: none; allowed: a day of the event, or --scenario"),
    ],
)
def test_what_is_not_known_is_refused(folder: Path, asked: dict[str, str], words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_event_day(folder, None, **asked)  # type: ignore[arg-type]


def test_another_day_than_the_scenarios_is_refused(folder: Path) -> None:
    with pytest.raises(BadFile, match=r"--day: 2026-11-05; allowed with --scenario lost: 2026-11-06, or none"):
        read_event_day(folder, date(2026, 11, 5), scenario="lost")
