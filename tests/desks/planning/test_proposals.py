"""Change proposals: an owner and a duty; adopted they change the draft and can be undone, declined they say why."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.planning.models import Proposal, TaskLink
from tminus.platform.access import NotAllowed
from tminus.platform.models import Duty
from tminus.platform.registry import BadInput, ask, perform

SHORTER = [{"what": "duration", "task": "R2", "minutes": 480 * 15}]
OVERLAP = [{"what": "link", "predecessor": "R1", "successor": "R2", "kind": "FS", "lag_minutes": -480}]


def act(harbour: Harbour, code: str, args: dict[str, Any], who: str = "hq") -> Any:
    return perform(code, args, event=harbour.event, person=harbour.people[who])


def proposals(harbour: Harbour, who: str = "hq") -> Any:
    return ask("planning.proposals", {}, event=harbour.event, person=harbour.people[who])


def test_a_proposal_is_a_duty_of_whoever_heads_the_unit_of_its_task(planned: Harbour) -> None:
    made = act(planned, "planning.proposal.make", {"edits": SHORTER}, "health_head")
    assert (made["number"], made["owner"]) == (1, "paver")
    duty = Duty.objects.get(about_type="planning.proposal")
    assert duty.holder == planned.paver and "Paving takes 15d" in duty.title_en and "用时" in duty.title_zh
    assert task(planned, "R2").duration_min == 480 * 20, "nothing changes before it is adopted"
    row = proposals(planned)["rows"][0]
    assert row["sentences"] == ["Paving takes 15d"] and row["state"] == "open"


def test_adopted_it_changes_the_draft_closes_the_duty_and_is_undone_as_one(planned: Harbour) -> None:
    act(planned, "planning.proposal.make", {"edits": SHORTER + OVERLAP})
    act(planned, "planning.proposal.adopt", {"number": 1}, "paver")
    assert task(planned, "R2").duration_min == 480 * 15
    assert TaskLink.objects.get(predecessor__key="R1", successor__key="R2").lag_min == -480
    assert not Duty.objects.get(about_type="planning.proposal").open
    with pytest.raises(BadInput, match="already"):
        act(planned, "planning.proposal.adopt", {"number": 1})
    perform("planning.undo", {}, event=planned.event, person=planned.paver)
    assert task(planned, "R2").duration_min == 480 * 20
    assert TaskLink.objects.get(predecessor__key="R1", successor__key="R2").lag_min == 0
    assert Proposal.objects.get().state == "open"


def test_declined_it_says_why_and_leaves_the_plan(planned: Harbour) -> None:
    act(planned, "planning.proposal.make", {"edits": SHORTER})
    with pytest.raises(BadInput, match="say why"):
        act(planned, "planning.proposal.decline", {"number": 1})
    act(planned, "planning.proposal.decline", {"number": 1, "reason": "no second crew"})
    row = proposals(planned)["rows"][0]
    assert (row["state"], row["reason"]) == ("declined", "no second crew")
    assert task(planned, "R2").duration_min == 480 * 20


def test_who_may_not_change_the_task_does_not_decide(planned: Harbour) -> None:
    act(planned, "planning.proposal.make", {"edits": SHORTER})
    for who in ("health_head", "leader"):
        with pytest.raises(NotAllowed):
            act(planned, "planning.proposal.adopt", {"number": 1}, who)


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ([], "1 … 50"),
        ([{"what": "duration", "task": "R2"}], "edits.0"),
        ([{"what": "link", "predecessor": "R3", "successor": "R1"}], "circle"),
        ([{"what": "duration", "task": "R99", "minutes": 5}], "R99"),
        ([{"what": "calendar", "task": "R2", "calendar": "moon"}], "standard"),
        ([{"what": "unlink", "predecessor": "R3", "successor": "R1"}], "no such link"),
    ],
)
def test_what_cannot_be_is_refused_before_it_is_proposed(planned: Harbour, edits: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        act(planned, "planning.proposal.make", {"edits": edits})
    assert not Proposal.objects.exists() and not Duty.objects.filter(about_type="planning.proposal").exists()


def test_its_page_lists_decides_and_offers_undo(planned: Harbour) -> None:
    act(planned, "planning.proposal.make", {"edits": SHORTER})
    client = Client()
    client.force_login(planned.hq, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/e/{planned.event.slug}/proposals/"
    assert b"Paving takes 15d" in client.get(address).content
    answered = client.post(f"{address}1/", {"decision": "adopt"}, follow=True)
    assert b"Adopted" in answered.content and b"/book/undo/" in answered.content
    assert task(planned, "R2").duration_min == 480 * 15
