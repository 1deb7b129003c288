"""What reported progress says, what was learned from it, and what would mend the worst conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from tminus.engines.schedule import How, PlanError, Schedule
from tminus.engines.schedule.reforecast import (
    EarnedSchedule,
    OutOfSequence,
    Reforecast,
    earned_schedule,
    out_of_sequence,
    reforecast,
)
from tminus.engines.schedule.repairs import Mending, Repair, repairs_of
from tminus.formats.assignment_book import read_book
from tminus.formats.plan_file import read_plan
from tminus.formats.tables import TEXT_FILES

MENDED = 3
"""Conflicts, the worst, that are told with repairs."""
TOLD = 10


@dataclass(frozen=True, slots=True)
class Said:
    """``earned``: ``None`` where no task has planned dates. ``again``: only when a simulation was asked for."""

    earned: EarnedSchedule | None
    out_of_sequence: tuple[OutOfSequence, ...]
    again: Reforecast | None


@dataclass(frozen=True, slots=True)
class Help:
    """What progress says (``None``: none was given) and what would mend the worst conflicts."""

    said: Said | None
    mendings: tuple[Mending, ...]

    def document(self, of_schedule: dict[str, Any]) -> dict[str, Any]:
        """The schedule's document with both."""
        made = with_repairs(of_schedule, self.mendings)
        return with_progress(made, self.said) if self.said else made

    def show(self) -> None:
        show_repairs(self.mendings)
        if self.said:
            show_progress(self.said)


def help_of(found: Schedule, reported: bool, baseline: Path | None, samples: int | None, seed: int) -> Help:
    """:raises BadFile: a baseline that cannot be read."""
    said = said_of(found, baseline, samples, seed) if reported and not found.cyclic else None
    return Help(said, mendings_of(found))


def said_of(found: Schedule, baseline: Path | None, samples: int | None, seed: int) -> Said:
    """What the progress of a schedule says, against the dates of a ``baseline`` file or the plan's own; with
    ``samples`` also the forecast learned from it.

    :raises BadFile: a baseline that cannot be read.
    """
    strays = out_of_sequence(found)
    try:
        earned = earned_schedule(found, None if baseline is None else _planned_in(baseline, found))
    except PlanError:
        return Said(None, strays, None)
    return Said(earned, strays, reforecast(found, samples=samples, seed=seed) if samples else None)


def _planned_in(path: Path, found: Schedule) -> dict[str, tuple[datetime, datetime]]:
    """Planned dates of tasks the schedule has too."""
    table = path.suffix.lower() in {*TEXT_FILES, ".xlsx"}
    before = read_book(path).checked() if table else read_plan(path)
    known = found.by_id()
    return {t.id: (t.start, t.finish) for t in before.leaves() if t.id in known and t.start and t.finish}


def with_progress(document: dict[str, Any], said: Said) -> dict[str, Any]:
    more: dict[str, Any] = {"earned_schedule": said.earned.as_json()} if said.earned else {}
    more["out_of_sequence"] = [one.as_json() for one in said.out_of_sequence]
    if said.again is not None:
        told = said.again.as_json()
        more["reforecast"] = {name: told[name] for name in ("factors", "checkpoints", "ends", "deterministic")}
    return {**document, **more}


def mendings_of(found: Schedule) -> tuple[Mending, ...]:
    """Repairs of the worst conflicts."""
    return repairs_of(found, conflicts=MENDED) if found.conflicts and not found.cyclic else ()


def with_repairs(document: dict[str, Any], mendings: tuple[Mending, ...]) -> dict[str, Any]:
    """The worst conflicts with why they are, and what would help."""
    conflicts = list(document["conflicts"])
    for number, mending in enumerate(mendings):
        told = mending.as_json()
        kept = {name: told[name] for name in ("because", "repairs", "together", "met")}
        conflicts[number] = {**conflicts[number], **kept}
    return {**document, "conflicts": conflicts}


def show_progress(said: Said) -> None:
    console = Console()
    if (earned := said.earned) is not None:
        index = f"{earned.index:.2f}" if earned.index is not None else "-"
        ends = f"{earned.estimate:%Y-%m-%d}" if earned.estimate else "-"
        console.print(
            f"[bold]Earned schedule[/bold]  {earned.earned:.0%} done, {earned.planned:.0%} planned by now; "
            f"SV(t) {earned.variance_days:+.1f} days, SPI(t) {index}; at this rate ready {ends} "
            f"(planned {earned.planned_finish:%Y-%m-%d})",
            highlight=False,
        )
    if said.again is not None and said.again.ends is not None:
        ends_at = {share: said.again.ends.quantile(share / 100) for share in (10, 50, 90)}
        console.print(
            f"  learned from progress: gates done {ends_at[50]} (in four of five cases {ends_at[10]} … {ends_at[90]})",
            highlight=False,
        )
    if said.out_of_sequence:
        console.print(f"[bold]{len(said.out_of_sequence)} times work did not wait[/bold]")
    for one in said.out_of_sequence[:TOLD]:
        console.print(
            f"  {one.task} since {one.since:%Y-%m-%d} before {one.link.kind.value} {one.link.pred} allowed it; "
            f"finished {one.finish:%Y-%m-%d}, if the rest goes on at once {one.override:%Y-%m-%d}",
            highlight=False,
        )


def show_repairs(mendings: tuple[Mending, ...]) -> None:
    console = Console()
    for mending in mendings:
        met = "in time" if mending.met else "still late"
        console.print(f"[bold]{', '.join(mending.target.names)}: what buys days[/bold]", highlight=False)
        for one in mending.repairs[:TOLD]:
            console.print(f"  {one.gained_days:+g} d  {in_words(one)}", highlight=False)
        if mending.together:
            steps = "; ".join(in_words(one) for one in mending.together)
            console.print(f"  together ({met}): {steps}", highlight=False)


def in_words(repair: Repair) -> str:
    """One repair as a sentence."""
    task, days = repair.task, f"{repair.days:g} d"
    return {
        How.OVERLAP: f"begin {task} {days} before {repair.before} is finished",
        How.CREW: f"{repair.crews} crew more on {task}, {days} less",
        How.SEVEN_DAYS: f"{task} on all seven days of the week",
        How.EARLIER: f"{task} {days} earlier",
        How.SHORTEN: f"{task} {days} shorter",
    }.get(repair.how, task)
