"""The plan of a day on paper: measures with who answers for them, figures beside those of others, lanes, shuttles."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.utils.translation import override
from pypdf import PdfReader

from tests.desks.passengers.test_forecasts import act, show
from tests.desks.passengers.walked_days import LANES, MORE_LANES, ONE_WAY, SHUTTLE, replay, scenario, walk, walked
from tests.desks.passengers.walked_days import walkable as walkable
from tests.harbour import Harbour
from tminus.desks.passengers.day_papers import DayPaper, day_pdf, departures, plan_data
from tminus.desks.passengers.element_names import kept_names
from tminus.desks.passengers.models import DayWalk
from tminus.desks.passengers.publishing.beside import beside
from tminus.desks.passengers.publishing.plan import measures_of
from tminus.formats.event_folder.day_scenarios import Does, Measure
from tminus.platform.registry import BadInput


def paper(walk: DayWalk) -> DayPaper:
    measures, event = measures_of(walk.measures, walk.scenario.day), walk.scenario.event
    carriers = [("Paving team", "Paver")] * len(measures)
    return DayPaper(event, walk, measures, kept_names(event), replay(), carriers, beside(walk))


def told(content: bytes) -> str:
    """The words of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_tells_what_is_done_what_it_brings_and_where_it_is_worst(walkable: Harbour) -> None:
    walked(walkable, "none", [], mean_wait_s=1320.0)
    walk(scenario(walkable, "rule", [MORE_LANES], origin="greedy"), mean_wait_s=600.0)
    data = plan_data(paper(walked(walkable, "a", [LANES, ONE_WAY, SHUTTLE])))
    assert data["measures"][0] == ["1", "08:30–10:00", "Gate 1: 12 lanes open", "Paving team", "Paver"]
    assert data["figures_head"] == ["Figure", "This plan", "Nothing done", "By rule"]
    assert data["figures"][0] == ["Mean wait at the gates", "8.0 min", "22 min (−14 min)", "10 min (−2.0 min)"]
    assert data["figures"][1][2:] == ["4,200", "4,200"], "no difference, no brackets"
    assert data["key_figures"][0]["against"] == "Nothing done: 22 min (−14 min)"
    assert data["worst"] == [
        ["Gate 1", "wait 15 min", "09:00–09:45", "9,800"],
        ["Harbour – Gate 1", "level E, 1.7 persons/m²", "09:15–10:00", "1,900"],
        ["Harbour", "12 left behind", "18:00–18:15", "300"],
    ]
    assert data["lanes_head"] == ["From", "Gate 1"], "a gate that never opens has no column"
    assert data["lanes"] == [["08:00", "– · – · 6 · 6"], ["09:00", "12"], ["10:00", "8 · 8 · 8 · 4"]]
    assert data["carriers"] == [["Paving team", "Paver", "1, 2, 3"]]


def test_a_shuttle_s_departures_are_told_by_the_hour() -> None:
    every = [*departures(Measure(Does.SHUTTLE, "a", 600, 1050, 1140, "b", 80))]
    assert every == [1050, 1060, 1070, 1080, 1090, 1100, 1110, 1120, 1130], "the last leaves before it ends"
    uneven = [*departures(Measure(Does.SHUTTLE, "a", 1000, 1430, 1480, "b", 80))]
    assert uneven == pytest.approx([1430, 1430 + 1000 / 60, 1430 + 2 * 1000 / 60])


def test_what_others_walked_is_beside_it_only_where_it_is_the_same_day_and_people(walkable: Harbour) -> None:
    own = walked(walkable, "a", [LANES])
    other = walk(scenario(walkable, "wet", [], happenings=[{"kind": "rain", "value": 5.0}]))
    seeded = walked(walkable, "seeded", [])
    DayWalk.objects.filter(pk=seeded.pk).update(seed=7)
    assert beside(own) == {}
    nothing = walked(walkable, "none", [])
    assert beside(own) == {"Nothing done": nothing} and beside(other) == {}
    act(walkable, "passengers.day.publish", {"key": "a"})
    better = walked(walkable, "b", [MORE_LANES])
    assert beside(better) == {"Nothing done": nothing, "As published": own}
    assert beside(own) == {"Nothing done": nothing}, "not beside itself"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Plan of the day: Day a", "Gate 1: 12 lanes open", "17:00 30 40 50", "Simulated, not observed"]),
        ("zh-hans", ["当日方案：第", "一号门：开放", "最拥挤的一刻钟：09:15", "模拟结果，非实测"]),
    ],
)
def test_it_is_set_in_both_languages_with_the_map(walkable: Harbour, language: str, words: list[str]) -> None:
    found = paper(walked(walkable, "a", [LANES, SHUTTLE]))
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    with override(language):
        said = told(day_pdf(found, picture, "09:15"))
    squeezed = said.replace(" ", "")
    assert all(word.replace(" ", "") in squeezed for word in words), said


def test_a_walk_whose_replay_is_gone_says_so(walkable: Harbour, settings: Any, tmp_path: Any) -> None:
    walked(walkable, "a", [LANES])
    settings.MEDIA_ROOT = tmp_path / "elsewhere"
    with pytest.raises(BadInput, match="walk it again"):
        show(walkable, "passengers.day.paper", {"key": "a"})
