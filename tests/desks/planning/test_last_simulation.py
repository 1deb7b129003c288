"""The probability of a checkpoint stands beside its verdict: on its page, in the list, on the board, in the report."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.harbour import Harbour
from tminus.desks.planning.models import RiskRun
from tminus.desks.planning.standing import version
from tminus.platform import clock
from tminus.platform.registry import ask

pytestmark = pytest.mark.django_db


def _kept(harbour: Harbour, p: float) -> str:
    """A simulation that gave opening the probability ``p``; the checkpoint's label."""
    now = clock.now(harbour.event)
    result = {"probabilities": {harbour.event.opening.isoformat(): p, "2026-10-26": None}}
    values: dict[str, Any] = {"samples": 100, "elapsed_s": 0.1, "result": result}
    RiskRun.objects.create(event=harbour.event, at=now, day=now.date(), version=version(harbour.event), **values)
    return "T-0"


def _page(harbour: Harbour, path: str) -> bytes:
    client = Client()
    client.force_login(harbour.people["hq"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/e/{harbour.event.slug}/{path}")
    assert answer.status_code == 200
    return answer.content


def test_nothing_is_shown_before_the_first_simulation(planned: Harbour) -> None:
    rows = ask("planning.checkpoints", {}, event=planned.event, person=planned.people["hq"])["checkpoints"]
    assert {one["likelihood"] for one in rows} == {None}
    assert b"simulated" not in _page(planned, "checkpoints/T-0/") + _page(planned, "board/")


def test_it_stands_beside_the_verdict_and_says_when_the_plan_has_changed(planned: Harbour) -> None:
    label = _kept(planned, 0.42)
    who = {"event": planned.event, "person": planned.people["hq"]}
    found = ask("planning.checkpoint", {"t": label}, **who)["likelihood"]
    assert (found["p"], found["in_danger"], found["stale"]) == (0.42, True, False)
    shown = [_page(planned, path) for path in (f"checkpoints/{label}/", "checkpoints/", "board/")]
    assert all(b"42 %" in page for page in shown)
    book = load_workbook(BytesIO(_page(planned, f"checkpoints/{label}/report.xlsx"))).worksheets[0]
    (line,) = [value for name, value in book.values if name == "Likelihood"]
    assert str(line).startswith("Likelihood 42 %, simulated ")
    assert _page(planned, f"checkpoints/{label}/report.pdf").startswith(b"%PDF")
    RiskRun.objects.update(version="of the plan before")
    assert ask("planning.checkpoint", {"t": label}, **who)["likelihood"]["stale"]
    assert b"before the last change" in _page(planned, f"checkpoints/{label}/")
