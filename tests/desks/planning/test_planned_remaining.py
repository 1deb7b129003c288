"""What is planned to be left of begun work: adopted beside what was reported, confirmed or corrected by a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning import adapter
from tminus.desks.planning.edits import SetDuration, SetRemaining, edits_of, in_plan
from tminus.desks.planning.event_folder import folder_of
from tminus.desks.planning.models import PlannedRemaining, Proposal, Task
from tminus.desks.planning.repairing import changes_for, edits_of_repair
from tminus.engines.schedule import Duration, How, back_schedule
from tminus.engines.schedule.repairs import Repair
from tminus.formats.plan_json import plan_to_json
from tminus.platform.models import Duty
from tminus.platform.registry import BadInput, ask, perform

DAY = 480
LEFT = [{"what": "remaining", "task": "R2", "minutes": 8 * DAY}]


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def report(harbour: Harbour, who: str = "paver", **said: str) -> None:
    act(harbour, "planning.task.report", {"task": "R2", **said}, who)


def finish(harbour: Harbour) -> datetime:
    found = Task.objects.get(event=harbour.event, key="R2").forecast_finish
    assert found is not None
    return found


@pytest.fixture
def begun(planned: Harbour) -> Harbour:
    """R2 has begun, its reporter says that 16 of 20 days are left; a proposal would leave 8."""
    report(planned, actual_start="2026-08-10", remaining="16d")
    act(planned, "planning.proposal.make", {"edits": LEFT})
    return planned


def adopted(harbour: Harbour) -> Duty:
    act(harbour, "planning.proposal.adopt", {"number": 1})
    return Duty.objects.get(about_type="planning.plannedremaining", state="assigned")


def test_adopted_the_draft_reckons_with_it_and_the_report_stays(begun: Harbour) -> None:
    before = finish(begun)
    duty = adopted(begun)
    row = task(begun, "R2")
    assert (row.remaining_min, row.duration_min, row.percent) == (16 * DAY, 20 * DAY, None)
    assert before > finish(begun)
    assert adapter.plan_of(begun.event).progress["R2"].remaining == Duration(8 * DAY)
    assert adapter.plan_of(begun.event, reported=True).progress["R2"].remaining == Duration(16 * DAY)
    assert duty.holder == begun.paver
    assert duty.title_en == "Confirm by a report: what is left of Paving takes 8d"
    assert "剩余" in duty.title_zh


@pytest.mark.parametrize(("said", "left"), [({"remaining": "8d"}, 8), ({"remaining": "12d"}, 12)])
def test_a_report_of_what_is_left_takes_its_place(begun: Harbour, said: dict[str, str], left: int) -> None:
    duty = adopted(begun)
    report(begun, **said)
    duty.refresh_from_db()
    assert not duty.open
    assert not PlannedRemaining.objects.exists()
    assert adapter.plan_of(begun.event).progress["R2"].remaining == Duration(left * DAY)


def test_a_report_that_does_not_say_what_is_left_leaves_it(begun: Harbour) -> None:
    duty = adopted(begun)
    report(begun, percent="30 %")
    duty.refresh_from_db()
    assert duty.open
    assert adapter.plan_of(begun.event).progress["R2"].remaining == Duration(8 * DAY)


def test_done_it_ends(begun: Harbour) -> None:
    duty = adopted(begun)
    report(begun, actual_finish="2026-08-16")
    duty.refresh_from_db()
    assert not duty.open
    assert not PlannedRemaining.objects.exists()


def test_the_adoption_is_undone_as_one(begun: Harbour) -> None:
    before = finish(begun)
    duty = adopted(begun)
    act(begun, "planning.undo", {})
    duty.refresh_from_db()
    assert not duty.open
    assert finish(begun) == before
    assert Proposal.objects.get().state == "open"


def test_a_report_undone_the_plan_stands_again_and_is_asked_for(begun: Harbour) -> None:
    adopted(begun)
    report(begun, "hq", remaining="12d")
    act(begun, "planning.undo", {})
    assert task(begun, "R2").remaining_min == 16 * DAY
    assert adapter.plan_of(begun.event).progress["R2"].remaining == Duration(8 * DAY)
    assert Duty.objects.get(about_type="planning.plannedremaining", state="assigned").holder == begun.paver


def test_a_second_adoption_replaces_the_first_and_undone_the_first_stands(begun: Harbour) -> None:
    adopted(begun)
    act(begun, "planning.proposal.make", {"edits": [{**LEFT[0], "minutes": 4 * DAY}]})
    act(begun, "planning.proposal.adopt", {"number": 2})
    assert PlannedRemaining.objects.get().minutes == 4 * DAY
    assert Duty.objects.filter(about_type="planning.plannedremaining", state="assigned").count() == 1
    act(begun, "planning.undo", {})
    assert PlannedRemaining.objects.get().minutes == 8 * DAY


def test_whoever_takes_the_task_over_is_asked(begun: Harbour) -> None:
    first = adopted(begun)
    act(begun, "planning.task.assign", {"tasks": ["R2"], "person": "hand"})
    first.refresh_from_db()
    assert first.holder == begun.hand  # the duty about it is the same one, handed on
    assert first.open


def test_what_was_reported_since_may_leave_nothing_to_adopt(begun: Harbour) -> None:
    report(begun, remaining="8d")
    with pytest.raises(BadInput, match="no more than that is left of it"):
        act(begun, "planning.proposal.adopt", {"number": 1})
    assert Proposal.objects.get().state == "open"


@pytest.mark.parametrize("key", ["R1", "R"])
def test_only_work_under_way_has_something_left(begun: Harbour, key: str) -> None:
    with pytest.raises(BadInput, match="not under way"):
        act(begun, "planning.proposal.make", {"edits": [{**LEFT[0], "task": key}]})


def test_files_tell_what_was_reported(begun: Harbour, client: Client) -> None:
    adopted(begun)
    folder = folder_of(begun.event)
    assert [row["Remaining"] for row in folder.table("progress")] == ["16d"]
    client.force_login(begun.hq)
    told = client.get("/e/harbour/export/plan.json").json()
    assert told["progress"]["R2"]["remaining"] == {"minutes": 16 * DAY}


def test_its_page_offers_to_confirm_it(begun: Harbour, client: Client) -> None:
    adopted(begun)
    client.force_login(begun.paver)
    assert "Confirm: 8d are left" in client.get("/e/harbour/book/t/R2/").content.decode()
    client.post("/e/harbour/book/t/R2/act/report/", {"remaining": "8d"})
    assert task(begun, "R2").remaining_min == 8 * DAY
    assert "Confirm: 8d" not in client.get("/e/harbour/book/t/R2/").content.decode()


def test_the_duty_leads_to_the_task(begun: Harbour) -> None:
    duty = adopted(begun)
    found = ask("duty.show", {"duty": duty.pk}, event=begun.event, person=begun.paver)
    assert found["page"]["url"] == "/e/harbour/book/t/R2/#report"


def test_a_task_taken_out_asks_nobody(begun: Harbour) -> None:
    duty = adopted(begun)
    act(begun, "planning.task.remove", {"task": "R2"})
    duty.refresh_from_db()
    assert not duty.open


# What buys days ---------------------------------


def test_a_repair_of_begun_work_leaves_its_duration_alone() -> None:
    shorter = Repair(How.SHORTEN, "A", days=2, minutes=960, remaining=True)
    assert edits_of_repair(shorter) == [SetRemaining(task="A", minutes=960)]
    assert edits_of_repair(replace(shorter, remaining=False)) == [SetDuration(task="A", minutes=960)]


def test_repairs_of_begun_work_are_offered(begun: Harbour) -> None:
    report(begun, remaining="40d")
    plan = replace(adapter.plan_of(begun.event), opening=date(2026, 9, 20))
    tasks = tuple(replace(one, gate=one.id == "R3") for one in plan.tasks)
    plan = replace(plan, tasks=tasks)
    schedule = back_schedule(plan, opening=date(2026, 9, 20), today=date(2026, 8, 17))
    day = max(one.date for one in schedule.checkpoints if one.gates)
    offered = [edit for change in changes_for(schedule, day) for edit in change.edits]
    left = [edit for edit in offered if isinstance(edit, SetRemaining)]
    assert left
    assert all(edit.task == "R2" and edit.minutes < 40 * DAY for edit in left)
    changed = in_plan(plan, [left[0]])
    assert changed.progress["R2"].remaining == Duration(left[0].minutes)
    assert changed.by_id()["R2"] == plan.by_id()["R2"]
    assert plan_to_json(changed)["tasks"] == plan_to_json(plan)["tasks"]
    assert edits_of([left[0].model_dump()]) == [left[0]]
