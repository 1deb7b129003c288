"""``tminus schedule X.sm``, ``X.mm``, ``X.sch``: the shortest schedule of a PSPLIB instance the time given finds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.optimise import Optimised, OptimiseParams, make_ready, optimise
from tminus.engines.schedule.resources.optimise_modes import (
    OptimisedModes,
    OptimiseModesParams,
    make_ready_for_modes,
    optimise_modes,
)
from tminus.engines.schedule.resources.problem import Ints, ProblemError
from tminus.formats.problems import BadFile
from tminus.formats.psplib import PsplibFile, read_multi_mode, read_psplib

MOST_SECONDS = 86_400


def solve(path: Path, seconds: float | None, seed: int, as_json: bool) -> None:
    """Read, search for so many seconds (default 5), answer.

    :raises BadFile: the file, the seconds or the seed cannot be taken.
    """
    given = OptimiseParams().seconds if seconds is None else seconds
    if not 0 < given <= MOST_SECONDS:  # also not a number
        raise BadFile(f"--optimise: {given}; allowed: more than 0, at most {MOST_SECONDS} seconds")
    if not 0 <= seed < 1 << 31:
        raise BadFile(f"--seed: {seed}; allowed: 0 … 2^31 − 1")
    several = path.suffix.lower() == ".mm"
    file = read_multi_mode(path) if several else read_psplib(path)
    try:
        found = _search(file, given, seed)
    except ProblemError as error:
        raise BadFile(f"{path.name}: {error}") from error
    sys.stdout.write(json.dumps(document(file, found)) + "\n" if as_json else _words(path.name, found))


def _search(file: PsplibFile | MultiModeProblem, seconds: float, seed: int) -> Optimised | OptimisedModes:
    if isinstance(file, MultiModeProblem):
        make_ready_for_modes()
        return optimise_modes(file, OptimiseModesParams(seconds=seconds, seed=seed))
    make_ready(file.problem)
    return optimise(file.problem, OptimiseParams(seconds=seconds, seed=seed))


def document(file: PsplibFile | MultiModeProblem, found: Optimised | OptimisedModes) -> dict[str, object]:
    """The answer, jobs and modes numbered as in the file."""
    first = file.first_job if isinstance(file, PsplibFile) else 1
    answer: dict[str, object] = {
        "makespan": found.makespan,
        "lower_bound": found.lower_bound,
        "proved": found.proved,
        "starts": _by_job(first, found.starts),
    }
    if isinstance(found, OptimisedModes):
        answer["modes"] = _by_job(first, None if found.modes is None else found.modes + 1)
    return {**answer, "elapsed_s": round(found.elapsed_s, 4)}


def _by_job(first: int, figures: Ints | None) -> dict[str, int]:
    return {} if figures is None else {str(first + at): value for at, value in enumerate(figures.tolist())}


def _words(name: str, found: Optimised | OptimisedModes) -> str:
    if found.makespan is None:
        return f"{name}: there is no schedule\n" if found.proved else f"{name}: no schedule was found\n"
    verdict = "proved the shortest" if found.proved else f"at least {found.lower_bound}"
    return f"{name}: {found.makespan} slots, {verdict}, in {found.elapsed_s:.2f} s\n"
