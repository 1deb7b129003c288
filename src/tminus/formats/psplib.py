"""PSPLIB files: ``.sm`` and ``.mm`` (one mode, several modes; ProGen), ``.sch`` (least and greatest lags, ProGen/max).

Activities are numbered from 0 here: job 1 of a ``.sm`` or ``.mm`` file is activity 0; a ``.sch`` file counts from 0.
Formats: Kolisch & Sprecher, PSPLIB, EJOR 96 (1996); Schwindt, ProGen/max (1996).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tminus.engines.schedule.resources.multi_mode import Mode, MultiModeProblem, make_multi_mode
from tminus.engines.schedule.resources.problem import Problem, ProblemError, make_problem
from tminus.formats.problems import BadFile, read_bytes

Row = tuple[int, list[int]]
"""The line's number in the file, and its figures."""

MOST_JOBS = 200_000
MOST_MODES = 1_000
MOST_RESOURCES = 10_000


@dataclass(frozen=True, slots=True)
class PsplibFile:
    """A problem and the number its file gives to activity 0 (1 in ``.sm``, 0 in ``.sch``)."""

    problem: Problem
    first_job: int


def read_psplib(path: Path) -> PsplibFile:
    """Read a ``.sm`` or ``.sch`` file.

    :raises BadFile: anything in it that cannot be taken, with its line.
    """
    text = read_bytes(path, 64 << 20).decode("latin-1")
    reader = _read_sch if path.suffix.lower() == ".sch" else _read_sm
    try:
        return reader(path.name, text.splitlines())
    except ProblemError as error:
        raise BadFile(f"{path.name}: {error}") from error


def read_multi_mode(path: Path) -> MultiModeProblem:
    """Read a ``.mm`` file; its job 1 is activity 0, mode 1 of a job its mode 0.

    :raises BadFile: anything in it that cannot be taken, with its line.
    """
    lines = read_bytes(path, 64 << 20).decode("latin-1").splitlines()
    try:
        return _read_mm(path.name, lines)
    except ProblemError as error:
        raise BadFile(f"{path.name}: {error}") from error


def _read_mm(name: str, lines: list[str]) -> MultiModeProblem:
    jobs, renewable, budgets = _counts(name, lines, MOST_RESOURCES)
    follow = _section(name, lines, "PRECEDENCE RELATIONS", jobs, 3)
    links, counts = _links(name, follow, jobs), [figures[1] for _, figures in follow]
    for line, figures in follow:
        if not 1 <= figures[1] <= MOST_MODES:
            raise BadFile(f"{name}, line {line}: modes {figures[1]}; allowed: 1 … {MOST_MODES}")
    work = iter(_section(name, lines, "REQUESTS/DURATIONS", sum(counts), 2))
    modes = [_job_modes(name, work, job, count, renewable, budgets) for job, count in enumerate(counts, 1)]
    there = _capacities(name, lines, renewable + budgets)
    return make_multi_mode(modes, there[:renewable], there[renewable:], links)


def _job_modes(name: str, work: Iterator[Row], job: int, count: int, renewable: int, budgets: int) -> list[Mode]:
    """The next ``count`` rows; only the first of them names its job."""
    found: list[Mode] = []
    for mode in range(1, count + 1):
        line, figures = next(work)
        if mode == 1:
            _expect(name, line, "job", figures[0], job)
            figures = figures[1:]
        _expect(name, line, "figures", len(figures), 2 + renewable + budgets)
        _expect(name, line, "mode", figures[0], mode)
        found.append((figures[1], figures[2 : 2 + renewable], figures[2 + renewable :]))
    return found


def _read_sm(name: str, lines: list[str]) -> PsplibFile:
    jobs, resources, _ = _counts(name, lines, budgets=0)
    follow = _section(name, lines, "PRECEDENCE RELATIONS", jobs, 3)
    for line, figures in follow:
        _modes(name, line, figures)
    work = _section(name, lines, "REQUESTS/DURATIONS", jobs, 3)
    capacities = _capacities(name, lines, resources)
    links = _links(name, follow, jobs)
    for job, (line, figures) in enumerate(work, 1):
        _expect(name, line, "job", figures[0], job)
        _expect(name, line, "figures", len(figures), 3 + resources)
    durations = [figures[2] for _, figures in work]
    return PsplibFile(make_problem(durations, [figures[3:] for _, figures in work], capacities, links), 1)


def _links(name: str, follow: list[Row], jobs: int) -> list[tuple[int, int]]:
    links = []
    for job, (line, figures) in enumerate(follow, 1):
        _expect(name, line, "job", figures[0], job)
        _expect(name, line, "successors", len(figures) - 3, figures[2])
        links += [(job - 1, _job(name, line, after, jobs) - 1) for after in figures[3:]]
    return links


def _capacities(name: str, lines: list[str], resources: int) -> list[int]:
    if not resources:
        return []
    number, capacities = _section(name, lines, "RESOURCEAVAILABILITIES", 1, 1)[0]
    _expect(name, number, "capacities", len(capacities), resources)
    return capacities


