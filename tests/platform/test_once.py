"""An act asked for twice under one ``Idempotency-Key`` is carried out once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.harbour import Harbour, build_harbour
from tminus.platform.models import ApiToken, KeptAnswer, Person, RecordLine, Unit
from tminus.platform.once import KEPT_FOR, forget_old
from tminus.platform.registry import perform

UNIT = "/api/events/harbour/act/organisation.unit.create"
QUAY = {"code": "quay", "name_en": "Quay team", "parent": "roads"}


def bearer(person: Person) -> str:
    return "Bearer " + str(perform("token.create", {"name": "a program"}, person=person)["secret"])


@pytest.fixture
def call(harbour: Harbour, client: Client) -> Any:
    """POST as headquarters, or as the person of ``secret``."""
    own = bearer(harbour.hq)

    def post(address: str, body: Any, key: str | None = None, secret: str = own) -> Any:
        headers = {"HTTP_AUTHORIZATION": secret} | ({} if key is None else {"HTTP_IDEMPOTENCY_KEY": key})
        return client.post(address, body, content_type="application/json", **headers)  # type: ignore[arg-type]

    return post


def test_the_same_again_is_answered_and_not_done_again(harbour: Harbour, call: Any) -> None:
    first = call(UNIT, QUAY, "k1")
    lines = RecordLine.objects.count()
    second = call(UNIT, QUAY, "k1")
    assert (first.status_code, second.status_code) == (200, 200), first.content
    assert first.content == second.content
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert RecordLine.objects.count() == lines
    assert Unit.objects.filter(code="quay").count() == 1
    assert call(UNIT, QUAY).status_code == 400, "without the key it is done again, and refused: the code is taken"


@pytest.mark.parametrize(
    "address, body",
    [
        (UNIT, {**QUAY, "code": "pier"}),
        ("/api/events/harbour/act/organisation.unit.move", {"unit": "paving", "parent": "hq"}),
    ],
)
def test_the_key_of_another_request_is_refused(harbour: Harbour, call: Any, address: str, body: Any) -> None:
    assert call(UNIT, QUAY, "k1").status_code == 200
    lines = RecordLine.objects.count()
    refused = call(address, body, "k1")
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert (error["field"], error["value"]) == ("Idempotency-Key", "k1")
    assert "another request" in error["message"]
    assert RecordLine.objects.count() == lines


def test_another_persons_key_is_another_key(harbour: Harbour, call: Any) -> None:
    one = call("/api/act/token.create", {"name": "x"}, "k1")
    other = call("/api/act/token.create", {"name": "x"}, "k1", bearer(harbour.paver))
    assert one.json()["secret"] != other.json()["secret"]
    assert "Idempotency-Replayed" not in other.headers


def test_a_refused_act_leaves_the_key_free(harbour: Harbour, call: Any) -> None:
    gone = call(UNIT, {**QUAY, "parent": "nowhere"}, "k1")
    assert gone.status_code == 404
    assert not KeptAnswer.objects.exists()
    assert call(UNIT, QUAY, "k1").status_code == 200


def test_the_answer_is_not_readable_in_the_database(harbour: Harbour, call: Any) -> None:
    secret = call("/api/act/token.create", {"name": "x"}, "k1").json()["secret"]
    row = KeptAnswer.objects.get()
    assert secret.encode() not in bytes(row.answer)
    assert row.key_hash != "k1"
    assert call("/api/act/token.create", {"name": "x"}, "k1").json()["secret"] == secret


def test_after_a_day_the_key_is_new_and_the_ticker_forgets_it(harbour: Harbour, call: Any) -> None:
    body = {"name": "x"}
    first = call("/api/act/token.create", body, "k1").json()["secret"]
    call("/api/act/token.create", body, "k2")
    KeptAnswer.objects.update(at=timezone.now() - KEPT_FOR + timedelta(minutes=1))
    assert forget_old() == 0
    assert call("/api/act/token.create", body, "k1").json()["secret"] == first
    KeptAnswer.objects.update(at=timezone.now() - KEPT_FOR)
    assert call("/api/act/token.create", body, "k1").json()["secret"] != first
    assert forget_old() == 1
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "schlüssel"])
def test_a_key_that_is_none_is_refused(harbour: Harbour, call: Any, key: str) -> None:
    refused = call(UNIT, QUAY, key)
    assert refused.status_code == 400
    assert refused.json()["error"]["field"] == "Idempotency-Key"
    assert not Unit.objects.filter(code="quay").exists()


def test_nobody_reads_an_old_answer_after_losing_the_account(harbour: Harbour, call: Any) -> None:
    secret = bearer(harbour.paver)
    call("/api/act/token.create", {"name": "x"}, "k1", secret)
    perform("person.deactivate", {"person": harbour.paver.pk}, person=harbour.admin)
    assert call("/api/act/token.create", {"name": "x"}, "k1", secret).status_code == 401


@pytest.fixture
def committed(transactional_db: None) -> Iterator[Harbour]:
    yield build_harbour()


def test_at_once_from_several_sides_it_is_done_once(committed: Harbour) -> None:
    """Each thread has a connection of its own, as each process of the server has."""
    if connection.vendor == "sqlite":
        pytest.skip("a database in memory has one writer; tests/cli/test_once_by_processes.py does this on a file")
    secret, sides = bearer(committed.hq), 6
    ready, answers = threading.Barrier(sides), []

    def ask() -> None:
        try:
            ready.wait()
            headers = {"HTTP_AUTHORIZATION": secret, "HTTP_IDEMPOTENCY_KEY": "k1"}
            answers.append(
                Client().post("/api/act/token.create", {"name": "x"}, content_type="application/json", **headers)  # type: ignore[arg-type]
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(sides)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [answer.status_code for answer in answers] == [200] * sides
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in answers) == 1
    assert ApiToken.objects.filter(name="x").count() == 1
