"""How uncertain work is that nobody has estimated: a class by its kind and phase.

The spreads are assumptions, in words a planner can judge and change, not measurements; ``RiskParams.classes``
replaces them, and factors learned from reported progress do better.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tminus.engines.schedule.model import Estimate, EstimateKind, PlanError, Task

CLASSES: Mapping[str, Estimate] = MappingProxyType(
    {
        "fixed": Estimate(EstimateKind.TRIANGULAR, (1.0, 1.0, 1.0), relative=True),
        "routine": Estimate(EstimateKind.TRIANGULAR, (0.95, 1.0, 1.15), relative=True),
        "standard": Estimate(EstimateKind.TRIANGULAR, (0.9, 1.0, 1.3), relative=True),
        "uncertain": Estimate(EstimateKind.TRIANGULAR, (0.85, 1.0, 1.6), relative=True),
        "novel": Estimate(EstimateKind.LOGNORMAL, (1.1, 1.9), relative=True),
    }
)
"""Name → how the duration spreads, as multiples of the planned one."""

CLASS_OF_PHASE: Mapping[str, str] = MappingProxyType(
    {
        "approval": "uncertain", "permits": "uncertain", "design": "uncertain", "procurement": "uncertain",
        "审批": "uncertain", "设计": "uncertain", "采购": "uncertain",
        "live": "fixed", "event": "fixed", "举办": "fixed", "展期": "fixed",
        "training": "routine", "drill": "routine", "drills": "routine", "培训": "routine", "演练": "routine",
        "move_in": "routine", "move_out": "routine", "布展": "routine", "撤展": "routine",
    }
)  # fmt: skip
"""Phases (spaces and hyphens count as underscores) that are more or less certain than the standard."""

DEFAULT_CLASS = "standard"


def estimate_of(task: Task, classes: Mapping[str, Estimate]) -> Estimate:
    """The task's own estimate, or that of its class.

    :raises PlanError: a class that is none.
    """
    own = task.estimate
    if own is not None and own.kind is not EstimateKind.CLASS:
        return own
    phase = task.phase.strip().lower().replace(" ", "_").replace("-", "_")
    name = own.of if own is not None else CLASS_OF_PHASE.get(phase, DEFAULT_CLASS)
    if name not in classes:
        raise PlanError(f"task {task.id!r}: class {name!r}; allowed: {', '.join(classes)}")
    found = classes[name]
    if found.kind is EstimateKind.CLASS:
        raise PlanError(f"class {name!r} names another class; allowed: values")
    return found
