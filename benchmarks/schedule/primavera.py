"""Primavera files: reading, re-scheduling by its rules, agreement; against xerparser and MPXJ in the same run.

    python benchmarks/schedule/primavera.py DATA [--peers PYTHON] [--rounds 9]

DATA is a folder with ``schedule/real/*.xer``. The peers live in an environment of their own, named by its
interpreter::

    python -m venv /tmp/peers && /tmp/peers/bin/pip install xerparser==0.13.9 mpxj==16.10.0 JPype1

xerparser is GPL-3, MPXJ is Java (LGPL-2.1) and wants a Java runtime; neither is a dependency. All contestants run one
after another in turn, each in a process of its own; MPXJ's own scheduler runs on a file it has just read, and its
first round, in which Java warms up, does not count. Medians; the ratio is of medians. One thread each.
Times are processor time: of our process and xerparser's, of the calling thread for MPXJ, so that neither what else the
machine does nor what Java compiles and collects beside it counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
from pathlib import Path
from time import process_time

from tminus.engines.schedule import agreement_of
from tminus.engines.schedule.primavera_rules import compile_plan, schedule_compiled
from tminus.formats.primavera import read_xer

XERPARSER = """
import sys, time
from xerparser import Xer
content = open(sys.argv[1], "rb").read()
print("ready", flush=True)
for _ in sys.stdin:
    began = time.process_time()
    Xer(content.decode(Xer.CODEC, errors="ignore"))
    print(time.process_time() - began, flush=True)
"""
MPXJ = """
import glob, os, sys, time
import jpype, mpxj
jpype.startJVM(classpath=glob.glob(os.path.join(os.path.dirname(mpxj.__file__), "lib", "*.jar")))
from org.mpxj.cpm import PrimaveraScheduler
from org.mpxj.reader import UniversalProjectReader
print("ready", flush=True)
for _ in sys.stdin:
    began = time.thread_time()
    project = UniversalProjectReader().read(sys.argv[1])
    read = time.thread_time()
    PrimaveraScheduler().schedule(project, project.getProjectProperties().getPlannedStart())
    print(read - began, time.thread_time() - read, flush=True)
"""


class Peer:
    """A contestant in a process of its own, that answers each line with its times."""

    def __init__(self, python: str, script: str, file: Path) -> None:
        self.process = subprocess.Popen(
            [python, "-c", script, str(file)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.ready = self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def round(self) -> list[float]:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return [float(word) for word in self._line().split()]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def ours(file: Path, content: bytes) -> tuple[float, float, float]:
    """Seconds to read, to compile, and for both passes and floats."""
    began = process_time()
    plan = read_xer(file, content)
    read = process_time()
    compiled = compile_plan(plan)
    built = process_time()
    schedule_compiled(compiled)
    return read - began, built - read, process_time() - built


def compared(file: Path, peers: str, rounds: int) -> None:
    content = file.read_bytes()
    ours(file, content)
    xerparser, mpxj = (Peer(peers, script, file) if peers else None for script in (XERPARSER, MPXJ))
    times: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        found = dict(zip(("read", "compile", "passes"), ours(file, content), strict=True))
        if xerparser is not None and xerparser.ready:
            found["xerparser"] = xerparser.round()[0]
        if mpxj is not None and mpxj.ready:
            found["MPXJ read"], found["MPXJ schedule"] = mpxj.round()
        for name, seconds in found.items():
            times.setdefault(name, []).extend([seconds] if number else [])
    for peer in (xerparser, mpxj):
        if peer is not None:
            peer.end()
    table({name: statistics.median(seconds) * 1000 for name, seconds in times.items()})


def table(median: dict[str, float]) -> None:
    print("| what | tminus | peer | ratio |\n|---|---|---|---|")
    both = median["compile"] + median["passes"]
    for what, own, peer in (
        ("read", median["read"], "xerparser"),
        ("read", median["read"], "MPXJ read"),
        ("schedule, compiled", median["passes"], "MPXJ schedule"),
        ("compile and schedule", both, "MPXJ schedule"),
    ):
        theirs = f"{peer} {median[peer]:,.1f} ms" if peer in median else f"{peer}: not installed"
        ratio = f"{median[peer] / own:,.1f}×" if peer in median else "–"
        print(f"| {what} | {own:,.2f} ms | {theirs} | {ratio} |")


def agreement(file: Path) -> None:
    found = agreement_of(read_xer(file))
    if found is None:
        print(f"{file.name}: stores no dates")
        return
    dates = ("early_start", "early_finish", "late_start", "late_finish", "total_float")
    told = ", ".join(f"{name} {getattr(found, name):,} ({getattr(found, name) / found.of:.2%})" for name in dates)
    print(f"{file.name}: of {found.of:,} open activities {told}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="", help="an interpreter that has xerparser and mpxj")
    parser.add_argument("--rounds", type=int, default=9)
    args = parser.parse_args()
    files = sorted((args.data / "schedule" / "real").glob("*.xer"))
    if not files:
        sys.exit(f"{args.data}: no schedule/real/*.xer")
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    for file in files:
        print(f"\n{file.name}\n")
        compared(file, args.peers, args.rounds)
        print()
        agreement(file)


if __name__ == "__main__":
    main()
