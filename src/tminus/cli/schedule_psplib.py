"""``tminus schedule X.sm`` and ``X.sch``: the shortest schedule of a PSPLIB instance that the time given finds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tminus.engines.schedule.resources.optimise import Optimised, OptimiseParams, make_ready, optimise
from tminus.engines.schedule.resources.problem import ProblemError
from tminus.formats.problems import BadFile
from tminus.formats.psplib import PsplibFile, read_psplib

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
    file = read_psplib(path)
    make_ready(file.problem)
    try:
        found = optimise(file.problem, OptimiseParams(seconds=given, seed=seed))
    except ProblemError as error:
        raise BadFile(f"{path.name}: {error}") from error
    sys.stdout.write(json.dumps(document(file, found)) + "\n" if as_json else _words(path.name, found))


def document(file: PsplibFile, found: Optimised) -> dict[str, object]:
    """The answer, jobs numbered as in the file."""
    starts = [] if found.starts is None else found.starts.tolist()
    return {
        "makespan": found.makespan,
        "lower_bound": found.lower_bound,
        "proved": found.proved,
        "starts": {str(file.first_job + at): start for at, start in enumerate(starts)},
        "elapsed_s": round(found.elapsed_s, 4),
    }


def _words(name: str, found: Optimised) -> str:
    if found.makespan is None:
        return f"{name}: there is no schedule\n" if found.proved else f"{name}: no schedule was found\n"
    verdict = "proved the shortest" if found.proved else f"at least {found.lower_bound}"
    return f"{name}: {found.makespan} slots, {verdict}, in {found.elapsed_s:.2f} s\n"
