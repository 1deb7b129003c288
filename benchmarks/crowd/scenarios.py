"""The three prepared scenarios of the example's day: recommended measures against none and against the greedy policy.

``python benchmarks/crowd/scenarios.py [--seeds 20] [--only ID …] [--out FILE] [--event DIR]``: each scenario is walked
with its own measures (the recommended ones), with the greedy policy's and with none, the same seeds each. Rows are
written to FILE as they come, and those that stand there are not walked again. Prints means and paired differences with
intervals.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tminus.formats.event_folder.day_scenarios import DayScenario, read_day_scenarios
from tminus.studies.comparison import Comparison
from tminus.studies.day_cost import day_figures
from tminus.studies.prepared_day import PreparedDay, prepared_day
from tminus.studies.recommendation import greedy
from tminus.studies.walked_day import walk

FIGURES = {
    "mean_wait_s": "mean wait, s",
    "mean_lost_s": "mean time lost, s",
    "person_minutes_e_f": "person-minutes E/F",
}
POLICIES = ("nothing", "greedy", "recommended")


def policies(ready: PreparedDay, scenario: DayScenario) -> dict[str, DayScenario]:
    """The scenario by policy."""
    return {
        "recommended": scenario,
        "greedy": replace(scenario, measures=greedy(ready, scenario)),
        "nothing": replace(scenario, measures=()),
    }


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def walked(event: Path, seeds: int, only: list[str], out: Path) -> list[dict[str, Any]]:
    """Every row, seed by seed, so that what there is of it is complete for the first seeds."""
    prepared: dict[Any, PreparedDay] = {}
    rows = rows_of(out)
    known = {(row["scenario"], row["name"], row["seed"]) for row in rows}
    for seed in range(seeds):
        for scenario in (one for one in read_day_scenarios(event) if not only or one.id in only):
            if scenario.day not in prepared:
                prepared[scenario.day] = prepared_day(event, scenario.day)
            for name, one in policies(prepared[scenario.day], scenario).items():
                if (scenario.id, name, seed) in known:
                    continue
                begun = time.process_time()
                figures = day_figures(walk(prepared[scenario.day], one, seed=seed))
                row = {"scenario": scenario.id, "name": name, "seed": seed, **figures}
                row["processor_s"] = round(time.process_time() - begun, 2)
                rows.append(row)
                with out.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
                print(f"{scenario.id} {name} {seed}: {row['processor_s']} s", file=sys.stderr)
    return rows


def _less(mine: Comparison, name: str, figure: str) -> int:
    """Seeds on which the recommended measures have less of a figure than the policy."""
    own, other = mine.values("recommended", figure), mine.values(name, figure)
    return sum(own[seed] < other[seed] for seed in own.keys() & other.keys())


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown: a row a scenario and figure."""
    heads = ("scenario", "figure", "seeds", *POLICIES, "less than nothing", "on seeds", "less than greedy", "on seeds")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for scenario in dict.fromkeys(row["scenario"] for row in rows):
        mine = Comparison(tuple(row for row in rows if row["scenario"] == scenario))
        for figure, words in FIGURES.items():
            means = [mine.values(name, figure).values() for name in POLICIES]
            cells = [f"{sum(of) / len(of):,.0f}" if of else "–" for of in means]
            found = [mine.difference(name, "recommended", figure) for name in POLICIES[:2]]
            told = [
                cell
                for name, one in zip(POLICIES, found, strict=False)
                for cell in (f"{one.mean:,.0f} ({one.low:,.0f} … {one.high:,.0f})", str(_less(mine, name, figure)))
            ]
            lines.append("| " + " | ".join([scenario, words, str(found[0].seeds), *cells, *told]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    parser.add_argument("--out", type=Path, default=Path("scenarios.jsonl"))
    parser.add_argument("--event", type=Path, default=Path("examples/lanwan-expo"))
    given = parser.parse_args()
    print(table(walked(given.event, given.seeds, given.only, given.out)))


if __name__ == "__main__":
    main()
