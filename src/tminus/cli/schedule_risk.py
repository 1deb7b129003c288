"""``tminus schedule --risk SAMPLES --drivers FILE``: how likely each checkpoint is, and what endangers it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tminus.engines.schedule import PlanError, Policy, Schedule
from tminus.engines.schedule.risk import Buffered, Cause, CauseRisk, Risk, buffered, simulate
from tminus.formats.drivers_file import read_drivers
from tminus.formats.problems import BadFile

SAMPLES = 10_000
"""When causes are given and no number of samples."""

MOST_CRITICAL = 15


@dataclass(frozen=True, slots=True)
class Simulated:
    """A schedule (under ``buffered`` the one whose buffer was found) and its simulation."""

    schedule: Schedule
    risk: Risk
    buffer: Buffered | None

    def document(self, of_schedule: dict[str, Any]) -> dict[str, Any]:
        """The schedule's document with what the simulation adds."""
        rows = zip(of_schedule["checkpoints"], self.risk.checkpoints, strict=True)
        more = {"checkpoints": [row | one.as_json() for row, one in rows]}
        buffer = {"buffer": self.buffer.as_json()} if self.buffer else {}
        return of_schedule | more | self.risk.as_json() | buffer

    def show(self) -> None:
        """Tables for people."""
        console = Console()
        console.print(_checkpoints(self.risk))
        if self.buffer:
            console.print(_buffer(self.buffer), highlight=False)
        if self.risk.causes:
            console.print(_causes(self.risk))
        console.print(_critical(self.risk, self.schedule))


def simulated(
    found: Schedule,
    *,
    samples: int | None,
    drivers: Path | None,
    seed: int,
    target: float,
    buffer_days: float,
    checkpoint_days: int,
) -> Simulated:
    """Simulate ``found``; under policy ``buffered`` without a buffer of its own find one first.

    :raises BadFile: the file of causes, or a figure, cannot be taken.
    """
    causes = read_drivers(drivers) if drivers else ()
    try:
        buffer = None
        if found.policy is Policy.BUFFERED and not buffer_days:
            buffer = buffered(found, target=target, drivers=causes, seed=seed, checkpoint_days=checkpoint_days)
            found = buffer.schedule
        return Simulated(found, simulate(found, samples=samples or SAMPLES, drivers=causes, seed=seed), buffer)
    except PlanError as error:
        raise BadFile(_told(error, drivers, causes)) from error


def _told(error: PlanError, drivers: Path | None, causes: tuple[Cause, ...]) -> str:
    said = str(error)
    named = drivers is not None and any(repr(cause.id) in said for cause in causes)
    return f"{drivers.name}: {said}" if named and drivers else f"--risk: {said}"


def _checkpoints(risk: Risk) -> Table:
    title = f"How likely ({risk.samples:,} samples, {risk.elapsed_s * 1000:,.0f} ms)"
    table = Table("Checkpoint", "T", "Gates", "P(ready)", "Readiness", title=title, title_justify="left")
    for name in ("P50", "P80", "P90"):
        table.add_column(name, no_wrap=True)
    for one in risk.checkpoints:
        dates = (f"{at:%m-%d}" if at else "–" for at in (one.p50, one.p80, one.p90))
        p = f"{one.p_ready:.1%}" if one.gates else "–"
        table.add_row(
            str(one.date), f"T−{one.t_minus}", str(len(one.gates)), p, f"{one.expected_readiness:.0%}", *dates
        )
    return table


def _buffer(buffer: Buffered) -> str:
    said = f"buffer: {buffer.days:g} working days before opening make it ready with {buffer.p_ready:.0%}"
    if not buffer.reached:
        said += f"; {buffer.target:.0%} cannot be reached by beginning earlier"
    return said


def _causes(risk: Risk) -> Table:
    table = Table(
        "Cause", "Tasks", "Costs (d at P80)", "P(ready) without", "at its worst", title="What it hangs on",
        title_justify="left",
    )  # fmt: skip
    for one in sorted(risk.causes, key=lambda one: -one.cost_days):
        table.add_row(_name(one), str(one.tasks), f"{one.cost_days:.1f}", f"{one.p_ready_without:.1%}", _worst(one))
    return table


def _name(cause: CauseRisk) -> str:
    return cause.id if cause.name in ("", cause.id) else f"{cause.id} {cause.name}"


def _worst(cause: CauseRisk) -> str:
    return "–" if cause.p_ready_worst is None else f"{cause.p_ready_worst:.1%}"


def _critical(risk: Risk, schedule: Schedule) -> Table:
    table = Table("Task", "Critical", "Cruciality", "Days", title="Most often critical", title_justify="left")
    names = schedule.by_id()
    for one in sorted(risk.tasks, key=lambda one: (-one.criticality, -one.cruciality))[:MOST_CRITICAL]:
        days = f"{one.mean_days:.1f} ± {one.sd_days:.1f}"
        table.add_row(f"{one.id} {names[one.id].name}", f"{one.criticality:.0%}", f"{one.cruciality:.2f}", days)
    return table
