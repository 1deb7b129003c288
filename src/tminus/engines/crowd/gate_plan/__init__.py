"""How many lanes of which gate are open when, with whom, so that nobody waits too long.

:func:`plan_gates` plans from sample paths of arrivals; each plan is checked anew on every path beside what people do
without one.
"""

from tminus.engines.crowd.gate_plan.check import GateCheck, check
from tminus.engines.crowd.gate_plan.plan import Binding, Changed, GatePlan
from tminus.engines.crowd.gate_plan.planning import plan_gates
from tminus.engines.crowd.gate_plan.problem import Detour, GateBank, GateDay, ShiftRules, moved
from tminus.engines.crowd.gate_plan.shifts import Shift

__all__ = [
    "Binding",
    "Changed",
    "Detour",
    "GateBank",
    "GateCheck",
    "GateDay",
    "GatePlan",
    "Shift",
    "ShiftRules",
    "check",
    "moved",
    "plan_gates",
]
