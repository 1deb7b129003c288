"""What scheduling answers: dates and floats of every task, checkpoints, conflicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tminus.engines.schedule.quick_init import quick_init

if TYPE_CHECKING:
    from tminus.engines.schedule.agreement import Agreement
    from tminus.engines.schedule.bounds import Bounds
    from tminus.engines.schedule.checkpoints import Checkpoint
    from tminus.engines.schedule.network import Network
    from tminus.engines.schedule.worktime import Ints


class Policy(StrEnum):
    """Where in its float a task is planned."""

    ASAP = "asap"
    ALAP_TOTAL = "alap_total"
    """As late as opening allows, less the buffer: the true back-schedule."""
    ALAP_FREE = "alap_free"
    """As late as possible without moving the early finish of any task that nothing follows."""
    AS_PLANNED = "as_planned"
    """Where the plan's own start and finish say; a task without them as late as opening allows."""
    BUFFERED = "buffered"
    """As late as opening allows, less a buffer that was chosen; without one, told so."""


class Status(StrEnum):
    DONE = "done"
    IN_PROGRESS = "in_progress"
    NOT_STARTED = "not_started"
    LATE = "late"
    """Its planned finish has passed and it is not done."""
    IMPOSSIBLE = "impossible"
    """Even started today, or kept going, it cannot meet its latest date."""


class Reason(StrEnum):
    NEGATIVE_FLOAT = "negative_float"
    CONSTRAINT = "constraint"
    CYCLE = "cycle"


@quick_init
@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """One row. Dates event-local; floats in working days of the task's own calendar."""

    id: str
    name: str
    start: datetime
    finish: datetime
    early_start: datetime
    early_finish: datetime
    late_start: datetime
    late_finish: datetime
    forecast_finish: datetime
    total_float_days: float
    free_float_days: float
    critical: bool
    status: Status
    summary: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "start": self.start.isoformat(),
            "finish": self.finish.isoformat(),
            "early_start": self.early_start.isoformat(),
            "early_finish": self.early_finish.isoformat(),
            "late_start": self.late_start.isoformat(),
            "late_finish": self.late_finish.isoformat(),
            "forecast_finish": self.forecast_finish.isoformat(),
            "total_float_days": self.total_float_days,
            "free_float_days": self.free_float_days,
            "critical": self.critical,
            "status": self.status.value,
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a date cannot be met: the chain from what drives it to what it breaks, and by how much it must shrink."""

    chain: tuple[str, ...]
    short_by_days: float
    reason: Reason
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "chain": list(self.chain),
            "short_by_days": self.short_by_days,
            "reason": self.reason.value,
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Dates:
    """Instants by place in the network's order; what a what-if starts from."""

    early_start: Ints
    early_finish: Ints
    late_start: Ints
    late_finish: Ints
    start: Ints
    finish: Ints
    forecast_start: Ints
    forecast_finish: Ints
    driver: Ints
    """Row of the forward link that decided the early start; −1 its own bound, −2 nothing."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The answer. ``tasks`` in outline order, summaries included."""

    opening: date
    today: datetime
    policy: Policy
    tasks: tuple[ScheduledTask, ...]
    checkpoints: tuple[Checkpoint, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    agreement: Agreement | None = None
    warnings: tuple[str, ...] = ()
    elapsed_s: float = 0.0
    """Dates and floats of every task, after reading and compiling."""
    tables_s: float = 0.0
    """What is made of them: rows, checkpoints, conflicts."""
    network: Network | None = field(default=None, repr=False, compare=False)
    dates: Dates | None = field(default=None, repr=False, compare=False)
    held: Bounds | None = field(default=None, repr=False, compare=False)
    """What the plan's dates and progress asked of each task; not to be written to."""

    @property
    def cyclic(self) -> bool:
        return any(conflict.reason is Reason.CYCLE for conflict in self.conflicts)

    def by_id(self) -> dict[str, ScheduledTask]:
        return {task.id: task for task in self.tasks}

    def as_json(self) -> dict[str, Any]:
        """The document of ``tminus schedule --json``."""
        document: dict[str, Any] = {
            "opening": self.opening.isoformat(),
            "today": self.today.date().isoformat(),
            "policy": self.policy.value,
            "tasks": [task.as_json() for task in self.tasks],
            "checkpoints": [checkpoint.as_json() for checkpoint in self.checkpoints],
            "conflicts": [conflict.as_json() for conflict in self.conflicts],
            "elapsed_s": self.elapsed_s,
            "tables_s": self.tables_s,
        }
        if self.agreement is not None:
            document["agreement"] = self.agreement.as_json()
        if self.warnings:
            document["warnings"] = list(self.warnings)
        return document
