"""Getting everybody out: the earliest-arrival plan, the quickest time, the cut that forbids a quicker one.

People are interchangeable and may take any exit; then one plan exists that at every moment has as many out as any plan
could (earliest arrival). Where exits are assigned and families stay together (:mod:`.assigned`) none need exist.
``docs/engines/evacuation.md`` says what that rests on.
"""

from tminus.engines.crowd.evacuation.assigned import AssignedPlan, ByExits, plan_assigned
from tminus.engines.crowd.evacuation.instance import InfeasiblePlan, Instance, instance_of
from tminus.engines.crowd.evacuation.parties import Party
from tminus.engines.crowd.evacuation.plan import Direction, EvacuationPlan, OriginPlan, Route
from tminus.engines.crowd.evacuation.planning import plan_evacuation
from tminus.engines.crowd.evacuation.quickest import Bottleneck, Cut, quickest_s

__all__ = [
    "AssignedPlan",
    "Bottleneck",
    "ByExits",
    "Cut",
    "Direction",
    "EvacuationPlan",
    "InfeasiblePlan",
    "Instance",
    "OriginPlan",
    "Party",
    "Route",
    "instance_of",
    "plan_assigned",
    "plan_evacuation",
    "quickest_s",
]
