"""One-way systems and closures: which corridors are used which way, so that most get through and walk least."""

from tminus.engines.crowd.one_way.planning import OneWayPlan, plan_one_way, search_one_way
from tminus.engines.crowd.one_way.problem import OneWayTask, Way
from tminus.engines.crowd.one_way.program import best_uses

__all__ = ["OneWayPlan", "OneWayTask", "Way", "best_uses", "plan_one_way", "search_one_way"]
