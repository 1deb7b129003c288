"""Every example of docs/reference/counts.md is sent, and answered as the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.test import Client

from tests.contracts.test_api_reference import BLOCK, holds
from tests.harbour import Harbour
from tminus.desks.passengers.health import STATUS
from tminus.desks.passengers.words import SHORT
from tminus.platform.registry import perform

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "reference" / "counts.md").read_text()


def test_each_example_is_answered_as_the_page_says(planned: Harbour) -> None:
    args = {"code": "g1", "node": "gate-1"}
    key = str(perform("passengers.counter.add", args, event=planned.event, person=planned.hq)["key"])
    blocks = list(BLOCK.finditer(PAGE))
    for block in blocks:
        head, _, body = block["sent"].partition("\n\n")
        first, *rest = head.strip().splitlines()
        headers = dict(line.split(": ", 1) for line in rest)
        headers["X-Counter-Key"] = headers["X-Counter-Key"].replace("KEY", key)
        answered = Client().post(first.split()[1], body, "application/json", headers=headers)
        assert answered.status_code == int(block["status"] or 200), answered.content
        found, said = answered.json(), json.loads(block["answer"] or "{}")
        assert holds({**found, "refused": []}, {**said, "refused": []} if said else {}), answered.content
        for is_, should in zip(found.get("refused", []), said.get("refused", []), strict=True):
            assert holds(is_, should)
    assert len(blocks) == 4


def test_each_state_a_counter_may_be_in_is_explained() -> None:
    page = (DOCS / "how-to" / "connect-counters.md").read_text()
    for state in STATUS.keys() - {"sending", "retired"}:
        assert re.search(rf"^\| {SHORT[state]} \|", page, re.M), state
