"""The forecast from reported progress against what planners have today: the plan's own date, and SPI(t).

``python benchmarks/schedule/reforecast.py [--projects 60] [--samples 1000] [--first 1000]``: projects with a known
truth (``tests/engines/schedule/reforecast/projects.py``: units and classes of work slower or faster than planned,
permits that sometimes take half as long again, reports as optimistic as people make them), a forecast from each of
five updates, scored on when the project really ended. The seeds begin at 1000; the engine was developed on 0 … 39.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
from tests.engines.schedule.reforecast.projects import SHARES, make_project

from tminus.engines.schedule.reforecast import reforecast


@dataclass
class Score:
    """One forecast of one update: errors in days, late forecasts above zero."""

    update: int
    ours: int
    own_date: int
    index: int | None
    covered: bool
    crps: float
    seconds: float


def synthetic(projects: int, samples: int, first: int) -> list[Score]:
    found = []
    for seed in range(first, first + projects):
        project = make_project(seed)
        actual = project.ends.date()
        for number, now in enumerate(project.updates()):
            schedule = project.at(now)
            began = process_time()
            told = reforecast(schedule, samples=samples, seed=1)
            taken = process_time() - began
            assert told.ends is not None
            low, half, high = (told.ends.quantile(share) for share in (0.1, 0.5, 0.9))
            found.append(
                Score(
                    number,
                    (half - actual).days,
                    _days(told.deterministic.date(), actual),
                    _days(told.earned.estimate.date(), actual) if told.earned.estimate else None,
                    low <= actual <= high,
                    told.ends.crps(actual),
                    taken,
                )
            )
    return found


def _days(forecast: date, actual: date) -> int:
    return (forecast - actual).days


def rows(scores: list[Score]) -> list[str]:
    groups = [(f"{share:.0%} of the time", [one for one in scores if one.update == number])
              for number, share in enumerate(SHARES)]  # fmt: skip
    return [_row(name, group) for name, group in [*groups, ("all updates", scores)]]


def _row(name: str, scores: list[Score]) -> str:
    ours = np.abs([one.ours for one in scores]).mean()
    own = np.abs([one.own_date for one in scores]).mean()
    index = np.abs([one.index for one in scores if one.index is not None]).mean()
    covered, crps = np.mean([one.covered for one in scores]), np.mean([one.crps for one in scores])
    seconds = np.median([one.seconds for one in scores])
    return (
        f"| {name} | {ours:.1f} | {own:.1f} | {index:.1f} | {ours / min(own, index):.2f}× | {covered:.0%} "
        f"| {crps:.1f} | {seconds * 1000:.0f} ms |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=60)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--first", type=int, default=1000)
    given = parser.parse_args()
    print("| forecast at | MAE tminus P50, days | MAE plan's own date | MAE SPI(t) | against the better "
          "| in the 80 % band | CRPS | time |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for row in rows(synthetic(given.projects, given.samples, given.first)):
        print(row)


if __name__ == "__main__":
    main()
