"""Several modes and budgets (PSPLIB and MMLIB ``.mm`` files): ours and CP-SAT with one worker, in turn.

``python benchmarks/schedule/multi_mode.py FOLDER [--named 'j30*.mm'] [--most 12] [--seconds 5] [--known FILE]
[--resume FILE]``: so many of the files below FOLDER, evenly spread, those left out whose numbers were tuned on (even
parameter numbers). One thread, from a problem in memory to start times; importing OR-Tools and compiling come before.
Every answer is validated. Gaps are to the makespan in the CSV file given (instance,makespan), else to the better of the
two. CP-SAT gets the model our own proof uses, useless modes left out, windows cut by the critical path, no schedule.
"""

from __future__ import annotations

import argparse
import csv
import re
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any

from instances import in_parallel

from tminus.engines.schedule.resources.mode_packed import pack_modes
from tminus.engines.schedule.resources.mode_proof import shorter_in_modes
from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.optimise_modes import OptimiseModesParams, make_ready_for_modes, optimise_modes
from tminus.engines.schedule.resources.usable_modes import usable
from tminus.engines.schedule.resources.validator import makespan, require_valid_in_modes
from tminus.formats.psplib import read_multi_mode

CONTESTANTS = ("ours", "cp_sat")


def ours(problem: MultiModeProblem, seconds: float) -> tuple[int | None, bool]:
    found = optimise_modes(problem, OptimiseModesParams(seconds=seconds))
    if found.starts is None or found.modes is None:
        return None, found.proved
    starts = require_valid_in_modes(problem, found.modes, found.starts)
    return makespan(problem.in_modes(found.modes), starts), found.proved


def cp_sat(problem: MultiModeProblem, seconds: float) -> tuple[int | None, bool]:
    began = perf_counter()
    reduced = usable(problem)
    if reduced is None:
        return None, True
    small, original = reduced
    packed = pack_modes(small)
    left = seconds - (perf_counter() - began)
    answer = shorter_in_modes(small, packed, packed.horizon, bound=0, seconds=left)
    if answer.starts is None or answer.modes is None:
        return None, answer.closed
    modes = original[small.mode_ptr[:-1] + answer.modes]
    starts = require_valid_in_modes(problem, modes, answer.starts)
    return makespan(problem.in_modes(modes), starts), answer.closed


def one(case: tuple[str, Any]) -> dict[str, Any]:
    name, (path, seconds, turn) = case
    problem = read_multi_mode(path)
    found: dict[str, Any] = {"instance": name}
    for who in CONTESTANTS[:: 1 if turn % 2 else -1]:
        began = perf_counter()
        length, proved = (ours if who == "ours" else cp_sat)(problem, seconds)
        found[who] = {"makespan": length, "proved": proved, "elapsed_s": round(perf_counter() - began, 3)}
    return found


def chosen(folder: Path, named: str, most: int) -> list[Path]:
    """Files whose last number before the underscore is odd: the even ones were tuned on."""
    files = [path for path in folder.rglob(named) if re.search(r"[13579]_\d+$", path.stem)]
    files.sort(key=lambda path: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path.stem)])
    return files[:: max(1, len(files) // most)][:most]


def row(who: str, results: list[dict[str, Any]], known: dict[str, int]) -> str:
    gaps, none = [], 0
    for result in results:
        best = known.get(result["instance"]) or min(
            (result[each]["makespan"] for each in CONTESTANTS if result[each]["makespan"]), default=0
        )
        length = result[who]["makespan"]
        none += length is None and not result[who]["proved"]
        if length and best:
            gaps.append(100 * (length / best - 1))
    proved = sum(result[who]["proved"] for result in results)
    seconds = mean(result[who]["elapsed_s"] for result in results)
    return (
        f"| {who} | {len(results)} | {mean(gaps):.3f} % | {max(gaps):.2f} % | {sum(gap <= 0 for gap in gaps)} "
        f"| {proved} | {none} | {seconds:.2f} |"
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("folder", type=Path)
    ask.add_argument("--named", nargs="+", default=["*.mm"])
    ask.add_argument("--most", type=int, default=12)
    ask.add_argument("--seconds", type=float, default=5.0)
    ask.add_argument("--known", type=Path)
    ask.add_argument("--resume", type=Path)
    given = ask.parse_args()
    known: dict[str, int] = {}
    if given.known:
        with given.known.open() as opened:
            known = {line["instance"]: int(line["makespan"]) for line in csv.DictReader(opened)}
    make_ready_for_modes()
    for named in given.named:
        files = chosen(given.folder, named, given.most)
        cases = [(path.stem, (path, given.seconds, turn)) for turn, path in enumerate(files)]
        results = in_parallel(one, cases, 1, given.resume)
        print(f"\n{named}\n\n| who | instances | mean gap | worst | reached | proved | nothing found | s each |")
        print("|---|---|---|---|---|---|---|---|")
        for who in CONTESTANTS:
            print(row(who, results, known), flush=True)


if __name__ == "__main__":
    main()