def _counts(name: str, lines: list[str], budgets: int) -> tuple[int, int, int]:
    """Jobs, renewable and non-renewable resources (so many at most); doubly constrained ones are refused."""
    found = {}
    for key in ("jobs", "- renewable", "- nonrenewable", "- doubly constrained"):
        for number, line in enumerate(lines, 1):
            if line.strip().startswith(key):
                found[key] = (number, _figures(name, number, line.partition(":")[2].split()[:1])[0])
                break
        else:
            raise BadFile(f"{name}: no line {key!r}; allowed: a PSPLIB file (.sm, .mm)")
    for key, most in (("- renewable", MOST_RESOURCES), ("- nonrenewable", budgets), ("- doubly constrained", 0)):
        if not 0 <= found[key][1] <= most:
            allowed = f"0 … {most}" if most else "0"
            raise BadFile(f"{name}, line {found[key][0]}: {found[key][1]} {key[2:]} resources; allowed: {allowed}")
    if not 1 <= found["jobs"][1] <= MOST_JOBS:
        raise BadFile(f"{name}, line {found['jobs'][0]}: {found['jobs'][1]} jobs; allowed: 1 … {MOST_JOBS}")
    return found["jobs"][1], found["- renewable"][1], found["- nonrenewable"][1]


def _section(name: str, lines: list[str], title: str, count: int, least: int) -> list[Row]:
    """The ``count`` rows of at least so many figures that follow a section's title and its headings."""
    plain = title.replace(" ", "")  # MMLIB writes RESOURCE AVAILABILITIES
    start = next((at for at, line in enumerate(lines) if line.replace(" ", "").startswith(plain)), None)
    if start is None:
        raise BadFile(f"{name}: section {title} is missing; allowed: a PSPLIB file (.sm, .mm)")
    rows: list[Row] = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        if line.startswith("***") or len(rows) == count:
            break
        if re.match(r"\s*-?\d", line):
            rows.append((number, _figures(name, number, line.split())))
    if len(rows) != count or any(len(figures) < least for _, figures in rows):
        raise BadFile(f"{name}, line {start + 1}: section {title} has {len(rows)} whole rows; allowed: {count}")
    return rows


def _read_sch(name: str, lines: list[str]) -> PsplibFile:
    rows = [(number, line.split()) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows or len(rows[0][1]) < 2:
        raise BadFile(f"{name}, line 1: no counts of activities and resources; allowed: a ProGen/max file (.sch)")
    head = _figures(name, rows[0][0], rows[0][1])
    jobs, resources = head[0] + 2, head[1]
    if not (1 <= head[0] <= MOST_JOBS and resources >= 0 and not any(head[2:])):
        raise BadFile(f"{name}, line {rows[0][0]}: {head}; allowed: activities, renewable resources, and no others")
    if len(rows) < 2 * jobs + 2:
        raise BadFile(f"{name}: {len(rows)} lines; allowed: {2 * jobs + 2} for {head[0]} activities")
    links = [link for at in range(jobs) for link in _sch_links(name, rows[1 + at], at, jobs)]
    durations, demands = [], []
    for at in range(jobs):
        number, words = rows[1 + jobs + at]
        figures = _figures(name, number, words)
        _expect(name, number, "figures", len(figures), 3 + resources)
        _expect(name, number, "activity", figures[0], at)
        _modes(name, number, figures)
        durations.append(figures[2])
        demands.append(figures[3:])
    number, words = rows[1 + 2 * jobs]
    capacities = _figures(name, number, words)
    _expect(name, number, "capacities", len(capacities), resources)
    return PsplibFile(make_problem(durations, demands, capacities, links), 0)


def _sch_links(name: str, row: tuple[int, list[str]], activity: int, jobs: int) -> list[tuple[int, int, int]]:
    number, words = row
    figures = _figures(name, number, [word.strip("[]") for word in words])
    if len(figures) < 3:
        raise BadFile(f"{name}, line {number}: {len(figures)} figures; allowed: activity, modes, successors …")
    _expect(name, number, "activity", figures[0], activity)
    _modes(name, number, figures)
    _expect(name, number, "figures", len(figures), 3 + 2 * figures[2])
    after, lags = figures[3 : 3 + figures[2]], figures[3 + figures[2] :]
    return [(activity, _job(name, number, succ, jobs - 1, 0), lag) for succ, lag in zip(after, lags, strict=True)]


def _figures(name: str, number: int, words: list[str]) -> list[int]:
    try:
        return [int(word) for word in words] or _nothing(name, number)
    except ValueError:
        bad = next(word for word in words if not re.fullmatch(r"[+-]?\d+", word))
        raise BadFile(f"{name}, line {number}: {bad!r}; allowed: whole numbers") from None


def _nothing(name: str, number: int) -> list[int]:
    raise BadFile(f"{name}, line {number}: no figure; allowed: whole numbers")


def _expect(name: str, number: int, what: str, value: int, allowed: int) -> None:
    if value != allowed:
        raise BadFile(f"{name}, line {number}: {what} {value}; allowed: {allowed}")


def _modes(name: str, number: int, figures: list[int]) -> None:
    _expect(name, number, "modes", figures[1], 1)


def _job(name: str, number: int, job: int, last: int, first: int = 1) -> int:
    if not first <= job <= last:
        raise BadFile(f"{name}, line {number}: successor {job}; allowed: {first} … {last}")
    return job
