"""TaskJuggler's own files: read and scheduled here and by TaskJuggler, in turn, and the dates compared.

``python benchmarks/schedule/taskjuggler.py DATA [--rounds 5]``; ``DATA`` holds ``schedule/real/*.tjp``. The peer is
TaskJuggler 3.7.1 (Debian's package ``tj3``, a Ruby program under the GPL: never a dependency); the script says so when
it is not installed and then shows only our times. Both are processor time: ours of reading the text and of scheduling
it in a process that has everything loaded, the peer's of its whole run less the start of Ruby, with reports left out of
the file but one table of dates, without which it would not say them.
"""

from __future__ import annotations

import argparse
import csv
import gc
import random
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from os import getloadavg
from pathlib import Path
from statistics import median
from time import process_time

from tminus.engines.schedule import Plan
from tminus.formats.taskjuggler.reader import plan_of, project_of

REPORT = """
taskreport dates "dates" {
  formats csv
  columns id, start, end
  timeformat "%Y-%m-%d-%H:%M"
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    real = given.data / "schedule" / "real"
    texts = {name: (real / name).read_text("utf-8") for name in ("fedora-20.tjp", "CNS.tjp") if (real / name).exists()}
    texts["1,000 tasks, 20 resources"] = generated(1000, 20)
    peer = shutil.which("tj3")
    plan_of(project_of(Path("warm-up.tjp"), texts["1,000 tasks, 20 resources"]), "warm-up.tjp")
    gc.collect()
    gc.freeze()  # what is loaded is loaded: the collector need not look through it while we measure
    if peer is None:
        print("tj3 is not installed: our own times only")
    start = median(_child(["ruby", "-e", "1"], Path.cwd()) for _ in range(given.rounds)) if peer else 0.0
    print(f"load average {getloadavg()[0]:.1f}, {given.rounds} rounds in turn, median processor time")
    print("| file | tasks | ours: read | schedule | both | tj3 less Ruby's start | ratio | same dates |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, text in texts.items():
        print(_row(name, text, given.rounds, peer, start))


def _row(name: str, text: str, rounds: int, peer: str | None, ruby_start: float) -> str:
    path = Path(f"{name}.tjp")
    plan = plan_of(project_of(path, text), name)
    reading, scheduling, theirs = [], [], []
    dates: dict[str, tuple[str, str]] = {}
    for _ in range(rounds):
        reading.append(_timed(lambda: project_of(path, text)))
        project = project_of(path, text)
        scheduling.append(_timed(lambda project=project: plan_of(project, name)))  # type: ignore[misc]
        if peer:
            spent, dates = _peer(peer, text)
            theirs.append(spent - ruby_start)
    ours = median(reading) + median(scheduling)
    cells = [
        name,
        str(len(plan.tasks)),
        *(f"{1000 * one:.1f} ms" for one in (median(reading), median(scheduling), ours)),
    ]
    if peer:
        cells += [f"{1000 * median(theirs):,.0f} ms", f"{median(theirs) / ours:.0f}×", _agreement(plan, dates)]
    return f"| {' | '.join(cells)} |"


def _timed(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _peer(peer: str, text: str) -> tuple[float, dict[str, tuple[str, str]]]:
    """Seconds of processor time, and start and end of each task."""
    with tempfile.TemporaryDirectory() as folder:
        text = re.sub(r'^\s*include\s+"[^"]+"', "", text, flags=re.MULTILINE)
        (Path(folder) / "plan.tjp").write_text(text + REPORT, "utf-8")
        spent = _child([peer, "--silent", "plan.tjp"], Path(folder))
        with (Path(folder) / "dates.csv").open() as file:
            return spent, {row["Id"].strip(): (row["Start"], row["End"]) for row in csv.DictReader(file, delimiter=";")}


def _child(command: list[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _agreement(plan: Plan, theirs: dict[str, tuple[str, str]]) -> str:
    """Tasks, groups left out, with the same start and end; those without resources, then those with."""
    crewed = {one.task for one in plan.assignments}
    counts = {False: [0, 0], True: [0, 0]}
    for task in plan.leaves():
        if task.start is not None and task.finish is not None:
            ours = f"{task.start:%Y-%m-%d-%H:%M}", f"{task.finish:%Y-%m-%d-%H:%M}"
            counts[task.id in crewed][0] += ours == theirs[task.id]
            counts[task.id in crewed][1] += 1
    return ", ".join(
        f"{same} of {of} {word}" for (same, of), word in zip(counts.values(), ("without", "with"), strict=True)
    )


def generated(tasks: int, people: int, seed: int = 1) -> str:
    """A project: four fifths of the tasks effort of one of the people, the others working time; two links each."""
    rnd = random.Random(seed)
    lines = ['project gen "Generated" 2026-01-05 - 2029-12-31 {', '  timezone "Europe/London"', "}"]
    lines += [f'resource r{k} "R{k}" {{ }}' for k in range(people)]
    lines += ['task all "All" {', "  start 2026-01-05"]
    for i in range(tasks):
        lines.append(f'  task t{i} "Task {i}" {{')
        if rnd.random() < 0.8:
            lines += [f"    effort {rnd.randint(1, 5)}d", f"    allocate r{rnd.randrange(people)}"]
        else:
            lines.append(f"    length {rnd.randint(1, 5)}d")
        before = {rnd.randrange(max(0, i - 60), i) for _ in range(2)} if i > 20 else set()
        lines += [f"    depends {', '.join(f'!t{p}' for p in sorted(before))}"] if before else []
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


if __name__ == "__main__":
    main()
