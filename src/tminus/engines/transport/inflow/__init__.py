"""Station inflow control: how many people each station lets in, so that no stretch of the metro is overrun.

>>> plan = plan_inflow(network, demand)                      # doctest: +SKIP
>>> plan.caps, plan.day.exceeded_arc_minutes, plan.proof.gap # doctest: +SKIP
"""

from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.difference import changed_caps
from tminus.engines.transport.inflow.network import Gate, MetroArc, MetroNetwork
from tminus.engines.transport.inflow.plan import InflowParams, InflowPlan, plan_inflow
from tminus.engines.transport.inflow.policies import InflowPolicy, day_figures, greedy_caps, other_policies
from tminus.engines.transport.inflow.routes import RouteTrees, route_trees
from tminus.engines.transport.inflow.sample_days import SampleDays, busy_day, plan_for_days, policies_on
from tminus.engines.transport.inflow.simulate import InflowDay, simulate_inflow

__all__ = [
    "Gate",
    "InflowDay",
    "InflowParams",
    "InflowPlan",
    "InflowPolicy",
    "MetroArc",
    "MetroNetwork",
    "RouteTrees",
    "SampleDays",
    "StationDemand",
    "busy_day",
    "changed_caps",
    "day_figures",
    "greedy_caps",
    "other_policies",
    "plan_for_days",
    "plan_inflow",
    "policies_on",
    "route_trees",
    "simulate_inflow",
]
