"""The plan of one event: areas, places, calendars, the tree of tasks, links, baselines and publications.

Instants are stored event-local and naive (``planned_*``, ``published_*`` …), as the engine and the plan's own files
have them; they are times on the wall of the event, not moments of the world.
"""

from tminus.desks.planning.models.baselines import Baseline, BaselineTask
from tminus.desks.planning.models.ground import Area, Basemap, Place, PlanCalendar
from tminus.desks.planning.models.imports import ColumnMapping, PlanImport
from tminus.desks.planning.models.likelihood import Proposal, ProposalState, RiskCause, RiskRun, Scenario
from tminus.desks.planning.models.named import Dimension, Named
from tminus.desks.planning.models.published import FrozenCheckpoint, Publication, PublishedTask
from tminus.desks.planning.models.remaining import PlannedRemaining
from tminus.desks.planning.models.resources import Levelling, ResourceBook
from tminus.desks.planning.models.scheduling import SchedulingOptions
from tminus.desks.planning.models.tasks import INACTIVE, Task, TaskKind, TaskLink, TaskStatus

__all__ = [
    "INACTIVE",
    "Area",
    "Baseline",
    "BaselineTask",
    "Basemap",
    "ColumnMapping",
    "Dimension",
    "FrozenCheckpoint",
    "Levelling",
    "Named",
    "Place",
    "PlanCalendar",
    "PlanImport",
    "PlannedRemaining",
    "Proposal",
    "ProposalState",
    "Publication",
    "PublishedTask",
    "ResourceBook",
    "RiskCause",
    "RiskRun",
    "Scenario",
    "SchedulingOptions",
    "Task",
    "TaskKind",
    "TaskLink",
    "TaskStatus",
]
