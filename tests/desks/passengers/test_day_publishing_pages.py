"""Pages of publishing: the look before, the one act, what is published on screen and phone, and its exports."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils.translation import override
from icalendar import Calendar

from tests.desks.passengers.test_forecasts import act, signed_in
from tests.desks.passengers.walked_days import LANES, MORE_LANES, ONE_WAY, SHUTTLE, scenario, walked
from tests.desks.passengers.walked_days import walkable as walkable
from tests.harbour import Harbour
from tminus.desks.passengers.models import PublishedMeasure

LOOK = "/e/harbour/day/a/publish/"
PAGE = "/e/harbour/day/published/2026-11-07/"


def text(answer: Any) -> str:
    """What a page says, its tags left out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def published(walkable: Harbour) -> Client:
    walked(walkable, "a", [LANES, ONE_WAY, SHUTTLE])
    act(walkable, "passengers.day.publish", {"key": "a"})
    return signed_in(walkable)


def test_the_look_is_followed_by_the_one_act_with_its_undo(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES, ONE_WAY])
    client = signed_in(walkable)
    page = client.get(LOOK)
    assert "2 duties would be issued, 0 withdrawn, 0 stay" in text(page)
    assert "Fri 6 Nov 20:30" in text(page) and "Paver" in text(page)
    assert not PublishedMeasure.objects.exists()
    seen = page.context["seen"]
    again = client.post(LOOK, {"look": "1", "lead_h": "2", "seen": seen, "holder-1": ""})
    assert "Sat 7 Nov 06:30" in text(again) and not PublishedMeasure.objects.exists()
    done = client.post(LOOK, {"lead_h": "12", "seen": seen, "holder-1": "hand"})
    assert (done.status_code, "look again" in text(done)) == (422, True), "with another holder it is not what was seen"
    seen = client.post(LOOK, {"look": "1", "lead_h": "12", "holder-1": "hand"}).context["seen"]
    done = client.post(LOOK, {"lead_h": "12", "seen": seen, "holder-1": "hand"})
    assert (done.status_code, done["Location"]) == (303, PAGE)
    after = client.get(PAGE)
    assert "Published: 2 duties issued." in text(after) and f"{PAGE}undo/" in after.content.decode()
    assert PublishedMeasure.objects.get(number=1).duty.holder == walkable.people["hand"]  # type: ignore[union-attr]
    assert "nothing would change" in text(client.get(LOOK)).lower()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"lead_h": "999"}, "less than or equal to 240"),
        ({"holder-1": "nobody"}, "nobody in this event has the account nobody"),
        ({"holder-9": "hq"}, "no measure 9"),
        ({"seen": "stale"}, "look again"),
    ],
)
def test_a_mistake_is_said_above_what_would_be_done(walkable: Harbour, typed: dict[str, str], said: str) -> None:
    walked(walkable, "a", [LANES])
    page = signed_in(walkable).post(LOOK, typed)
    assert page.status_code == 422 and said in text(page) and "Gate 1: 12 lanes open" in text(page)
    assert not PublishedMeasure.objects.exists()


def test_a_scenario_never_walked_says_so_and_an_unknown_one_is_not_found(walkable: Harbour) -> None:
    scenario(walkable, "a", [LANES])
    page = signed_in(walkable).get(LOOK)
    assert page.status_code == 422 and "walk it first" in text(page)
    assert signed_in(walkable).get("/e/harbour/day/none/publish/").status_code == 404
    assert signed_in(walkable, "leader").get(LOOK).status_code == 403


def test_what_is_published_is_seen_by_unit_with_the_state_of_each_duty(walkable: Harbour) -> None:
    client = published(walkable)
    duty = PublishedMeasure.objects.get(number=1).duty
    assert duty is not None
    act(walkable, "duty.acknowledge", {"duty": duty.pk}, "paver")
    page = client.get(PAGE)
    assert "0 of 3 done, 2 not acknowledged yet" in text(page)
    assert [one["unit"]["name"] for one in page.context["units"]] == ["Health Commission", "Paving team", "City Works"]
    assert "acknowledged" in text(page) and f"/e/harbour/duties/{duty.pk}/" in page.content.decode()
    own = signed_in(walkable, "paver").get(PAGE)
    links = re.findall(r"/e/harbour/duties/(\d+)/", own.content.decode())
    assert links == [str(duty.pk)], "another unit's duty is told of, but not to be opened"
    assert "Withdraw all" not in text(own)
    assert len(own.content) < 100_000
    assert signed_in(walkable, "observer").get(PAGE).status_code == 403
    assert client.get("/e/harbour/day/published/tomorrow/").status_code == 404


