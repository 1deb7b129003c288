"""PSPLIB's files, read; what cannot be taken is said with its line; how ``tminus schedule`` answers."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tminus.cli import main
from tminus.formats.problems import BadFile
from tminus.formats.psplib import read_multi_mode, read_psplib

STARS = "*" * 72
SM = f"""{STARS}
projects                      :  1
jobs (incl. supersource/sink ):  5
horizon                       :  12
RESOURCES
  - renewable                 :  2   R
  - nonrenewable              :  0   N
  - doubly constrained        :  0   D
{STARS}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          3           2   3   4
   2        1          1           5
   3        1          1           5
   4        1          1           5
   5        1          0
{STARS}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  R 2
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     3       2    0
  3      1     4       2    1
  4      1     5       1    2
  5      1     0       0    0
{STARS}
RESOURCEAVAILABILITIES:
  R 1  R 2
    3    2
{STARS}
"""
MM = f"""{STARS}
jobs (incl. supersource/sink ):  4
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  1   N
  - doubly constrained        :  0   D
{STARS}
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        2          1           4
   3        2          1           4
   4        1          0
{STARS}
REQUESTS/DURATIONS:
jobnr. mode duration  R 1  N 1
------------------------------------------------------------------------
  1      1     0       0    0
  2      1     2       1    5
         2     6       1    1
  3      1     3       1    4
         2     5       1    1
  4      1     0       0    0
{STARS}
RESOURCE AVAILABILITIES
  R 1  N 1
    2    6
{STARS}
"""
SCH = """2\t1\t0\t0
0\t1\t2\t1\t2\t[0]\t[0]
1\t1\t2\t2\t3\t[-1]\t[3]
2\t1\t2\t3\t1\t[4]\t[-5]
3\t1\t0
0\t1\t0\t0
1\t1\t3\t1
2\t1\t4\t1
3\t1\t0\t0
1
"""


def file(folder: Path, text: str, ending: str = ".sm") -> Path:
    path = folder / f"small{ending}"
    path.write_text(text)
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, object]:
    main(["schedule", *map(str, arguments), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_jobs_links_and_resources_are_read(tmp_path: Path) -> None:
    read = read_psplib(file(tmp_path, SM))
    assert read.first_job == 1
    assert read.problem.durations.tolist() == [0, 3, 4, 5, 0]
    assert read.problem.demands.tolist() == [[0, 0], [2, 0], [2, 1], [1, 2], [0, 0]]
    assert read.problem.capacities.tolist() == [3, 2]
    assert list(zip(read.problem.pred.tolist(), read.problem.succ.tolist(), strict=True)) == [
        (0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4),
    ]  # fmt: skip


def test_least_and_greatest_lags_are_read(tmp_path: Path) -> None:
    read = read_psplib(file(tmp_path, SCH, ".SCH"))
    assert read.first_job == 0
    links = list(zip(read.problem.pred.tolist(), read.problem.succ.tolist(), read.problem.lag.tolist(), strict=True))
    assert links == [(0, 1, 0), (0, 2, 0), (1, 2, -1), (1, 3, 3), (2, 3, 4), (2, 1, -5)]


def test_the_shortest_schedule_is_found_proved_and_numbered_as_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, file(tmp_path, SM), "--optimise", "2")
    assert found.keys() == {"makespan", "lower_bound", "proved", "starts", "elapsed_s"}
    assert (found["makespan"], found["lower_bound"], found["proved"]) == (9, 9, True)
    starts = found["starts"]
    assert isinstance(starts, dict)
    assert list(starts) == ["1", "2", "3", "4", "5"]
    assert (starts["1"], starts["5"]) == (0, 9)


def test_jobs_of_a_file_with_lags_are_numbered_from_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, file(tmp_path, SCH, ".sch"), "--optimise", "1")
    assert (found["makespan"], found["proved"]) == (7, True)
    assert found["starts"] == {"0": 0, "1": 0, "2": 3, "3": 7}


def test_modes_and_budgets_are_read(tmp_path: Path) -> None:
    problem = read_multi_mode(file(tmp_path, MM, ".MM"))
    assert problem.mode_ptr.tolist() == [0, 1, 3, 5, 6]
    assert problem.durations.tolist() == [0, 2, 6, 3, 5, 0]
    assert problem.demands.tolist() == [[0], [1], [1], [1], [1], [0]]
    assert problem.spending.tolist() == [[0], [5], [1], [4], [1], [0]]
    assert (problem.capacities.tolist(), problem.budgets.tolist()) == ([2], [6])
    assert list(zip(problem.pred.tolist(), problem.succ.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 3), (2, 3)]


def test_modes_are_chosen_and_numbered_as_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, file(tmp_path, MM, ".mm"), "--optimise", "1")
    assert found.keys() == {"makespan", "lower_bound", "proved", "starts", "modes", "elapsed_s"}
    assert (found["makespan"], found["proved"]) == (5, True)  # money for one of the two to be fast: job 2
    assert found["modes"] == {"1": 1, "2": 1, "3": 2, "4": 1}
    assert found["starts"] == {"1": 0, "2": 0, "3": 0, "4": 5}


def test_budgets_that_cannot_be_kept_leave_no_schedule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poor = file(tmp_path, MM.replace("    2    6\n", "    2    1\n"), ".mm")
    found = answer(capsys, poor)
    assert (found["makespan"], found["starts"], found["modes"], found["proved"]) == (None, {}, {}, True)
    main(["schedule", str(poor)])
    assert capsys.readouterr().out == "small.mm: there is no schedule\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("   2        2          1 ", "   2        0          1 ", "line 11: modes 0; allowed: 1 … 1000"),
        ("   2        2          1 ", "   2        3          1 ", "section REQUESTS/DURATIONS has 6 whole rows"),
        ("         2     6 ", "         3     6 ", "line 20: mode 3; allowed: 2"),
        ("         2     6       1    1", "         2     6       1", "line 20: figures 3; allowed: 4"),
        ("  3      1     3 ", "  2      1     3 ", "line 21: job 2; allowed: 3"),
        ("  3      1     3 ", "  3      1     -3 ", "durations: -3; allowed: 0 or more"),
        ("    2    6\n", "    2\n", "capacities 1; allowed: 2"),
        ("    2    6\n", "    0    6\n", "activity 1: its modes ask for [[1], [1]]; allowed: one of at most [0]"),
        ("- nonrenewable              :  1", "- nonrenewable              :  -1", "line 5: -1 nonrenewable resources"),
        ("- doubly constrained        :  0", "- doubly constrained        :  1", "line 6: 1 doubly constrained"),
        ("   4        1          0", "   4        1          1           2", "circle"),
    ],
)
def test_what_cannot_be_taken_of_modes_is_one_line(
    tmp_path: Path, old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert old in MM
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", str(file(tmp_path, MM.replace(old, new, 1), ".mm")), "--json"])
    refused = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in refused
    assert refused.count("\n") == 1


def test_without_a_schedule_the_makespan_is_null(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, file(tmp_path, SCH.replace("[-5]", "[-2]").replace("[-1]", "[3]"), ".sch"))
    assert (found["makespan"], found["starts"], found["proved"]) == (None, {}, True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  3      1     4 ", "  3      1     x ", "line 23: 'x'; allowed: whole numbers"),
        ("   3        1          1           5", "   3        1          1           9", "line 14: successor 9;"),
        ("   3        1          1 ", "   3        2          1 ", "line 14: modes 2; allowed: 1"),
        ("2   3   4", "2   3", "line 12: successors 2; allowed: 3"),
        ("    3    2\n", "    3\n", "capacities 1; allowed: 2"),
        ("    3    2\n", "    1    2\n", "activity 1, resource 0: demand 2; allowed: at most 1"),
        ("- nonrenewable              :  0", "- nonrenewable              :  2", "line 7: 2 nonrenewable resources"),
        ("RESOURCEAVAILABILITIES", "SOMETHING", "section RESOURCEAVAILABILITIES is missing"),
        ("jobs (incl.", "work (incl.", "no line 'jobs'"),
        ("  5      1     0       0    0\n", "", "section REQUESTS/DURATIONS has 4 whole rows; allowed: 5"),
    ],
)
def test_what_cannot_be_taken_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SM
    with pytest.raises(BadFile) as refused:
        read_psplib(file(tmp_path, SM.replace(old, new, 1)))
    assert said in str(refused.value)
    assert str(refused.value).startswith("small.sm")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2\t1\t0\t0\n", "2\t1\t1\t0\n", "no others"),
        ("[-1]\t[3]", "[-1]", "line 3: figures 6; allowed: 7"),
        ("\n1\n", "\n", "9 lines; allowed: 10"),
        ("2\t3\t1\t[4]", "2\t7\t1\t[4]", "line 4: successor 7; allowed: 0 … 3"),
    ],
)
def test_what_cannot_be_taken_of_lags_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SCH
    with pytest.raises(BadFile) as refused:
        read_psplib(file(tmp_path, SCH.replace(old, new, 1), ".sch"))
    assert said in str(refused.value)


@pytest.mark.parametrize("given", [["--optimise", "0"], ["--optimise", "nan"], ["--seed", "-1"]])
def test_options_out_of_range_are_one_line(
    tmp_path: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", str(file(tmp_path, SM)), *given])
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said.count("\n") == 1
    assert "allowed" in said


def test_links_in_a_circle_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    circle = SM.replace("   5        1          0\n", "   5        1          1           2\n")
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", str(file(tmp_path, circle)), "--json"])
    assert stopped.value.code == 2
    assert "circle" in capsys.readouterr().err


def test_people_read_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", str(file(tmp_path, SM)), "--optimise", "1"])
    assert "9 slots, proved the shortest" in capsys.readouterr().out


@pytest.mark.skipif("TMINUS_DATA" not in os.environ, reason="TMINUS_DATA names no folder of data")
def test_every_instance_of_the_real_sets_reads() -> None:
    import tarfile
    import tempfile

    data = Path(os.environ["TMINUS_DATA"]) / "schedule"
    with tempfile.TemporaryDirectory() as place:
        for archive in ("j30.sm.tar.xz", "rcpsp_max_j30_ubo10_ubo100.sch.tar.xz"):
            with tarfile.open(data / archive) as opened:
                opened.extractall(place, filter="data")
        files = [path for path in Path(place).rglob("*") if path.suffix.lower() in (".sm", ".sch")]
        assert {read_psplib(path).problem.size for path in files} == {12, 32, 102}
        assert len(files) == 480 + 270 + 90 + 90
