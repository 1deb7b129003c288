"""A duty's life: assigned, acknowledged, in progress, submitted, accepted by someone else or returned."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty, step
from tminus.platform import duties
from tminus.platform.access import NotAllowed
from tminus.platform.duties import signals
from tminus.platform.models import Duty, DutyState, Evidence, Notice, RecordLine
from tminus.platform.registry import BadInput, Context

PNG = base64.b64encode(b"\x89PNG quay").decode()


def test_a_duty_goes_from_assigned_to_accepted(harbour: Harbour, duty: Duty) -> None:
    assert duty.state == DutyState.ASSIGNED
    assert step(harbour, duty, "acknowledge", "paver").state == DutyState.ACKNOWLEDGED
    assert step(harbour, duty, "start", "paver").state == DutyState.IN_PROGRESS
    files = [{"name": "../quay.png", "content": PNG}]
    assert step(harbour, duty, "submit", "paver", note="paved", files=files).state == DutyState.SUBMITTED
    assert duty.acceptor == harbour.roads_head
    assert step(harbour, duty, "accept", "roads_head").state == DutyState.ACCEPTED
    assert duty.closed_at is not None
    evidence = Evidence.objects.get()
    assert (evidence.note, evidence.file_name) == ("paved", "quay.png")
    assert (Path(settings.MEDIA_ROOT) / evidence.file.name).read_bytes() == b"\x89PNG quay"
    codes = [line.code for line in RecordLine.objects.filter(object_type="platform.duty")]
    assert codes == ["duty.issued", "duty.acknowledge", "duty.start", "duty.submit", "duty.accept"]


def test_the_default_answer_time_is_two_working_days(harbour: Harbour, clock: object) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert new_duty(harbour).acknowledge_by == datetime(2026, 8, 19, 10, 0, tzinfo=shanghai)
    clock(datetime(2026, 9, 3, 10, 0, tzinfo=shanghai))  # type: ignore[operator]
    harbour.event.settings = {"holidays": ["2026-09-07"], "acknowledge_days": 2}
    later = new_duty(harbour, about=harbour.units["health"])
    assert later.acknowledge_by == datetime(2026, 9, 8, 10, 0, tzinfo=shanghai), "a weekend and a holiday between"


@pytest.mark.parametrize(
    ("name", "args"), [("start", {}), ("submit", {"note": "x"}), ("accept", {}), ("return", {"reason": "x"})]
)
def test_no_step_is_skipped(harbour: Harbour, duty: Duty, name: str, args: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="assigned"):
        step(harbour, duty, name, "roads_head" if name in {"accept", "return"} else "paver", **args)
    duty.refresh_from_db()
    assert duty.state == DutyState.ASSIGNED


@pytest.mark.parametrize("who", ["hand", "roads_head", "hq", "leader", "health_head", "observer", "stranger"])
def test_only_the_holder_acknowledges(harbour: Harbour, duty: Duty, who: str) -> None:
    with pytest.raises(NotAllowed):
        step(harbour, duty, "acknowledge", who)


@pytest.mark.parametrize("who", ["paver", "hand", "leader", "health_head", "observer", "stranger"])
def test_nobody_accepts_their_own_or_a_strangers_duty(harbour: Harbour, duty: Duty, who: str) -> None:
    for name, args in [("acknowledge", {}), ("submit", {"note": "done"})]:
        step(harbour, duty, name, "paver", **args)
    with pytest.raises(NotAllowed):
        step(harbour, duty, "accept", who)


def test_returned_with_a_reason_and_submitted_again(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "submit", "paver", note="done")
    with pytest.raises(BadInput, match="missing"):
        step(harbour, duty, "return", "roads_head", reason="  ")
    assert step(harbour, duty, "return", "roads_head", reason="the kerb").state == DutyState.RETURNED
    notice = Notice.objects.get(code="duty.returned")
    assert (notice.person, notice.urgent, notice.values["reason"]) == (harbour.paver, True, "the kerb")
    assert step(harbour, duty, "submit", "paver", note="kerb laid").state == DutyState.SUBMITTED


def test_submitting_needs_evidence(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "acknowledge", "paver")
    with pytest.raises(BadInput, match="photo"):
        step(harbour, duty, "submit", "paver", note=" ")
    with pytest.raises(BadInput, match="empty"):
        step(harbour, duty, "submit", "paver", note="x", files=[{"name": "a.jpg", "content": ""}])
    assert not Evidence.objects.exists()


def test_the_acceptor_of_a_vacant_post_is_found_up_the_tree(harbour: Harbour, duty: Duty) -> None:
    harbour.posts["roads-head"].appointments.all().delete()
    step(harbour, duty, "acknowledge", "paver")
    assert step(harbour, duty, "submit", "paver", note="done").acceptor == harbour.hq


def test_the_head_who_holds_a_duty_is_accepted_by_the_head_above(harbour: Harbour, clock: object) -> None:
    duty = new_duty(harbour, holder=harbour.roads_head)
    step(harbour, duty, "acknowledge", "roads_head")
    assert step(harbour, duty, "submit", "roads_head", note="done").acceptor == harbour.hq


def test_handing_over_leaves_one_holder_who_is_asked_anew(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "hand_over", "paver", person=harbour.hand.pk, reason="on leave")
    assert (duty.holder, duty.state) == (harbour.hand, DutyState.ASSIGNED)
    with pytest.raises(NotAllowed):
        step(harbour, duty, "acknowledge", "paver")
    assert step(harbour, duty, "assign", "roads_head", person=harbour.paver.pk).holder == harbour.paver
    with pytest.raises(BadInput, match="holds this duty already"):
        step(harbour, duty, "assign", "roads_head", person=harbour.paver.pk)
    with pytest.raises(BadInput, match="Nobody"):
        step(harbour, duty, "hand_over", "paver", person=harbour.stranger.pk)
    for who in ("hand", "health_head", "leader"):
        with pytest.raises(NotAllowed):
            step(harbour, duty, "assign", who, person=harbour.hand.pk) if who != "hand" else step(
                harbour, duty, "delegate", who, person=harbour.hand.pk
            )


def test_a_delegate_acts_and_the_holder_stays_accountable(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "delegate", "paver", person=harbour.hand.pk)
    step(harbour, duty, "acknowledge", "hand")
    step(harbour, duty, "submit", "hand", note="done")
    assert duty.holder == harbour.paver
    with pytest.raises(NotAllowed):
        step(harbour, duty, "accept", "hand")
    step(harbour, duty, "delegate", "paver", person=None)
    assert duty.delegate is None


def test_ones_own_last_step_can_be_undone(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "acknowledge", "paver")
    assert step(harbour, duty, "take_back", "paver").state == DutyState.ASSIGNED
    with pytest.raises(BadInput, match="nothing"):
        step(harbour, duty, "take_back", "paver")
    step(harbour, duty, "acknowledge", "paver")
    step(harbour, duty, "submit", "paver", note="done")
    assert step(harbour, duty, "take_back", "paver").state == DutyState.ACKNOWLEDGED
    step(harbour, duty, "submit", "paver", note="done")
    step(harbour, duty, "accept", "roads_head")
    with pytest.raises(BadInput, match="nothing"):
        step(harbour, duty, "take_back", "paver")


def test_a_desk_hears_of_states_in_the_same_transaction(harbour: Harbour, duty: Duty) -> None:
    heard = []

    @duties.on(DutyState.ACCEPTED, "platform.unit")
    def done(ctx: Context, done: Duty) -> None:
        heard.append(done.pk)
        raise RuntimeError("the desk fails")

    try:
        step(harbour, duty, "acknowledge", "paver")
        step(harbour, duty, "submit", "paver", note="done")
        with pytest.raises(RuntimeError):
            step(harbour, duty, "accept", "roads_head")
    finally:
        signals._HOOKS.clear()
    duty.refresh_from_db()
    assert (heard, duty.state) == ([duty.pk], DutyState.SUBMITTED)


def test_comments_reach_those_around_the_duty(harbour: Harbour, duty: Duty) -> None:
    step(harbour, duty, "comment", "roads_head", text="mind the tide")
    assert Notice.objects.get(code="duty.commented").person == harbour.paver
    for who in ("health_head", "hand"):
        if who == "health_head":
            with pytest.raises(NotAllowed):
                step(harbour, duty, "comment", who, text="x")


def test_one_object_has_one_duty_and_a_withdrawn_one_opens_again(harbour: Harbour, duty: Duty) -> None:
    with pytest.raises(BadInput, match="has a duty already"):
        new_duty(harbour)
    from tests.platform.duties.steps import desk
    from tminus.platform.registry import ACTS, acting

    desk()
    with acting("test.desk", event=harbour.event, person=harbour.hq) as ctx:
        duties.withdraw(ctx, duty, "no longer needed")
    ACTS.pop("test.desk")
    again = new_duty(harbour)
    assert (again.pk, again.state, again.closed_at) == (duty.pk, DutyState.ASSIGNED, None)
