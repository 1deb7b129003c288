"""Which PSPLIB instances the benchmark of five seconds takes: 48 of j60 and 48 of j120, drawn once, before any tuning.

``python benchmarks/schedule/psplib_sample.py DATA > benchmarks/schedule/psplib_sample.json``: DATA holds
``j60.sm.tar.xz``, ``j120.sm.tar.xz`` and ``best_known.csv``. Hard: best known makespan above the critical path.
Two in three are hard. The parameter groups (the first number of a name) are shuffled by the seed and visited
in turn, each giving one instance a visit, until the stratum is full: it spreads over as many groups as have any.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sys
import tarfile
from pathlib import Path

SEED = 20_261_121
STRATA = {"hard": 32, "easy": 16}


def main(data: Path) -> None:
    print(json.dumps({name: sample(data, name) for name in ("j60", "j120")}, indent=1))


def sample(data: Path, name: str) -> dict[str, list[str]]:
    rows = csv.DictReader((data / "best_known.csv").open())
    best = {row["instance"]: int(row["best_ub"]) for row in rows if row["set"] == name}
    longest = critical_paths(data / f"{name}.sm.tar.xz")
    strata = {
        "hard": [key for key in sorted(best) if best[key] > longest[key]],
        "easy": [key for key in sorted(best) if best[key] == longest[key]],
    }
    return {key: draw(strata[key], count, random.Random(f"{SEED} {name} {key}")) for key, count in STRATA.items()}


def draw(names: list[str], count: int, chance: random.Random) -> list[str]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.split("_")[0], []).append(name)
    for members in groups.values():
        chance.shuffle(members)
    order = sorted(groups)
    chance.shuffle(order)
    taken: list[str] = []
    while len(taken) < count:
        for group in order:
            if groups[group] and len(taken) < count:
                taken.append(groups[group].pop())
    return sorted(taken)


def critical_paths(archive: Path) -> dict[str, int]:
    """Instance → length of its critical path, by ``MPM-Time`` recomputed from links and durations."""
    found = {}
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            if member.name.endswith(".sm"):
                content = opened.extractfile(member)
                assert content is not None
                found[Path(member.name).stem] = critical_path(content.read().decode())
    return found


def critical_path(text: str) -> int:
    links = [[int(word) for word in row.split()] for row in rows_of(text, "PRECEDENCE RELATIONS:")]
    work = [[int(word) for word in row.split()] for row in rows_of(text, "REQUESTS/DURATIONS:")]
    finish = [0] * (len(work) + 1)
    for at in range(len(work)):  # jobs are numbered in topological order
        done = finish[at + 1] + work[at][2]
        finish[at + 1] = done
        for after in links[at][3:]:
            assert after > at + 1
            finish[after] = max(finish[after], done)
    return max(finish)


def rows_of(text: str, title: str) -> list[str]:
    section = text.split(title)[1].split("***")[0]
    return [row for row in section.splitlines() if re.match(r"\s*\d", row)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
