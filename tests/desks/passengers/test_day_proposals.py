"""What to do about a day, proposed by a job: a scenario of its own, walked, with how it was come to; open to change."""

from __future__ import annotations

from typing import Any

import pytest

from tests.desks.passengers.small_days import LANES, save
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import act, run_jobs, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.days import proposing
from tminus.desks.passengers.days.part_words import parts_said
from tminus.desks.passengers.days.replay_kept import replay_document
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.formats.event_folder.day_scenarios import Does, Measure
from tminus.platform.access import NotAllowed
from tminus.platform.registry import BadInput
from tminus.studies.plan_part import PlanPart, Recommendation

PART = PlanPart("gates", "gate-a", "mean_wait_min", 14.0, 17.0, None, 0.02, 1.5, "staff of 8 lanes", (0,), ("lanes",))
OTHER = PlanPart("advice", "", "mean_lost_min", 3.0, 3.2, None, None, 0.0, "60 per cent", (), ())


def proposed(harbour: Harbour, key: str, how: str) -> DayScenarioKept:
    act(harbour, "passengers.day.propose", {"key": key, "how": how})
    (done,) = run_jobs()
    assert done.state == "done", done.error
    return DayScenarioKept.objects.get(key=done.result["key"])


@pytest.fixture
def sought(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A recommendation that is found at once, of as many lanes as the list says last."""
    lanes = [6]

    def recommend(_ready: Any, _scenario: Any, *, on_progress: Any) -> Recommendation:
        on_progress("gates", 1)
        return Recommendation((Measure(Does.LANES, "gate-a", lanes[-1], 510, 780, unit="roads"),), (PART, OTHER), 3)

    monkeypatch.setattr(proposing, "recommend", recommend)
    return lanes


def test_what_is_recommended_is_a_scenario_of_its_own_walked(small: Harbour, sought: list[int]) -> None:
    key = save(small)
    row = proposed(small, key, "recommended")
    assert (row.name_en, row.name_zh) == ("Gate B lost: recommended", "乙入口停用：推荐方案")
    assert row.parent is not None and row.parent.key == key and row.origin == "recommended"
    assert row.happenings == DayScenarioKept.objects.get(key=key).happenings and row.measures == [LANES]
    walk = row.walks.get()
    assert walk.measures == [LANES] and walk.figures["parts"][0]["simulated"] == 17.0
    assert replay_document(walk)["name"] == {"en": row.name_en, "zh": row.name_zh}
    found = show(small, "passengers.day.show", {"key": row.key})
    assert not found["walk"]["edited_since"]
    sought.append(7)
    again = proposed(small, key, "recommended")
    assert again.pk == row.pk and again.measures[0]["value"] == 7 and again.walks.count() == 2, "in its place"
    page = signed_in(small).get(f"/e/harbour/day/{row.key}/edit/").content.decode()
    for text in ("How it was recommended", "14.0 min", "17.0 min", "staff of 8 lanes", "2.0 %", "dropped"):
        assert text in page


def test_who_changes_it_makes_it_their_own(small: Harbour, sought: list[int]) -> None:
    row = proposed(small, save(small), "recommended")
    save(small, key=row.key, measures=[{**LANES, "value": 4}])
    row.refresh_from_db()
    assert row.origin == "person" and row.walks.count() == 1
    other = proposed(small, "gate-b-lost", "recommended")
    assert other.pk != row.pk, "what somebody changed is not overwritten"


def test_the_rule_of_a_duty_officer_is_walked_too(small: Harbour) -> None:
    row = proposed(small, save(small), "greedy")
    assert (row.origin, row.name_en) == ("greedy", "Gate B lost: rule of the duty officer")
    assert row.walks.get().figures["parts"] == [] and row.walks.get().measures == row.measures


def test_nothing_is_kept_of_a_proposal_that_fails(small: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: Any) -> None:
        raise RuntimeError("no plan")

    monkeypatch.setattr(proposing, "greedy", broken)
    act(small, "passengers.day.propose", {"key": save(small), "how": "greedy"})
    (done,) = run_jobs()
    assert (done.state, done.error) == ("failed", "no plan")
    assert DayScenarioKept.objects.count() == 1 and not DayWalk.objects.exists()


def test_who_may_propose_what(small: Harbour) -> None:
    key = save(small)
    with pytest.raises(NotAllowed):
        act(small, "passengers.day.propose", {"key": key}, "roads_head")
    with pytest.raises(BadInput, match="how"):
        act(small, "passengers.day.propose", {"key": key, "how": "magic"})
    answer = signed_in(small).post(f"/e/harbour/day/{key}/act/propose/", {"how": "greedy"})
    assert "/jobs/" in answer["Location"]


def test_parts_are_said_with_their_units() -> None:
    part = {"kind": "shuttles", "measure": "persons", "planned": 5400.2, "simulated": None, "bound": 6000.0, "gap": 0.1,
            "seconds": 0.04, "binds": "20 buses", "measures": [1], "changed": []}  # fmt: skip
    (said,) = parts_said([part])
    assert (said["planned"], said["simulated"], said["bound"], said["gap"]) == ("5,400", "—", "6,000", "10.0 %")
    assert said["kept"] and said["seconds"] == "0.0"
