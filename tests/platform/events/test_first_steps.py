"""First steps: what is done of them is computed, and nobody is offered what is not theirs to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.planning.small_plan import build_plan
from tests.harbour import Harbour
from tminus.platform.registry import ask, perform

pytestmark = pytest.mark.django_db


def steps(harbour: Harbour, who: str = "hq") -> dict[str, dict[str, Any]]:
    rows = ask("event.first_steps", event=harbour.event, person=harbour.people[who])
    return {row["title"]: row for row in rows}


def done(harbour: Harbour) -> list[str]:
    return [title for title, row in steps(harbour).items() if row["done"]]


def test_each_step_is_done_when_it_has_been_done(harbour: Harbour) -> None:
    assert done(harbour) == ["Bring in the organisation"]
    build_plan(harbour)
    planned = ["Fill in the assignment book", "Import it", "Look at the checkpoints", "Bring in the organisation"]
    assert done(harbour) == planned
    assert steps(harbour)["Give every task one accountable person"]["far"] == "1 task without a holder"
    perform("planning.task.assign", {"tasks": ["H2"], "person": "hand"}, event=harbour.event, person=harbour.hq)
    perform("planning.publish", {}, event=harbour.event, person=harbour.hq)
    assert len(done(harbour)) == len(steps(harbour))


def test_links_are_those_one_may_follow(harbour: Harbour) -> None:
    assert [link["label"] for link in steps(harbour)["Import it"]["links"]] == ["Import a plan"]
    assert steps(harbour, "paver")["Import it"]["links"] == []
    assert steps(harbour, "observer")["Look at the checkpoints"]["links"] == []