def test_the_page_is_chinese_for_readers_of_chinese(walkable: Harbour) -> None:
    published(walkable)
    walkable.people["paver"].language = "zh-hans"
    walkable.people["paver"].save()
    page = text(signed_in(walkable, "paver").get(PAGE, headers={"accept-language": "zh-hans"}))
    assert "一号门：开放12条通道" in page and "Measures" not in page


def test_all_is_withdrawn_with_a_reason_and_taken_back(walkable: Harbour) -> None:
    client = published(walkable)
    client.post(f"{PAGE}withdraw/", {"reason": " "})
    assert "Say why" in text(client.get(PAGE))
    client.post(f"{PAGE}withdraw/", {"reason": "the day is called off"})
    page = client.get(PAGE)
    assert "3 measures withdrawn." in text(page) and "Nothing is published of this day" in text(page)
    client.post(f"{PAGE}undo/")
    assert "Taken back" in text(client.get(PAGE))
    assert PublishedMeasure.objects.filter(withdrawn_at=None).count() == 3
    assert client.post(f"{PAGE}dance/").status_code == 404


def test_it_leaves_as_table_workbook_calendar_and_paper(walkable: Harbour) -> None:
    client = published(walkable)
    table = client.get(f"{PAGE}export/?as=csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 4 and table[2].startswith("1,08:30,10:00,Gate 1: 12 lanes open,Paving team,Paver,assigned,")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{PAGE}export/?as=xlsx").content))
    assert [row[3].value for row in book.active.iter_rows()][1:] == [line.split(",")[3] for line in table[1:]]
    calendar = Calendar.from_ical(client.get(f"{PAGE}export/?as=ics").content)
    shuttle = next(one for one in calendar.walk("VEVENT") if "Shuttle" in one["summary"])
    assert f"{shuttle.decoded('dtstart'):%Y-%m-%d %H:%M}" == "2026-11-07 17:30"
    paper = client.get(f"{PAGE}export/?as=pdf")
    assert (
        paper.content.startswith(b"%PDF") and 'filename="harbour-2026-11-07-plan.pdf"' in paper["Content-Disposition"]
    )
    assert client.get(f"{PAGE}export/?as=docx").status_code == 404
    assert client.get("/e/harbour/day/published/2026-11-08/export/").status_code == 404
    assert client.get("/e/harbour/day/a/plan.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_changes_against_the_published_one_is_said_wherever_it_is_shown(walkable: Harbour, language: str) -> None:
    published(walkable)
    scenario(walkable, "b", [MORE_LANES, ONE_WAY])
    request = RequestFactory().get("/")
    request.event, request.user = walkable.event, walkable.people["leader"]  # type: ignore[attr-defined]
    shown = Template("{% load published %}{% against_published key %}")
    with override(language):
        told = {key: shown.render(Context({"request": request, "event": walkable.event, "key": key})) for key in "ab"}
    words = {"en": ("changed", "stay"), "zh-hans": ("已更改", "一致")}[language]
    assert words[0] not in told["a"] and "<li>" not in told["a"]
    assert told["b"].count("<li") == 3 and "<s>" in told["b"] and words[1] in told["b"]


def test_the_list_of_days_leads_to_what_is_published(walkable: Harbour) -> None:
    walked(walkable, "a", [LANES])
    client = signed_in(walkable)
    assert PAGE not in client.get("/e/harbour/day/").content.decode()
    act(walkable, "passengers.day.publish", {"key": "a"})
    page = client.get("/e/harbour/day/")
    assert "1 measure published" in text(page) and f'href="{PAGE}"' in page.content.decode()
