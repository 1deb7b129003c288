"""What the server does so that nothing typed is lost: says what has been taken, and leads back to the form."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.desks.planning.small_plan import build_plan
from tests.harbour import Harbour

pytestmark = pytest.mark.django_db
PAGE = "/e/harbour/book/t/R1/"
FORM = f"{PAGE}act/change/"
HERE = f"http://testserver{PAGE}"


@pytest.fixture
def client(harbour: Harbour) -> Client:
    build_plan(harbour)
    client = Client()
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, value: str, **more: Any) -> Any:
    return client.post(FORM, {"field": "duration", "value": value, "_typed": "abc123"}, HTTP_REFERER=HERE, **more)


def test_what_was_taken_is_said_and_what_was_refused_is_not(client: Client) -> None:
    assert send(client, "7d").cookies["tminus_taken"].value == "abc123"
    assert "tminus_taken" not in send(client, "a fortnight").cookies


def test_a_number_that_is_none_is_not_sent_back(client: Client) -> None:
    answer = client.post(FORM, {"field": "duration", "value": "8d", "_typed": "a;b=c"}, HTTP_REFERER=HERE)
    assert "tminus_taken" not in answer.cookies


def test_after_signing_in_again_one_stands_before_the_form(client: Client) -> None:
    client.logout()
    answer = send(client, "7d")
    there = urlsplit(answer["Location"])
    assert there.path == "/sign-in/" and parse_qs(there.query)["next"] == [PAGE]
    assert "tminus_taken" not in answer.cookies
    assert "what you typed is kept" in client.get(answer["Location"]).content.decode()


def test_a_page_of_elsewhere_is_not_led_back_to(client: Client) -> None:
    client.logout()
    answer = client.post(FORM, {"field": "duration", "value": "7d"}, HTTP_REFERER="https://elsewhere.example/form")
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [FORM]


def test_a_form_from_before_the_last_sign_in_saves_nothing_and_says_so(client: Client, harbour: Harbour) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(FORM, {"value": "7d"}, HTTP_REFERER=HERE).status_code == 403, "no cookie at all: from elsewhere"
    strict.get(PAGE)
    answer = strict.post(FORM, {"value": "7d", "csrfmiddlewaretoken": "x" * 64}, HTTP_REFERER=HERE)
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert "out of date" in strict.get(PAGE).content.decode()


def test_programs_are_told_in_their_own_way(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    strict.get(PAGE)
    address = "/api/events/harbour/act/planning.undo"
    answer = strict.post(address, "{}", content_type="application/json", HTTP_REFERER=HERE)
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("application/json")
