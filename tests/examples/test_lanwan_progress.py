"""What was reported until T-80, and the whole run from which another day's status follows."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from examples.lanwan.days import on

from tests.examples.lanwan_folder import FOLDER, leaves, table
from tminus.engines.schedule import Duration, Progress, back_schedule
from tminus.formats.assignment_book import read_book
from tminus.formats.calendar_file import read_calendars

LEAVES = {row["ID"]: row for row in leaves()}
TRUTH = {row["ID"]: row for row in table("progress_truth")}
REPORTS = table("progress_reports")
TODAY = on(-80).isoformat()


def _status(day: date) -> dict[str, dict[str, str]]:
    return {row["ID"]: row for row in REPORTS if row["Reported"] < day.isoformat()}


def test_progress_is_the_last_report_before_t80() -> None:
    known = _status(on(-80))
    assert table("progress") == [known[id_] for id_ in LEAVES if id_ in known]


def test_truth_covers_every_task_and_reports_tell_it() -> None:
    assert set(TRUTH) == set(LEAVES)
    for row in REPORTS:
        truth = TRUTH[row["ID"]]
        assert row["Actual start"] == truth["Actual start"] <= row["Reported"] <= truth["Actual finish"]
        assert row["Actual finish"] == (truth["Actual finish"] if row["Reported"] == truth["Actual finish"] else "")
        assert (row["Remaining"] == "0d") == (row["Progress"] == "100%") == bool(row["Actual finish"])


def test_preparation_is_done_on_opening_morning() -> None:
    known = _status(on(0))
    open_ = [id_ for id_, row in LEAVES.items() if row["Phase"] in ("preparation", "move_in")]
    assert [id_ for id_ in open_ if known[id_]["Progress"] != "100%"] == []


def test_about_twenty_three_tasks_are_late_at_t80() -> None:
    known = _status(on(-80))
    late = [
        id_
        for id_, row in LEAVES.items()
        if row["Finish"] < TODAY and (id_ not in known or not known[id_]["Actual finish"])
    ]
    assert 20 <= len(late) <= 26
    assert 2 <= sum(not LEAVES[id_]["Responsible"] for id_ in late) <= 5
    assert len({LEAVES[id_]["Unit"] for id_ in late}) >= 8


def test_some_reports_are_stale_and_some_tasks_unknown() -> None:
    known = _status(on(-80))
    stale = [row for row in known.values() if not row["Actual finish"] and row["Reported"] < on(-90).isoformat()]
    unknown = [id_ for id_, row in LEAVES.items() if row["Start"] < on(-85).isoformat() and id_ not in known]
    assert len(stale) >= 1
    assert len(unknown) >= 1


@pytest.mark.parametrize(("t", "least", "most"), [(-110, 8, 20), (-80, 34, 46), (-30, 70, 85), (0, 94, 100)])
def test_readiness_grows(t: int, least: float, most: float) -> None:
    known = _status(on(t))
    weights = {id_: int(row["Weight"]) for id_, row in LEAVES.items()}
    done = sum(weights[id_] for id_, row in known.items() if row["Actual finish"])
    assert least <= 100 * done / sum(weights.values()) <= most


def test_engine_names_the_late_work_that_breaks_deadlines() -> None:
    plan = read_book(FOLDER / "plan.csv", calendars=read_calendars(FOLDER / "calendar.json")).checked()

    def at(day: str, hour: int) -> datetime | None:
        return datetime.combine(date.fromisoformat(day), time(hour)) if day else None

    reported = {
        row["ID"]: Progress(
            actual_start=at(row["Actual start"], 9),
            actual_finish=at(row["Actual finish"], 17),
            remaining=Duration(480 * int(row["Remaining"][:-1])),
        )
        for row in table("progress")
    }
    schedule = back_schedule(replace(plan, progress=reported), opening=on(0), today=on(-80))
    victims = {conflict.chain[-1] for conflict in schedule.conflicts}
    names = {LEAVES[id_]["Task"] for id_ in victims}
    assert {"Gate West canopy, lanes", "Shuttle depot charging"} <= names
    assert len(victims) <= 8
