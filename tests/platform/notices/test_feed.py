"""A calendar by a secret address: own open duties, stable identities, a new address ends the old."""

from __future__ import annotations

from django.test import Client
from icalendar import Calendar

from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty, step
from tminus.platform.registry import perform


def test_the_feed_has_the_persons_open_duties_until_renewed(harbour: Harbour) -> None:
    duty = new_duty(harbour)
    new_duty(harbour, about=harbour.units["health"], holder=harbour.health_head)
    token = perform("calendar.renew", event=harbour.event, person=harbour.paver)["token"]
    address = f"/calendar/{token}.ics"
    answer = Client().get(address)
    assert answer["Content-Type"].startswith("text/calendar")
    (todo,) = Calendar.from_ical(answer.content).walk("VTODO")
    assert str(todo["summary"]) == "Pave the quay (T−69)"
    step(harbour, duty, "acknowledge", "paver")
    (again,) = Calendar.from_ical(Client().get(address).content).walk("VTODO")
    assert (again["uid"], int(again["sequence"])) == (todo["uid"], int(todo["sequence"]) + 1)
    perform("calendar.renew", event=harbour.event, person=harbour.paver)
    assert Client().get(address).status_code == 404
