"""TaskJuggler files: every statement that schedules, with the dates that tool gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tminus.engines.schedule import LinkKind, Plan, Policy, ScheduleParams, TaskKind, back_schedule
from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile

HEAD = 'project p "Plan" 2026-01-05 - 2026-12-31 {\n  timezone "UTC"\n}\n'


def read(tmp_path: Path, text: str, head: str = HEAD) -> Plan:
    path = tmp_path / "p.tjp"
    path.write_text(head + text, "utf-8")
    return read_plan(path)


def dates(plan: Plan) -> Mapping[str, tuple[str, str]]:
    """``05T09`` … for each leaf: day of January and hour."""
    return {
        task.id: (f"{task.start:%m-%dT%H}", f"{task.finish:%m-%dT%H}")
        for task in plan.tasks
        if task.start is not None and task.finish is not None
    }


def test_length_is_working_time_and_duration_is_the_clock(tmp_path: Path) -> None:
    found = dates(
        read(tmp_path, 'task a "A" { start 2026-01-09-09:00 length 2d }\ntask b "B" { start 2026-01-09 duration 2d }')
    )
    assert found == {"a": ("01-09T09", "01-12T17"), "b": ("01-09T00", "01-11T00")}


def test_depends_with_gaps_and_both_ends(tmp_path: Path) -> None:
    text = """
    task a "A" { start 2026-01-05-09:00 length 1d }
    task b "B" { length 1d depends a }
    task c "C" { length 1d depends a { gaplength 1d } }
    task d "D" { length 1d depends a { gapduration 5d } }
    task e "E" { length 1d depends a { onstart gaplength 2h }, b { gaplength 1h } }
    """
    found = dates(read(tmp_path, text))
    assert {id: found[id][1] for id in "bcde"} == {"b": "01-06T17", "c": "01-07T17", "d": "01-12T17", "e": "01-08T10"}


def test_precedes_counts_back_and_alap_stands_at_the_end(tmp_path: Path) -> None:
    text = """
    task fair "Fair" { start 2026-01-20-17:00 }
    task build "Build" { length 3d precedes fair { gaplength 1d } }
    task order "Order" { duration 7d precedes build }
    task last "Last" { end 2026-02-06-17:00 length 1d }
    """
    found = dates(read(tmp_path, text))
    assert found["build"] == ("01-15T09", "01-20T09")
    assert found["order"] == ("01-08T09", "01-15T09")
    assert found["last"] == ("02-06T09", "02-06T17")


def test_relative_paths_and_what_groups_hand_down(tmp_path: Path) -> None:
    text = """
    task all "All" {
      start 2026-01-05
      task one "One" { task x "X" { length 1d } task y "Y" { depends !x length 1d } }
      task two "Two" { depends !one
        task z "Z" { length 1d }
        task w "W" { depends !!one.x length 1d }
      }
    }
    """
    plan = read(tmp_path, text)
    assert dates(plan) == {
        "all.one.x": ("01-05T00", "01-05T17"),
        "all.one.y": ("01-05T17", "01-06T17"),
        "all.two.z": ("01-06T17", "01-07T17"),
        "all.two.w": ("01-06T17", "01-07T17"),
    }
    assert {(link.pred, link.succ) for link in plan.links} == {
        ("all.one.x", "all.one.y"), ("all.one", "all.two"), ("all.one.x", "all.two.w"),
    }  # fmt: skip
    assert [task.kind for task in plan.tasks[:2]] == [TaskKind.SUMMARY, TaskKind.SUMMARY]


def test_people_work_one_task_at_a_time_the_more_important_first(tmp_path: Path) -> None:
    text = """
    resource ann "Ann"
    resource bo "Bo" { leaves annual 2026-01-05 - 2026-01-07 workinghours sat 9:00 - 17:00 }
    task a "A" { start 2026-01-05 effort 1d allocate ann }
    task b "B" { start 2026-01-05 effort 1d allocate ann priority 800 }
    task c "C" { start 2026-01-05 effort 4d allocate bo }
    task d "D" { start 2026-01-12 effort 2d allocate ann, bo }
    task e "E" { start 2026-01-15 effort 1d allocate ann { alternative bo } }
    """
    plan = read(tmp_path, text)
    assert dates(plan) == {
        "a": ("01-06T09", "01-06T17"),
        "b": ("01-05T09", "01-05T17"),
        "c": ("01-07T09", "01-10T17"),
        "d": ("01-12T09", "01-12T17"),
        "e": ("01-15T09", "01-15T17"),
    }
    assert {(one.task, one.resource) for one in plan.assignments if one.task == "d"} == {("d", "ann"), ("d", "bo")}
    assert plan.calendars["hours of bo"].hours_on(datetime(2026, 1, 6).date()) == ()


def test_limits_of_people_and_tasks_hold_by_day_and_week(tmp_path: Path) -> None:
    text = """
    resource team "Team" { limits { dailymax 2h weeklymax 6h }
      resource ann "Ann" }
    resource bo "Bo"
    task a "A" { start 2026-01-05 effort 1d allocate ann }
    task b "B" { start 2026-01-05 effort 1d allocate bo limits { dailymax 4h } }
    """
    found = dates(read(tmp_path, text))
    assert found == {"a": ("01-05T09", "01-12T11"), "b": ("01-05T09", "01-06T13")}


def test_shifts_leaves_macros_and_comments(tmp_path: Path) -> None:
    text = """
    # macro nothing [ ignored ]
    macro when [2026-01-05]
    macro piece [ task ${1} "T ${1} # no comment" { start ${when} length 2h shifts night } ]
    /* task x "never" { start 2026-01-05 } */
    shift night "Night" { workinghours mon - sun 20:00 - 24:00 }
    leaves holiday "New Year" 2026-01-07, holiday "More" 2026-01-08 - 2026-01-09
    ${piece "n"}
    task d "D" { start 2026-01-06-09:00 length 2d }
    textreport out "out" { header "start 2026" formats html }
    """
    plan = read(tmp_path, text)
    assert dates(plan) == {"n": ("01-05T00", "01-05T22"), "d": ("01-06T09", "01-09T17")}
    assert plan.by_id()["n"].name == "T n # no comment"


def test_clocks_that_change_are_followed(tmp_path: Path) -> None:
    head = 'project p "P" 2026-03-01 +3m {\n timezone "Europe/London"\n}\n'
    plan = read(tmp_path, 'task a "A" { start 2026-03-28-12:00 duration 1d }\ntask b "B" { depends a length 1h }', head)
    found = dates(plan)
    assert found["a"][1] == "03-29T13"
    assert found["b"][1] == "03-30T10"


def test_a_new_resolution_forgets_the_hours_said_before(tmp_path: Path) -> None:
    head = 'project p "P" 2026-01-05 +3m {\n workinghours mon - fri 16:00 - 18:00\n timingresolution 30 min\n}\n'
    assert dates(read(tmp_path, 'task a "A" { start 2026-01-05 length 1h }', head))["a"][1] == "01-05T10"


def test_constraints_and_links_go_into_the_plan(tmp_path: Path) -> None:
    text = """
    task a "A" { start 2026-01-05 length 1d }
    task b "B" { depends a { onstart } length 1d maxstart 2026-02-01 minend 2026-01-06 }
    task c "C" { end 2026-03-02 length 1d precedes d }
    task d "D" { start 2026-03-02 }
    """
    plan = read(tmp_path, text)
    kinds = {task.id: {c.kind.value for c in task.constraints} for task in plan.tasks}
    assert kinds == {"a": {"SNET"}, "b": {"SNLT", "FNET"}, "c": {"FNLT", "ALAP"}, "d": {"SNET"}}
    assert {(link.pred, link.succ, link.kind) for link in plan.links} == {
        ("a", "b", LinkKind.SS),
        ("c", "d", LinkKind.FS),
    }
    schedule = back_schedule(plan, params=ScheduleParams(Policy.AS_PLANNED))
    assert {row.id: row.start for row in schedule.tasks} == {task.id: task.start for task in plan.tasks}


def test_a_statement_may_go_on_in_other_lines(tmp_path: Path) -> None:
    text = """
    task a "A's
      long { name" { start 2026-01-05-09:00
        length 1d note "she said: \\"start\\" at 9" }
    task b 'B "b"' { length 1d depends a
      { gaplength 1d } , !a
      { onstart }
    }
    task c -8<-C
    }->8- { length 1d depends a,
      b }
    """
    plan = read(tmp_path, text)
    assert {id: finish for id, (_, finish) in dates(plan).items()} == {
        "a": "01-05T17",
        "b": "01-07T17",
        "c": "01-08T17",
    }
    assert [" ".join(task.name.split()) for task in plan.tasks] == ["A's long { name", 'B "b"', "C }"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('resource r "R"\ntask a "A" { start 2026-01-05 effort 1d\n allocate r,\n x }', "line 7: 'x'"),
        ('task a "A" { start 2027-02-05 }', "does not end within the project"),
        ('task a "A" { start 2026-12-30 length 1d }\ntask b "B" { depends a { gapduration 9d } }', "'b' does not end"),
        ('task a "A" { depends ! { onstart } }\n', "path of a task"),
        ('task a "A" { minstart }\n', "a date like"),
        ("shift { workinghours mon off }\n", "shift ID"),
        ('task a "A" { length 1d depends b }', "'b'"),
        ('task a "A" { length 5x }', "line 4"),
        ('task a "A" { start 2026-02-31 }', "2026-02-31"),
        ('task a "A" { start 2026-01-05 effort 400d allocate r }\nresource r "R"', "'r'"),
        ('resource r "R"\ntask a "A" { start 2026-01-05 effort 400d allocate r }', "does not end"),
        ('task a "A" { length 1d depends b }\ntask b "B" { length 1d depends a }', "no dates"),
        ('task a "A" { ', "not closed"),
        ("${nothing}", "'nothing'"),
        ('task a "A" { start 2026-01-05 }\ntask a "A" { start 2026-01-05 }', "once"),
        ('include "../../secrets.tji"', "beside"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=r"p\.tjp") as error:
        read(tmp_path, text)
    assert said in str(error.value)


def test_a_chain_of_ten_thousand_is_no_deeper_than_a_short_one(tmp_path: Path) -> None:
    chain = "\n".join(f'task t{i} "T" {{ depends t{i - 1} }}' for i in range(1, 10_000))
    plan = read(tmp_path, f'task t0 "T" {{ start 2026-01-05 }}\n{chain}')
    assert {task.start for task in plan.tasks} == {datetime(2026, 1, 5)}


REAL = Path(os.environ.get("TMINUS_DATA", "/nowhere")) / "schedule" / "real"


@pytest.mark.skipif(not REAL.is_dir(), reason="real files are named by TMINUS_DATA")
@pytest.mark.parametrize(
    ("name", "tasks", "expected"),
    [
        ("fedora-20.tjp", 414, ("f20.LaunchPhase.final", "2013-10-29 17:00", "2013-10-29 17:00")),
        ("CNS.tjp", 198, ("OCNS.director_elections.reminder", "2023-10-04 12:00", "2023-10-04 13:00")),
    ],
)
def test_real_projects_get_the_dates_of_that_tool(name: str, tasks: int, expected: tuple[str, str, str]) -> None:
    plan = read_plan(REAL / name)
    task = plan.by_id()[expected[0]]
    assert len(plan.tasks) == tasks
    assert (f"{task.start:%Y-%m-%d %H:%M}", f"{task.finish:%Y-%m-%d %H:%M}") == expected[1:]
