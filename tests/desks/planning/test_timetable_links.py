"""Links listed, added, changed and taken away, on a task's page and beside the timetable; circles are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages

from tests.desks.planning.small_plan import NOW, task
from tests.desks.planning.test_map_and_timetable import signed_in
from tests.harbour import Harbour
from tminus.desks.planning.models import TaskLink
from tminus.platform.models import ClockShift, RecordLine
from tminus.platform.registry import BadInput, perform

LINKS = "/e/harbour/timetable/links/"


def links(harbour: Harbour) -> set[tuple[str, str, str, int]]:
    found = TaskLink.objects.filter(event=harbour.event)
    return set(found.values_list("predecessor__key", "successor__key", "kind", "lag_min"))


def test_a_tasks_page_lists_its_links_with_forms(planned: Harbour) -> None:
    page = signed_in(planned).get("/e/harbour/book/t/R2/").content.decode()
    assert 'name="predecessor" value="R1"' in page and "Take away the link to R1" in page
    assert "Road open" in page and 'class="add-link"' in page
    page = signed_in(planned, "leader").get("/e/harbour/book/t/R2/").content.decode()
    assert 'Survey <span class="t">R1</span>' in page and "add-link" not in page and 'name="take"' not in page


def test_link_added_changed_and_taken_away(planned: Harbour) -> None:
    client = signed_in(planned)
    given = {"task": "H2", "predecessor": "R1", "kind": "FF", "lag": "2d", "back": "/e/harbour/timetable/?group=unit"}
    went = client.post(LINKS, given)
    assert (went.status_code, went["Location"]) == (303, given["back"])
    assert ("R1", "H2", "FF", 960) in links(planned)
    later = (NOW + timedelta(minutes=1)).replace(tzinfo=planned.event.zone)
    ClockShift.objects.filter(event=planned.event).update(event_from=later)
    client.post(LINKS, {**given, "lag": "-1d"})
    assert ("R1", "H2", "FF", -480) in links(planned) and len(links(planned)) == 4
    last = RecordLine.objects.filter(event=planned.event, code="planning.link").latest("seq")
    perform("planning.undo", {"line": last.seq}, event=planned.event, person=planned.hq)
    assert ("R1", "H2", "FF", 960) in links(planned), "a changed lag goes back to what it was"
    client.post(LINKS, {**given, "take": "1"})
    assert len(links(planned)) == 3


def test_a_circle_is_refused_with_its_chain(planned: Harbour) -> None:
    before = links(planned)
    with pytest.raises(BadInput, match="R2 Paving → R3 Road open → R1 Survey"):
        perform("planning.link", {"predecessor": "R3", "successor": "R1"}, event=planned.event, person=planned.hq)
    answer = signed_in(planned).post(LINKS, {"task": "R1", "predecessor": "R3"})
    [said] = [str(one) for one in get_messages(answer.wsgi_request)]
    assert "R1" in said and "→" in said
    assert links(planned) == before


def test_beside_the_chart_the_form_is_filled_in_and_tells_what_must_move(planned: Harbour) -> None:
    one, other = task(planned, "H1"), task(planned, "R3")
    assert one.planned_start and other.planned_finish and one.planned_start < other.planned_finish
    asked = {"task": "H1", "predecessor": "R3", "kind": "FS", "back": "/e/harbour/timetable/"}
    piece = signed_in(planned).get(LINKS, asked).content.decode()
    assert "<html" not in piece and 'value="R3"' in piece and "must be moved then" in piece
    assert str((other.planned_finish.date() - one.planned_start.date()).days) in piece


@pytest.mark.parametrize("back", ["//elsewhere.example/", "https://elsewhere.example/", ""])
def test_the_form_never_leads_elsewhere(planned: Harbour, back: str) -> None:
    went = signed_in(planned).post(LINKS, {"task": "H2", "predecessor": "R1", "back": back})
    assert went["Location"] == "/e/harbour/book/t/H2/"


def test_what_is_out_of_reach_is_neither_listed_nor_linked(planned: Harbour) -> None:
    assert signed_in(planned).get(LINKS, {"task": "nothing"}).status_code == 404
    assert signed_in(planned, "paver").get(LINKS, {"task": "H1"}).status_code == 404
    before = links(planned)
    assert signed_in(planned, "paver").post(LINKS, {"task": "H1", "predecessor": "R2"}).status_code in (403, 404)
    assert links(planned) == before
