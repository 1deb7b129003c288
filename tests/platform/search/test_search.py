"""Search finds tasks, units, people, places, pages and acts by words, within reach, in both languages, in time."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from tests.harbour import Harbour
from tminus.desks.planning.models import Place, Task
from tminus.platform.models import Person
from tminus.platform.registry import BadInput, ask
from tminus.platform.search.finders import BEGINS, EXACT, WITHIN, WORD, fit

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(harbour: Harbour) -> Harbour:
    """Three tasks of two units, one of them at a place."""
    gate = Place.objects.create(event=harbour.event, code="G1", name_en="West Gate", name_zh="西门", lon=120, lat=30)
    Place.objects.create(event=harbour.event, code="G2", name_en="East Gate", name_zh="东门", lon=120, lat=30)
    rows = [
        ("R1", "Resurface Harbour Road", "海港路重铺", "roads", gate),
        ("R2", "Harbour Road signs", "海港路标志", "paving", None),
        ("H1", "First-aid posts", "急救点", "health", None),
    ]
    for position, (key, name_en, name_zh, unit, place) in enumerate(rows, 1):
        Task.objects.create(
            event=harbour.event, key=key, name_en=name_en, name_zh=name_zh, unit=harbour.units[unit],
            place=place, position=position,
        )  # fmt: skip
    return harbour


def found(harbour: Harbour, who: str, text: str, limit: int = 7) -> dict[str, list[str]]:
    answer = ask("platform.search", {"text": text, "limit": limit}, event=harbour.event, person=harbour.people[who])
    return {group["kind"]: [hit["title"] for hit in group["hits"]] for group in answer["groups"]}


def test_every_word_must_fit_and_the_best_stands_first(planned: Harbour) -> None:
    assert found(planned, "hq", "harbour road")["task"] == ["Harbour Road signs", "Resurface Harbour Road"]
    assert found(planned, "hq", "road signs")["task"] == ["Harbour Road signs"]
    assert found(planned, "hq", "r1")["task"] == ["Resurface Harbour Road"]
    assert "task" not in found(planned, "hq", "harbour bridge")


def test_what_is_done_stands_after_what_is_open(planned: Harbour) -> None:
    Task.objects.filter(key="R1").update(actual_finish=datetime(2026, 8, 1, 9))
    assert found(planned, "hq", "road")["task"] == ["Harbour Road signs", "Resurface Harbour Road"]
    Task.objects.filter(key="R2").update(actual_finish=datetime(2026, 8, 2, 9))
    Task.objects.filter(key="R1").update(actual_finish=None)
    assert found(planned, "hq", "road")["task"] == ["Resurface Harbour Road", "Harbour Road signs"]


def test_both_languages_find_and_the_page_speaks_its_own(planned: Harbour) -> None:
    with override("zh-hans"):
        assert found(planned, "hq", "harbour road signs")["task"] == ["海港路标志"]
        assert found(planned, "hq", "timetable")["page"][0] == "时间表"
    assert found(planned, "hq", "急救")["task"] == ["First-aid posts"]
    assert found(planned, "hq", "时间表")["page"][0] == "Timetable"


def test_nothing_beyond_reach_is_found(planned: Harbour) -> None:
    assert found(planned, "paver", "road")["task"] == ["Harbour Road signs"]
    assert "task" not in found(planned, "paver", "aid")
    assert "place" not in found(planned, "paver", "gate")
    assert found(planned, "roads_head", "gate")["place"] == ["West Gate"]
    assert found(planned, "roads_head", "health") == {"unit": ["Health Commission"]}, "the chart is everybody's"
    assert "person" not in found(planned, "roads_head", "health head")
    assert found(planned, "hq", "health head")["person"] == ["Health Head"]


def test_an_observer_and_an_administrator_are_offered_only_what_opens(planned: Harbour) -> None:
    assert found(planned, "observer", "harbour road") == {}
    pages = found(planned, "observer", "", 100)["page"]
    assert "Organisation" in pages and "Assignment book" not in pages
    assert "Accounts" in found(planned, "admin", "", 100)["page"]
    assert found(planned, "admin", "harbour road") == {}, "no post, no tasks"


@pytest.mark.parametrize("who", ["hq", "leader", "roads_head", "paver", "observer", "admin"])
def test_what_is_offered_opens(planned: Harbour, who: str) -> None:
    client = Client()
    client.force_login(planned.people[who], backend="django.contrib.auth.backends.ModelBackend")
    answer = ask("platform.search", {"limit": 100}, event=planned.event, person=planned.people[who])
    for hit in (hit for group in answer["groups"] for hit in group["hits"]):
        assert client.get(hit["url"]).status_code in (200, 303), hit


def test_checkpoints_are_found_by_their_day(planned: Harbour) -> None:
    assert found(planned, "hq", "t-70")["checkpoint"] == ["Checkpoint T−70"]
    assert found(planned, "hq", "T−8")["checkpoint"] == ["Checkpoint T−80"]
    assert "checkpoint" not in found(planned, "hq", "70")


def test_the_page_works_without_scripts_and_the_palette_says_the_same(planned: Harbour) -> None:
    client = Client()
    client.force_login(planned.hq, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/e/harbour/search/", {"q": "harbour road"}).content.decode()
    palette = client.get("/e/harbour/search/palette/", {"q": "harbour road"}).json()
    assert [hit["title"] for hit in palette["groups"][0]["hits"]] == ["Harbour Road signs", "Resurface Harbour Road"]
    assert all(f'href="{hit["url"]}"' in page for hit in palette["groups"][0]["hits"])
    assert "Nothing within your reach" in client.get("/e/harbour/search/", {"q": "zzz"}).content.decode()
    assert client.get("/e/harbour/search/", {"q": "x" * 5000}).status_code == 200


def test_a_text_too_long_is_refused(planned: Harbour) -> None:
    with pytest.raises(BadInput, match="at most 200"):
        found(planned, "hq", "x" * 201)


@pytest.mark.parametrize(
    ("names", "how"), [(["road"], EXACT), (["Road signs"], BEGINS), (["the road"], WORD), (["railroad"], WITHIN)]
)
def test_how_a_name_fits(names: list[str], how: int) -> None:
    assert fit(("road",), *names) == how
    assert fit(("bridge",), *names) is None


def test_percent_and_underscore_are_only_themselves(planned: Harbour) -> None:
    assert found(planned, "hq", "%") == {} and "task" not in found(planned, "hq", "_")


@pytest.mark.slow
@pytest.mark.parametrize("who", ["hq", "roads_head"])
def test_twenty_thousand_tasks_are_searched_without_a_wait(harbour: Harbour, who: str) -> None:
    """The best of five, on a machine that may be busy: benchmarks/console.py measures what it really takes."""
    made = [_task(harbour, number) for number in range(20_000)]
    Task.objects.bulk_create(made, batch_size=2000)
    person = harbour.people[who]
    for text in ("task 1234", "e", "施工", "nothing of the kind"):
        assert min(_seconds(harbour, person, text) for _ in range(5)) < 0.5, text


def _task(harbour: Harbour, number: int) -> Task:
    return Task(
        event=harbour.event,
        key=f"K{number:05}",
        name_en=f"Task {number} of the works beside the road",
        name_zh=f"第{number}项道路施工",
        notes="What is to be done, by whom and with what, in a few words. " * 4,
        unit=harbour.units["roads" if number % 2 else "paving"],
        position=number,
    )


def _seconds(harbour: Harbour, person: Person, text: str) -> float:
    begun = perf_counter()
    answer: dict[str, Any] = ask("platform.search", {"text": text}, event=harbour.event, person=person)
    assert answer["text"] == text
    return perf_counter() - begun
