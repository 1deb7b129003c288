"""Every example of docs/reference/api.md is sent, and answered as the page says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.test import Client

from tests.desks.planning.small_plan import planned as planned
from tests.harbour import Harbour
from tminus.platform.api import api
from tminus.platform.registry import perform

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md").read_text()
BLOCK = re.compile(r"```http ?(?P<status>\d*)\n(?P<sent>.*?)```(?:\n\n```json\n(?P<answer>.*?)```)?", re.S)


class Example(NamedTuple):
    method: str
    address: str
    headers: dict[str, str]
    body: str
    status: int
    answer: dict[str, Any]


def examples() -> list[Example]:
    found = []
    for block in BLOCK.finditer(PAGE):
        head, _, body = block["sent"].partition("\n\n")
        first, *rest = head.strip().splitlines()
        method, address = first.split(" ", 1)
        headers = dict(line.split(": ", 1) for line in rest)
        found.append(
            Example(
                method, address, headers, body.strip(), int(block["status"] or 200), json.loads(block["answer"] or "{}")
            )
        )
    return found


@pytest.fixture
def token(planned: Harbour) -> str:
    return str(perform("token.create", {"name": "reference"}, person=planned.hq)["secret"])


@pytest.mark.parametrize("example", examples(), ids=lambda one: f"{one.status} {one.address}")
def test_the_example_is_answered_as_the_page_says(planned: Harbour, token: str, example: Example) -> None:
    headers = {name: value.replace("TOKEN", token) for name, value in example.headers.items()}
    kind = headers.pop("Content-Type", "application/json")
    answered = Client().generic(example.method, example.address, example.body, kind, headers=headers)
    assert answered.status_code == example.status, answered.content
    assert holds(answered.json(), example.answer), answered.content


def holds(found: Any, said: Any) -> bool:
    """Whether ``found`` has all that is ``said``, and maybe more."""
    if isinstance(said, dict):
        return all(name in found and holds(found[name], value) for name, value in said.items())
    return bool(found == said)


def test_a_key_carries_an_act_out_once_as_the_page_says(planned: Harbour, token: str) -> None:
    keyed = next(one for one in examples() if "Idempotency-Key" in one.headers)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": keyed.headers["Idempotency-Key"]}
    ask = lambda body: Client().post(keyed.address, body, "application/json", headers=headers)  # noqa: E731
    first, again = ask(keyed.body), ask(keyed.body)
    assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
    assert ask(keyed.body.replace("6d", "7d")).status_code == 409


def test_every_address_named_is_one_of_the_document() -> None:
    paths = api.get_openapi_schema()["paths"]
    for one in examples():
        path = one.address.split("?")[0].replace("/harbour/", "/{slug}/").replace("/elsewhere/", "/{slug}/")
        assert one.method.lower() in paths[path]
