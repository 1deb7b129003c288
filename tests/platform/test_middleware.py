"""Who enters an event's pages: those with a post today; who has one later is told when; others find nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from tests.harbour import Harbour
from tminus.platform.models import Appointment, Unit

pytestmark = pytest.mark.django_db


def page(harbour: Harbour, who: str) -> tuple[int, str]:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/e/harbour/duties/")
    return answer.status_code, answer.content.decode()


def test_a_post_that_begins_later_says_when(harbour: Harbour) -> None:
    Appointment.objects.filter(person=harbour.paver).update(from_date=date(2199, 10, 20))
    status, text = page(harbour, "paver")
    assert status == 403
    assert "has not begun" in text and "2199-10-20" in text


def test_a_unit_that_stands_later_counts_too(harbour: Harbour) -> None:
    Unit.objects.filter(code="paving").update(from_date=date(2199, 10, 21))
    assert "2199-10-21" in page(harbour, "paver")[1]


def test_a_post_that_has_ended_opens_nothing(harbour: Harbour) -> None:
    Appointment.objects.filter(person=harbour.paver).update(until_date=date(2001, 1, 1))
    assert page(harbour, "paver")[0] == 404
    assert page(harbour, "stranger")[0] == 404
