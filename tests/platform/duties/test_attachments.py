"""Papers handed out with a duty: whoever may see the duty opens them; the latest of a name counts."""

from __future__ import annotations

import pytest

from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty
from tests.platform.duties.test_pages import signed_in
from tminus.platform import clock as clocks
from tminus.platform.access import NotAllowed, scope_of, system_scope
from tminus.platform.duties.attachments import Paper, attach, attached
from tminus.platform.models import Duty, Person, RecordLine
from tminus.platform.registry import Context, ask


def context(harbour: Harbour, person: Person | None) -> Context:
    now = clocks.now(harbour.event)
    scope = scope_of(person, harbour.event, now.date()) if person else system_scope(harbour.event)
    return Context(harbour.event, person, scope, now, code="test")


def test_papers_are_on_the_duty_s_page_and_open(harbour: Harbour, duty: Duty) -> None:
    ctx = context(harbour, harbour.people["hq"])
    attach(ctx, duty, [Paper("plan.pdf", b"%PDF-1", "The plan"), Paper("map.png", b"\x89PNG map", "The map")])
    client = signed_in(harbour, "paver")
    page = client.get(f"/e/harbour/duties/{duty.pk}/").content.decode()
    assert "plan.pdf" in page and "The plan" in page and page.count("<img") == 1
    assert "Remarks" not in page and "None yet." in page, "papers are neither remarks nor evidence"
    picture = next(one for one in attached(duty) if one["picture"])
    shown = client.get(f"/e/harbour/duties/{duty.pk}/papers/{picture['id']}/")
    assert (shown.content, shown["Content-Type"]) == (b"\x89PNG map", "image/png")
    assert (
        signed_in(harbour, "health_head").get(f"/e/harbour/duties/{duty.pk}/papers/{picture['id']}/").status_code == 404
    )
    other = new_duty(harbour, about=harbour.units["health"])
    assert client.get(f"/e/harbour/duties/{other.pk}/papers/{picture['id']}/").status_code == 404
    line = RecordLine.objects.get(code="duty.papers")
    assert line.after is not None and {*line.after["papers"]} == {"plan.pdf", "map.png"}


def test_a_later_paper_of_the_same_name_takes_the_place_of_the_first(harbour: Harbour, duty: Duty) -> None:
    ctx = context(harbour, harbour.people["hq"])
    for content in (b"one", b"two"):
        attach(ctx, duty, [Paper("plan.pdf", content, "The plan")])
    shown = ask("duty.show", {"duty": duty.pk}, event=harbour.event, person=harbour.people["paver"])
    assert [one["file_name"] for one in shown["papers"]] == ["plan.pdf"]
    address = f"/e/harbour/duties/{duty.pk}/papers/{shown['papers'][0]['id']}/"
    assert signed_in(harbour, "paver").get(address).content == b"two"


def test_somebody_hands_them_out(harbour: Harbour, duty: Duty) -> None:
    with pytest.raises(NotAllowed, match="needs a person"):
        attach(context(harbour, None), duty, [Paper("plan.pdf", b"one", "The plan")])
