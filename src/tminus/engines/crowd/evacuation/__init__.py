"""Getting everybody out: the earliest-arrival plan, the quickest time, the cut that forbids a quicker one.

People are interchangeable and may take any exit; then one plan exists that at every moment has as many out as any plan
could (earliest arrival). ``docs/engines/evacuation.md`` says what that rests on.
"""

from tminus.engines.crowd.evacuation.instance import InfeasiblePlan, Instance, instance_of
from tminus.engines.crowd.evacuation.plan import Direction, EvacuationPlan, OriginPlan, Route
from tminus.engines.crowd.evacuation.planning import plan_evacuation
from tminus.engines.crowd.evacuation.quickest import Bottleneck, Cut, quickest_s

__all__ = [
    "Bottleneck",
    "Cut",
    "Direction",
    "EvacuationPlan",
    "InfeasiblePlan",
    "Instance",
    "OriginPlan",
    "Route",
    "instance_of",
    "plan_evacuation",
    "quickest_s",
]
