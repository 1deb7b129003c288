"""Events like this one: figures with sources, row by row, each change a version that can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desks.passengers.test_forecasts import act, hand_in, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.forecasting.kept_folder import content_of, current
from tminus.desks.passengers.models import ForecastFile
from tminus.formats.analogues import read_analogues, read_rows
from tminus.platform.access import NotAllowed
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput

ADDRESS = "/e/harbour/forecast/like/"
FAIR = {"event": "Spring fair 2024", "what": "daily_visits", "value": 52_000, "source": "own count", "note": "4 days"}
HANDED_IN = "活动,指标,数值,来源,说明\n博览会,level_ratio,0.907,报道,甲\nSpring fair,free entry,1.4,own count,\n"


@pytest.fixture
def kept(planned: Harbour, settings: Any, tmp_path: Path) -> Iterator[Harbour]:
    settings.MEDIA_ROOT = tmp_path / "files"
    yield planned


def rows(harbour: Harbour) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = show(harbour, "passengers.analogues")["rows"]
    return found


def test_rows_are_added_changed_taken_away_and_taken_back(kept: Harbour) -> None:
    assert rows(kept) == []
    first = act(kept, "passengers.analogue.set", FAIR)
    act(kept, "passengers.analogue.set", {**FAIR, "what": "show", "value": 0.7, "note": ""})
    changed = act(kept, "passengers.analogue.set", {**FAIR, "number": 1, "value": 48_000})
    assert [(row["what"], row["value"]) for row in rows(kept)] == [("daily_visits", 48_000), ("show", 0.7)]
    line = RecordLine.objects.filter(code="passengers.analogue.set").order_by("-seq")[0]
    assert (line.before["value"], line.after["value"]) == (52_000, 48_000)
    gone = act(kept, "passengers.analogue.remove", {"number": 2})
    assert [row["number"] for row in rows(kept)] == [1]
    back = act(kept, "passengers.analogue.undo", {"seen": gone["digest"]})
    assert back["digest"] == changed["digest"] and len(rows(kept)) == 2
    assert ForecastFile.objects.filter(name="analogues.csv", digest=first["digest"]).exists(), "every version stays"
    content = content_of(current(kept.event)["analogues.csv"])
    assert [one.what for one in read_analogues(Path("analogues.csv"), content)] == ["daily_visits", "show"]


def test_a_file_handed_in_is_edited_on(kept: Harbour) -> None:
    act(kept, "passengers.forecast.take", {"file": hand_in(kept, "analogues", HANDED_IN)["file"]})
    found = show(kept, "passengers.analogues")
    assert [row["note"] for row in found["rows"]] == ["甲", ""] and not found["undo"]
    with pytest.raises(BadInput, match="no change to take back"):
        act(kept, "passengers.analogue.undo", {"seen": found["digest"]})
    done = act(kept, "passengers.analogue.set", {**FAIR, "seen": found["digest"]})
    assert len(rows(kept)) == 3
    with pytest.raises(BadInput, match="changed this since"):
        act(kept, "passengers.analogue.remove", {"number": 1, "seen": found["digest"]})
    act(kept, "passengers.analogue.undo", {"seen": done["digest"]})
    assert [row["event"] for row in rows(kept)] == ["博览会", "Spring fair"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"value": 0}, "value"), ({"value": "many"}, "value"), ({"source": "  "}, "source"), ({"number": 9}, "number")],
)
def test_what_cannot_be_is_named_at_its_field(kept: Harbour, given: dict[str, Any], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        act(kept, "passengers.analogue.set", FAIR | given)
    assert refused.value.field == field and rows(kept) == []


def test_a_cell_that_looks_like_a_formula_comes_back_as_it_was(kept: Harbour) -> None:
    act(kept, "passengers.analogue.set", {**FAIR, "event": "=1+1", "source": "-\"x\", 'y'", "note": "@home"})
    (row,) = rows(kept)
    assert (row["event"], row["source"], row["note"]) == ("=1+1", "-\"x\", 'y'", "@home")


def test_only_headquarters_edits(kept: Harbour) -> None:
    act(kept, "passengers.analogue.set", FAIR)
    for who in ("leader", "roads_head", "observer"):
        with pytest.raises(NotAllowed):
            act(kept, "passengers.analogue.remove", {"number": 1}, who)
    page = signed_in(kept, "leader").get(ADDRESS).content.decode()
    assert "own count" in page and "Take away" not in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_edits_row_by_row(kept: Harbour, language: str) -> None:
    client = signed_in(kept)
    client.cookies["django_language"] = language
    typed = {"event": "Fair", "what": "policy", "value": "1.4", "source": "own count"}
    assert client.post(ADDRESS, typed).status_code == 422, "a policy without its name"
    assert client.post(ADDRESS, {**typed, "policy": "free entry"}).status_code == 303
    assert client.post(ADDRESS, {**typed, "what": "show", "value": "0.8"}).status_code == 303
    page = client.get(f"{ADDRESS}?edit=1").content.decode()
    assert 'value="free entry"' in page and 'value="policy" selected' in page
    seen = show(kept, "passengers.analogues")["digest"]
    assert client.post(f"{ADDRESS}?edit=1", {**typed, "policy": "free rides", "seen": seen}).status_code == 303
    assert [row["what"] for row in rows(kept)] == ["free rides", "show"]
    stale = client.post(f"{ADDRESS}?edit=2", {**typed, "what": "show", "seen": seen})
    assert stale.status_code == 422
    assert ("changed this since" if language == "en" else "已有人改动") in stale.content.decode()
    seen = show(kept, "passengers.analogues")["digest"]
    assert client.post(f"{ADDRESS}remove/", {"number": "2", "seen": seen}).status_code == 303
    page = client.get(ADDRESS).content.decode()
    assert ("Undo" if language == "en" else "撤销") in page and len(rows(kept)) == 1
    seen = show(kept, "passengers.analogues")["digest"]
    assert client.post(f"{ADDRESS}undo/", {"seen": seen}).status_code == 303
    assert len(rows(kept)) == 2


def test_the_form_takes_figures_that_are_no_whole_numbers(planned: Harbour) -> None:
    page = signed_in(planned).get("/e/harbour/forecast/like/").content.decode()
    (field,) = [part for part in page.split("<input") if 'name="value"' in part]
    assert 'type="number"' in field and 'step="any"' in field, "a browser refuses 0.907 otherwise"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_is_read_as_it_was(kept: Harbour, form: str) -> None:
    act(kept, "passengers.analogue.set", {**FAIR, "event": "=Spring", "value": 1.25, "what": "free entry"})
    act(kept, "passengers.analogue.set", FAIR)
    found = signed_in(kept).get(f"{ADDRESS}export/?as={form}")
    path = Path(f"analogues.{form}")
    again = read_rows(path, found.content)
    wanted = [{name: row[name] for name in FAIR} for row in rows(kept)]
    assert [{**one._asdict(), "event": one.event.lstrip("'")} for one in again] == wanted
