"""Accounts: links work once, closed accounts are closed everywhere, the first administrator needs the token."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.harbour import Harbour
from tminus.platform.accounts.first import token_file
from tminus.platform.models import OneTimeLink, Person
from tminus.platform.registry import BadInput, perform

PASSWORD = "anchored-lantern-42"


def test_an_invitation_works_once(harbour: Harbour, client: Client) -> None:
    made = perform("person.create", {"username": "fresh"}, person=harbour.admin)
    link = perform("person.invite", made, person=harbour.admin)["link"]
    path = link.split("8000", 1)[-1]
    assert client.get(path).status_code == 200
    assert "at least 10" in client.post(path, {"password": "short"}).content.decode().lower()
    assert client.post(path, {"password": PASSWORD}).status_code == 303
    assert client.post(path, {"password": PASSWORD}).status_code == 404
    answer = client.post("/sign-in/", {"username": "fresh", "password": PASSWORD})
    assert answer.status_code == 302


def test_an_expired_link_does_not_work(harbour: Harbour, client: Client) -> None:
    link = perform("person.reset_link", {"person": harbour.hand.pk}, person=harbour.admin)["link"]
    OneTimeLink.objects.update(expires_at=timezone.now())
    assert client.get(link.split("8000", 1)[-1]).status_code == 404


def test_the_first_administrator_needs_the_token(
    db: None, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    token_file().write_text("good-token")
    form = {"token": "bad", "username": "first", "password": PASSWORD}
    assert client.get("/sign-in/").status_code == 303
    assert client.post("/setup/", form).status_code == 200
    assert not Person.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/setup/", {**form, "token": "good-token"}).headers["Location"] == "/events/new/"
    assert Person.objects.get().is_administrator
    assert not token_file().exists()
    assert client.get("/setup/").status_code == 303
    event = {
        "name_en": "Expo",
        "slug": "expo",
        "opening": "2026-11-05",
        "closing": "2026-11-10",
        "timezone": "Asia/Shanghai",
        "checkpoint_days": "10",
    }
    made = client.post("/events/new/", event, follow=True)
    assert made.redirect_chain[-1][0] == "/e/expo/next/"
    assert made.status_code == 200


def test_the_last_administrator_stays(harbour: Harbour) -> None:
    with pytest.raises(BadInput, match="last administrator"):
        perform("person.deactivate", {"person": harbour.admin.pk}, person=harbour.admin)


def test_closing_an_account_ends_its_sessions_and_tokens(harbour: Harbour, client: Client) -> None:
    secret = perform("token.create", {"name": "x"}, person=harbour.hq)["secret"]
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.get("/api/events/harbour/show/event.show", **bearer).status_code == 200
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    perform("person.deactivate", {"person": harbour.hq.pk}, person=harbour.admin)
    assert client.get("/e/harbour/organisation/").status_code == 302
    assert Client().get("/api/events/harbour/show/event.show", **bearer).status_code == 401


def test_sign_in_locks_after_many_attempts(harbour: Harbour, client: Client) -> None:
    for _ in range(8):
        answer = client.post("/sign-in/", {"username": "hq", "password": "wrong"})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()


def test_demo_accounts_are_there_in_a_demonstration_only(harbour: Harbour, client: Client) -> None:
    assert client.post("/sign-in/demo/", {"username": "hq"}).status_code == 404
    assert "Demonstration accounts" not in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize(
    "path", ["/account/", "/account/password/", "/accounts/", "/events/new/", "/events/copy/", "/"]
)
def test_pages_answer_the_administrator(harbour: Harbour, client: Client, path: str) -> None:
    client.force_login(harbour.admin, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path).status_code == 200


def test_the_api_names_what_is_wrong(harbour: Harbour, client: Client) -> None:
    secret = perform("token.create", {"name": "x"}, person=harbour.hq)["secret"]
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "content_type": "application/json"}
    base = "/api/events/harbour/act/organisation.unit.move"
    wrong = client.post(base, {"parent": "hq"}, **bearer)
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "unit")
    gone = client.post(base, {"unit": "nowhere", "parent": "hq"}, **bearer)
    assert (gone.status_code, gone.json()["error"]["value"]) == (404, "nowhere")
    assert client.get("/api/events/other/show/event.show", **bearer).status_code == 404
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(base, {"unit": "paving", "parent": "hq"}, content_type="application/json").status_code == 403
    assert client.get("/api/openapi.json").json()["paths"]["/api/events/{slug}/act/organisation.unit.move"]
    assert "cdn" not in client.get("/api/docs/").content.decode()


def test_a_past_event_begins_anew_shifted_to_its_opening(harbour: Harbour) -> None:
    args = {"source": "harbour", "slug": "next", "name_en": "Next", "opening": "2027-11-05"}
    done = perform("event.copy", args, person=harbour.admin)
    assert (done["shift_days"], done["copied"]["units"], done["copied"]["posts"]) == (365, 4, 7)
    from tminus.platform.models import Event

    assert Event.objects.get(slug="next").closing.isoformat() == "2027-11-10"


def test_a_link_by_mail_tells_nobody_which_accounts_exist(harbour: Harbour, client: Client) -> None:
    from django.core import mail

    known = client.post("/reset/", {"email": "hand@example.org"})
    unknown = client.post("/reset/", {"email": "nobody@example.org"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [["hand@example.org"]]
    assert "/link/" in mail.outbox[0].body
