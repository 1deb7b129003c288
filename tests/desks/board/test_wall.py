"""Wall screens: opened by a secret alone, read-only, in turn; switched off at once; honest about their age."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.planning.small_plan import task
from tests.harbour import Harbour
from tminus.desks.board.models import WallToken
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, Missing, ask, perform


def make(harbour: Harbour, who: str = "hq", **args: Any) -> str:
    made = perform("board.wall.make", {"name": "Hall", **args}, event=harbour.event, person=harbour.people[who])
    return str(made["secret"])


def signed_in(harbour: Harbour, who: str) -> Client:
    client = Client()
    client.force_login(harbour.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_secret_opens_each_view_without_signing_in_and_nothing_in_it_leads_anywhere(planned: Harbour) -> None:
    secret = make(planned)
    pages = {view: Client().get(f"/wall/{secret}/?wall=1&view={view}") for view in ("board", "checkpoint", "map")}
    for view, page in pages.items():
        text = page.content.decode()
        assert page.status_code == 200
        assert f'data-view="{view}"' in text and "T−80" in text
        assert "<a " not in text and "<form" not in text, "nothing to click"
        assert (page["Cache-Control"], page["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "<h1>Checkpoint T−" in pages["checkpoint"].content.decode()
    assert "sessionid" not in pages["board"].cookies


def test_the_boards_curve_is_on_the_wall_as_it_is_on_the_board(planned: Harbour) -> None:
    """The same lines, drawn by the server: what was due by each day, and what was really ready."""
    wall = Client().get(f"/wall/{make(planned)}/?view=board").content.decode()
    board = signed_in(planned, "hq").get("/e/harbour/board/").content.decode()
    for name in ("line-target", "line-actual"):
        [line] = re.findall(f'<polyline class="{name}" points="[^"]*"/>', wall)
        assert line in board
    assert wall.count('class="line-target" points="34') == 1, "the target begins at the left edge"


def test_secret_opens_nothing_else(planned: Harbour) -> None:
    secret = make(planned)
    client = Client()
    client.get(f"/wall/{secret}/")
    assert client.get("/e/harbour/board/").status_code == 302
    assert client.get(f"/e/harbour/board/?wall=1&token={secret}").status_code == 302
    assert client.post(f"/wall/{secret}/").status_code == 405


def test_only_its_hash_is_kept_and_the_record_does_not_know_it(planned: Harbour) -> None:
    secret = make(planned)
    wall = WallToken.objects.get()
    assert secret not in json.dumps({name: str(value) for name, value in vars(wall).items()})
    line = RecordLine.objects.get(code="board.wall.make")
    assert secret not in json.dumps([line.before, line.after])
    assert "token" not in json.dumps(ask("board.walls", event=planned.event, person=planned.hq), default=str)


def test_switched_off_screen_and_put_away_event_open_nothing(planned: Harbour) -> None:
    secret = make(planned)
    wall = WallToken.objects.get()
    perform("board.wall.revoke", {"wall": wall.pk}, event=planned.event, person=planned.hq)
    assert Client().get(f"/wall/{secret}/").status_code == 404
    assert Client().get(f"/wall/{secret}/now.json").status_code == 404
    with pytest.raises(Missing):
        perform("board.wall.revoke", {"wall": wall.pk}, event=planned.event, person=planned.hq)
    other = make(planned)
    planned.event.archived = True
    planned.event.save()
    assert Client().get(f"/wall/{other}/").status_code == 404


def test_only_headquarters_makes_sees_and_switches_off(planned: Harbour) -> None:
    make(planned)
    wall = WallToken.objects.get().pk
    for who in ("leader", "roads_head", "observer", "admin"):
        with pytest.raises(NotAllowed):
            make(planned, who)
        with pytest.raises(NotAllowed):
            perform("board.wall.revoke", {"wall": wall}, event=planned.event, person=planned.people[who])
        assert signed_in(planned, who).get("/e/harbour/walls/").status_code == 403
    assert WallToken.objects.count() == 1
    for bad in ({"views": []}, {"views": ["book"]}, {"name": ""}, {"language": "fr"}):
        with pytest.raises(BadInput):
            make(planned, **bad)


def test_views_turn_in_order_by_themselves_also_without_scripts(planned: Harbour) -> None:
    secret = make(planned, views=["map", "board"])
    first = Client().get(f"/wall/{secret}/?every=30").content.decode()
    assert 'data-view="map"' in first and 'data-following="board"' in first
    assert 'content="30; url=?wall=1&amp;every=30&amp;view=board"' in first
    assert 'data-following="map"' in Client().get(f"/wall/{secret}/?view=board").content.decode()
    assert 'data-view="map"' in Client().get(f"/wall/{secret}/?view=checkpoint").content.decode(), "not its view"
    for given, meant in (("1", 5), ("9999", 600), ("soon", 20), ("0", 0)):
        assert f'data-every="{meant}"' in Client().get(f"/wall/{secret}/?every={given}").content.decode()


def test_now_tells_of_each_act(planned: Harbour) -> None:
    secret = make(planned)
    before = Client().get(f"/wall/{secret}/now.json").json()["seq"]
    perform("planning.reschedule", {"policy": "as_planned"}, event=planned.event, person=planned.hq)
    assert Client().get(f"/wall/{secret}/now.json").json()["seq"] == before + 1


def test_last_seen_is_noted_at_most_each_minute(planned: Harbour) -> None:
    secret = make(planned)
    Client().get(f"/wall/{secret}/now.json")
    first = WallToken.objects.get().seen_at
    assert first is not None
    Client().get(f"/wall/{secret}/now.json")
    assert WallToken.objects.get().seen_at == first
    WallToken.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    Client().get(f"/wall/{secret}/now.json")
    assert WallToken.objects.get().seen_at > first


def test_language_is_the_screens_own(planned: Harbour) -> None:
    secret = make(planned, language="zh-hans")
    for view in ("board", "checkpoint", "map"):
        text = Client().get(f"/wall/{secret}/?view={view}").content.decode()
        assert 'lang="zh-hans"' in text and "港湾博览会" in text
        for english in ("target", "late tasks", "Units, worst", "Work lags", "Next checkpoint", "figures of"):
            assert english not in re.sub(r'class="[^"]*"', "", text), (view, english)


def test_page_shows_the_address_once(planned: Harbour) -> None:
    client = signed_in(planned, "hq")
    made = client.post("/e/harbour/walls/", {"name": "Hall 3", "views": ["board"], "language": "en"}).content.decode()
    assert "/wall/" in made and "?wall=1&amp;every=20" in made
    again = client.get("/e/harbour/walls/").content.decode()
    assert "Hall 3" in again and "/wall/" not in again
    wall = WallToken.objects.get()
    assert client.post(f"/e/harbour/walls/{wall.pk}/off/").status_code == 303
    assert WallToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("view", ["board", "checkpoint", "map"])
def test_cost_does_not_grow_with_the_plan(planned: Harbour, view: str, django_assert_max_num_queries: Any) -> None:
    from tminus.desks.planning.models import Task

    model = task(planned, "R2")
    Task.objects.bulk_create(
        Task(
            event=planned.event, key=f"X{n}", position=100 + n, name_en=f"Extra {n}", unit=model.unit, status="late",
            planned_start=model.planned_start, planned_finish=model.planned_finish,
        )
        for n in range(200)
    )  # fmt: skip
    perform("planning.reschedule", {"policy": "alap_total"}, event=planned.event, person=planned.hq)
    secret = make(planned)
    with django_assert_max_num_queries(40):
        assert Client().get(f"/wall/{secret}/?view={view}").status_code == 200
