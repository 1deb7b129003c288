"""An inactive task says so wherever a status is shown, and shows no other."""

from __future__ import annotations

import pytest

from tests.desks.planning.test_map_and_timetable import signed_in
from tests.harbour import Harbour
from tminus.desks.planning.models import Task
from tminus.platform.registry import ask

PAGES = ["book/", "book/t/R2/", "book/t/R1/", "timetable/", "timetable/?group=unit"]


@pytest.mark.parametrize(("language", "word"), [("en", "inactive"), ("zh-hans", "已停用")])
@pytest.mark.parametrize("page", PAGES)
def test_pages_say_inactive(planned: Harbour, page: str, language: str, word: str) -> None:
    client = signed_in(planned)
    client.cookies["django_language"] = language
    before = client.get(f"/e/harbour/{page}").content.decode().count(word)
    Task.objects.filter(event=planned.event, key="R2").update(active=False, status="late")
    after = client.get(f"/e/harbour/{page}").content.decode()
    assert after.count(word) > before and "mark-inactive" in after


def test_the_browsers_table_has_its_mark(planned: Harbour) -> None:
    Task.objects.filter(event=planned.event, key="R2").update(active=False, status="late")
    found = ask("planning.book", event=planned.event, person=planned.hq)
    at = {name: number for number, name in enumerate(found["fields"])}
    assert {row[at["key"]]: row[at["status"]] for row in found["rows"]}["R2"] == "inactive"
    assert all(len(row) == len(found["fields"]) for row in found["rows"])
    assert '<template data-mark="inactive">' in signed_in(planned).get("/e/harbour/book/").content.decode()
