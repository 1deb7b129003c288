"""Pages of duties: everybody's home, the units' late ones, one duty; phone-light and constant in queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.harbour import Harbour
from tests.platform.duties.steps import DUE, new_duty, step
from tminus.platform.models import Duty, DutyState, Evidence, Unit


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(client: Client, duty: Duty, name: str, **values: Any) -> Any:
    answer = client.post(f"/e/harbour/duties/{duty.pk}/{name}/", values)
    duty.refresh_from_db()
    return answer


def test_the_home_page_has_what_waits_and_acknowledges_by_one_press(harbour: Harbour, duty: Duty) -> None:
    client = signed_in(harbour, "paver")
    page = client.get("/e/harbour/duties/").content.decode()
    assert "To acknowledge" in page
    assert "Pave the quay" in page
    assert len(page) < 100_000
    answer = post(client, duty, "acknowledge", next="/e/harbour/duties/")
    assert (answer.status_code, answer["Location"], duty.state) == (302, "/e/harbour/duties/", "acknowledged")
    page = client.get("/e/harbour/duties/").content.decode()
    assert "take_back" in page, "undo is offered once"
    assert "take_back" not in client.get("/e/harbour/duties/").content.decode()
    post(client, duty, "take_back")
    assert duty.state == DutyState.ASSIGNED


def test_nothing_to_do_says_so(harbour: Harbour, clock: object) -> None:
    assert "Nothing to do" in signed_in(harbour, "paver").get("/e/harbour/duties/").content.decode()


def test_a_duty_is_submitted_with_a_photo_and_accepted(harbour: Harbour, duty: Duty) -> None:
    client = signed_in(harbour, "paver")
    post(client, duty, "acknowledge")
    photo = SimpleUploadedFile("quay.png", b"\x89PNG quay", "image/png")
    assert post(client, duty, "submit", note="paved", files=photo).status_code == 302
    assert duty.state == DutyState.SUBMITTED
    one = Evidence.objects.get()
    address = f"/e/harbour/duties/{duty.pk}/evidence/{one.pk}/"
    shown = client.get(address)
    assert (shown.content, shown["Content-Type"]) == (b"\x89PNG quay", "image/png")
    assert signed_in(harbour, "health_head").get(address).status_code == 404
    head = signed_in(harbour, "roads_head")
    assert "To accept" in head.get("/e/harbour/duties/").content.decode()
    post(head, duty, "accept")
    assert duty.state == DutyState.ACCEPTED


def test_other_files_are_downloads_never_pages(harbour: Harbour, duty: Duty) -> None:
    client = signed_in(harbour, "paver")
    post(client, duty, "acknowledge")
    post(client, duty, "submit", files=SimpleUploadedFile("x.html", b"<script>", "text/html"))
    answer = client.get(f"/e/harbour/duties/{duty.pk}/evidence/{Evidence.objects.get().pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_a_failed_step_keeps_what_was_typed(harbour: Harbour, duty: Duty) -> None:
    client = signed_in(harbour, "paver")
    post(client, duty, "acknowledge")
    step(harbour, duty, "submit", "paver", note="done")
    step(harbour, duty, "return", "roads_head", reason="kerb")
    answer = post(client, duty, "hand_over", person=harbour.stranger.pk, reason="on leave until Monday")
    assert answer.status_code == 400
    assert "on leave until Monday" in answer.content.decode()


@pytest.mark.parametrize("who", ["health_head", "hand"])
def test_pages_of_others_duties(harbour: Harbour, duty: Duty, who: str) -> None:
    expected = 200 if who == "hand" else 404  # the hand's post reaches the paving team
    assert signed_in(harbour, who).get(f"/e/harbour/duties/{duty.pk}/").status_code == expected
    assert post(signed_in(harbour, who), duty, "acknowledge").status_code == 403


def test_heads_see_what_is_late_below_them(harbour: Harbour, duty: Duty, clock: Any) -> None:
    step(harbour, duty, "acknowledge", "paver")
    clock(DUE + timedelta(days=2))
    assert "Pave the quay" in signed_in(harbour, "roads_head").get("/e/harbour/duties/units/").content.decode()
    other = signed_in(harbour, "health_head").get("/e/harbour/duties/units/").content.decode()
    assert "Nothing in your units is late." in other


def test_queries_do_not_grow_with_duties(harbour: Harbour, duty: Duty, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        unit = Unit.objects.create(event=harbour.event, code=f"u{number}", name_en="x", path=f"/hq/roads/u{number}/")
        new_duty(harbour, about=unit)
    client = signed_in(harbour, "paver")
    for address in ("/e/harbour/duties/", "/e/harbour/duties/units/?all=1", f"/e/harbour/duties/{duty.pk}/"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["duties/", "notices/", "notices/settings/", "jobs/"])
def test_every_page_in_both_languages_and_not_for_strangers(harbour: Harbour, duty: Duty, address: str) -> None:
    client = signed_in(harbour, "paver")
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        assert client.get(f"/e/harbour/{address}").status_code == 200
    assert signed_in(harbour, "stranger").get(f"/e/harbour/{address}").status_code == 404
