"""Two walked scenarios side by side: differences, which is better, curves together, exports of what is shown."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from tests.desks.passengers.small_days import DAY, save, walked
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import run_jobs, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.day_charts import LEFT, RIGHT, WIDTH, two_curves
from tminus.desks.passengers.days import computing
from tminus.desks.passengers.days.figure_words import written, written_difference
from tminus.formats.tables import read_tables
from tminus.platform.registry import BadInput

PAGE = "/e/harbour/day/compare/"


@pytest.fixture
def two(small: Harbour) -> Harbour:
    """A usual day, and the same with half as many lanes for most of the morning; both walked."""
    for args in ({"name_en": "Usual", "happenings": []}, {"name_en": "Lost"}):
        walked(small, save(small, name_zh="", **args))
    return small


def test_each_figure_has_its_difference_and_the_better_of_the_two(two: Harbour) -> None:
    found = show(two, "passengers.day.compare", {"a": "usual", "b": "lost"})
    rows = {row["figure"]: row for row in found["rows"]}
    assert rows["agents"]["difference"] == 0 and rows["agents"]["better"] == "", "the same draws"
    wait = rows["mean_wait_s"]
    assert (
        wait["b"] > wait["a"] and wait["better"] == "a" and wait["difference"] == pytest.approx(wait["b"] - wait["a"])
    )
    assert {row["better"] for row in rows.values()} <= {"a", "b", ""}
    other = show(two, "passengers.day.compare", {"a": "lost", "b": "usual"})
    back = {row["figure"]: row["better"] for row in other["rows"]}
    assert all(back[name] == {"a": "b", "b": "a", "": ""}[row["better"]] for name, row in rows.items())
    (gate,) = (row for row in found["gates"] if row["gate"] == "gate-b")
    assert gate["b"]["mean_wait_s"] > gate["a"]["mean_wait_s"], gate


def test_the_page_shows_both_and_the_exports_what_it_shows(two: Harbour) -> None:
    client = signed_in(two, "leader")
    page = client.get(PAGE, {"s": ["usual", "lost"]}).content.decode()
    for text in (
        "Usual",
        "80 % of the lanes",
        'class="line-a"',
        'class="line-b"',
        "Worst places and minutes",
        "B against A",
    ):
        assert text in page
    assert page.count('class="chart"') == 4
    answer = client.get(f"{PAGE}export/", {"a": "usual", "b": "lost", "as": "csv"})
    heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heads[2:4] == ["Usual", "Lost"] and len(rows) == 11
    assert next(row[5] for row in rows if row[1] == "mean_wait_s") == "Usual"
    book = client.get(f"{PAGE}export/", {"a": "usual", "b": "lost"}).content
    sheets = {sheet.name: sheet.rows for sheet in read_tables(Path("x.xlsx"), book)}
    assert list(sheets) == ["Figures", "Gates", "Curves"]
    shown = show(two, "passengers.day.compare", {"a": "usual", "b": "lost"})
    assert [row[2] for row in sheets["Curves"][1:]] == shown["b"]["figures"]["curves"]["on_site"]


def test_one_alone_or_not_walked_is_said(two: Harbour) -> None:
    client = signed_in(two)
    assert "Tick two" in client.get(PAGE, {"s": ["usual"]}).content.decode()
    assert client.get(f"{PAGE}export/", {"s": ["usual"]}).status_code == 303
    assert signed_in(two, "observer").get(f"{PAGE}export/").status_code == 403
    third = save(two, name_en="Third", day=f"{DAY}")
    assert client.get(f"{PAGE}export/", {"a": "usual", "b": third}).status_code == 404
    with pytest.raises(BadInput, match="has not been walked yet"):
        show(two, "passengers.day.compare", {"a": "usual", "b": third})
    with pytest.raises(BadInput, match="nothing"):
        show(two, "passengers.day.compare", {"a": "nothing", "b": "usual"})


def test_one_not_walked_is_walked_from_the_comparison(two: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    third, asked = save(two, name_en="Third", day=f"{DAY}"), {"a": "usual", "b": "third"}
    client = signed_in(two)
    page = client.get(PAGE, asked).content.decode()
    assert "Third · not walked yet" in page and "Usual · not" not in page and "nothing to compare" in page
    assert "Walk the day" not in signed_in(two, "leader").get(PAGE, asked).content.decode()
    with monkeypatch.context() as broken:
        broken.setattr(computing, "walk", lambda *given, **more: 1 / 0)
        client.post(f"/e/harbour/day/{third}/act/walk/", asked)
        run_jobs()
    for address in (PAGE, f"/e/harbour/day/{third}/"):
        assert "The last attempt failed: division by zero" in " ".join(
            re.sub(r"<[^>]+>", " ", client.get(address, asked).content.decode()).split()
        )
    assert "the last attempt failed" in client.get("/e/harbour/day/").content.decode()
    done = client.post(f"/e/harbour/day/{third}/act/walk/", asked)
    assert done["Location"] == f"{PAGE}?a=usual&b=third"
    page = client.get(PAGE, asked).content.decode()
    assert 'http-equiv="refresh"' in page and "<progress" in page and "Walk the day" not in page
    run_jobs()
    page = client.get(PAGE, asked).content.decode()
    assert 'class="line-b"' in page and 'http-equiv="refresh"' not in page
    assert "the last attempt failed" not in client.get("/e/harbour/day/").content.decode()


def test_before_anything_is_walked_the_page_says_so(small: Harbour) -> None:
    assert "No scenario has been walked yet" in signed_in(small).get(PAGE).content.decode()


def test_curves_begin_where_there_is_something_and_end_where_there_is_nothing_more() -> None:
    times = [f"{hour:02}:00" for hour in range(5, 15)]
    found = two_curves(times, [0, 0, 0, 4, 8, 0, 0, 0, 0, 0], [0, 0, 0, 0, 2, 2])
    assert [tick["at"] for tick in found["ticks"]] == ["07:00", "08:00", "09:00", "10:00", "11:00"]
    points = [tuple(map(float, one.split(","))) for one in found["a"].split()]
    assert len(points) == 5 and len(found["b"].split()) == 4
    assert all(LEFT < x < WIDTH - RIGHT for x, _y in points) and min(points, key=lambda at: at[1])[0] == points[2][0]
    assert {name["side"] for name in found["names"]} == {"a", "b"}
    assert two_curves(times, [0.0] * 10, [0.0] * 10) == {"nothing": True}


@pytest.mark.parametrize(
    ("figure", "value", "said", "off"),
    [
        ("mean_wait_s", 90.0, "1.5 min", "+1.5 min"),
        ("longest_wait_s", 4140.0, "69 min", "+69 min"),
        ("last_arrival_s", 53_760.0, "19:56", "+896 min"),
        ("person_minutes_e_f", 620_493.4, "620,493", "+620,493"),
        ("left_behind", -3.0, "-3", "−3"),
        ("incidents", None, "—", "—"),
    ],
)
def test_figures_are_written_with_their_units(figure: str, value: float | None, said: str, off: str) -> None:
    assert (written(figure, value), written_difference(figure, value)) == (said, off)
