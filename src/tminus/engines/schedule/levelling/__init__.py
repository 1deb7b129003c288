"""Levelling: dates of a plan that its crews, machines, budgets and places can carry.

>>> levelled = level(schedule, resources, budget=Budget(iterations=500))  # doctest: +SKIP
>>> levelled.proved, levelled.value.gates_late                            # doctest: +SKIP
"""

from tminus.engines.schedule.levelling.histogram import Histogram, LoadDay
from tminus.engines.schedule.levelling.level import Published, level
from tminus.engines.schedule.levelling.levelled import Binding, Levelled, LevelledTask, Turn
from tminus.engines.schedule.levelling.lower_bound import LowerBound
from tminus.engines.schedule.levelling.objective import Value
from tminus.engines.schedule.levelling.resources import (
    Chooser,
    Mark,
    Mask,
    Mode,
    Need,
    Resources,
    Site,
    Step,
    Supply,
    SupplyKind,
    check_resources,
    resources_of,
)
from tminus.engines.schedule.levelling.search import Budget
from tminus.engines.schedule.levelling.validator import Dated, faults_of
from tminus.engines.schedule.levelling.windows import Windows

__all__ = [
    "Binding",
    "Budget",
    "Chooser",
    "Dated",
    "Histogram",
    "Levelled",
    "LevelledTask",
    "LoadDay",
    "LowerBound",
    "Mark",
    "Mask",
    "Mode",
    "Need",
    "Published",
    "Resources",
    "Site",
    "Step",
    "Supply",
    "SupplyKind",
    "Turn",
    "Value",
    "Windows",
    "check_resources",
    "faults_of",
    "level",
    "resources_of",
]
