"""Scenarios of a day: kept as they are given, walked in a job, shown with what came of it."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from tests.desks.passengers.small_days import DAY, LANES, LOST, save, walked
from tests.desks.passengers.small_days import small as small
from tests.desks.passengers.test_forecasts import act, run_jobs, show, signed_in
from tests.harbour import Harbour
from tests.studies.small_event import TABLES
from tminus.desks.passengers.days import computing
from tminus.desks.passengers.days.kept_scenarios import as_scenario
from tminus.desks.passengers.days.replay_kept import replay_bytes, replay_document
from tminus.desks.passengers.forecasting.kept_folder import keep
from tminus.desks.passengers.models import DayScenarioKept, DayWalk
from tminus.platform import clock, jobs
from tminus.platform.access import NotAllowed
from tminus.platform.models import Job, RecordLine
from tminus.platform.registry import BadInput, perform

REDIRECT = {"kind": "redirect", "element": "gate-a", "other": "plaza", "value": 20}
SHUTTLE = {"kind": "shuttle", "element": "fair", "other": "end", "value": 300}


def test_a_scenario_is_kept_and_told_in_words(small: Harbour) -> None:
    key = save(small, measures=[LANES], about_en="Half a gate")
    assert key == "gate-b-lost"
    (one,) = show(small, "passengers.days")["scenarios"]
    assert (one["name"], one["day"], one["about"], one["walk"]) == ("Gate B lost", DAY, "Half a gate", None)
    assert one["befalls"] == ["Gate B: 80 % of the lanes do not work, 09:00–13:00"]
    assert one["does"] == ["Gate A: 6 lanes open, 08:30–13:00"]
    with override("zh-hans"):
        (said,) = show(small, "passengers.days")["scenarios"]
        assert said["name"] == "乙入口停用" and "乙入口" in said["befalls"][0]
    line = RecordLine.objects.latest("seq")
    assert line.code == "passengers.day.save"
    assert save(small) == "gate-b-lost-2", "a key once"


@pytest.mark.parametrize(
    ("args", "field", "said"),
    [
        ({"happenings": [LOST, {**LOST, "value": 0}]}, "happenings.1.value", "1 … 100"),
        ({"happenings": [{**LOST, "element": "gate-c"}]}, "happenings.0.element", "gate-c"),
        ({"happenings": [{**LOST, "element": ""}]}, "happenings.0.element", "choose"),
        ({"happenings": [{**LOST, "to": "08:00"}]}, "happenings.0.to", "later"),
        ({"happenings": [{**LOST, "from": "9 o'clock"}]}, "happenings.0.from", "HH:MM"),
        ({"happenings": [{**LOST, "to": "noon"}]}, "happenings.0.to", "HH:MM"),
        ({"measures": [LANES, {**LANES, "unit": "nobody"}]}, "measures.1.unit", "nobody"),
        ({"measures": [{"kind": "one_way", "element": "w1", "other": "gate-a"}]}, "measures.0.other", "two ends"),
        ({"measures": [REDIRECT]}, "measures.0.other", "plaza"),
        ({"measures": [SHUTTLE]}, "measures.0.capacity_p", "4000"),
        ({"day": "2026-12-24"}, "day", "2026-11-05"),
        ({"name_en": " ", "name_zh": ""}, "name_en", "name"),
        ({"parent": "nothing"}, "key", "nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_an_error_at_its_field(
    small: Harbour, args: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(BadInput, match=said) as error:
        save(small, **args)
    assert error.value.field == field
    assert not DayScenarioKept.objects.exists()


def test_nobodys_change_is_lost(small: Harbour) -> None:
    key = save(small)
    row = DayScenarioKept.objects.get(key=key)
    seen = row.at.isoformat()
    DayScenarioKept.objects.filter(key=key).update(at=row.at.replace(year=2027))
    with pytest.raises(BadInput, match="somebody has changed"):
        save(small, key=key, seen=seen)


def test_a_copy_is_begun_and_a_withdrawn_one_is_put_back(small: Harbour) -> None:
    key = save(small, measures=[LANES])
    copy = act(small, "passengers.day.copy", {"key": key})["key"]
    made = DayScenarioKept.objects.get(key=copy)
    assert (made.name_en, made.name_zh) == ("Gate B lost (copy)", "乙入口停用（副本）")
    assert made.measures == DayScenarioKept.objects.get(key=key).measures and made.parent is not None
    act(small, "passengers.day.withdraw", {"key": key})
    assert [row["key"] for row in show(small, "passengers.days")["scenarios"]] == [copy]
    with pytest.raises(BadInput, match=key):
        act(small, "passengers.day.walk", {"key": key})
    act(small, "passengers.day.restore", {"key": key})
    assert len(show(small, "passengers.days")["scenarios"]) == 2
    with pytest.raises(BadInput, match="on the list"):
        act(small, "passengers.day.restore", {"key": key})


@pytest.fixture
def lost(small: Harbour) -> tuple[Harbour, DayWalk]:
    return small, walked(small, save(small))


def test_a_walk_is_kept_with_its_figures_its_replay_and_what_it_rests_on(lost: tuple[Harbour, DayWalk]) -> None:
    harbour, walk = lost
    assert {"nodes.csv", "links.csv", "gates.csv", "audiences.csv", "services.csv", "event.json"} <= walk.inputs.keys()
    assert walk.happenings == [LOST] and walk.measures == [] and walk.as_of.isoformat() == "2026-08-16"
    row, curves = walk.figures["row"], walk.figures["curves"]
    assert row["agents"] > 500 and row["arrived"] == row["agents"]
    assert row["longest_queue"] == max(one["longest"] for one in walk.figures["gates"]) > 50
    assert {one["served"] for one in walk.figures["gates"]} and sum(
        one["served"] for one in walk.figures["gates"]
    ) == row["agents"]
    assert len({len(curves[name]) for name in ("times", "on_site", "queue", "wait_s", "left_behind", "home")}) == 1
    assert curves["times"][0] == "05:00" and curves["home"][-1] == row["agents"]
    assert max(curves["on_site"]) > row["agents"] / 3
    assert {one["element"] for one in walk.figures["worst"] if one["kind"] == "gate"} <= {"gate-a", "gate-b"}
    document = replay_document(walk)
    assert json.loads(gzip.decompress(replay_bytes(walk))) == document
    assert document["day"]["agents"] == row["agents"] and document["name"]["zh"] == "乙入口停用"
    found = show(harbour, "passengers.day.show", {"key": "gate-b-lost"})
    assert found["walk"]["row"]["not_home"] == 0 and not found["walk"]["stale"] and not found["walk"]["edited_since"]
    assert found["figures"]["gates"][0]["name"].startswith("Gate ")


def test_the_same_people_walk_again_to_the_same_figures(lost: tuple[Harbour, DayWalk]) -> None:
    harbour, walk = lost
    computing._AT_HAND.clear()
    again = walked(harbour, "gate-b-lost")
    assert again.pk != walk.pk and again.replay == walk.replay and again.figures == walk.figures
    other = walked(harbour, "gate-b-lost", seed=1)
    assert other.replay != walk.replay and DayWalk.objects.count() == 3, "none is overwritten"


def test_a_walk_says_when_it_is_old(lost: tuple[Harbour, DayWalk]) -> None:
    harbour, _walk = lost
    save(harbour, key="gate-b-lost", happenings=[{**LOST, "value": 40}])
    (one,) = show(harbour, "passengers.days")["scenarios"]
    assert one["walk"]["edited_since"] and not one["walk"]["stale"]
    event = harbour.event
    keep(event, "origins.csv", "origins.csv", b"node,weight\nfar,1\n", clock.now(event)).save()
    (one,) = show(harbour, "passengers.days")["scenarios"]
    assert one["walk"]["stale"]


def test_progress_says_the_time_of_the_day_and_who_is_where(small: Harbour) -> None:
    told: list[tuple[int, str]] = []

    def tell(done: int, total: int, doing: str = "", **values: str) -> None:
        told.append((done, doing % values if values else doing))

    row = DayScenarioKept.objects.get(key=save(small))
    computing._AT_HAND.clear()
    asked = computing.Asked(DAY, computing.known_until(DAY, clock.now(small.event)))
    computing.computed(small.event, as_scenario(row), asked, tell)
    shares = [done for done, _text in told]
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == computing.WALKED
    walking = [text for _done, text in told if text.startswith("walking:")]
    assert len(walking) > 10 and walking[-1].count(",") >= 2


def test_files_that_cannot_be_walked_end_the_job_with_the_reason(small: Harbour) -> None:
    event = small.event
    audiences = TABLES["audiences"].replace("metro:0.8", "submarine:0.8").encode()
    keep(event, "audiences.csv", "audiences.csv", audiences, clock.now(event)).save()
    act(small, "passengers.day.walk", {"key": save(small, happenings=[])})
    (done,) = run_jobs()
    assert done.state == "failed" and "submarine" in done.error
    assert not DayWalk.objects.exists()


def test_one_walk_of_a_scenario_at_a_time(small: Harbour) -> None:
    key, other = save(small), save(small)
    first = act(small, "passengers.day.walk", {"key": key})["job"]
    assert act(small, "passengers.day.walk", {"key": key})["job"] == first
    assert act(small, "passengers.day.walk", {"key": other})["job"] != first
    assert Job.objects.filter(kind="passengers.day").count() == 2
    rows = show(small, "passengers.days")["scenarios"]
    assert rows[0]["job"]["id"] == first


def test_a_walk_a_stopped_server_cut_off_is_begun_again(small: Harbour) -> None:
    act(small, "passengers.day.walk", {"key": save(small)})
    Job.objects.update(state="running")
    assert jobs.recover() == 1
    (done,) = run_jobs()
    assert done.state == "done" and DayWalk.objects.count() == 1


def test_without_files_nothing_is_walked(planned: Harbour) -> None:
    key = save(planned, happenings=[{"kind": "visitors", "value": 30}])
    with pytest.raises(BadInput, match="nothing yet"):
        act(planned, "passengers.day.walk", {"key": key})


def test_a_scenario_of_a_day_the_event_no_longer_has_is_told_at_once(small: Harbour) -> None:
    key = save(small)
    small.event.opening = DAY + timedelta(days=1)
    small.event.save(update_fields=["opening"])
    for code in ("walk", "propose"):
        with pytest.raises(BadInput, match="2026-11-06 is no day of the event, 2026-11-07 … 2026-11-10"):
            act(small, f"passengers.day.{code}", {"key": key})


def test_only_headquarters_changes_and_only_a_job_keeps(lost: tuple[Harbour, DayWalk]) -> None:
    harbour, walk = lost
    for who in ("leader", "roads_head", "paver"):
        for code in ("save", "copy", "withdraw", "walk"):
            with pytest.raises(NotAllowed):
                act(harbour, f"passengers.day.{code}", {"key": "gate-b-lost", "day": f"{DAY}"}, who)
        assert show(harbour, "passengers.day.show", {"key": "gate-b-lost"}, who)["walk"]["id"] == walk.pk
    with pytest.raises(NotAllowed):
        show(harbour, "passengers.days", who="observer")
    kept = {name: getattr(walk, name) for name in (
        "as_of", "seed", "sample", "model", "inputs", "happenings", "measures", "figures", "network_digest", "elapsed_s"
    )}  # fmt: skip
    with pytest.raises(NotAllowed, match="job"):
        perform(
            "passengers.day.keep_walk", {**kept, "key": "gate-b-lost", "replay": "e30="}, event=harbour.event,
            person=harbour.hq,
        )  # fmt: skip


def test_the_list_says_all_this(lost: tuple[Harbour, DayWalk]) -> None:
    harbour, _walk = lost
    page = signed_in(harbour).get("/e/harbour/day/").content.decode()
    for text in ("Gate B lost", "80 % of the lanes", "Mean wait at the gates", "Walk again"):
        assert text in page
    seen = signed_in(harbour, "leader").get("/e/harbour/day/").content.decode()
    assert "Gate B lost" in seen and "Walk again" not in seen
    chinese = signed_in(harbour)
    chinese.cookies["django_language"] = "zh-hans"
    assert "乙入口停用" in chinese.get("/e/harbour/day/").content.decode()


def test_an_empty_list_says_what_to_do(planned: Harbour) -> None:
    page = signed_in(planned).get("/e/harbour/day/").content.decode()
    assert "No scenario of a day yet" in page and "New scenario" in page
    assert "New scenario" not in signed_in(planned, "leader").get("/e/harbour/day/").content.decode()


def test_buttons_of_the_list(small: Harbour) -> None:
    key, client = save(small), signed_in(small)
    answer = client.post(f"/e/harbour/day/{key}/act/walk/")
    assert answer.status_code == 303 and "/jobs/" in answer["Location"]
    assert answer["Location"] in client.get("/e/harbour/day/").content.decode(), "the job under way"
    assert client.post(f"/e/harbour/day/{key}/act/copy/")["Location"].endswith("-copy/edit/")
    client.post(f"/e/harbour/day/{key}/act/withdraw/")
    page = client.get("/e/harbour/day/").content.decode()
    assert f"/e/harbour/day/{key}/act/restore/" in page, "undo"
    client.post(f"/e/harbour/day/{key}/act/restore/")
    assert DayScenarioKept.objects.get(key=key).withdrawn_at is None
    assert client.post(f"/e/harbour/day/{key}/act/burn/").status_code == 404
    assert signed_in(small, "leader").post(f"/e/harbour/day/{key}/act/withdraw/").status_code == 403
