"""PSPLIB instances out of their archives, with what is best known of each."""

from __future__ import annotations

import csv
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from math import inf
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import bare  # noqa: F401  before tminus

from tminus.engines.schedule.resources.problem import Problem
from tminus.formats.psplib import read_psplib

ARCHIVES = {"j30": "j30.sm", "j60": "j60.sm", "j120": "j120.sm"}
LAGS = "rcpsp_max_j30_ubo10_ubo100.sch"


def read_set(data: Path, name: str) -> dict[str, Problem]:
    """Instance → problem of one set; ``max_j30``, ``ubo10`` and ``ubo100`` are those with greatest lags."""
    archive = data / f"{ARCHIVES.get(name, LAGS)}.tar.xz"
    folder = name.removeprefix("max_")
    found = {}
    with tempfile.TemporaryDirectory() as place, tarfile.open(archive) as opened:
        members = [member for member in opened.getmembers() if member.isfile()]
        wanted = [member for member in members if Path(member.name).parent.name == folder]
        opened.extractall(place, wanted, filter="data")
        for member in wanted:
            key = Path(member.name).stem.lower()
            found[key] = read_psplib(Path(place) / member.name).problem
    return dict(sorted(found.items()))


def best_known(data: Path) -> dict[str, tuple[int, int]]:
    """Instance → best known upper and lower bound."""
    with (data / "best_known.csv").open() as opened:
        return {row["instance"]: (int(row["best_ub"]), int(row["best_lb"])) for row in csv.DictReader(opened)}


def in_parallel(
    work: Callable[[tuple[str, Any]], dict[str, Any]],
    cases: list[tuple[str, Any]],
    workers: int,
    resume: Path | None,
    end_s: float = inf,
) -> list[dict[str, Any]]:
    """One result a case, each in a process of one thread; what ``resume`` already holds is not run again.

    Once :func:`time.perf_counter` passes ``end_s`` what is done is the answer.
    """
    done = _known(resume)
    rest = [case for case in cases if case[0] not in done]
    for result in _run(work, rest if perf_counter() < end_s else [], workers):
        done[result["instance"]] = result
        if resume is not None:
            with resume.open("a") as file:
                file.write(json.dumps(result) + "\n")
        if perf_counter() > end_s:
            break
    return [done[name] for name, _ in cases if name in done]


def _known(resume: Path | None) -> dict[str, dict[str, Any]]:
    if resume is None or not resume.exists():
        return {}
    lines = [json.loads(line) for line in resume.read_text().splitlines()]
    return {line["instance"]: line for line in lines}


def _run(work: Callable[[Any], dict[str, Any]], cases: list[Any], workers: int) -> Iterable[dict[str, Any]]:
    if workers == 1:
        yield from map(work, cases)
        return
    with get_context("fork").Pool(workers) as pool:  # forked after compiling: nobody compiles twice
        yield from pool.imap_unordered(work, cases, chunksize=1)
