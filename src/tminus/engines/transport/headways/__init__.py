"""Headways and extra departures: when vehicles of a shared fleet leave, so that people wait least.

>>> plan = plan_headways(LineDemand(lines, arriving, fleet=12))   # doctest: +SKIP
>>> plan.departures(0), plan.proof.gap, plan.day.mean_wait_min    # doctest: +SKIP
"""

from tminus.engines.transport.headways.envelope import solve_envelope
from tminus.engines.transport.headways.lines import Line, LineDemand, departures_of, vehicles_out
from tminus.engines.transport.headways.plan import HeadwayParams, HeadwayPlan, changed_departures, plan_headways
from tminus.engines.transport.headways.simulate import LineDay, simulate_lines
from tminus.engines.transport.headways.waiting import expected_waiting

__all__ = [
    "HeadwayParams",
    "HeadwayPlan",
    "Line",
    "LineDay",
    "LineDemand",
    "changed_departures",
    "departures_of",
    "expected_waiting",
    "plan_headways",
    "simulate_lines",
    "solve_envelope",
    "vehicles_out",
]
