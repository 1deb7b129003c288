"""Edits one after another: every date, early and late, as if the plan had been compiled and passed anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import OPENING, TODAY, lags, moments, plans
from tminus.engines.schedule import Duration, Link, LinkKind, Plan, PlanError, Progress, Task, TaskKind
from tminus.engines.schedule.back_schedule import backward, forward
from tminus.engines.schedule.bounds import bounds_of, midnight
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.edited_plan import EditedPlan
from tminus.engines.schedule.network import compile_network
from tminus.engines.schedule.worktime import instant, minutes

NOW = datetime.combine(TODAY, time.min)


def fresh(plan: Plan) -> dict[str, tuple[object, ...]]:
    """Dates and deciding link of every leaf by full passes."""
    network = compile_network(plan, dates=[OPENING, TODAY])
    held = bounds_of(network, opening=midnight(OPENING), today=minutes(NOW))
    early, late = forward(network, held), backward(network, held, held.latest_finish)
    found: dict[str, tuple[object, ...]] = {}
    for number, task in enumerate(network.tasks):
        p = network.place[number]
        row = int(early.driver[p])
        link = network.link_of_row[network.forward.number[row]] if row >= 0 else None
        columns = (early.start, early.finish, late.start, late.finish)
        found[task.id] = (*(instant(int(column[p])) for column in columns), link)
    return found


def kept(edited: EditedPlan) -> dict[str, tuple[object, ...]]:
    return {
        task.id: (*edited.dates_of(task.id), edited.driver_of(task.id))
        for task in edited.plan.tasks
        if task.kind is not TaskKind.SUMMARY
    }


def reports() -> st.SearchStrategy[Progress | None]:
    before = st.builds(lambda days: NOW - timedelta(days=days, hours=-9), st.integers(1, 20))
    begun = st.builds(
        lambda at, left: Progress(actual_start=at, remaining=Duration(left)), before, st.integers(1, 3000)
    )
    done = st.builds(lambda at, days: Progress(actual_start=at, actual_finish=at + timedelta(days=days)), before,
                     st.integers(0, 5))  # fmt: skip
    return st.none() | begun | done


def edit(data: st.DataObject, edited: EditedPlan) -> None:
    plan = edited.plan
    ids = [task.id for task in plan.leaves()]
    id = data.draw(st.sampled_from(ids))
    match data.draw(st.sampled_from(["duration", "lag", "link", "link", "unlink", "date", "report"])):
        case "duration":
            edited.set_duration(id, Duration(data.draw(st.integers(1, 6000)), edited.plan.by_id()[id].duration.elapsed))
        case "lag" if plan.links:
            edited.set_lag(data.draw(st.sampled_from(plan.links)), data.draw(lags()))
        case "link":
            ends = [task.id for task in plan.tasks]
            pair = data.draw(st.sampled_from(ends)), data.draw(st.sampled_from(ends))
            link = Link(*pair, data.draw(st.sampled_from(list(LinkKind))), data.draw(lags()))
            circular = closes_circle(replace(plan, links=(*plan.links, link)))
            try:
                edited.add_link(link)
            except Cycle as cycle:
                assert circular
                assert set(cycle.tasks) <= {task.id for task in plan.tasks}
            else:
                assert not circular
        case "unlink" if plan.links:
            edited.remove_link(data.draw(st.sampled_from(plan.links)))
        case "date":
            edited.set_not_before(id, data.draw(st.none() | moments()))
        case "report":
            edited.report(id, data.draw(reports()))


def closes_circle(plan: Plan) -> bool:
    try:
        compile_network(plan, dates=[OPENING, TODAY])
    except Cycle:
        return True
    return False


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_edits_in_a_row_equal_full_passes(data: st.DataObject) -> None:
    plan = data.draw(plans())
    edited = EditedPlan(plan, opening=OPENING, today=NOW)
    for _ in range(data.draw(st.integers(1, 6))):
        before, inside = kept(edited), edited.inside
        edit(data, edited)
        now = kept(edited)
        assert now == fresh(edited.plan)
        changed = {id for id in now if now[id][:4] != before[id][:4]}
        if edited.inside is inside:  # not compiled anew
            assert edited.moved() >= changed


def chain(count: int, *links: Link) -> Plan:
    tasks = tuple(Task(f"T{number}", f"task {number}") for number in range(count))
    return Plan("chain", tasks, links, opening=OPENING, status_date=NOW)


def test_a_circle_is_refused_named_and_changes_nothing() -> None:
    edited = EditedPlan(chain(3, Link("T0", "T1"), Link("T1", "T2")), opening=OPENING, today=NOW)
    before = kept(edited)
    with pytest.raises(Cycle) as caught:
        edited.add_link(Link("T2", "T0"))
    assert sorted(caught.value.tasks) == ["T0", "T1", "T2"]
    assert kept(edited) == before == fresh(edited.plan)
    assert edited.plan.links == (Link("T0", "T1"), Link("T1", "T2"))


def test_a_link_against_the_order_keeps_it() -> None:
    """T5 stands behind T0 in the order until a link says otherwise; then all that waits for T0 comes after T5."""
    edited = EditedPlan(chain(6, *(Link(f"T{n}", f"T{n + 1}") for n in range(4))), opening=OPENING, today=NOW)
    edited.add_link(Link("T5", "T0"))
    assert kept(edited) == fresh(edited.plan)
    assert edited.dates_of("T4")[0] == NOW + timedelta(minutes=5 * 480)


def test_only_the_cone_is_placed() -> None:
    edited = EditedPlan(chain(100, *(Link(f"T{n}", f"T{n + 1}") for n in range(99))), opening=OPENING, today=NOW)
    edited.set_duration("T98", Duration(600))
    assert edited.moved() == {"T99", "T98"} | {f"T{n}" for n in range(98)}  # the followers early, the others late
    assert len(edited.inside.early) == 2
    assert edited.inside.placed <= 102


def test_what_is_beyond_the_compiled_time_is_compiled_anew() -> None:
    edited = EditedPlan(chain(2, Link("T0", "T1")), opening=OPENING, today=NOW)
    inside = edited.inside
    edited.set_duration("T0", Duration(3000 * 1440))
    assert edited.inside is not inside
    assert kept(edited) == fresh(edited.plan)


@pytest.mark.parametrize("id", ["T9", "S"])
def test_a_task_that_is_none_is_refused(id: str) -> None:
    edited = EditedPlan(chain(2), opening=OPENING, today=NOW)
    with pytest.raises(PlanError, match=f"task '{id}'; allowed: an active task"):
        edited.set_duration(id, Duration(60))


def test_a_large_plan_after_many_edits() -> None:
    """Links in all directions among 300 tasks, so that the order is changed again and again."""
    random = Random(5)
    kinds = list(LinkKind)
    plan = chain(300, *(Link(f"T{random.randrange(n)}", f"T{n}", random.choice(kinds)) for n in range(1, 300)))
    edited = EditedPlan(plan, opening=OPENING, today=NOW)
    refused = 0
    for number in range(300):
        pred, succ = f"T{random.randrange(300)}", f"T{random.randrange(300)}"
        try:
            edited.add_link(Link(pred, succ, random.choice(kinds), Duration(random.randrange(-500, 900))))
        except Cycle:
            refused += 1
        if number % 3 == 0:
            edited.remove_link(random.choice(edited.plan.links))
        edited.set_duration(f"T{random.randrange(300)}", Duration(random.randrange(2000)))
        if number % 30 == 29:
            assert kept(edited) == fresh(edited.plan)
    assert 5 < refused < 295
